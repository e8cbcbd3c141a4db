"""The halts: reasons why nothing may be sent until the owner resumes.

Nothing here awaits; see core.ledger.orders.
"""

from collections.abc import Iterable

from core.ledger.unit_of_work import UnitOfWork
from core.model.news import TradingHalted
from core.model.status import THE_BOT, Halt
from core.ports.memory import HaltMemory
from core.rules.halts import in_words


class Halts:
    """Every halt in force."""

    def __init__(self, unit: UnitOfWork, *, memory: HaltMemory) -> None:
        self._unit, self._memory = unit, memory

    @property
    def halted(self) -> str | None:
        """Why nothing may be sent until /resume, as text; None if it may."""
        return in_words(self.all())

    def all(self) -> tuple[Halt, ...]:
        """Every reason why nothing may be sent until /resume, oldest first."""
        return self._memory.halts()

    def halt(
        self, *, by: str, reason: str, notify: bool, old_copy: bool = False
    ) -> None:
        """Write that nothing may be sent, for this reason as well. A reason is told
        once, and not again while it is in force. *old_copy* as in Halt."""
        halt = Halt(at=self._unit.now(), by=by, reason=reason, old_copy=old_copy)
        with self._unit.writing():
            if self.add(halt):
                self._unit.audit("", "halt", f"by {by}: {reason}")
                if notify:
                    news = TradingHalted(at=halt.at, reason=reason, old_copy=old_copy)
                    self._unit.notify(news)

    def add(self, halt: Halt) -> bool:
        """Add *halt* within an open transaction. Returns False if the bot had already
        found the same. A repeated halt of the owner's replaces the older one, so that
        an older question of /resume does not end it."""
        halts = self._memory.halts()
        others = tuple(each for each in halts if each.reason != halt.reason)
        if len(others) < len(halts) and halt.by == THE_BOT:
            return False
        self._memory.set_halts((*others, halt))
        return True

    def resume(self, *, by: str, named: Iterable[Halt]) -> None:
        """End the halts that were *named* to the owner; later ones stay in force."""
        ended = tuple(named)
        with self._unit.writing():
            left = [each for each in self._memory.halts() if each not in ended]
            self._memory.set_halts(left)
            reasons = "; ".join(each.reason for each in ended)
            self._unit.audit("", "resume", f"by {by}: {reasons}")
