"""Each line with a figure of the end of a card's orders is the one that the test reckons
itself."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st

from bot.views import announcements
from core.model.card import Card
from core.model.fills import Fill
from core.model.market import Side
from core.model.money import Price, Shares
from core.model.order import Order, OrderState
from core.model.proposal import Purpose
from tests.bot.views.own_figures import (
    any_case,
    counts,
    dollars,
    fees,
    moved,
    places,
    prices,
    thousands,
    with_figures,
)
from tests.builders import (
    a_fill,
    a_leg,
    a_proposal,
    a_sent_order,
)


@st.composite
def ended(draw: st.DrawFn, number: int, side: Side) -> tuple[Order, Price]:
    """An order that was filled, in part or not at all, and what its card showed."""
    state = draw(
        st.sampled_from(
            [OrderState.FILLED, OrderState.PARTIAL_DONE, OrderState.REJECTED]
        )
    )
    fills = tuple(
        a_fill(
            exec_id=f"{number}.{place}.01",
            shares=draw(counts),
            price=draw(prices),
            commission=draw(st.none() | fees),
            currency="USD",
        )
        for place in range(draw(st.integers(1, 2)))
    )
    if state is OrderState.REJECTED:
        fills = ()
    filled = sum(fill.shares for fill in fills)
    more = 0 if state is OrderState.FILLED else draw(st.integers(1, 900))
    order = a_sent_order(
        leg=number,
        side=side,
        state=state,
        shares=Shares(filled + more),
        fills=fills,
    )
    return order, draw(prices)


def traded(fills: Sequence[Fill]) -> Decimal:
    return sum((fill.shares * fill.price for fill in fills), Decimal(0))


def charged(order: Order) -> Decimal:
    return sum((fill.commission or Decimal(0) for fill in order.fills), Decimal(0))


def average(order: Order) -> Fraction:
    return Fraction(traded(order.fills)) / sum(fill.shares for fill in order.fills)


def at_price(order: Order) -> str:
    shares = thousands(sum(fill.shares for fill in order.fills))
    whole = "" if order.state is OrderState.FILLED else f" of {thousands(order.shares)}"
    return f"{shares}{whole} {order.instrument.symbol} @ {places(average(order), 2)}"


def first_line(orders: Sequence[Order], side: Side) -> str:
    done, bought = side.done, [order for order in orders if order.fills]
    if not bought:
        named = [f"{thousands(o.shares)} {o.instrument.symbol}" for o in orders]
        return f"Refused · {' and '.join(named)} · SANDBOX"
    is_whole = all(order.state is OrderState.FILLED for order in orders)
    answer = done.capitalize() if is_whole else f"Part {done}"
    is_charged = all(f.commission is not None for o in bought for f in o.fills)
    back = 1 if side is Side.BUY else -1
    in_all = sum((traded(o.fills) + back * charged(o) for o in bought), Decimal(0))
    after = "in all" if side is Side.BUY else "after fees"
    told = after if is_charged else "before fees"
    named = [at_price(order) for order in bought]
    return f"{answer} {' and '.join(named)}, {dollars(in_all, 0)} {told} · SANDBOX"


def what_is_left(orders: Sequence[Order], side: Side) -> Iterator[str]:
    """What of it was not filled; orders of which the same is said share a line."""
    alike: dict[str, list[str]] = {}
    for order in orders:
        if order.state is not OrderState.FILLED:
            name = f"{thousands(order.shares)} {order.instrument.symbol}"
            alike.setdefault(unfilled(order, side), []).append(name)
    for said, names in alike.items():
        yield f"{' and '.join(names)}: {said}"


def unfilled(order: Order, side: Side) -> str:
    if order.state is OrderState.REJECTED:
        return f"refused by IB. Nothing was {side.done}."
    known = [f.commission for f in order.fills if f.commission is not None]
    so_far = "" if len(known) == len(order.fills) else " so far"
    fee = f", fee {places(charged(order), 2)}{so_far}" if known else ""
    shares = thousands(sum(fill.shares for fill in order.fills))
    part = f"{shares} of {thousands(order.shares)} were {side.done}{fee}"
    return f"{part}. The rest is cancelled."


def slipped(orders: Sequence[tuple[Order, Price]], side: Side) -> Iterator[str]:
    found = []
    for order, quoted in orders:
        if not order.fills:
            continue
        shares = sum(fill.shares for fill in order.fills)
        worse = average(order) - Fraction(quoted)
        share = moved(quoted, average(order))
        if side is Side.SELL:
            worse, share = -worse, -share
        if places(worse * shares, 2).strip("0.,"):
            how = "worse" if worse > 0 else "better"
            amount = f"${places(worse * shares, 2)} ({places(share, 2)}%)"
            found.append(f"{order.instrument.symbol}: {amount} {how}")
    shown_was = "ask" if side is Side.BUY else "bid"
    if len(found) == 1:
        yield f"{found[0]} than the card's {shown_was}"
    yield from found if len(found) > 1 else ()


@any_case
@given(st.data(), st.sampled_from(Side))
def test_the_end_of_a_card_has_shares_prices_sums_and_slippage(
    data: st.DataObject, side: Side
) -> None:
    told = [
        data.draw(ended(n, side)) for n in range(1, data.draw(st.sampled_from([2, 3])))
    ]
    orders = tuple(order for order, _ in told)
    legs = tuple(
        a_leg(
            number=order.leg,
            instrument=order.instrument,
            side=side,
            ask=quoted,
            bid=quoted,
        )
        for order, quoted in told
    )
    proposal = a_proposal(legs=legs, purpose=purpose_of(side))

    html = announcements.settled(Card(proposal=proposal, orders=orders, opens=None))

    first, *rest = with_figures(html)
    slips = list(slipped(told, side))
    assert first == first_line(orders, side)
    assert sorted(rest) == sorted([*what_is_left(orders, side), *slips])
    assert rest[len(rest) - len(slips) :] == slips


def purpose_of(side: Side) -> Purpose:
    return Purpose.SELL if side is Side.SELL else Purpose.PICKS
