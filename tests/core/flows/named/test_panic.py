"""The way out: a halt first, cancels on evidence, one question, and every step lasts."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import LineState
from core.model.market import Side
from core.model.news import NothingToSell, Settled
from core.model.order import OrderState
from core.model.proposal import (
    Choice,
    Proposal,
    ProposalState,
    Purpose,
    Verdict,
)
from core.model.status import Panic
from core.rules.selling.amount import Amount
from tests.builders import FDMX, QRVX, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


def hold(harness: Harness) -> None:
    harness.broker.trade_by_hand(QRVX, 100)
    harness.broker.trade_by_hand(FDMX, 50)


def panic(harness: Harness, key: str = "panic:1") -> None:
    harness.engine.named.panic(by=OWNER, key=key)


def asked(harness: Harness) -> Proposal | None:
    """The open question whether to sell all."""
    offers = harness.journal.proposals.offers()
    return next((o for o in offers if o.purpose is Purpose.SELL_ALL), None)


async def the_question(harness: Harness) -> Proposal:
    await until(lambda: asked(harness) is not None)
    card = asked(harness)
    assert card is not None
    return card


def held(harness: Harness) -> list[Decimal]:
    return [each.shares for each in harness.broker.held.values()]


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


async def test_twice_is_one_question_and_the_first_one_s_sales_go_on(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        hold(harness)
        panic(harness)
        first = await the_question(harness)
        harness.tap(first, Choice.YES)
        await harness.until_settled(first)
        panic(harness, "panic:2")
        await until(lambda: harness.news(NothingToSell))

    assert harness.states(first) == ["acked", "acked"]
    assert harness.broker.cancelled == []
    assert len(harness.engine.queries.halts()) == 1


async def test_twice_before_the_yes_the_newer_question_counts(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        first = await the_question(harness)
        panic(harness, "panic:2")
        second = await the_question(harness)
        assert harness.tap(first, Choice.YES).verdict is Verdict.ALREADY
        harness.tap(second, Choice.YES)
        await harness.until_settled(second)

    assert held(harness) == [0, 0]
    assert len(harness.broker.sent) == 2


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


async def test_killed_before_the_card_the_next_run_asks(harness: Harness) -> None:
    """The halt, the cancels and the panic are one write."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        orders = await harness.yes()
        hold(harness)
    panic(harness)  # nobody runs: it is only on disk
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        card = await the_question(harness)

    assert {o.ref for o in harness.broker.cancelled} == {o.ref for o in orders}
    assert len(card.legs) == 2


