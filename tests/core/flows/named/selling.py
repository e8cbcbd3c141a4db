"""A card that sells, and what becomes of the holding."""

from core.model.proposal import Proposal
from core.rules.selling.amount import Amount
from tests.builders import QRVX
from tests.harness.core import Harness


ALL = Amount()


async def a_card(
    harness: Harness, amount: Amount = ALL, *, held: int = 100, key: str = "s"
) -> Proposal:
    """*held* QRVX are in the account, and a card asks whether to sell."""
    if QRVX.con_id not in harness.broker.held and held:
        harness.broker.trade_by_hand(QRVX, held)
    assert await harness.engine.named.sell("qrvx", amount, key=key) is None
    return harness.card()


def sold(harness: Harness) -> int:
    return sum(order.shares for order in harness.broker.sent)


def left(harness: Harness) -> int:
    return int(harness.broker.held[QRVX.con_id].shares)
