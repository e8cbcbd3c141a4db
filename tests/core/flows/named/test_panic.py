"""The way out: a halt first, cancels on evidence, one question, and every step lasts."""

from core.model.evidence import LineState
from core.model.market import Side
from core.model.news import Settled
from core.model.order import OrderState
from core.model.proposal import (
    Choice,
    Verdict,
)
from core.rules.selling.amount import Amount
from tests.builders import FDMX, QRVX, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.panics import asked, held, hold, panic, the_question
from tests.harness.waiting import turns, until


async def test_it_halts_at_once_and_sells_nothing_before_a_yes(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        halted = harness.engine.queries.halts()
        card = await the_question(harness)
        await turns()

    assert [each.reason for each in halted] == ["/panic by Ada"]
    assert harness.broker.sent == []
    assert [(leg.instrument, leg.shares, leg.side) for leg in card.legs] == [
        (QRVX, 100, Side.SELL),
        (FDMX, 50, Side.SELL),
    ]


async def test_yes_sells_all_although_halted_and_tells_once(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        assert harness.tap(card, Choice.YES).verdict is Verdict.APPROVED
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]
    assert held(harness) == [0, 0]
    assert len(harness.news(Settled)) == 1
    assert harness.engine.queries.halts() != ()


async def test_no_sells_nothing_and_the_halt_stays(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        harness.tap(await the_question(harness), Choice.NO)
        await turns()

    assert harness.broker.sent == []
    assert harness.engine.queries.halts() != ()


async def test_open_offers_end_and_their_buttons_buy_nothing(harness: Harness) -> None:
    async with harness.trading():
        picks = await harness.scan()
        panic(harness)

        assert harness.tap(picks, Choice.YES).verdict is Verdict.ALREADY


async def test_working_orders_are_cancelled_before_it_asks(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        orders = await harness.yes()
        hold(harness)
        panic(harness)
        await the_question(harness)

        cancelled = harness.journal.orders.in_states([OrderState.CANCELLED])
        assert {o.ref for o in harness.broker.cancelled} == {o.ref for o in orders}
        assert {o.ref for o in cancelled} == {o.ref for o in orders}


async def test_it_asks_when_ib_has_confirmed_the_cancels_and_not_before(
    harness: Harness,
) -> None:
    harness.broker.behaviour, harness.broker.stubborn = BrokerBehaviour.HOLDS, True
    async with harness.trading():
        await harness.yes()
        hold(harness)
        panic(harness)
        await turns()
        assert asked(harness) is None
        harness.broker.stubborn = False
        harness.engine.named.cancel_all(by=OWNER)
        card = await the_question(harness)

    assert card.note is None


async def test_a_cancel_that_ib_does_not_confirm_is_named_on_the_card(
    harness: Harness,
) -> None:
    harness.broker.behaviour, harness.broker.stubborn = BrokerBehaviour.HOLDS, True
    async with harness.trading():
        await harness.yes()
        hold(harness)
        panic(harness)
        card = await the_question(harness)

    assert "May still execute: BUY 100 FDMX" in (card.note or "")


async def test_a_sale_that_works_is_cancelled_and_its_shares_are_offered(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        hold(harness)
        await harness.engine.named.sell("QRVX", Amount(percent=60), key="s")
        sale = harness.card()
        harness.tap(sale, Choice.YES)
        await harness.until_settled(sale)
        panic(harness)
        card = await the_question(harness)

    assert harness.states(sale) == ["cancelled"]
    assert card.legs[0].shares == 100


async def test_a_planned_order_does_not_leave(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
    harness.tap(card, Choice.YES)
    panic(harness)
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert harness.broker.sent == []


async def test_while_an_order_is_being_sent_it_is_cancelled_as_it_turns_up(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        hold(harness)
        card = await harness.scan()
        harness.reached = when("sent", lambda: panic(harness))
        harness.tap(card, Choice.FIRST)
        await the_question(harness)

    assert harness.states(card) == ["cancelled"]


async def test_without_a_line_it_halts_and_asks_when_the_line_is_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        harness.broker.go(LineState.DOWN, "gone")
        panic(harness)
        await turns()
        assert asked(harness) is None
        assert harness.engine.queries.halts() != ()

        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await the_question(harness)


async def test_every_halt_lets_what_panic_sells_go(harness: Harness) -> None:
    """The way out is open whatever the halt is for; the card's reasons name it."""
    async with harness.trading():
        hold(harness)
        harness.engine.alarm("a ghost")
        panic(harness)
        card = await the_question(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert held(harness) == [0, 0]


async def test_an_order_in_doubt_does_not_keep_it_from_asking(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        hold(harness)
        picks = await harness.scan()
        harness.tap(picks, Choice.FIRST)
        await until(lambda: harness.states(picks) == ["unknown"])
        await harness.ready()
        harness.broker.behaviour = BrokerBehaviour.FILLS
        panic(harness)
        card = await the_question(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert "May still execute: BUY 100 FDMX" in (card.note or "")
    assert held(harness) == [0, 0]


async def test_a_price_that_fell_does_not_keep_it_back(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.quote(QRVX, bid=price("2.00"), last=price("2.01"), ask=price("2.02"))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert held(harness) == [0, 0]


async def test_after_the_close_it_is_queued_only_by_a_second_yes(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        harness.clock.forward(hours=7)  # 16:41 in New York
        panic(harness)
        card = await the_question(harness)
        assert harness.tap(card, Choice.YES).verdict is Verdict.ASK_QUEUE
        question = await the_question(harness)
        assert harness.broker.sent == []
        assert harness.tap(question, Choice.YES).verdict is Verdict.APPROVED
        await harness.until_settled(question)

    assert len(harness.broker.sent) == 2
