"""Each line with a figure of a card, of its end, of Check with IB, of /schedule and of
/people is the one that the test reckons itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.views import announcements, people
from bot.views.scans import card as cards
from bot.views.schedule import shown
from bot.views.trading.checked import checked
from core.model.card import Card, Check, Checked, Preview
from core.model.chosen.schedule import (
    Anchor,
    AtTime,
    Beside,
    DayOff,
    Every,
    Run,
    RunKind,
    ScheduleEntry,
    Times,
)
from core.model.fills import Fill
from core.model.identity import Person, Rights
from core.model.market import ConId, Instrument, Quote, Side
from core.model.money import Money, Price, Shares
from core.model.news import PeopleChanged
from core.model.order import Order, OrderState
from core.model.proposal import Leg, Pick, Proposal, Purpose
from core.model.ranking import Candidate, Change, Month
from tests.bot.views.own_figures import (
    any_case,
    arrowed,
    day,
    dollars,
    moved,
    percent,
    places,
    sign,
    signed,
    with_figures,
)
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_bar,
    a_candidate,
    a_fill,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_ranking,
    a_sent_order,
)


STOCKS: Final = (QRVX, FDMX)
KO: Final = Instrument(con_id=ConId(700_009), symbol="KO")
CENT: Final = Decimal("0.01")

prices: Final = st.integers(100, 900_000).map(lambda n: Price(Decimal(n) / 100))
fees: Final = st.integers(0, 2_000).map(lambda n: Decimal(n) / 100)
counts: Final = st.sampled_from([1, 3, 100, 1_250]).map(Shares)
moments: Final = st.integers(0, 30 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n))
some_money: Final = st.none() | st.integers(0, 10**7).map(lambda n: Decimal(n) / 100)


def there(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("America/New_York"))


def when(at: datetime) -> str:
    return f"{day(there(at).date(), year=False)} {there(at):%H:%M} ET"


def counted(number: int) -> str:
    return f"{number:,}"


# /people

persons: Final = st.builds(
    Person, number=st.integers(1, 10**10), rights=st.sampled_from(Rights)
)


@any_case
@given(st.integers(1, 10**10), st.lists(persons, max_size=4))
def test_people_are_counted_and_named(owner: int, others: list[Person]) -> None:
    number = 1 + len(others)

    assert with_figures(people.listed(owner, others)) == [
        f"{number} {'person' if number == 1 else 'people'} may see this account",
        f"{owner} owner, named in .env",
        *(f"{each.number} {each.rights}" for each in others),
        "/people add 123456 viewer",
        "/people add 123456 owner",
        "/people remove 123456",
    ]


@any_case
@given(persons, st.booleans())
def test_a_change_of_people_names_the_one_it_is_about(
    one: Person,
    is_removed: bool,  # noqa: FBT001  drawn
) -> None:
    rights = None if is_removed else one.rights
    news = PeopleChanged(at=NOW, number=one.number, rights=rights, by="Sam")

    told = with_figures(people.changed(news))

    if is_removed:
        assert told == [f"{one.number} is not answered any more, said Sam."]
    else:
        first, second = told
        assert first == f"{one.number} is {one.rights} from now on, said Sam."
        assert second.endswith(f"If that is wrong: /people remove {one.number}.")


# /schedule

clocks: Final = st.times(min_value=time(9, 30), max_value=time(16)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
repeated: Final = st.one_of(
    st.builds(AtTime, at=clocks),
    st.builds(
        Beside,
        anchor=st.sampled_from(Anchor),
        minutes=st.sampled_from([-90, -1, 0, 1, 15]),
    ),
    st.builds(Every, minutes=st.integers(5, 120), first=clocks, last=clocks),
)
weekdays: Final = st.sets(st.integers(0, 4), min_size=1).map(frozenset)
entries: Final = st.builds(
    ScheduleEntry,
    number=st.integers(1, 40),
    kind=st.sampled_from(RunKind),
    times=repeated,
    made_at=st.just(NOW),
    by=st.just("Sam"),
    weekdays=weekdays,
)
days_off: Final = st.builds(
    DayOff, day=st.dates(date(2026, 11, 24), date(2027, 10, 1)), by=st.just("Sam")
)


def repeats(times: Times) -> str:
    match times:
        case AtTime():
            return f"{times.at:%H:%M} ET"
        case Beside(minutes=0):
            return f"at the {times.anchor}"
        case Beside():
            side = "before" if times.minutes < 0 else "after"
            return f"{abs(times.minutes)} min {side} the {times.anchor}"
        case Every():
            span = f"{times.first:%H:%M} to {times.last:%H:%M} ET"
            return f"every {times.minutes} min, {span}"


def on(chosen: Iterable[int]) -> str:
    names = [("mon", "tue", "wed", "thu", "fri")[number] for number in sorted(chosen)]
    return "" if len(names) == 5 else f" {','.join(names)}"


def a_run(entry: ScheduleEntry, due: datetime) -> Run:
    return Run(
        entry=entry.number,
        kind=entry.kind,
        key="a key",
        day=due.date(),
        due=due,
        over=due,
    )


@any_case
@given(
    st.lists(st.tuples(entries, st.none() | moments), max_size=4),
    st.lists(days_off, max_size=2),
    st.sampled_from(["", "Removed: scan 10:00 ET."]),
)
def test_the_schedule_has_each_line_its_next_time_and_the_days_off(
    planned: list[tuple[ScheduleEntry, datetime | None]], off: list[DayOff], said: str
) -> None:
    lines = [
        shown.line_of(entry, a_run(entry, due) if due else None)
        for entry, due in planned
    ]
    coming = [(due, entry) for entry, due in planned if due]
    expected: list[str] = [said] if said else []
    if coming and not said:
        due, entry = min(coming, key=lambda pair: (pair[0], *name_of(pair[1])))
        expected = [f"Next: {entry.kind} {when(due)}"]
    for entry, next_due in planned:
        name = f"{entry.number}. {entry.kind}"
        expected.append(f"{name} {repeats(entry.times)}{on(entry.weekdays)}")
        expected += [f"next {when(next_due)}"] if next_due else []
    named = [day(each.day, year=False) for each in off]
    expected += [f"Days off: {', '.join(named)}."] if named else []

    html = shown.schedule(lines, off, automatic=False, said=said)

    assert with_figures(html) == expected


def name_of(entry: ScheduleEntry) -> tuple[str]:
    return (f"{entry.number}. {entry.kind}",)


# Check with IB

currencies: Final = st.sampled_from(["USD", "EUR"])
previews: Final = st.builds(
    Preview,
    margin_change=st.none() | st.integers(-(10**6), 10**6).map(lambda n: n * CENT),
    margin_after=some_money,
    equity_after=some_money,
    commission=some_money,
    least_commission=some_money,
    most_commission=some_money,
    currency=st.none() | currencies,
)


def of_currency(amount: Decimal, currency: str) -> str:
    if currency == "USD":
        return f"${places(amount, 2)}"
    return f"{places(amount, 2)} {currency}"


def fee_of(shares: int, cost: Any) -> Fraction:
    """IB's fixed plan: half a cent a share, at least a dollar, at most one percent."""
    least = max(Fraction(1), Fraction(shares, 200))
    return min(least, Fraction(cost) / 100)


