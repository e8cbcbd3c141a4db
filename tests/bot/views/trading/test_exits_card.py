"""What a card about exits says once it was approved."""

from dataclasses import replace
from typing import Final

import pytest

from bot.views.trading import exits
from core.model.card import Card
from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState, Purpose
from core.rules.exits.written import plan_in
from tests.bot.views.hands import read
from tests.builders import NOW, a_leg, a_proposal, a_sent_order


PLAN: Final = plan_in("stop 5%")


def approved(*placed: Order) -> str:
    assert PLAN is not None
    leg = replace(a_leg(), side=Side.SELL, exits=PLAN)
    proposal = replace(
        a_proposal(state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW),
        purpose=Purpose.EXITS,
        legs=(leg,),
    )
    return read(
        exits.exits_card(Card(proposal=proposal, orders=(), exits=placed, opens=None))
    )


def a_stop(state: OrderState) -> Order:
    return a_sent_order(leg=11, side=Side.SELL, state=state, exit=ExitKind.STOP)


def test_before_an_exit_is_written_they_are_placed_now() -> None:
    assert "They are placed now." in approved()


@pytest.mark.parametrize(
    "state", [OrderState.CANCELLED, OrderState.REJECTED, OrderState.LAPSED]
)
def test_ended_exits_are_not_promised_again(state: OrderState) -> None:
    """Others were approved, the owner took them back, or IB ended them."""
    text = approved(a_stop(state))

    assert "placed now" not in text
    assert "None of them is at IB now." in text


def test_those_that_live_are_named() -> None:
    assert "at IB" in approved(a_stop(OrderState.ACKED))
