"""What happens to an order by itself, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.sandbox.timers import Timers
from core.sandbox.trading.events import Commission
from core.sandbox.trading.tickets import OrderKey


class Step(StrEnum):
    """The things that happen to an order by themselves."""

    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    MATCH = "match"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStep:
    """One step of one order; a REPORT brings the commission ``report`` along."""

    step: Step
    key: OrderKey
    report: Commission | None = None


class OrderTimers(Timers[OrderStep]):
    """The steps to come. An order has at most one of each kind, but all its reports."""

    def plan(
        self,
        step: Step,
        key: OrderKey,
        due: datetime,
        report: Commission | None = None,
    ) -> None:
        """Let the step happen then, instead of an earlier time for it."""
        what = OrderStep(step=step, key=key, report=report)
        self.add(due, what, key=None if step is Step.REPORT else _slot(step, key))

    def forget_order(self, key: OrderKey) -> None:
        """Nothing more happens to that order, except its reports."""
        for step in Step:
            self.forget(_slot(step, key))


def _slot(step: Step, key: OrderKey) -> tuple[OrderKey, Step]:
    """A RELEASE and a MATCH replace each other: an order waits for one of them."""
    return key, Step.MATCH if step is Step.RELEASE else step