def short_fee(amount: Any) -> str:
    return f"${places(amount, 2)}".removesuffix(".00")


def estimate(leg: Leg) -> str:
    cost = leg.shares * (leg.ask or leg.reference)
    fee = short_fee(fee_of(leg.shares, cost))
    return f"my estimate: about ${places(cost, 0)} + {fee} fees"


def of_the_preview(leg: Leg, told: Preview, currency: str) -> Iterator[str]:
    if told.margin_change is not None:
        mark = sign(told.margin_change, 2) or "+"
        yield f"margin {mark}{of_currency(abs(told.margin_change), currency)}"
    if told.margin_after is not None and told.equity_after is not None:
        after = of_currency(told.margin_after, currency)
        yield f"then {after} of {of_currency(told.equity_after, currency)} equity"
    of = told.currency or "USD"
    least, most = told.least_commission, told.most_commission
    if told.commission is not None:
        yield f"commission {of_currency(told.commission, of)}"
    elif least is not None and most is not None:
        yield f"commission {of_currency(least, of)} to {of_currency(most, of)}"
    else:
        yield f"IB has not told its commission; {estimate(leg)}"


@any_case
@given(
    st.lists(
        st.tuples(counts, prices, st.none() | prices, st.none() | previews), max_size=2
    ),
    currencies,
)
def test_ibs_preview_is_told_as_ib_sent_it(
    asked: list[tuple[Shares, Price, Price | None, Preview | None]], currency: str
) -> None:
    legs = [
        Checked(
            leg=a_leg(instrument=stock, shares=shares, reference=reference, ask=ask),
            preview=preview,
            problem=None if preview else "IB did not answer.",
        )
        for stock, (shares, reference, ask, preview) in zip(STOCKS, asked, strict=False)
    ]
    expected = []
    for each in legs:
        leg = each.leg
        expected.append(f"BUY {counted(leg.shares)} {leg.instrument.symbol}")
        if each.preview:
            expected += of_the_preview(leg, each.preview, currency)
        else:
            expected.append(f"{estimate(leg)}; its margin is not known")

    html = checked(Check(proposal=a_proposal(), legs=tuple(legs), currency=currency))

    assert with_figures(html) == expected


