"""A purchase with its exits: what a test of exits begins with, and asks about."""

from dataclasses import replace
from typing import Final

from core.model.exits.plan import ExitPlan
from core.model.order import FINAL, WORKING, Order
from core.model.proposal import Choice, Proposal
from core.rules.exits.coverage import groups_of
from core.rules.exits.written import plan_in
from tests.builders import QRVX, price
from tests.harness.core import Harness
from tests.harness.waiting import until


STOP_AND_TARGET: Final = "stop 5% target 10%"


def a_plan(text: str) -> ExitPlan:
    plan = plan_in(text)
    assert plan is not None
    return plan


def with_exits(harness: Harness, text: str = STOP_AND_TARGET) -> Harness:
    """The owner's setting."""
    limits = replace(harness.instructions.limits, exits=a_plan(text))
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.broker.fill_price = price("4.83")
    harness.restart()
    return harness


def exits(harness: Harness) -> tuple[Order, ...]:
    """Of QRVX, in the order of their making."""
    orders = harness.journal.orders.of_stock(QRVX.con_id)
    return tuple(order for order in orders if order.exit is not None)


def alive(harness: Harness) -> list[Order]:
    return [order for order in exits(harness) if order.state not in FINAL]


def held(harness: Harness) -> int:
    position = harness.broker.held.get(QRVX.con_id)
    return int(position.shares) if position else 0


async def bought(harness: Harness, key: str = "a") -> Proposal:
    """Yes to the pick in percent; returns when its order has ended or works."""
    proposal = await harness.scan(key)
    harness.tap(proposal, Choice.SECOND)
    await harness.until_settled(proposal)
    return proposal


async def protected(harness: Harness, shares: int = 100) -> list[Order]:
    """Return when the exits of so many shares stand at IB."""

    def are_there() -> bool:
        groups = groups_of(alive(harness))
        acked = all(o.state in WORKING for o in alive(harness))
        return acked and sum(group.rest for group in groups) == shares

    await until(are_there)
    return alive(harness)
