"""A sale to be judged: a card of one holding, and its order."""

from typing import Any

from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.proposal import Leg, Proposal, ProposalId, Purpose
from tests.builders import (
    a_leg,
    a_position,
    a_proposal,
    a_sent_order,
    an_order,
    price,
)


EARLIER = ProposalId("earlier234")


def a_sale_leg(**named: Any) -> Leg:
    """100 QRVX, of which the card showed a bid of 4.81."""
    sale = {
        "side": Side.SELL,
        "picks": (),
        "change": None,
        "bid": price("4.81"),
        "holding": a_position(),
        "bought_here": Shares(100),
    }
    return a_leg(**{**sale, **named})


def a_sale_card(**named: Any) -> Proposal:
    card = {"purpose": Purpose.SELL, "legs": (a_sale_leg(),)}
    return a_proposal(**{**card, **named})


def a_sale(**named: Any) -> Order:
    return an_order(**{"side": Side.SELL, **named})


def an_earlier_sale(shares: int, **named: Any) -> Order:
    """Of another card, sent when 100 were held; ``shares`` of it were ordered."""
    sale = {
        "proposal_id": EARLIER,
        "side": Side.SELL,
        "shares": Shares(shares),
        "state": OrderState.ACKED,
        "position_before": 100,
    }
    return a_sent_order(**{**sale, **named})