@pytest.mark.parametrize(
    ("wait", "said"), [(41.2, "41"), (0.5, "1"), (59.5, "60"), (58.4999, "58")]
)
def test_how_long_ib_may_not_be_asked_is_told_in_whole_seconds(
    wait: float, said: str
) -> None:
    html = checked(Check(proposal=a_proposal(), wait=wait))

    assert with_figures(html) == [
        f"In {said} s it may be asked again. Nothing was sent."
    ]


# the end of a card's orders


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
    shares = counted(sum(fill.shares for fill in order.fills))
    whole = "" if order.state is OrderState.FILLED else f" of {counted(order.shares)}"
    return f"{shares}{whole} {order.instrument.symbol} @ {places(average(order), 2)}"


def first_line(orders: Sequence[Order], side: Side) -> str:
    done, bought = side.done, [order for order in orders if order.fills]
    if not bought:
        named = [f"{counted(o.shares)} {o.instrument.symbol}" for o in orders]
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
            name = f"{counted(order.shares)} {order.instrument.symbol}"
            alike.setdefault(unfilled(order, side), []).append(name)
    for said, names in alike.items():
        yield f"{' and '.join(names)}: {said}"


def unfilled(order: Order, side: Side) -> str:
    if order.state is OrderState.REJECTED:
        return f"refused by IB. Nothing was {side.done}."
    known = [f.commission for f in order.fills if f.commission is not None]
    so_far = "" if len(known) == len(order.fills) else " so far"
    fee = f", fee {places(charged(order), 2)}{so_far}" if known else ""
    shares = counted(sum(fill.shares for fill in order.fills))
    part = f"{shares} of {counted(order.shares)} were {side.done}{fee}"
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


# an offer

moves: Final = st.integers(-9_000, 200_000)
picked_for: Final = st.sampled_from([(p,) for p in Pick] + [tuple(Pick)])


@st.composite
def candidates(draw: st.DrawFn, stock: Instrument) -> Candidate:
    last, opened = draw(prices), draw(prices)
    bid = draw(prices)
    return a_candidate(
        instrument=stock,
        quote=a_quote(
            last=last,
            bid=bid,
            ask=Price(bid + draw(st.integers(0, 400)) * CENT),
            ask_size=draw(st.none() | st.integers(1, 2_000)),
            volume=draw(st.integers(1, 5_000_000)),
            average_volume=draw(st.none() | st.just(1_000_000)),
        ),
        today=a_bar(volume=draw(st.integers(1, 5_000_000))),
        since_open=a_change_from(opened, last),
        since_prior_open=a_change_from(draw(prices), last),
        month=Month(gap=draw(st.none() | moves.map(lambda n: n * CENT))),
    )


def a_change_from(opened: Price, last: Price) -> Change:
    return Change(dollars=last - opened, percent=(last / opened - 1) * 100)


def row(one: Candidate, *, is_picked: bool) -> str:
    assert one.quote
    assert one.quote.last
    assert one.since_open
    assert one.since_prior_open
    first = one.since_open
    is_flat = not sign(first.percent, 1)
    colour = "⚪" if is_flat else "🟢" if first.dollars > 0 else "🔴"
    name = f"{colour}{'►' if is_picked else ' '}{one.instrument.symbol}"
    moved_since = (first.percent, one.since_prior_open.percent)
    return " ".join((name, places(one.quote.last, 2), *map(arrowed, moved_since)))


def figure(leg: Leg, pick: Pick) -> str:
    assert leg.change
    if pick is Pick.DOLLARS:
        return signed(leg.change.dollars)
    return percent(leg.change.percent)


def reasons(leg: Leg, others: Sequence[Candidate]) -> Iterator[str]:
    if len(leg.picks) == 2:
        both = ", ".join(figure(leg, pick) for pick in (Pick.DOLLARS, Pick.PERCENT))
        yield f"{both} · one order, {counted(leg.shares)} shares"
        return
    (pick,) = leg.picks
    in_dollars = pick is Pick.DOLLARS
    best = max(gain(each.since_open, pick) for each in others)
    was = "was " if gain(leg.change, pick) < best else ""
    unit = "$" if in_dollars else "%"
    yield f"{leg.instrument.symbol} {was}largest gain in {unit}: {figure(leg, pick)}"


def gain(change: Change | None, pick: Pick) -> Decimal:
    assert change
    return change.dollars if pick is Pick.DOLLARS else change.percent


def facts(one: Candidate, shares: int, held: int) -> Iterator[str]:
    assert one.quote
    assert one.month
    spread = spread_of(one.quote)
    told = [] if spread >= 1 else [f"spread {narrow(spread)}%"]
    yield " · ".join([*told, *usual_days(one.quote)])
    gap = one.month.gap
    told = [] if gap is None else [f"gap {percent(gap)}"]
    yield " · ".join([*told, *([f"you hold {counted(held)}"] if held else [])])
    if spread >= 1:
        yield f"! spread {places(spread, 1)}%: a market order pays it twice"
    yield from thin(one, shares)


