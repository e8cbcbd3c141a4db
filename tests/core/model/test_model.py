"""What the values themselves know."""

import pytest

from core.model.errors import (
    BrokerAway,
    BrokerSaidNo,
    BrokerSilent,
    ScanRefused,
    ScanTimedOut,
)
from core.model.money import Shares
from core.model.order import FINAL, IN_DOUBT, WORKING, OrderState, order_ref
from tests.builders import (
    FDMX,
    PROPOSAL_ID,
    QRVX,
    a_fill,
    a_held_position,
    a_leg,
    an_evidence,
    an_order,
    money,
    price,
)


def test_a_ref_is_made_of_the_journal_the_proposal_and_the_leg_alone() -> None:
    assert order_ref("0a1b2c3d", PROPOSAL_ID, 2) == "tb-0a1b2c3d-abcdefghij-2"


def test_a_state_is_planned_in_doubt_working_or_final() -> None:
    groups = [FINAL, IN_DOUBT, WORKING, {OrderState.PLANNED}]

    assert sum(map(len, groups)) == len(OrderState)
    assert set().union(*groups) == set(OrderState)


@pytest.mark.parametrize(
    ("exec_id", "stem"),
    [("0000e0d5.6561f5c2.01.02", "0000e0d5.6561f5c2.01"), ("plain", "plain")],
)
def test_a_fill_is_known_by_all_but_the_last_digits(exec_id: str, stem: str) -> None:
    assert a_fill(exec_id=exec_id).stem == stem


def test_an_order_averages_over_its_fills() -> None:
    order = an_order(
        fills=(
            a_fill(shares=Shares(40), price=price("4.80")),
            a_fill(shares=Shares(60), price=price("4.90")),
        )
    )

    assert (order.filled, order.average_price) == (100, price("4.86"))


def test_an_order_without_fills_has_no_average() -> None:
    assert (an_order().filled, an_order().average_price) == (0, None)


def test_an_order_knows_the_commission_that_has_come() -> None:
    charged = a_fill(commission=money("1.00"))

    assert an_order(fills=(charged, a_fill())).commission == money("1.00")
    assert an_order(fills=(a_fill(),)).commission is None


def test_a_leg_is_estimated_at_the_ask_or_else_at_the_last_price() -> None:
    assert a_leg().estimate == money("483.00")
    assert a_leg(ask=None).estimate == money("482.00")


def test_a_position_is_that_of_the_stock_in_the_account() -> None:
    evidence = an_evidence(
        positions=(
            a_held_position(shares=40),
            a_held_position(account="DU7654321", shares=7),
            a_held_position(con_id=FDMX.con_id, shares=9),
        )
    )

    assert evidence.position_in(QRVX, "DU1234567") == 40
    assert evidence.position_in(QRVX, "DU0000000") == 0


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (BrokerAway("refused"), "IB Gateway is not connected: refused."),
        (
            BrokerSilent("the heartbeat", 2.0),
            "IB did not answer the heartbeat within 2 s.",
        ),
        (BrokerSaidNo(200, "no definition"), "IB refused: no definition (TWS 200)."),
        (
            ScanRefused(162, "no permission", "Not allowed"),
            "Not allowed (TWS 162: no permission)",
        ),
        (ScanTimedOut(5.0), "The market scanner did not answer within 5 s."),
    ],
)
def test_a_problem_says_what_happened(problem: Exception, words: str) -> None:
    assert str(problem) == words
