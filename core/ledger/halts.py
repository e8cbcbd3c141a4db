"""Why nothing may be sent until the owner resumes: written, then told.

Nothing here awaits; see core.ledger.orders.
"""

from collections.abc import Iterable

from core.ledger.unit_of_work import UnitOfWork
from core.model.halt import THE_BOT, Halt
from core.model.news import TradingHalted
from core.ports.memory import HaltMemory
from core.rules.halts import in_words


class Halts:
    """Every halt that holds."""

    def __init__(self, unit: UnitOfWork, *, memory: HaltMemory) -> None:
        self._unit, self._memory = unit, memory

    @property
    def halted(self) -> str | None:
        """Why nothing may be sent until /resume, in words; None when it may."""
        return in_words(self.all())

    def all(self) -> tuple[Halt, ...]:
        """Every reason why nothing may be sent until /resume, oldest first."""
        return self._memory.halts()

    def halt(self, *, by: str, reason: str, tell: bool, old_copy: bool = False) -> None:
        """Persist that nothing may be sent, for this reason too. Each is told once,
        and not again while it holds. *old_copy*: as a Halt's."""
        halt = Halt(at=self._unit.now(), by=by, reason=reason, old_copy=old_copy)
        with self._unit.writing():
            if self.add(halt):
                self._unit.audit("", "halt", f"by {by}: {reason}")
                if tell:
                    news = TradingHalted(at=halt.at, reason=reason, old_copy=old_copy)
                    self._unit.tell(news)

    def add(self, halt: Halt) -> bool:
        """Whether it holds from now on; in an open transaction, whose owner says what
        it is about. What the bot finds again holds already; what the owner says again
        begins anew, so that no older question ends it."""
        halts = self._memory.halts()
        others = tuple(each for each in halts if each.reason != halt.reason)
        if len(others) < len(halts) and halt.by == THE_BOT:
            return False
        self._memory.set_halts((*others, halt))
        return True

    def resume(self, *, by: str, named: Iterable[Halt]) -> None:
        """End the halts that were *named* to the owner; one that came since holds."""
        ended = tuple(named)
        with self._unit.writing():
            left = [each for each in self._memory.halts() if each not in ended]
            self._memory.set_halts(left)
            reasons = "; ".join(each.reason for each in ended)
            self._unit.audit("", "resume", f"by {by}: {reasons}")
