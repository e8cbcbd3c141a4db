"""From "sell" to the market: a card first, never more than is held, like every order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.flows.named.sales import NoSale
from core.model.market import Freshness, Side
from core.model.money import Shares
from core.model.news import Settled, TradingHalted
from core.model.order import OrderState
from core.model.proposal import Choice, Proposal, ProposalState, Purpose, Verdict
from core.rules.selling.amount import Amount
from tests.builders import QRVX, an_open_order, price
from tests.core.flows.named.selling import ALL, a_card, left, sold
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


async def test_a_card_says_what_is_held_and_what_it_is_worth(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness, Amount(percent=50))

    (leg,) = card.legs
    assert (card.purpose, card.state) == (Purpose.SELL, ProposalState.OFFERED)
    assert (leg.side, leg.shares, leg.instrument) == (Side.SELL, 50, QRVX)
    assert (leg.bid, leg.ask) == (price("4.81"), price("4.83"))
    assert leg.holding
    assert leg.holding.shares == 100
    assert leg.bought_here == 0
    assert harness.broker.sent == []


async def test_yes_sells_once_and_tells(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness, Amount(shares=Shares(30)))
        assert harness.tap(card, Choice.YES).verdict is Verdict.APPROVED
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert (order.side, order.state, order.shares) == (
        Side.SELL,
        OrderState.FILLED,
        30,
    )
    assert order.position_before == 100
    assert left(harness) == 70
    assert len(harness.news(Settled)) == 1


async def test_what_was_bought_here_is_sold_and_counted_as_ours(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.yes()
        card = await a_card(harness, held=0)

    assert card.legs[0].bought_here == 100


@pytest.mark.parametrize("written", ["brk.b", "BRK-B", "BRK B", "$BRK.B"])
async def test_a_class_of_shares_is_named_as_others_write_it(
    harness: Harness, written: str
) -> None:
    """IB writes BRK B."""
    stock = replace(QRVX, symbol="BRK B")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        harness.broker.trade_by_hand(stock, 100)
        assert await harness.engine.named.sell(written, ALL, key="s") is None
        card = harness.card()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        wanted = harness.engine.named.cancel_all(by="Ada", symbol=written)

    assert [order.instrument for order in wanted] == [stock]


async def test_no_sells_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.tap(card, Choice.NO)
        await turns()

    assert harness.broker.sent == []


async def test_the_same_request_makes_one_card(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness)
        again = await a_card(harness)

    assert again.id == card.id


async def test_a_double_tap_and_a_second_phone_sell_once(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness)
        verdicts = [harness.tap(card, Choice.YES).verdict for _ in range(3)]
        await harness.until_settled(card)

    assert verdicts == [Verdict.APPROVED, Verdict.ALREADY, Verdict.ALREADY]
    assert (sold(harness), left(harness)) == (100, 0)


async def test_two_cards_of_one_holding_never_sell_it_twice(harness: Harness) -> None:
    """The second was made while the first was open: the first one's buttons are dead."""
    async with harness.trading():
        first = await a_card(harness, key="a")
        second = await a_card(harness, key="b")
        assert harness.tap(first, Choice.YES).verdict is Verdict.ALREADY
        harness.tap(second, Choice.YES)
        await harness.until_settled(second)

    assert (sold(harness), left(harness)) == (100, 0)


