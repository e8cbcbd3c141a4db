"""Tells the owner of exits that are due and cannot be placed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from core.ledger.exits import ExitBook
from core.model.market import ConId, Instrument
from core.model.proposal import ProposalId
from core.ports.market import SteadyClock


AFTER: Final = 60.0
"""Seconds. IB may be slow for some seconds; after so long the owner should know."""


@dataclass(slots=True, kw_only=True)
class LateExits:
    """Since when (boottime) each stock's exits could not be brought up to date, because IB
    did not answer what it was asked."""

    book: ExitBook
    clock: SteadyClock
    _since: dict[ConId, float] = field(default_factory=dict)
    _told: set[ConId] = field(default_factory=set)
    _plans: dict[ConId, ProposalId | None] = field(default_factory=dict)

    def failed(
        self, stock: Instrument, reason: str, *, approved_by: ProposalId | None
    ) -> bool:
        """Note that the exits of *stock*, whose plan is on the card *approved_by*,
        could not be brought up to date, for *reason*. Returns whether that is new. If
        it lasts for a minute the owner is told, once for each plan until they are up to
        date."""
        now, con_id = self.clock.boottime(), stock.con_id
        if self._plans.get(con_id) != approved_by:
            self.done(stock)
            self._plans[con_id] = approved_by
        is_new = con_id not in self._since
        lasts = now - self._since.setdefault(con_id, now)
        if con_id not in self._told and lasts >= AFTER:
            self._told.add(con_id)
            since = self.clock.now() - timedelta(seconds=lasts)
            self.book.notify_late(stock, since=since, reason=reason)
        return is_new

    def done(self, stock: Instrument) -> None:
        """Note that the exits of *stock* are up to date."""
        self._since.pop(stock.con_id, None)
        self._told.discard(stock.con_id)

    def forget_but(self, stocks: Iterable[Instrument]) -> None:
        """Forget all stocks but *stocks*, which alone have exits or a plan now. If another
        gets one again, its minute begins then."""
        there = {stock.con_id for stock in stocks}
        self._told &= there
        for con_id in self._since.keys() - there:
            del self._since[con_id]
