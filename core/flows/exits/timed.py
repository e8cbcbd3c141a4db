"""Whether the timed exit of a plan is due, and why one that is due cannot be sent.

Tested by tests/core/flows/exits/test_timed.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.flows.exits.judge import ExitJudge
from core.flows.exits.plans import Plans
from core.flows.standing import Standing
from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.market import ConId, Instrument
from core.model.order import Order
from core.ports.market import Clock
from core.rules.exits.timing import is_closing


@dataclass(slots=True, kw_only=True)
class TimedExits:
    """Timed exits by the time of day, which can be set: what is due by this machine's
    clock or by the gateway's is judged before another exit ends for it."""

    plans: Plans
    judge: ExitJudge
    standing: Standing
    clock: Clock
    _refused: dict[ConId, str] = field(default_factory=dict)

    def is_due(self, protection: Protection) -> bool:
        """Whether it is due now, and could be sent when that was last asked."""
        is_refused = self.why_not(protection.instrument)
        return not is_refused and self._is_due_at(protection, self.clock.now())

    def why_not(self, stock: Instrument) -> str:
        """Why one that is due cannot be sent; empty if none is, or if it can."""
        return self._refused.get(stock.con_id, "")

    async def look(self, stock: Instrument, exits: Iterable[Order]) -> None:
        """Put off what has missed its close, and note why the stock's timed exit cannot be
        sent, if it is due and not yet among its *exits* that live."""
        await self._put_off(stock)
        protection = self.plans.approved(stock)
        self._refused.pop(stock.con_id, None)
        if protection is None or any(each.exit is ExitKind.CLOSE for each in exits):
            return
        times = self.standing.by_both_clocks()
        if any(self._is_due_at(protection, each) for each in times):
            self._refused[stock.con_id] = await self.judge.refuses_all()

    async def _put_off(self, stock: Instrument) -> None:
        """This machine's clock may be ahead for a moment: the close must have passed by
        the gateway's too."""
        if self._missed(stock, self.clock.now()):
            surely = await self.judge.surely()
            if protection := self._missed(stock, surely):
                self.plans.put_off(protection, surely)

    def _missed(self, stock: Instrument, now: datetime) -> Protection | None:
        protection = self.plans.approved(stock)
        if protection is not None and self.plans.has_missed(protection, now):
            return protection
        return None

    def _is_due_at(self, protection: Protection, now: datetime) -> bool:
        is_off = ExitKind.CLOSE in protection.off
        return not is_off and is_closing(protection, self.standing.market(now), now)
