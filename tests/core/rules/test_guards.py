"""Every reason not to send an order, one at a time and all together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.model.evidence import LineState
from core.model.market import Freshness
from core.model.order import Order, OrderState
from core.model.proposal import Mode
from core.model.status import MarketPhase, MarketState
from core.rules.guards import (
    Circumstances,
    Refusal,
    RefusalKind,
    refusals,
    spent,
    standing_blocks,
)
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_fill,
    a_leg,
    a_line,
    a_proposal,
    a_quote,
    a_second_leg,
    a_sent_order,
    a_session,
    an_account,
    an_order,
    limits,
    money,
    price,
)


OPEN_MARKET = MarketState(
    phase=MarketPhase.OPEN, session=a_session(), next_open=NOW + timedelta(hours=24)
)
NEXT_OPEN = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
CLOSED_MARKET = MarketState(
    phase=MarketPhase.CLOSED, session=a_session(), next_open=NEXT_OPEN
)
FDMX_QUOTE = a_quote(last=price("26.59"), ask=price("26.61"))


def circumstances(**named: Any) -> Circumstances:
    good = Circumstances(
        now=NOW,
        line=a_line(),
        reconciled=True,
        halted=None,
        market=OPEN_MARKET,
        quotes={QRVX.con_id: a_quote(), FDMX.con_id: FDMX_QUOTE},
        account=an_account(),
        in_doubt=(),
        working=(),
        sent_today=(),
        limits=limits(),
        proposal=a_proposal(),
    )
    return replace(good, **named)


def judged(*orders: Order, quote: Any = None, **named: Any) -> Sequence[Refusal]:
    """QRVX alone unless orders are given; *quote* is then QRVX's."""
    if quote is not None:
        named["quotes"] = {QRVX.con_id: quote}
    return refusals(orders or (an_order(),), circumstances(**named))


def kinds(found: Sequence[Refusal]) -> list[RefusalKind]:
    return [refusal.kind for refusal in found]


def the_only(found: Sequence[Refusal]) -> Refusal:
    assert len(found) == 1, found
    return found[0]


def test_nothing_in_the_way_means_go() -> None:
    assert judged(an_order(), an_order(leg=2)) == ()


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
            "IB Gateway has lost its connection to IB (refused).",
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
        line=a_line(accounts=(account,)),
        proposal=a_proposal(account=account, mode=mode),
    )

    assert kinds(found) == ([] if allowed else [RefusalKind.MODE])


def test_a_card_of_another_mode_is_not_carried_out() -> None:
    found = judged(proposal=a_proposal(mode=Mode.PAPER))

    assert the_only(found).kind is RefusalKind.ACCOUNT


def test_an_order_of_another_account_is_not_sent() -> None:
    order = an_order(account="DU7654321")

    refusal = the_only(judged(order))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ACCOUNT, order.ref)


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


def test_an_unknown_order_keeps_back_its_own_stock_only() -> None:
    unknown = a_sent_order(state=OrderState.UNKNOWN)
    same, other = an_order(), an_order(leg=2)

    refusal = the_only(judged(same, other, in_doubt=(unknown,)))

    assert (refusal.kind, refusal.ref) == (RefusalKind.IN_DOUBT, same.ref)


def test_a_stock_with_a_working_order_of_ours_is_not_bought_again() -> None:
    working = a_sent_order(state=OrderState.ACKED)

    refusal = the_only(judged(an_order(), an_order(leg=2), working=(working,)))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ALREADY_WORKING, working.ref)


def test_a_closed_market_names_the_next_open() -> None:
    refusal = the_only(judged(market=CLOSED_MARKET))

    assert refusal.kind is RefusalKind.MARKET_CLOSED
    assert refusal.text == "The market opens Tue 09:30 ET."


def test_a_closed_market_without_a_next_open_says_so_too() -> None:
    market = replace(CLOSED_MARKET, next_open=None)

    assert the_only(judged(market=market)).text == "The market is closed."


def test_an_order_queued_for_the_coming_open_may_leave() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN)

    assert judged(market=CLOSED_MARKET, proposal=queued) == ()


def test_an_order_queued_for_another_open_must_be_asked_about_again() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN + timedelta(days=1))

    found = judged(market=CLOSED_MARKET, proposal=queued)

    assert kinds(found) == [RefusalKind.MARKET_CLOSED]


def test_an_order_that_waits_for_an_open_needs_no_live_price() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN)
    frozen = a_quote(freshness=Freshness.FROZEN, at=NOW - timedelta(hours=9))

    assert judged(quotes={}, market=CLOSED_MARKET, proposal=queued) == ()
    assert judged(quote=frozen, market=CLOSED_MARKET, proposal=queued) == ()


def test_an_order_queued_for_an_open_needs_a_price_once_the_market_is_open() -> None:
    queued = a_proposal(queue_for=OPEN_MARKET.next_open)

    assert kinds(judged(quotes={}, proposal=queued)) == [RefusalKind.NO_QUOTE]


