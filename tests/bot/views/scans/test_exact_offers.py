"""Each line with a figure of an open card is the one that the test reckons itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hypothesis import given, strategies as st

from bot.views.scans import card as cards
from core.model.card import Card
from core.model.market import ConId, Instrument, Quote
from core.model.money import Money, Price
from core.model.proposal import Leg, Pick, Proposal
from core.model.ranking import Candidate, Change, Month
from tests.bot.views.own_figures import (
    CENT,
    STOCKS,
    any_case,
    arrowed,
    counts,
    fee_of,
    percent,
    places,
    prices,
    short_fee,
    sign,
    signed,
    some_money,
    there,
    thousands,
    with_figures,
)
from tests.builders import (
    NOW,
    QRVX,
    a_bar,
    a_candidate,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_ranking,
)


KO: Final = Instrument(con_id=ConId(700_009), symbol="KO")


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
        yield f"{both} · one order, {thousands(leg.shares)} shares"
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
    yield " · ".join([*told, *([f"you hold {thousands(held)}"] if held else [])])
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
        yield f"! {thousands(offered_there)} shares at the ask: the rest pays more"
    part = Fraction(shares, one.today.volume) * 100
    if part >= 1:
        yield f"! {thousands(shares)} are {places(part, 1)}% of today's volume"


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
    parts = [f"{thousands(leg.shares)} {leg.instrument.symbol}" for leg in legs]
    whole = f"Yes buys {' and '.join(parts)}"
    if len(whole) <= 30:
        yield whole
    else:
        yield f"Yes buys {parts[0]}"
        yield from (f"and {part}" for part in parts[1:])
