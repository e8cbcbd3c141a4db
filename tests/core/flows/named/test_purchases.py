"""From "buy" to the market: the stock that was meant, through a card's own guards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.flows.named.purchases import NoPurchase
from core.model.errors import BrokerAway
from core.model.market import ConId, FoundStock, Instrument, Side
from core.model.money import Money, Shares, Size
from core.model.proposal import Choice, Proposal, Purpose, Verdict
from tests.builders import FDMX, MONDAY, QRVX, a_bar, price
from tests.harness.core import Harness
from tests.harness.exits import a_plan
from tests.harness.waiting import until


LISTED = (
    FoundStock(instrument=QRVX, listed_on="NASDAQ"),
    FoundStock(instrument=FDMX, listed_on="NYSE"),
    FoundStock(
        instrument=Instrument(con_id=ConId(5), symbol="QRVX N", currency="CAD"),
        listed_on="TSE",
    ),
    FoundStock(
        instrument=Instrument(con_id=ConId(6), symbol="QRVXW"), listed_on="NASDAQ"
    ),
)


@pytest.fixture(autouse=True)
def _listed(harness: Harness) -> None:
    harness.market.listed = LISTED


async def a_card(
    harness: Harness, stock: str = "qrvx", size: Size | None = None
) -> Proposal:
    assert await harness.engine.named.buy(stock, size or Size(), key="b") is None
    return harness.journal.proposals.offers()[-1]


IN_TORONTO = FoundStock(
    instrument=Instrument(con_id=ConId(7), symbol="QRVX", currency="CAD"),
    listed_on="TSE",
)
IN_LONDON = FoundStock(
    instrument=Instrument(con_id=ConId(8), symbol="QRVX"), listed_on="LSEETF"
)


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ([*LISTED, IN_LONDON], [QRVX, IN_LONDON.instrument]),
        ([IN_TORONTO, *LISTED], [QRVX, IN_TORONTO.instrument]),  # dollars come first
        ([IN_TORONTO], []),
    ],
)
async def test_a_symbol_that_several_exchanges_list_is_asked_about(
    harness: Harness, listed: list[FoundStock], asked: list[Instrument]
) -> None:
    """None is taken without a question, and what is not in dollars is never bought."""
    harness.market.listed = tuple(listed)
    async with harness.trading():
        which = await harness.engine.named.buy("QRVX", Size(), key="b")
        other = await harness.engine.named.buy(ConId(7), Size(), key="c")

    assert isinstance(which, NoPurchase)
    assert [each.instrument for each in which.which] == asked
    assert isinstance(other, NoPurchase)
    assert ("TSE in CAD" in other.problem) is (IN_TORONTO.instrument in asked)
    assert harness.journal.proposals.offers() == ()


async def test_the_only_listing_of_the_very_symbol_is_meant(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)

    (leg,) = card.legs
    assert (card.purpose, leg.side, leg.instrument) == (Purpose.BUY, Side.BUY, QRVX)
    assert leg.shares == 100  # as the owner's setting says
    assert (leg.reference, leg.ask) == (price("4.82"), price("4.83"))
    assert leg.change
    assert leg.change.dollars == Decimal("0.62")


async def test_a_class_of_shares_is_looked_for_as_ib_writes_it(
    harness: Harness,
) -> None:
    stock = replace(QRVX, symbol="BRK B")
    harness.market.listed = (FoundStock(instrument=stock, listed_on="NYSE"),)
    async with harness.trading():
        card = await a_card(harness, "brk.b")

    assert card.legs[0].instrument == stock


@pytest.mark.parametrize(
    ("setting", "plan"),
    [
        ("stop 5% target 10%", "stop 5% target 10%"),
        ("stop 2atr", "stop 2.0000"),  # each of the days before ranged over a dollar
    ],
)
async def test_the_card_begins_with_the_exits_of_the_settings(
    harness: Harness, setting: str, plan: str
) -> None:
    """Like a scan's: what is bought by name is protected, too."""
    limits = replace(harness.instructions.limits, exits=a_plan(setting))
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.market.bars[QRVX.con_id] = tuple(
        a_bar(
            day=MONDAY - timedelta(days=day),
            open=price("4.00"),
            high=price("4.50"),
            low=price("3.50"),
            close=price("4.00"),
        )
        for day in range(20, -1, -1)
    )
    harness.restart()
    async with harness.trading():
        card = await a_card(harness)

    assert card.legs[0].exits == a_plan(plan)