def spread_of(quote: Quote) -> Fraction:
    assert quote.bid
    assert quote.ask
    return Fraction(quote.ask - quote.bid) / Fraction(quote.ask) * 100


def narrow(spread: Fraction) -> str:
    return places(spread, 3 if spread and not places(spread, 1).strip("0.") else 1)


def usual_days(quote: Quote) -> Iterator[str]:
    if quote.volume and quote.average_volume:
        days = Fraction(quote.volume, quote.average_volume)
        rough = places(days, 1 if days < 10 else 0)
        yield f"volume {'<0.1' if days < Fraction(1, 20) else rough} usual days"


def thin(one: Candidate, shares: int) -> Iterator[str]:
    """That the order is large beside what is offered, or what was traded."""
    assert one.quote
    assert one.today
    offered_there = one.quote.ask_size
    if offered_there and offered_there < shares:
        yield f"! {counted(offered_there)} shares at the ask: the rest pays more"
    part = Fraction(shares, one.today.volume) * 100
    if part >= 1:
        yield f"! {counted(shares)} are {places(part, 1)}% of today's volume"


@any_case
@given(st.data())
def test_an_offer_has_its_five_the_picks_what_yes_costs_and_its_end(
    data: st.DataObject,
) -> None:
    five = [data.draw(candidates(stock)) for stock in (*STOCKS, KO)]
    picked = data.draw(st.sampled_from([five[:1], five[1:2], five[:2]]))
    legs = tuple(
        a_leg(
            number=number,
            instrument=one.instrument,
            shares=data.draw(counts),
            picks=data.draw(picked_for),
            change=one.since_open,
            reference=one.quote.last if one.quote else None,
            ask=data.draw(prices),
        )
        for number, one in enumerate(picked, 1)
    )
    held = data.draw(st.sampled_from([0, 1, 2_500]))
    minutes = data.draw(st.integers(2, 100))
    funds, worth = data.draw(some_money), data.draw(st.integers(1, 10**6))
    proposal = a_proposal(
        legs=legs,
        ranking=a_ranking(candidates=tuple(five)),
        expires_at=NOW + timedelta(minutes=minutes),
        funds=Money(funds) if funds is not None else None,
        net_liquidation=Money(Decimal(worth)),
    )
    positions = (a_position(instrument=QRVX, shares=Decimal(held)),)

    html = cards.card(
        Card(proposal=proposal, orders=(), opens=None, held=positions if held else ()),
        scan_code="TOP_PERC_GAIN",
    )

    assert with_figures(html) == list(
        filter(None, offered(proposal, five, held=held, minutes=minutes))
    )


def offered(
    proposal: Proposal, five: Sequence[Candidate], *, held: int, minutes: int
) -> Iterator[str]:
    legs = proposal.legs
    stocks = {leg.instrument: leg for leg in legs}
    yield " · ".join(
        f"{leg.instrument.symbol} {', '.join(figure(leg, p) for p in leg.picks)}"
        for leg in legs
    )
    yield f"Top gainers · {there(NOW):%H:%M:%S} ET · live"
    yield f"SANDBOX · {proposal.account}"
    yield "last today 20 Nov"
    for one in five:
        yield row(one, is_picked=one.instrument in stocks)
    for one in (one for one in five if one.instrument in stocks):
        leg = stocks[one.instrument]
        yield from reasons(leg, five)
        yield from facts(one, leg.shares, held if one.instrument == QRVX else 0)
    yield from asked(legs)
    costs = [Fraction(leg.shares) * Fraction(leg.ask or 0) for leg in legs]
    fee = sum(fee_of(leg.shares, cost) for leg, cost in zip(legs, costs, strict=True))
    yield f"about ${places(sum(costs), 0)} + {short_fee(fee)} fees"
    part = sum(costs) / Fraction(proposal.net_liquidation or 1) * 100
    free = f" · funds free ${places(proposal.funds, 0)}" if proposal.funds else ""
    yield f"{places(part, 1)}% of account{free}"
    life = f"{minutes} min" if minutes >= 2 else f"{minutes * 60} s"
    yield f"offer ends {there(proposal.expires_at):%H:%M} ET · {life} after the card"


def asked(legs: Sequence[Leg]) -> Iterator[str]:
    """In two lines where it is too wide for a phone."""
    parts = [f"{counted(leg.shares)} {leg.instrument.symbol}" for leg in legs]
    whole = f"Yes buys {' and '.join(parts)}"
    if len(whole) <= 30:
        yield whole
    else:
        yield f"Yes buys {parts[0]}"
        yield from (f"and {part}" for part in parts[1:])
