"""What keeps one order back: its stock and its price."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.model.exits.plan import ExitKind
from core.model.market import Freshness, OrderType, Side
from core.model.money import Price, Shares
from core.model.order import Order, OrderState
from core.rules.guards import (
    RefusalKind,
)
from core.rules.order_guards import held_shares
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_fill,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_second_leg,
    a_sent_order,
    an_order,
    limits,
    money,
    price,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    NEXT_OPEN,
    OPEN_MARKET,
    circumstances,
    judged,
    kinds,
    the_only,
)


def test_an_order_of_another_account_is_not_sent() -> None:
    order = an_order(account="DU7654321")

    refusal = the_only(judged(order))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ACCOUNT, order.ref)


def test_an_unknown_order_keeps_back_its_own_stock_only() -> None:
    unknown = a_sent_order(state=OrderState.UNKNOWN)
    same, other = an_order(), an_order(leg=2)

    refusal = the_only(judged(same, other, in_doubt=(unknown,)))

    assert (refusal.kind, refusal.ref) == (RefusalKind.IN_DOUBT, same.ref)


def test_a_stock_with_a_working_order_of_ours_is_not_bought_again() -> None:
    working = a_sent_order(state=OrderState.ACKED)

    refusal = the_only(judged(an_order(), an_order(leg=2), working=(working,)))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ALREADY_WORKING, working.ref)


def test_a_working_exit_of_a_stock_keeps_no_purchase_of_it_back() -> None:
    stop = a_sent_order(
        state=OrderState.ACKED, side=Side.SELL, exit=ExitKind.STOP, leg=11
    )

    assert judged(working=(stop,)) == ()


def test_an_order_queued_for_the_coming_open_may_leave() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN)

    assert judged(market=CLOSED_MARKET, proposal=queued) == ()


def test_an_order_that_waits_for_an_open_needs_no_live_price() -> None:
    queued = a_proposal(queue_for=NEXT_OPEN)
    frozen = a_quote(freshness=Freshness.FROZEN, at=NOW - timedelta(hours=9))

    assert judged(quotes={}, market=CLOSED_MARKET, proposal=queued) == ()
    assert judged(quote=frozen, market=CLOSED_MARKET, proposal=queued) == ()


def test_an_order_queued_for_an_open_needs_a_price_once_the_market_is_open() -> None:
    queued = a_proposal(queue_for=OPEN_MARKET.next_open)

    assert kinds(judged(quotes={}, proposal=queued)) == [RefusalKind.NO_QUOTE]


def test_an_order_that_the_owner_cancelled_before_it_left_stays() -> None:
    refusal = the_only(judged(an_order(cancel_asked=True)))

    assert refusal.kind is RefusalKind.CANCELLED
    assert refusal.text == "QRVX was cancelled by you."


@pytest.mark.parametrize(
    "quotes",
    [{}, {QRVX.con_id: a_quote(last=None, ask=None)}],
    ids=["no quote", "no price in it"],
)
def test_a_stock_without_a_price_is_not_bought(quotes: Any) -> None:
    assert kinds(judged(quotes=quotes)) == [RefusalKind.NO_QUOTE]


@pytest.mark.parametrize(
    ("unquoted", "words"),
    [({}, ""), ({QRVX.con_id: "no permission"}, ": no permission")],
)
def test_why_a_stock_has_no_price_is_said_where_it_is_known(
    unquoted: Any, words: str
) -> None:
    refusal = the_only(judged(quotes={}, unquoted=unquoted))

    assert refusal.text == f"QRVX has no price now{words}."


def test_a_limit_order_needs_a_price_as_well() -> None:
    limit = an_order(order_type=OrderType.LIMIT, limit=price("4.85"))

    found = judged(limit, quote=a_quote(last=None, ask=None))

    assert kinds(found) == [RefusalKind.NO_QUOTE]


def test_what_is_offered_and_was_not_traded_yet_is_bought() -> None:
    assert judged(quote=a_quote(last=None)) == ()


@pytest.mark.attack(4)
def test_what_waits_at_ib_for_an_exchange_abroad_needs_no_offer_yet() -> None:
    abroad = a_proposal(legs=(a_leg(listed_on="LSE"),))

    assert judged(quote=a_quote(ask=None), proposal=abroad) == ()


@pytest.mark.attack(4)
@pytest.mark.parametrize("bid", [None, price("4.81")])
def test_what_nobody_offers_is_not_bought_at_the_market(bid: Price | None) -> None:
    """A last trade comes with each request, however old it is."""
    traded = a_quote(bid=bid, ask=None)

    assert kinds(judged(quote=traded)) == [RefusalKind.NO_QUOTE]


@pytest.mark.attack(4)
def test_a_limit_caps_what_is_paid_where_nobody_offers() -> None:
    limit = an_order(order_type=OrderType.LIMIT, limit=price("4.85"))

    assert judged(limit, quote=a_quote(ask=None)) == ()


@pytest.mark.attack(4)
@pytest.mark.parametrize(("seconds", "old"), [(5, False), (6, True), (-6, True)])
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

    assert (RefusalKind.PRICE_MOVED in kinds(found)) is moved


@pytest.mark.attack(4)
@pytest.mark.parametrize(
    ("bid", "ask", "moved"),
    [("5.15", None, False), ("5.16", None, True), ("6", "5.05", True)],
)
def test_a_bid_beyond_the_band_means_that_last_and_ask_are_old(
    bid: str, ask: str | None, *, moved: bool
) -> None:
    """Of a line that goes on with one side only, the bid is the newest word."""
    leg = a_leg(reference=price("5.00"), ask=price("5.05"))
    quote = a_quote(last=price("5.00"), ask=ask and price(ask), bid=price(bid))

    found = judged(quote=quote, proposal=a_proposal(legs=(leg,)))

    assert (RefusalKind.PRICE_MOVED in kinds(found)) is moved


def test_an_ask_is_held_against_the_price_when_the_card_had_no_ask() -> None:
    card = a_proposal(legs=(a_leg(reference=price("5.00"), ask=None),))

    at_the_edge = a_quote(last=price("5.00"), ask=price("5.10"))
    beyond = a_quote(last=price("5.00"), ask=price("5.11"))

    assert judged(quote=at_the_edge, proposal=card) == ()
    refusal = the_only(judged(quote=beyond, proposal=card))
    assert refusal.text == "QRVX is at 5.11 now, +2.2% since the card."


def test_a_price_below_a_dollar_is_told_with_four_decimals() -> None:
    card = a_proposal(legs=(a_leg(reference=price("0.50"), ask=None),))

    refusal = the_only(judged(quote=a_quote(last=price("0.6")), proposal=card))

    assert refusal.text == "QRVX is at 0.6000 now, +20.0% since the card."


@given(last=st.decimals("1", "10", places=2), band=st.integers(0, 20))
def test_no_price_that_passes_is_outside_the_band(last: Decimal, band: int) -> None:
    found = judged(
        quote=a_quote(last=last, ask=None),
        limits=limits(price_band=Decimal(band), max_order=money("100000")),
    )

    reference = a_leg().reference
    outside = abs(last - reference) > reference * band / 100
    assert (RefusalKind.PRICE_MOVED in kinds(found)) == outside


def test_each_leg_is_held_against_its_own_reference() -> None:
    legs = (a_leg(), a_second_leg(reference=price("20.00"), ask=None))
    first, second = an_order(), an_order(leg=2)

    found = judged(first, second, proposal=a_proposal(legs=legs))

    assert [(r.kind, r.ref) for r in found] == [(RefusalKind.PRICE_MOVED, second.ref)]


@pytest.mark.attack(26)
def test_a_held_stock_is_not_bought_again() -> None:
    refusal = the_only(judged(held=(a_position(),)))

    assert (refusal.kind, refusal.ref) == (RefusalKind.HELD, an_order().ref)
    assert refusal.text == (
        "You hold 100 QRVX already; more is bought only with OPENBELL_BUY_HELD=true."
    )


@pytest.mark.attack(26)
@pytest.mark.parametrize(
    ("shares", "found"), [("0.5", [RefusalKind.HELD]), ("0", []), ("-100", [])]
)
def test_any_part_of_a_share_is_held_and_a_short_one_is_not(
    shares: str, found: list[RefusalKind]
) -> None:
    assert kinds(judged(held=(a_position(shares=Decimal(shares)),))) == found


@pytest.mark.attack(26)
def test_the_owner_may_allow_to_buy_what_is_held() -> None:
    assert judged(held=(a_position(),), limits=limits(buy_held=True)) == ()


@pytest.mark.attack(26)
def test_another_stock_that_is_held_keeps_nothing_back() -> None:
    assert judged(held=(a_position(instrument=FDMX),)) == ()


@pytest.mark.attack(26)
def test_our_own_fill_is_held_before_ib_lists_it() -> None:
    new = a_sent_order(
        proposal_id="another",
        state=OrderState.FILLED,
        fills=(a_fill(at=NOW - timedelta(minutes=2)),),
    )
    old = replace(new, fills=(a_fill(at=NOW - timedelta(minutes=3)),))

    assert kinds(judged(counting=(new,))) == [RefusalKind.HELD]
    assert judged(counting=(old,)) == ()


# held by our own fills, of which IB's listing has none yet


def held(*ours: Order) -> Decimal:
    return held_shares(an_order(), circumstances(counting=ours))


def filled(shares: int, at: datetime, **named: Any) -> Order:
    """Bought on another card, by an order sent a second before."""
    sent = {"sent_at": at - timedelta(seconds=1), "state": OrderState.FILLED}
    fills = (a_fill(shares=Shares(shares), at=at),)
    return a_sent_order(proposal_id="another", fills=fills, **{**sent, **named})


def ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.attack(26)
def test_all_that_was_bought_since_the_first_of_them_was_sent_is_held() -> None:
    """40 were held when it was sent. It was filled last."""
    first = filled(100, ago(60), sent_at=ago(120), position_before=Decimal(40))
    second = filled(50, ago(80))

    assert held(first, second) == held(second, first) == 190


@pytest.mark.attack(26)
def test_what_was_sold_while_a_purchase_waited_is_not_held() -> None:
    bought = filled(100, ago(60), sent_at=ago(120), position_before=Decimal(40))
    sold = filled(40, ago(90), side=Side.SELL)

    assert held(bought, sold) == 100


@pytest.mark.attack(26)
def test_a_purchase_that_ib_shows_and_we_never_sent_counts_from_its_fill_on() -> None:
    unsent: dict[str, Any] = {"sent_at": None, "position_before": None}
    sold = filled(40, ago(90), side=Side.SELL)

    assert held(filled(100, ago(60), **unsent)) == 100
    assert (
        held(sold, filled(50, ago(80), **unsent), filled(100, ago(60), **unsent)) == 150
    )


@pytest.mark.attack(26)
def test_a_purchase_of_which_nothing_came_says_nothing_of_what_is_held() -> None:
    nothing = a_sent_order(sent_at=ago(120), position_before=Decimal(40))

    assert held(nothing, filled(100, ago(60))) == 100


@pytest.mark.attack(26)
def test_what_is_held_is_counted_from_a_purchase_and_not_from_a_sale() -> None:
    sold = filled(40, ago(90), side=Side.SELL, position_before=None)

    assert held(sold, filled(100, ago(60))) == 100