def test_an_unknown_market_is_not_an_open_one() -> None:
    market = MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None)

    assert the_only(judged(market=market)).kind is RefusalKind.MARKET_UNKNOWN


def test_an_order_that_the_owner_cancelled_before_it_left_stays() -> None:
    assert kinds(judged(an_order(cancel_asked=True))) == [RefusalKind.CANCELLED]


@pytest.mark.parametrize(
    "quotes",
    [{}, {QRVX.con_id: a_quote(last=None, ask=None)}],
    ids=["no quote", "no price in it"],
)
def test_a_stock_without_a_price_is_not_bought(quotes: Any) -> None:
    assert kinds(judged(quotes=quotes)) == [RefusalKind.NO_QUOTE]


@pytest.mark.parametrize(("seconds", "old"), [(60, False), (61, True)])
def test_an_old_price_is_no_price(seconds: int, *, old: bool) -> None:
    quote = a_quote(at=NOW - timedelta(seconds=seconds))

    assert kinds(judged(quote=quote)) == ([RefusalKind.OLD_QUOTE] if old else [])


@pytest.mark.parametrize("freshness", set(Freshness) - {Freshness.LIVE})
def test_data_that_is_not_live_needs_permission(freshness: Freshness) -> None:
    quote = a_quote(freshness=freshness)

    assert kinds(judged(quote=quote)) == [RefusalKind.NOT_LIVE]
    assert judged(quote=quote, limits=limits(allow_delayed=True)) == ()


@pytest.mark.parametrize(("halted", "refused"), [(True, 1), (False, 0), (None, 0)])
def test_a_halted_stock_is_not_bought(halted: bool | None, refused: int) -> None:  # noqa: FBT001  a quote's own three values
    found = judged(quote=a_quote(halted=halted))

    assert kinds(found) == [RefusalKind.STOCK_HALTED] * refused


@pytest.mark.parametrize(
    ("last", "ask", "moved"),
    [
        ("5.10", None, False),
        ("5.11", None, True),
        ("4.90", None, False),
        ("4.89", None, True),
        ("5.00", "5.15", False),
        ("5.00", "5.16", True),
        ("5.00", "4.00", False),
        (None, "5.16", True),
        (None, "5.05", False),
    ],
)
def test_a_price_outside_the_band_asks_again(
    last: str | None, ask: str | None, *, moved: bool
) -> None:
    leg = a_leg(reference=price("5.00"), ask=price("5.05"))
    quote = a_quote(last=last and price(last), ask=ask and price(ask))

    found = judged(quote=quote, proposal=a_proposal(legs=(leg,)))

    assert kinds(found) == ([RefusalKind.PRICE_MOVED] if moved else [])


def test_an_ask_is_held_against_the_price_when_the_card_had_no_ask() -> None:
    card = a_proposal(legs=(a_leg(reference=price("5.00"), ask=None),))

    at_the_edge = a_quote(last=price("5.00"), ask=price("5.10"))
    beyond = a_quote(last=price("5.00"), ask=price("5.11"))

    assert judged(quote=at_the_edge, proposal=card) == ()
    refusal = the_only(judged(quote=beyond, proposal=card))
    assert refusal.text == "QRVX is at 5.11 now, +2.2% since the card."


def test_an_order_over_its_cap_is_not_sent() -> None:
    allowed = limits(max_order=money("500"))
    small, large = an_order(), an_order(leg=2)

    refusal = the_only(judged(small, large, limits=allowed))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ORDER_CAP, large.ref)
    assert refusal.text == "100 FDMX cost about $2,661; the limit is $500 an order."


def test_the_cap_counts_at_the_dearer_of_estimate_and_ask() -> None:
    dearer = a_quote(ask=price("4.90"))

    assert judged(quote=dearer, limits=limits(max_order=money("490"))) == ()
    assert kinds(judged(quote=dearer, limits=limits(max_order=money("489")))) == [
        RefusalKind.ORDER_CAP
    ]


def test_without_an_ask_the_cap_counts_at_the_last_price() -> None:
    no_ask = a_quote(ask=None, last=price("4.90"))

    found = judged(quote=no_ask, limits=limits(max_order=money("489")))

    assert kinds(found) == [RefusalKind.ORDER_CAP]


def test_a_cheaper_ask_does_not_lower_what_the_card_said() -> None:
    cheaper = a_quote(ask=price("4.80"))

    found = judged(quote=cheaper, limits=limits(max_order=money("482")))

    assert kinds(found) == [RefusalKind.ORDER_CAP]