async def test_killed_after_the_card_it_is_not_asked_twice(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        with harness.journal.transaction():  # as if killed before this was written
            panicked = Panic(at=harness.clock.now(), by=OWNER, key="panic:1")
            harness.journal.memory.set_panic(panicked)
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        await until(lambda: harness.journal.memory.panic() is None)

    assert asked(harness) == card


async def test_heard_again_after_a_stop_its_card_stays(harness: Harness) -> None:
    """The process ended between the card and the answer to /panic: the same update is
    handled once more."""
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
    harness.restart()
    async with harness.trading():
        panic(harness)
        harness.engine.look()
        await turns()

    assert asked(harness) == card


@pytest.mark.parametrize("point", ["W1", "W2", "sent", "W3"])
async def test_killed_while_it_sells_every_holding_is_sold_once(
    harness: Harness, point: str
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.reached = when(point, harness.drop_events)
        harness.tap(card, Choice.YES)
        await turns()
    harness.reached = lambda _: None
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert held(harness) == [0, 0]
    assert len(harness.broker.sent) == 2


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


async def test_resume_takes_a_question_back_that_does_not_stand_yet(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        harness.broker.go(LineState.DOWN, "gone")
        panic(harness)
        harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())
        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await turns()

    assert asked(harness) is None
    assert harness.engine.queries.halts() == ()


async def test_resume_takes_a_question_back_that_is_on_its_way(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        halts = harness.engine.queries.halts
        harness.broker.meanwhile = lambda: harness.engine.resume(
            by=OWNER, named=halts()
        )
        panic(harness)
        await turns()

    assert asked(harness) is None
    assert harness.engine.queries.halts() == ()


async def test_a_second_panic_while_the_first_one_asks_has_a_question_of_its_own(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)

        def again() -> None:
            harness.broker.meanwhile = lambda: None
            panic(harness, "panic:2")

        harness.broker.meanwhile = again
        panic(harness)
        await the_question(harness)
        await turns()

    card = asked(harness)
    assert card is not None
    assert harness.journal.memory.answer_to("panic:2") == card.id


async def test_to_resume_what_came_before_it_takes_no_question_back(
    harness: Harness,
) -> None:
    """The button of an older question, tapped after /panic: the panic's halt holds."""
    async with harness.trading():
        hold(harness)
        harness.engine.alarm("a ghost")
        older = harness.engine.queries.halts()
        harness.broker.go(LineState.DOWN, "gone")
        panic(harness)
        harness.engine.resume(by=OWNER, named=older)
        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await the_question(harness)

    assert [each.reason for each in harness.engine.queries.halts()] == ["/panic by Ada"]


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


async def test_nothing_held_is_told(harness: Harness) -> None:
    async with harness.trading():
        panic(harness)
        await until(lambda: harness.news(NothingToSell))

    assert asked(harness) is None


async def test_what_no_order_can_sell_is_named(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        position = harness.broker.held[FDMX.con_id]
        harness.broker.held[FDMX.con_id] = type(position)(
            instrument=FDMX,
            shares=Decimal("50.5"),
            average_cost=None,
            price=price("26"),
            market_value=None,
            open_profit=None,
        )
        panic(harness)
        card = await the_question(harness)

    assert card.note == "Not in this sale: 0.5 FDMX."
    assert card.state is ProposalState.OFFERED


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    "other",
    [{"kind": "OPT"}, {"instrument": replace(FDMX, currency="EUR")}],
    ids=["an option", "in euros"],
)
async def test_what_is_no_stock_in_dollars_is_never_sold_as_one(
    harness: Harness, other: dict[str, Any]
) -> None:
    async with harness.trading():
        hold(harness)
        position = harness.broker.held[FDMX.con_id]
        harness.broker.held[FDMX.con_id] = replace(position, **other)
        panic(harness)
        card = await the_question(harness)

    assert [leg.instrument.symbol for leg in card.legs] == ["QRVX"]
    assert card.note is not None
    assert "FDMX" in card.note


async def _buy(harness: Harness) -> None:
    harness.broker.fill_price = price("4.83")
    proposal = await harness.scan()
    harness.tap(proposal, Choice.SECOND)
    await harness.until_settled(proposal)


async def test_what_was_bought_a_moment_ago_is_sold_although_the_window_lags(
    harness: Harness,
) -> None:
    """IB lists it when it is asked: the account window may not know it for minutes."""
    async with harness.trading():
        await _buy(harness)
        harness.broker.listed = ()
        panic(harness)
        card = await the_question(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 100)]
    assert harness.states(card) == ["filled"]
    assert held(harness) == [0]


async def test_more_of_a_holding_that_was_bought_a_moment_ago_is_sold_too(
    harness: Harness,
) -> None:
    limits = replace(harness.instructions.limits, buy_held=True)
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.restart()
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 50)
        harness.broker.listed = harness.broker.positions()
        await _buy(harness)
        panic(harness)
        card = await the_question(harness)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 150)]


async def test_what_ib_lists_nowhere_yet_is_named_and_not_sold(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.trade_by_hand(FDMX, 50)
        await _buy(harness)
        harness.broker.held.pop(QRVX.con_id)
        panic(harness)
        card = await the_question(harness)

    assert [leg.instrument for leg in card.legs] == [FDMX]
    assert "Bought just now and not listed by IB yet: 100 QRVX." in (card.note or "")


async def test_it_waits_for_a_purchase_that_ib_does_not_list_yet(
    harness: Harness,
) -> None:
    """ "Nothing to sell" would be false."""
    async with harness.trading():
        await _buy(harness)
        bought = harness.broker.held.pop(QRVX.con_id)
        panic(harness)
        await turns()
        assert harness.news(NothingToSell) == []
        harness.broker.held[QRVX.con_id] = bought
        harness.engine.look()
        card = await the_question(harness)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 100)]
