"""A /panic: what a test of it begins with, and asks about."""

from decimal import Decimal

from core.model.proposal import (
    Proposal,
    Purpose,
)
from tests.builders import FDMX, QRVX
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import until


def hold(harness: Harness) -> None:
    harness.broker.trade_by_hand(QRVX, 100)
    harness.broker.trade_by_hand(FDMX, 50)


def panic(harness: Harness, key: str = "panic:1") -> None:
    harness.engine.named.panic(by=OWNER, key=key)


def asked(harness: Harness) -> Proposal | None:
    """The open question whether to sell all."""
    offers = harness.journal.proposals.offers()
    return next((o for o in offers if o.purpose is Purpose.SELL_ALL), None)


async def the_question(harness: Harness) -> Proposal:
    await until(lambda: asked(harness) is not None)
    card = asked(harness)
    assert card is not None
    return card


def held(harness: Harness) -> list[Decimal]:
    return [each.shares for each in harness.broker.held.values()]