def test_the_day_counts_what_was_sent_and_both_orders() -> None:
    sent = a_sent_order(
        proposal_id="another", state=OrderState.ACKED, estimate=money("1000")
    )
    both = (an_order(), an_order(leg=2))

    at_the_cap = limits(max_day=money("4144"))
    over = limits(max_day=money("4143"))

    assert judged(*both, sent_today=(sent,), limits=at_the_cap) == ()
    refusal = the_only(judged(*both, sent_today=(sent,), limits=over))
    assert refusal.kind is RefusalKind.DAY_CAP
    assert refusal.text == (
        "$3,144 on top of $1,000 used today: the limit is $4,143 a day."
    )


def test_funds_must_cover_both_orders_with_a_margin() -> None:
    both = (an_order(), an_order(leg=2))
    enough = an_account(available_funds=money("3175.44"))
    short = an_account(available_funds=money("3175.43"))

    assert judged(*both, account=enough) == ()
    assert kinds(judged(*both, account=short)) == [RefusalKind.FUNDS]


def test_funds_that_do_not_know_our_latest_order_yet_are_not_spent_twice() -> None:
    sent_at = NOW - timedelta(seconds=2)
    before = a_sent_order(sent_at=sent_at, state=OrderState.ACKED)
    account = an_account(at=NOW - timedelta(seconds=5), available_funds=money("900"))

    assert kinds(judged(account=account, sent_today=(before,))) == [RefusalKind.FUNDS]
    knowing = replace(account, at=sent_at)
    assert judged(account=knowing, sent_today=(before,)) == ()


@pytest.mark.parametrize("account", [None, an_account(available_funds=None)])
def test_unknown_funds_are_no_funds(account: Any) -> None:
    assert kinds(judged(account=account)) == [RefusalKind.FUNDS]


def test_every_reason_is_given_not_the_first() -> None:
    found = judged(
        halted="by Sam",
        market=CLOSED_MARKET,
        account=None,
        quote=a_quote(halted=True, freshness=Freshness.DELAYED),
    )

    assert kinds(found) == [
        RefusalKind.HALTED,
        RefusalKind.MARKET_CLOSED,
        RefusalKind.NOT_LIVE,
        RefusalKind.STOCK_HALTED,
        RefusalKind.FUNDS,
    ]


@given(last=st.decimals("1", "10", places=2), band=st.integers(0, 20))
def test_no_price_that_passes_is_outside_the_band(last: Decimal, band: int) -> None:
    found = judged(
        quote=a_quote(last=last, ask=None),
        limits=limits(price_band=Decimal(band), max_order=money("100000")),
    )

    reference = a_leg().reference
    outside = abs(last - reference) > reference * band / 100
    assert (RefusalKind.PRICE_MOVED in kinds(found)) == outside


@pytest.mark.parametrize(
    ("state", "fills", "dollars"),
    [
        (OrderState.SENDING, (), "483.00"),
        (OrderState.UNKNOWN, (), "483.00"),
        (OrderState.ACKED, (), "483.00"),
        (OrderState.CLOSED_BY_HUMAN, (), "483.00"),
        (OrderState.PARTIAL, (a_fill(shares=50, price=price("20")),), "1000"),
        (OrderState.PARTIAL, (a_fill(shares=50),), "483.00"),
        (OrderState.FILLED, (a_fill(price=price("4.80")),), "480"),
        (OrderState.PARTIAL_DONE, (a_fill(shares=50),), "241.50"),
        (OrderState.REJECTED, (), "0"),
        (OrderState.ABSENT, (), "0"),
        (OrderState.CANCELLED, (), "0"),
    ],
)
def test_what_an_order_counts_against_the_day(
    state: OrderState, fills: Any, dollars: str
) -> None:
    assert spent([a_sent_order(state=state, fills=fills)]) == money(dollars)


def test_standing_blocks_are_all_reasons_that_need_no_order() -> None:
    blocks = standing_blocks(
        line=a_line(skew=60.0),
        reconciled=False,
        halted="by Sam",
        market=MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None),
        limits=limits(account="U1234567"),
    )

    assert blocks == (
        "The orders are still being compared with IB's.",
        "Trading is halted: by Sam. /resume allows it.",
        "IB does not offer the account U1234567.",
        "U1234567 is not a paper account; the mode is sandbox.",
        "The gateway's clock is +60 s from this machine's.",
        "Nobody knows whether the market is open.",
    )


def test_a_house_in_order_has_no_standing_blocks() -> None:
    blocks = standing_blocks(
        line=a_line(),
        reconciled=True,
        halted=None,
        market=MarketState(phase=MarketPhase.OPEN, session=None, next_open=None),
        limits=limits(),
    )

    assert blocks == ()


def test_each_leg_is_held_against_its_own_reference() -> None:
    legs = (a_leg(), a_second_leg(reference=price("20.00"), ask=None))
    first, second = an_order(), an_order(leg=2)

    found = judged(first, second, proposal=a_proposal(legs=legs))

    assert [(r.kind, r.ref) for r in found] == [(RefusalKind.PRICE_MOVED, second.ref)]
