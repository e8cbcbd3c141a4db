"""Letting go of what is old, one small step at a time, when nothing is on its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.model.order import OrderState
from core.ports.journal import OrderReader, Retention
from core.ports.market import Clock
from core.ports.settings import InstructionReader


UPDATES, CARDS = 100, 5
"""So many are forgotten in one transaction, which takes some milliseconds."""

REST: Final = timedelta(hours=1)
"""Between two looks at a journal that had nothing old in it."""

_ON_THE_WAY: Final = (OrderState.PLANNED, OrderState.SENDING)


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """Forgets what is older than the owner wants it kept."""

    retention: Retention
    orders: OrderReader
    clock: Clock
    instructions: InstructionReader
    _rests_until: datetime | None = None

    def look(self) -> None:
        """Time has passed: take one step, unless an order is about to leave."""
        now = self.clock.now()
        if self._rests_until is not None and now < self._rests_until <= now + REST:
            return
        if self.orders.in_states(_ON_THE_WAY):
            return
        with self.retention.transaction():
            done = self._step(now)
        self._rests_until = None if done else now + REST

    def _step(self, now: datetime) -> int:
        """How many were forgotten."""
        keep = self.instructions.read().keeping
        return self.retention.forget_updates(
            before=now - keep.updates, most=UPDATES
        ) or self.retention.forget_cards(before=now - keep.cards, most=CARDS)
