"""What a card about exits says once it was approved."""

from dataclasses import replace
from typing import Final

import pytest

from bot.views.trading import exits, listed_exits
from core.model.card import Card
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import NO_EXITS, ExitKind, ExitPlan
from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState, Purpose
from core.model.status import ExitsWait
from core.rules.exits.written import plan_in
from tests.bot.views.hands import read
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_leg,
    a_proposal,
    a_protection,
    a_sent_order,
)


PLAN: Final = plan_in("stop 5%")


def a_card(
    *placed: Order,
    wait: ExitsWait | None = None,
    plan: ExitPlan | None = PLAN,
    state: ProposalState = ProposalState.APPROVED,
) -> str:
    assert plan is not None
    leg = replace(a_leg(), side=Side.SELL, exits=plan)
    proposal = replace(
        a_proposal(state=state, decided_by="Sam", decided_at=NOW),
        purpose=Purpose.EXITS,
        legs=(leg,),
    )
    card = Card(proposal=proposal, orders=(), exits=placed, opens=None, exits_wait=wait)
    return read(exits.exits_card(card))


approved = a_card


def a_stop(state: OrderState) -> Order:
    return a_sent_order(leg=11, side=Side.SELL, state=state, exit=ExitKind.STOP)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("stop $0.50 target $1.20", "stop $0.50 below, target $1.20 above"),
        ("trail 0.30", "trailing stop $0.30 below"),
        ("stop 5% target 2atr", "stop 5%, target 2 ATR"),
    ],
)
def test_a_distance_in_dollars_is_not_read_as_a_price(plan: str, words: str) -> None:
    assert f"Exits of QRVX: {words}\n" in approved(plan=plan_in(plan))


@pytest.mark.attack(22)
@pytest.mark.parametrize(
    ("state", "cancel_asked", "words"),
    [
        (OrderState.SENDING, False, "placed, unconfirmed"),
        (OrderState.UNKNOWN, False, "unknown \u2013 please look"),
        (OrderState.UNKNOWN, True, "unknown \u2013 please look"),
    ],
)
def test_an_exit_of_which_nobody_knows_is_not_said_to_be_missing_at_ib(
    state: OrderState,
    cancel_asked: bool,  # noqa: FBT001  a parameter
    words: str,
) -> None:
    order = replace(a_stop(state), cancel_asked=cancel_asked)

    text = approved(order)

    assert f": stop, {words}" in text
    assert "not at IB yet" not in text


def test_before_an_exit_is_written_the_card_says_what_it_may_wait_for() -> None:
    """An order of TWS may keep them back (S13a): then nothing of ours will end."""
    assert "They are placed once no other order at IB, mine or not, may" in approved()


@pytest.mark.parametrize(
    "state", [OrderState.CANCELLED, OrderState.REJECTED, OrderState.LAPSED]
)
def test_ended_exits_are_not_promised_again(state: OrderState) -> None:
    """Others were approved, the owner took them back, or IB ended them."""
    text = approved(a_stop(state))

    assert "They are placed" not in text
    assert "None of them is at IB now." in text


@pytest.mark.parametrize("wait", ExitsWait)
def test_what_keeps_exits_back_is_said_before_a_yes_and_after(wait: ExitsWait) -> None:
    """S15. Nobody may believe that a stop stands while a panic or an old copy keeps it
    back."""
    for state in (ProposalState.OFFERED, ProposalState.APPROVED):
        text = a_card(wait=wait, state=state)
        assert "They are placed" not in text
        assert "No exit is placed" in text
        assert "/resume" in text


def test_exits_taken_off_in_a_panic_are_being_cancelled() -> None:
    text = a_card(wait=ExitsWait.PANIC, plan=NO_EXITS)

    assert "What stood is being cancelled." in text


def test_by_an_old_copy_none_is_taken_off_either() -> None:
    text = a_card(wait=ExitsWait.OLD_COPY, plan=NO_EXITS)

    assert "being cancelled" not in text
    assert "No exit is placed or ended now" in text


def test_those_that_live_are_named() -> None:
    assert "at IB" in approved(a_stop(OrderState.ACKED))


def test_to_take_them_off_places_none() -> None:
    text = a_card(plan=NO_EXITS, state=ProposalState.OFFERED)

    assert "cancelled, and none is placed" in text
    assert "sells no more" not in text


def test_an_ended_offer_has_no_end_to_come() -> None:
    assert "offer ends" in a_card(state=ProposalState.OFFERED)
    assert "offer ends" not in a_card(state=ProposalState.SUPERSEDED)


@pytest.mark.parametrize("state", [ProposalState.OFFERED, ProposalState.APPROVED])
def test_that_a_timed_exit_needs_this_bot_is_said(state: ProposalState) -> None:
    text = a_card(plan=plan_in("stop 5% close 2"), state=state)

    assert "I send the timed exit myself, in the last ten minutes" in text
    assert "if I am off then, before the close of the next session that I see" in text
    assert "timed exit" not in a_card(state=state)


def test_a_timed_exit_alone_is_not_said_to_be_placed_soon() -> None:
    text = approved(plan=plan_in("close 1"))

    assert "I send the timed exit myself" in text
    assert "They are placed" not in text


def test_with_a_timed_exit_in_force_the_list_says_what_it_needs() -> None:
    timed, plain = plan_in("stop 5% close 2"), PLAN
    assert timed is not None
    assert plain is not None

    def listed(plan: ExitPlan) -> str:
        held = ProtectedHolding(
            instrument=QRVX,
            shares=Shares(100),
            naked=0,
            exits=(),
            protection=a_protection(plan=plan),
        )
        return read(listed_exits.overview([held], wait=None))

    assert "I send the timed exit myself" in listed(timed)
    assert "timed exit" not in listed(plain)


def test_a_purchase_that_the_exits_of_a_holding_cover_is_not_said_to_have_none() -> (
    None
):
    """The card said that nothing is sold by itself."""
    qrvx, fdmx = a_leg(exits=NO_EXITS), a_leg(instrument=FDMX, exits=NO_EXITS)
    covered = {QRVX.con_id}

    own = exits.of_card([a_leg(exits=PLAN)], covered)

    assert exits.of_card([qrvx], covered) == "QRVX: exits of what you hold cover it"
    assert exits.of_card([qrvx, fdmx], covered) == (
        "QRVX: exits of what you hold cover it; FDMX: no exits"
    )
    assert exits.of_card([fdmx], covered) == "no exits: nothing is sold by itself"
    assert own == exits.of_card([a_leg(exits=PLAN)])


def test_an_exit_of_another_login_is_not_said_to_stand() -> None:
    held = ProtectedHolding(
        instrument=QRVX,
        shares=Shares(100),
        naked=100,
        exits=(),
        elsewhere=(a_stop(OrderState.ACKED),),
        protection=a_protection(plan=PLAN),
    )

    said = read(listed_exits.overview([held], wait=None))

    assert "1 of 1 without a stop that I know of" in said
    assert "QRVX 100: 100 without a stop that I know of" in said
    assert "stop: of another login, gateway or client id. I do not know here" in said
    assert "at IB" not in said
