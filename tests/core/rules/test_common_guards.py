"""What keeps every order back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.model.evidence import LineState
from core.model.proposal import Mode
from core.model.status import MarketPhase, MarketState
from core.rules.figures.terms import AT_THE_OPEN
from core.rules.guards import (
    Refusal,
    RefusalKind,
)
from tests.builders import (
    CLOSES,
    NOW,
    a_leg,
    a_line,
    a_proposal,
    a_quote,
    a_sent_order,
    an_order,
    limits,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    NEXT_OPEN,
    OPEN_MARKET,
    judged,
    kinds,
    the_only,
)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LineState.DOWN, "IB Gateway is not connected (refused)."),
        (
            LineState.FROZEN,
            "IB Gateway is connected but does not answer (refused).",
        ),
        (
            LineState.CUT_OFF,
            "IB Gateway has lost its connection to IB.",
        ),
    ],
)
def test_without_a_line_nothing_is_sent(state: LineState, words: str) -> None:
    line = a_line(state=state, reason="refused", accounts=())

    refusal = the_only(judged(line=line))

    assert refusal == Refusal(kind=RefusalKind.LINE, ref=None, text=words)


def test_a_line_that_is_down_for_no_known_reason_says_just_that() -> None:
    refusal = the_only(judged(line=a_line(state=LineState.DOWN)))

    assert refusal.text == "IB Gateway is not connected."


def test_before_the_orders_were_compared_nothing_is_sent() -> None:
    assert the_only(judged(reconciled=False)).kind is RefusalKind.NOT_RECONCILED


def test_a_line_that_is_down_need_not_be_reconciled_too() -> None:
    found = judged(line=a_line(state=LineState.DOWN), reconciled=False)

    assert kinds(found) == [RefusalKind.LINE]


def test_a_line_that_is_down_need_not_prove_its_gateway() -> None:
    found = judged(line=a_line(state=LineState.DOWN, is_sandbox=False))

    assert kinds(found) == [RefusalKind.LINE]


def test_a_halt_is_told_with_its_reason() -> None:
    refusal = the_only(judged(halted="Sam said so"))

    assert refusal.kind is RefusalKind.HALTED
    assert refusal.text == "Trading is halted: Sam said so. /resume allows it."


def test_the_account_must_be_one_that_the_line_offers() -> None:
    found = judged(line=a_line(accounts=("DU7654321",)))

    assert the_only(found).kind is RefusalKind.ACCOUNT


@pytest.mark.parametrize(
    ("account", "mode", "allowed"),
    [
        ("DU1234567", Mode.SANDBOX, True),
        ("DU1234567", Mode.PAPER, True),
        ("DU1234567", Mode.LIVE, False),
        ("U1234567", Mode.SANDBOX, False),
        ("U1234567", Mode.PAPER, False),
        ("U1234567", Mode.LIVE, True),
    ],
)
def test_live_money_moves_in_live_mode_only(
    account: str, mode: Mode, *, allowed: bool
) -> None:
    found = judged(
        an_order(account=account),
        limits=limits(account=account, mode=mode),
        line=a_line(accounts=(account,), is_sandbox=mode is Mode.SANDBOX),
        proposal=a_proposal(account=account, mode=mode),
    )

    assert kinds(found) == ([] if allowed else [RefusalKind.MODE])


@pytest.mark.attack(30)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("is_sandbox", [True, False])
def test_the_gateway_is_a_sandbox_if_and_only_if_the_mode_says_so(
    mode: Mode, *, is_sandbox: bool
) -> None:
    account = "U1234567" if mode is Mode.LIVE else "DU1234567"
    found = judged(
        an_order(account=account),
        limits=limits(account=account, mode=mode),
        line=a_line(accounts=(account,), is_sandbox=is_sandbox),
        proposal=a_proposal(account=account, mode=mode),
    )

    fits = is_sandbox is (mode is Mode.SANDBOX)
    assert kinds(found) == ([] if fits else [RefusalKind.MODE])


def test_a_card_of_another_mode_is_not_carried_out() -> None:
    found = judged(proposal=a_proposal(mode=Mode.PAPER))

    assert the_only(found).kind is RefusalKind.ACCOUNT


@pytest.mark.parametrize(("skew", "far"), [(5.0, False), (5.1, True), (-5.1, True)])
def test_clocks_that_disagree_keep_orders_back(skew: float, *, far: bool) -> None:
    found = judged(line=a_line(skew=skew))

    assert kinds(found) == ([RefusalKind.CLOCK] if far else [])


def test_nothing_is_sent_around_the_gateways_restart() -> None:
    at_restart = datetime(2026, 11, 23, 14, 43, tzinfo=UTC)
    allowed = limits(gateway_restart=at_restart.time().replace(hour=9))

    refusal = the_only(judged(limits=allowed))

    assert refusal.kind is RefusalKind.RESTART
    assert refusal.text == "IB Gateway restarts at 09:43 ET."


def test_one_order_at_a_time_is_in_doubt() -> None:
    other = a_sent_order(leg=2)

    found = judged(in_doubt=(other,))

    assert the_only(found).kind is RefusalKind.IN_DOUBT
    assert the_only(found).ref is None


@pytest.mark.parametrize("phase", [MarketPhase.OPEN, MarketPhase.CLOSED])
def test_an_order_for_an_open_that_has_begun_comes_too_late(phase: MarketPhase) -> None:
    """Once the market is closed again it is asked about anew."""
    market = replace(OPEN_MARKET, phase=phase)
    missed = a_proposal(queue_for=NOW, legs=(a_leg(tif=AT_THE_OPEN),))

    refusal = the_only(judged(market=market, proposal=missed))

    if phase is MarketPhase.OPEN:
        assert refusal.kind is RefusalKind.MARKET_OPENED
        assert refusal.text == (
            "The market has opened: an order for its open would come too late."
        )
    else:
        assert refusal.kind is RefusalKind.MARKET_CLOSED


def test_what_trades_abroad_is_sent_while_new_york_is_closed() -> None:
    abroad = a_proposal(legs=(a_leg(listed_on="LSE"),))

    assert judged(market=CLOSED_MARKET, proposal=abroad) == ()


def test_a_closed_market_names_the_next_open() -> None:
    refusal = the_only(judged(market=CLOSED_MARKET))

    assert refusal.kind is RefusalKind.MARKET_CLOSED
    assert refusal.text == "The market opens Tue 09:30 ET."


def test_a_closed_market_without_a_next_open_says_so_too() -> None:
    market = replace(CLOSED_MARKET, next_open=None)

    assert the_only(judged(market=market)).text == "The market is closed."


def test_an_order_queued_for_another_open_must_be_asked_about_again() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN + timedelta(days=1))

    found = judged(market=CLOSED_MARKET, proposal=queued)

    assert kinds(found) == [RefusalKind.MARKET_CLOSED]


@pytest.mark.attack(5)
@pytest.mark.parametrize(("before", "is_late"), [(0.1, True), (60, True), (61, False)])
def test_right_before_a_close_an_order_must_be_allowed_to_rest(
    before: float, *, is_late: bool
) -> None:
    moment = CLOSES - timedelta(seconds=before)
    market = replace(OPEN_MARKET, next_open=NEXT_OPEN)
    quote = a_quote(at=moment)

    found = judged(now=moment, market=market, quote=quote)
    allowed = judged(
        now=moment,
        market=market,
        quote=quote,
        proposal=a_proposal(queue_for=NEXT_OPEN),
    )

    assert kinds(found) == ([RefusalKind.MARKET_CLOSED] if is_late else [])
    assert allowed == ()


@pytest.mark.attack(5)
def test_the_last_minute_before_a_close_names_it() -> None:
    moment = CLOSES - timedelta(seconds=1)
    market = replace(OPEN_MARKET, next_open=None)

    refusal = the_only(judged(now=moment, market=market, quote=a_quote(at=moment)))

    assert refusal.text == (
        "The market closes at 16:00 ET: an order sent now could miss that."
    )


@pytest.mark.attack(5)
def test_an_order_that_may_rest_is_still_sent_at_a_known_price_while_it_is_open() -> (
    None
):
    moment = CLOSES - timedelta(seconds=1)
    market = replace(OPEN_MARKET, next_open=NEXT_OPEN)

    found = judged(
        now=moment, market=market, quotes={}, proposal=a_proposal(queue_for=NEXT_OPEN)
    )

    assert kinds(found) == [RefusalKind.NO_QUOTE]


def test_an_unknown_market_is_not_an_open_one() -> None:
    market = MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None)

    assert the_only(judged(market=market)).kind is RefusalKind.MARKET_UNKNOWN
