"""Each line with a figure of /pnl and of /score is the one that the test reckons itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from hypothesis import given, strategies as st

from bot.views.scores.in_words import score
from bot.views.scores.profits import profits
from core.model.market import ConId, Instrument
from core.model.money import Money, Price
from core.model.proposal import Mode
from core.model.scoring.following import Horizon
from core.model.scoring.score import (
    PRIMARY,
    Against,
    Conclusion,
    DayFigure,
    Interval,
    Measure,
    Result,
    Score,
)
from core.model.scoring.trades import OpenLot, RoundTrip, Trades
from tests.bot.views.own_figures import (
    any_case,
    arrow,
    arrowed,
    counted,
    days,
    dollars,
    moved,
    places,
    signed,
    with_figures,
)
from tests.builders import FDMX, QRVX


TODAY: Final = date(2027, 1, 7)
"""A Thursday; its week began in the same month and year, its month in the same week."""

STOCKS: Final = (QRVX, FDMX, Instrument(con_id=ConId(700_009), symbol="KO"))
EUR: Final = Decimal("1.0871")
# /pnl

cents = st.integers(0, 500_000).map(lambda n: Money(Decimal(n) / 100))
near = st.integers(0, 45).map(lambda n: TODAY - timedelta(days=n))
counts = st.sampled_from(["1", "40", "100", "1250", "0.5"]).map(Decimal)


def noon(when: date) -> datetime:
    return datetime.combine(when, time(17), UTC)


@st.composite
def trips(draw: st.DrawFn) -> RoundTrip:
    """A part of one of five sales; the last two of them were made elsewhere."""
    sale = draw(st.sampled_from([0, 1, 2, 3, 4, 3, 4]))
    sold = noon(draw(near))
    return RoundTrip(
        instrument=STOCKS[sale % 3],
        purchase="a purchase",
        sale=str(sale),
        shares=draw(counts),
        bought_at=sold - timedelta(hours=1),
        sold_at=sold,
        paid=draw(cents),
        got=draw(cents),
        fees=draw(cents),
        elsewhere=sale > 2,
        fee_told=sale < 3 or draw(st.booleans()),
    )


lots: Final = st.builds(
    OpenLot,
    instrument=st.sampled_from(STOCKS),
    purchase=st.just("a purchase"),
    shares=counts,
    bought_at=near.map(noon),
    paid=cents,
    price=st.none() | cents.map(Price),
)
named: Final = st.lists(st.tuples(st.sampled_from(["QRVX", "KO"]), counts), max_size=2)
abroad: Final = st.lists(st.tuples(st.sampled_from(["EUR", "SEK"]), cents), max_size=2)


@st.composite
def courses(draw: st.DrawFn) -> tuple[tuple[date, Any], ...]:
    """A value at some sessions, oldest first, none twice another."""
    found = sorted(draw(st.sets(near, max_size=6)))
    return tuple((each, Decimal(draw(st.integers(600, 1_100)))) for each in found)


traded: Final = st.builds(
    Trades,
    trips=st.lists(trips(), max_size=6).map(tuple),
    lots=st.lists(lots, max_size=4).map(tuple),
    unmatched=named.map(tuple),
    fees=cents,
    values=courses(),
    spy=courses(),
    elsewhere=named.map(tuple),
    gone=st.just(()),
    covered=named.map(tuple),
    untold_fees=st.integers(0, 3),
    other_fees=abroad.map(tuple),
    abroad=abroad.map(tuple),
    rates=st.sampled_from([{}, {"EUR": EUR}]),
)


def of_trades(trades: Trades) -> Iterator[str]:
    if not any((trades.trips, trades.lots, trades.unmatched)) and not any(
        (trades.elsewhere, trades.covered, trades.abroad)
    ):
        return
    since = {
        "today": TODAY,
        "week": date(2027, 1, 4),
        "month": date(2027, 1, 1),
        "in all": date.min,
    }
    of = {
        name: [trip for trip in trades.trips if trip.sold_at.date() >= first]
        for name, first in since.items()
    }
    for name, found in of.items():
        brought = sum(trip.got - trip.paid - trip.fees for trip in found)
        yield f"{name} {signed(brought)} {len({trip.sale for trip in found})}"
    for name, found in of.items():
        account, spy = meanwhile(trades, since[name])
        fees = places(sum(trip.fees for trip in found), 2)
        yield f"{name} {fees} {arrowed(account)} {arrowed(spy)}"
    yield from of_sales(trades.trips)
    yield from of_lots(trades.lots)
    yield "".join(of_fees(trades))
    yield from of_others(trades)
    yield from of_account(trades)


def meanwhile(trades: Trades, since: date) -> tuple[Fraction | None, Fraction | None]:
    """From the last report before *since*, or the first one, to the newest."""
    reported = [when for when, _ in trades.values]
    if len(reported) < 2 or reported[-1] < since:
        return None, None
    first = max((e for e in reported if e < since), default=reported[0])
    if first == reported[-1]:
        return None, None
    values, spy = dict(trades.values), dict(trades.spy)
    both = first in spy and reported[-1] in spy
    return (
        moved(values[first], values[reported[-1]]),
        moved(spy[first], spy[reported[-1]]) if both else None,
    )


def of_sales(found: Sequence[RoundTrip]) -> Iterator[str]:
    brought = [
        (sum(t.got - t.paid - t.fees for t in found if t.sale == sale), int(sale))
        for sale in dict.fromkeys(trip.sale for trip in found)
    ]
    if not brought:
        return
    yield f"ahead after fees: {len([1 for n, _ in brought if n > 0])} of {len(brought)}"
    best = max(reversed(brought), key=lambda each: each[0])
    worst = min(brought, key=lambda each: each[0])
    said = [f"{STOCKS[of % 3].symbol} {signed(n)}" for n, of in (best, worst)]
    yield f"best {said[0]}, worst {said[1]}"


def of_lots(found: Sequence[OpenLot]) -> Iterator[str]:
    if not found:
        return
    priced = [lot for lot in found if lot.price is not None]
    gained = sum(lot.shares * Decimal(lot.price or 0) - lot.paid for lot in priced)
    now = f", {signed(gained)} at IB's last prices"
    if not priced:
        now = "; /positions prices them"
    elif len(priced) < len(found):
        now += (
            f" without {stocks(lot.instrument for lot in found if lot.price is None)}"
        )
    paid = dollars(sum(lot.paid for lot in found))
    yield f"still open: {stocks(lot.instrument for lot in found)}, bought for {paid}{now}"


def stocks(found: Iterable[Instrument]) -> str:
    return counted(len(set(found)), "stock")


def of_fees(trades: Trades) -> Iterator[str]:
    yield f"all fees {dollars(trades.fees)}"
    for currency, amount in trades.other_fees:
        yield f"; {places(amount, 2)} {currency} besides, not counted"
        yield converted(currency, amount, trades)
    if trades.untold_fees:
        yield f"; of {counted(trades.untold_fees, 'fill')} not told yet"


def converted(currency: str, amount: Decimal, trades: Trades) -> str:
    if currency != "EUR" or not trades.rates:
        return ""
    return f" ({dollars(amount * EUR)} at IB's 1.0871)"


def of_others(trades: Trades) -> Iterator[str]:
    hand = [trip for trip in trades.trips if trip.elsewhere]
    by_hand = [
        [t for t in hand if t.instrument is stock]
        for stock in dict.fromkeys(trip.instrument for trip in hand)
    ]
    if by_hand:
        yield f"Of these, sold by hand or by another tool: {', '.join(map(sold, by_hand))}."
    untold = len({t.sale for t in hand if not t.fee_told})
    if untold > 1:
        yield f"IB told no fee in dollars for {untold} of these sales, so none is counted."
    for currency, amount in trades.abroad:
        brought = f"{places(amount, 2)} {currency}{converted(currency, amount, trades)}"
        yield f"Sold in {currency}, not counted: {brought}."
    for what, found in (
        ("Sold, but not bought here, and so without a cost", trades.unmatched),
        ("Bought here and sold elsewhere, and so without a price", trades.elsewhere),
        ("Bought here to end a short from elsewhere", trades.covered),
    ):
        if found:
            yield f"{what}: {', '.join(f'{n:,} {stock}' for stock, n in found)}."


def sold(of_it: Sequence[RoundTrip]) -> str:
    shares = sum(trip.shares for trip in of_it)
    each = Fraction(sum(trip.got for trip in of_it)) / Fraction(shares)
    cost = places(each, 2 if each >= 1 else 4)
    count = places(shares, 0 if shares == int(shares) else 1)
    return f"{count} shares at {cost} of {of_it[0].instrument.symbol}"


def of_account(trades: Trades) -> Iterator[str]:
    if len(trades.values) < 2:
        return
    (first, before), (last, now) = trades.values[0], trades.values[-1]
    since, until = days(first, last)
    yield (
        f"account {dollars(before, 0)} on {since}, {dollars(now, 0)} on {until} "
        f"{arrow(moved(before, now))}"
    )
    values, spy = dict(trades.values), dict(trades.spy)
    both = sorted({*values} & {*spy})
    if len(both) > 1:
        start, end = both[0], both[-1]
        market, account = (arrow(moved(of[start], of[end])) for of in (spy, values))
        yield (
            f"SPY {market} against the account's {account}, "
            f"{' to '.join(days(start, end))}"
        )


@any_case
@given(traded)
def test_each_figure_of_pnl_is_that_of_its_trades(trades: Trades) -> None:
    said = with_figures(profits(trades, today=TODAY, mode=Mode.PAPER))
    assert said == list(of_trades(trades))


# /score

points = st.integers(-8_000, 8_000).map(lambda n: (10 * n + 1) / 10_000)
fractions = st.integers(0, 999).map(lambda n: (10 * n + 1) / 10_000)


def results(measure: Measure) -> st.SearchStrategy[Result]:
    return st.integers(1, 60).flatmap(
        lambda held: st.builds(
            Result,
            measure=st.just(measure),
            days=st.just(held),
            picks=st.integers(0, 99),
            mean=points,
            interval=st.builds(Interval, low=points, high=points),
            hits=st.integers(0, held),
            hit_interval=st.builds(Interval, low=fractions, high=fractions),
            p=fractions,
            corrected=fractions,
            verdict=st.sampled_from(list(Conclusion)),
        )
    )


OTHERS: Final = tuple(
    each
    for horizon in Horizon
    for against in Against
    if (each := Measure(horizon=horizon, against=against)) != PRIMARY
)
all_results: Final = st.tuples(
    results(PRIMARY), *(st.none() | results(each) for each in OTHERS)
).map(lambda found: tuple(filter(None, found)))
scores: Final = st.builds(
    Score,
    series=st.just("12345678"),
    settings=st.just("50 rows"),
    other_series=st.integers(0, 3),
    results=all_results,
    bought=st.none() | results(PRIMARY),
    not_bought=st.none() | results(PRIMARY),
    days=st.lists(
        st.builds(DayFigure, day=near, picks=points, spy=points, rows=points),
        max_size=3,
    ).map(tuple),
    unpriced=st.lists(
        st.tuples(st.sampled_from(["no bar", "halted"]), st.integers(1, 9)), max_size=5
    ).map(tuple),
    slippage=st.none() | points,
    fees=st.none() | fractions,
)


def alike(*figures: float) -> list[str]:
    digits = 2 if any(abs(each) < 1 for each in figures) else 1
    return [f"{signed(Decimal(str(each)), digits)}%" for each in figures]


def mean(of: Result) -> tuple[str, str]:
    """With its 95 % interval, of which one session tells nothing."""
    if of.days == 1:
        return alike(of.mean)[0], ""
    told, low, high = alike(of.mean, of.interval.low, of.interval.high)
    return told, f"95%: {low} to {high}"


def of_score(found: Score) -> Iterator[str]:
    first = found.results[0]
    if found.days:
        between = dict.fromkeys(days(found.days[0].day, found.days[-1].day))
        yield f"{counted(len(found.days), 'session')}, {' to '.join(between)}"
    if first.verdict is Conclusion.TOO_EARLY:
        are = "is" if first.days == 1 else "are"
        yield (
            "Too early to tell: 20 sessions are needed, and so far there "
            f"{are} {first.days}."
        )
    told, likely = mean(first)
    chance = f"{likely}{'; ' if likely else ''}p {places(Decimal(str(first.p)), 3)}"
    yield f"At the close: {told} a day against SPY ({chance})"
    low, high, ahead = (
        f"{places(share, 0)}%"
        for share in (
            Decimal(str(first.hit_interval.low)) * 100,
            Decimal(str(first.hit_interval.high)) * 100,
            Fraction(first.hits * 100, first.days),
        )
    )
    yield (
        f"Ahead of SPY on {first.hits} of {first.days} days ({ahead}; 95%: {low} to "
        f"{high})"
    )
    for what, part in (("bought", found.bought), ("not", found.not_bought)):
        if part is not None and found.bought is not None:
            told, likely = mean(part)
            over = f"{told} a day over {counted(part.days, 'session')}"
            yield f"Only what was {what}: {over}{f' ({likely})' if likely else ''}"
    yield from of_table(found.results)
    if any(map(is_sure, found.results)):
        yield (
            "% points a day; “random” is a random row of the same scan; "
            "* p at most 0.05, corrected"
        )
    yield from of_rest(found)


def of_table(found: Sequence[Result]) -> Iterator[str]:
    means = dict(
        zip(
            (each.measure for each in found),
            alike(*(each.mean for each in found)),
            strict=True,
        )
    )
    stars = {each.measure for each in found if is_sure(each)}
    for horizon in Horizon:
        cells = [Measure(horizon=horizon, against=against) for against in Against]
        if any(cell in means for cell in cells):
            told = (
                f"{means.get(e, chr(0x2013))}{'*' if e in stars else ''}" for e in cells
            )
            yield f"{horizon.value} {' '.join(told)}"


def is_sure(result: Result) -> bool:
    return result.verdict in {Conclusion.BETTER, Conclusion.WORSE}


def of_rest(found: Score) -> Iterator[str]:
    if found.slippage is not None:
        where = "above" if found.slippage > 0 else "below"
        fee = (
            ""
            if found.fees is None
            else f"; IB's fee was {places(Decimal(str(found.fees)), 2)}%"
        )
        far = places(Decimal(str(found.slippage)), 2)
        yield f"Fills were {far}% {where} the card's ask on average{fee}."
    if found.unpriced:
        reasons = "; ".join(f"{n}x {why}" for why, n in found.unpriced[:3])
        count = sum(n for _, n in found.unpriced)
        yield f"Picks without a price, not counted: {count} ({reasons})"
    if found.other_series:
        are = "is" if found.other_series == 1 else "are"
        yield (
            f"{found.other_series} earlier series of other settings {are} kept apart."
        )


@any_case
@given(scores)
def test_each_figure_of_the_score_is_that_of_its_results(found: Score) -> None:
    assert with_figures(score(found, mode=Mode.PAPER)) == list(of_score(found))