async def test_a_card_made_while_a_sale_works_offers_only_the_rest(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        first = await a_card(harness, Amount(shares=Shares(60)), key="a")
        harness.tap(first, Choice.YES)
        await harness.until_settled(first)
        second = await a_card(harness, key="b")
        too_many = await harness.engine.named.sell(
            "QRVX", Amount(shares=Shares(41)), key="c"
        )

    assert harness.states(first) == ["acked"]
    assert second.legs[0].shares == 40
    assert isinstance(too_many, NoSale)
    assert "40 can be sold now" in too_many.problem


async def test_a_position_that_shrank_by_hand_is_never_sold_short(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.broker.trade_by_hand(QRVX, -50)  # in TWS, while the card is open
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert order.state is OrderState.LAPSED
    assert "50 can be sold now" in (order.reason or "")
    assert harness.broker.sent == []
    assert left(harness) == 50


async def test_a_sale_by_hand_that_works_is_counted_at_the_card_and_at_the_yes(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.broker.unknown_orders.append(
            an_open_order(ref="", side="SELL", shares=50)
        )
        fewer = await harness.engine.named.sell("QRVX", ALL, key="later")
        assert fewer is None
        later = harness.card()
        assert later.legs[0].shares == 50
        harness.broker.unknown_orders.append(
            an_open_order(ref="", side="SELL", shares=20)
        )
        harness.tap(later, Choice.YES)
        await harness.until_settled(later)

    assert harness.states(later) == ["lapsed"]
    assert card.id != later.id
    assert harness.broker.sent == []


async def test_a_fill_that_arrives_while_the_card_is_open_stays(
    harness: Harness,
) -> None:
    """More is held than the card showed: what it said is sold, and no more."""
    async with harness.trading():
        card = await a_card(harness)
        harness.broker.trade_by_hand(QRVX, 40)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert (sold(harness), left(harness)) == (100, 40)


async def test_without_a_quote_it_can_be_sold(harness: Harness) -> None:
    del harness.market.known[QRVX.con_id]
    harness.market.unquoted[QRVX.con_id] = "no subscription"
    async with harness.trading():
        card = await a_card(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert card.legs[0].bid is None
    assert card.legs[0].freshness is Freshness.UNKNOWN  # which the card says
    assert harness.states(card) == ["filled"]


async def test_a_scan_s_card_stays_open_beside_a_sale(harness: Harness) -> None:
    async with harness.trading():
        picks = await harness.scan()
        await a_card(harness)
        assert harness.tap(picks, Choice.YES).verdict is Verdict.APPROVED
        await harness.until_settled(picks)


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (None, "IB did not list QRVX when it was asked"),
        ("0", "You hold 0 QRVX: no more than 0 can be sold now."),
    ],
)
async def test_shares_that_ib_lists_no_more_are_not_told_as_being_sold(
    harness: Harness, listed: str | None, says: str
) -> None:
    """The account window still has all of them."""
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 100)
        position = harness.broker.held.pop(QRVX.con_id)
        harness.broker.listed = (position,)
        if listed is not None:
            now = replace(position, shares=Decimal(listed))
            harness.broker.held[QRVX.con_id] = now
        refused = await harness.engine.named.sell("QRVX", ALL, key="s")

    assert refused is not None
    assert says in refused.problem


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("0", "0 can be sold now"),
        ("0.5", "0 can be sold now"),
        ("-100", "a short position has nothing to sell"),
    ],
)
async def test_what_is_not_held_is_not_offered(
    harness: Harness, held: str, says: str
) -> None:
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 1)
        position = harness.broker.held[QRVX.con_id]
        harness.broker.held[QRVX.con_id] = type(position)(
            instrument=QRVX,
            shares=Decimal(held),
            average_cost=None,
            price=None,
            market_value=None,
            open_profit=None,
        )
        refused = await harness.engine.named.sell("QRVX", ALL, key="s")
        unknown = await harness.engine.named.sell("NONE", ALL, key="n")

    assert isinstance(refused, NoSale)
    assert says in refused.problem
    assert isinstance(unknown, NoSale)


async def test_after_the_close_the_sale_is_queued_only_by_a_second_yes(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.clock.forward(hours=7)  # 16:41 in New York
        await harness.ready()
        card = await a_card(harness)
        assert harness.tap(card, Choice.YES).verdict is Verdict.ASK_QUEUE
        question = harness.card()
        assert harness.broker.sent == []
        assert harness.tap(question, Choice.YES).verdict is Verdict.APPROVED
        await harness.until_settled(question)

    assert len(harness.broker.sent) == 1


async def a_sale_that_waits_for_the_open(harness: Harness) -> Proposal:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    harness.clock.forward(hours=7)  # 16:41 in New York
    await harness.ready()
    harness.tap(await a_card(harness), Choice.YES)
    question = harness.card()
    harness.tap(question, Choice.YES)
    await harness.until_settled(question)
    return question


async def test_what_waits_for_the_open_is_taken_back_when_its_shares_are_gone(
    harness: Harness,
) -> None:
    """Sold by hand before the open, they would be sold a second time: short."""
    async with harness.trading():
        card = await a_sale_that_waits_for_the_open(harness)
        harness.broker.trade_by_hand(QRVX, -60)
        harness.engine.look()
        await until(lambda: harness.states(card) == ["cancelled"])
        harness.engine.look()

    assert left(harness) == 40
    assert len(harness.broker.cancelled) == 1
    (told,) = harness.news(TradingHalted)
    assert "100 QRVX waits for the open and you hold 40" in told.reason


async def test_what_waits_for_the_open_stays_while_its_shares_are_held(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_sale_that_waits_for_the_open(harness)
        harness.broker.trade_by_hand(QRVX, 10)
        harness.engine.look()
        await turns()

    assert harness.states(card) == ["acked"]
    assert harness.engine.queries.halts() == ()
