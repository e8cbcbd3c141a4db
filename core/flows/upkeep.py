"""Letting go of what is old, one small step at a time, when nothing is on its way."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import StoreError
from core.model.instructions import Keeping
from core.model.order import OrderState
from core.model.proposal import ProposalId
from core.ports.orders import OrderLists
from core.ports.retention import Retention
from core.ports.settings import InstructionReader
from core.rules.new_york import day_of


_log: Final = logging.getLogger(__name__)

UPDATES, CARDS = 100, 5
"""How many of each are forgotten in one transaction, so that it takes some milliseconds
only."""

REST: Final = timedelta(hours=1)
"""The pause after a step that found nothing old."""

_ON_THE_WAY: Final = (OrderState.PLANNED, OrderState.SENDING)


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """Forgets what is older than the owner wants it kept. A recorded scan is first
    written to a file, and stays while that fails."""

    retention: Retention
    orders: OrderLists
    unit: UnitOfWork
    instructions: InstructionReader
    _rests_until: datetime | None = None

    def look(self) -> None:
        """Time has passed: take one step, unless an order is about to leave."""
        now = self.unit.now()
        if self._rests_until is not None and now < self._rests_until <= now + REST:
            return
        if self.orders.in_states(_ON_THE_WAY):
            return
        keep = self.instructions.read().keeping
        done = self._forget(keep, now) or self._export(keep, now)
        self._rests_until = None if done else now + REST

    def _forget(self, keep: Keeping, now: datetime) -> int:
        """How many were forgotten."""
        with self.retention.transaction():
            return self.retention.forget_updates(
                before=now - keep.updates, most=UPDATES
            ) or self.retention.forget_cards(before=now - keep.cards, most=CARDS)

    def _export(self, keep: Keeping, now: datetime) -> bool:
        """Whether a recording was exported and forgotten."""
        card = self._exported(keep, now)
        if card is None:
            return False
        with self.unit.writing():
            self.retention.forget_recording(card)
            self.unit.audit(
                card, "exported", "the recorded scan is in a file of its own"
            )
        return True

    def _exported(self, keep: Keeping, now: datetime) -> ProposalId | None:
        try:
            return self.retention.export_recording(before=day_of(now - keep.recordings))
        except StoreError as problem:
            _log.warning("old recordings stay in the journal: %s", problem)
            return None
