"""The timed steps of an order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.sandbox.timers import Timers
from core.sandbox.trading.events import Commission
from core.sandbox.trading.tickets import OrderKey


class Step(StrEnum):
    """The steps that an order takes at a time of their own."""

    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    MATCH = "match"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStep:
    """One step of one order; a REPORT carries its commission ``report``."""

    step: Step
    key: OrderKey
    report: Commission | None = None


class OrderTimers(Timers[OrderStep]):
    """The pending steps. An order has at most one of each kind, but any number of
    reports.
    """

    def plan(
        self,
        step: Step,
        key: OrderKey,
        due: datetime,
        report: Commission | None = None,
    ) -> None:
        """Plan a step for *due*, instead of an earlier plan of the same kind."""
        what = OrderStep(step=step, key=key, report=report)
        self.add(due, what, key=None if step is Step.REPORT else _slot(step, key))

    def forget_order(self, key: OrderKey) -> None:
        """Remove the order's pending steps except its reports."""
        for step in Step:
            self.forget(_slot(step, key))


def _slot(step: Step, key: OrderKey) -> tuple[OrderKey, Step]:
    """A RELEASE and a MATCH replace each other: an order waits for one of them."""
    return key, Step.MATCH if step is Step.RELEASE else step
