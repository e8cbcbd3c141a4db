"""Tells the owner of exits that are due and cannot be placed."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from core.flows.exits.plans import Plans
from core.ledger.exits import ExitBook
from core.model.market import ConId, Instrument
from core.model.proposal import ProposalId
from core.ports.market import SteadyClock


_log: Final = logging.getLogger(__name__)

AFTER: Final = 60.0
"""Seconds. IB may be slow for some seconds; after so long the owner should know."""


@dataclass(slots=True, kw_only=True)
class LateExits:
    """Since when (boottime) each stock's exits could not be brought up to date, and the
    card that approved them."""

    book: ExitBook
    plans: Plans
    clock: SteadyClock
    _since: dict[ConId, float] = field(default_factory=dict)
    _told: set[ConId] = field(default_factory=set)
    _cards: dict[ConId, ProposalId | None] = field(default_factory=dict)

    def failed(self, stock: Instrument, reason: str) -> None:
        """Note that the exits of *stock* could not be brought up to date, for *reason*.
        If that lasts for a minute the owner is told, once for each plan until they are
        up to date."""
        now, con_id = self.clock.boottime(), stock.con_id
        self._begin_anew_with_another_plan(stock)
        if con_id not in self._since:
            _log.warning("exits of %s wait: %s", stock.symbol, reason)
        lasts = now - self._since.setdefault(con_id, now)
        if con_id not in self._told and lasts >= AFTER:
            self._told.add(con_id)
            since = self.clock.now() - timedelta(seconds=lasts)
            self.book.notify_late(stock, since=since, reason=reason)

    def _begin_anew_with_another_plan(self, stock: Instrument) -> None:
        approved = self.plans.approved(stock)
        card = None if approved is None else approved.proposal_id
        if self._cards.get(stock.con_id) != card:
            self.done(stock)
            self._cards[stock.con_id] = card

    def done(self, stock: Instrument) -> None:
        """Note that the exits of *stock* are up to date."""
        self._since.pop(stock.con_id, None)
        self._told.discard(stock.con_id)