async def test_yes_buys_once(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness, size=Size(shares=Shares(30)))
        verdicts = [harness.tap(card, Choice.YES).verdict for _ in range(2)]
        await harness.until_settled(card)

    assert verdicts == [Verdict.APPROVED, Verdict.ALREADY]
    assert harness.states(card) == ["filled"]
    assert [(o.side, o.shares) for o in harness.broker.sent] == [(Side.BUY, 30)]


async def test_dollars_buy_what_they_pay_for(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness, size=Size(dollars=Money(Decimal(500))))
        twenty = Size(dollars=Money(Decimal(20)))
        assert await harness.engine.named.buy("FDMX", twenty, key="c") is None
        too_few = harness.cards_to_look_at().card(harness.card().id)

    assert card.legs[0].shares == 103
    assert too_few is not None
    assert "costs $26.61" in too_few.refused[0]
    assert too_few.fitting == ()


async def test_an_unknown_symbol_is_asked_about_and_the_answer_makes_the_card(
    harness: Harness,
) -> None:
    async with harness.trading():
        asked = await harness.engine.named.buy("QRV", Size(), key="b")
        assert isinstance(asked, NoPurchase)
        assert [each.instrument.symbol for each in asked.which] == ["QRVX", "QRVXW"]
        chosen = asked.which[0].instrument.con_id
        assert await harness.engine.named.buy(chosen, Size(), key="c") is None
        card = harness.card()
        forgotten = await harness.engine.named.buy(ConId(99), Size(), key="d")

    assert card.legs[0].instrument == QRVX
    assert isinstance(forgotten, NoPurchase)


async def test_nothing_that_ib_does_not_know_is_offered(harness: Harness) -> None:
    async with harness.trading():
        none = await harness.engine.named.buy("NVDA", Size(), key="b")

    assert isinstance(none, NoPurchase)
    assert none.which == ()
    assert harness.journal.proposals.offers() == ()


async def test_without_a_price_or_a_line_there_is_no_card(harness: Harness) -> None:
    del harness.market.known[QRVX.con_id]
    harness.market.unquoted[QRVX.con_id] = "no subscription"
    async with harness.trading():
        none = await harness.engine.named.buy("QRVX", Size(), key="b")
        harness.market.away = "gone"
        with pytest.raises(BrokerAway):
            await harness.engine.named.buy("QRVX", Size(), key="c")

    assert isinstance(none, NoPurchase)
    assert "no price" in none.problem


async def test_the_guards_of_a_card_s_buy_are_asked(harness: Harness) -> None:
    """A cap, a halt, a price that moved: nothing is special about a named stock."""
    async with harness.trading():
        card = await a_card(harness, size=Size(shares=Shares(5000)))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        assert harness.states(card) == ["lapsed"]

        moved = (
            await harness.engine.named.buy("FDMX", Size(), key="m"),
            harness.card(),
        )[1]
        harness.quote(FDMX, last=price("28.00"), ask=price("28.01"))
        harness.tap(moved, Choice.YES)
        await until(lambda: harness.states(moved) == ["needs reconfirm"])
        again = harness.card()

    assert harness.broker.sent == []
    assert again.purpose is Purpose.BUY
    assert again.legs[0].reference == price("28.00")


async def test_what_fell_since_the_open_is_asked_about_again_even_so(
    harness: Harness,
) -> None:
    """A scan's pick is dropped when it gains no more; the owner named this one."""
    async with harness.trading():
        card = await a_card(harness)
        harness.quote(QRVX, last=price("4.00"), ask=price("4.01"), bid=price("3.99"))
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["needs reconfirm"])
        again = harness.card()

    assert again.legs[0].reference == price("4.00")


async def test_the_card_has_the_company_s_name_that_came_with_the_symbol(
    harness: Harness,
) -> None:
    """It costs no message: IB sends it with what matches the symbol."""
    named, *others = LISTED
    harness.market.listed = (replace(named, company="QURVEX INC"), *others)
    async with harness.trading():
        card = await a_card(harness)

    assert [leg.company for leg in card.legs] == ["QURVEX INC"]
