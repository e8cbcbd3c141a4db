"""The door: what may be asked of the trader, and what is refused."""

import asyncio

import pytest

from core.model.errors import BrokerAway, BrokerSilent, Contradiction
from core.model.evidence import LineState
from core.model.identity import Person, Rights
from core.model.news import CardChanged, TradingHalted
from core.model.order import OrderRef, OrderState
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState, Token
from tests.builders import OPENS, a_position, an_open_order, money
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


async def a_working_order(harness: Harness) -> Proposal:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan("w")
    harness.tap(card, Choice.FIRST)
    await until(lambda: harness.states(card) == ["acked"])
    return card


# looking


async def test_the_status_says_how_the_engine_stands(harness: Harness) -> None:
    async with harness.trading():
        status = harness.engine.queries.status()

    assert status.blocks == ()
    assert (status.strangers, status.used_today) == (3, money("0"))


async def test_used_today_is_what_orders_have_cost_or_may_cost(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.yes()

        assert harness.engine.queries.status().used_today == money(
            "2000.00"
        )  # 2 x 100 at 10


async def test_an_engine_without_a_line_says_what_blocks_it(harness: Harness) -> None:
    status = harness.engine.queries.status()

    assert status.blocks == ("IB Gateway is not connected (nothing listens).",)
    assert not status.reconciled


async def test_a_card_is_read_as_it_stands_now(harness: Harness) -> None:
    async with harness.trading():
        proposal = await harness.scan()
        harness.tap(proposal, Choice.FIRST)
        await harness.until_settled(proposal)
        card = harness.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert [order.state for order in card.orders] == [OrderState.FILLED]
    assert card.opens is None
    assert harness.engine.queries.proposal(proposal.token) == card.proposal
    assert harness.engine.queries.proposal(Token("no such")) is None
    assert harness.cards_to_look_at().card(ProposalId("zzzzzzzzzz")) is None


async def test_a_card_in_a_closed_market_says_when_it_opens(harness: Harness) -> None:
    harness.clock.moment = OPENS.replace(hour=22)
    async with harness.trading():
        proposal = await harness.scan()
        card = harness.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert card.opens == OPENS.replace(day=24)


async def test_the_account_is_asked_of_ib(harness: Harness) -> None:
    position = a_position()
    harness.broker.held[position.instrument.con_id] = position
    harness.broker.unknown_orders.append(an_open_order(ref=""))
    async with harness.trading():
        account = await harness.engine.queries.account()
        positions = await harness.engine.queries.positions()
        orders = await harness.engine.queries.open_orders()

    assert account.net_liquidation == money("101240")
    assert [each.shares for each in positions] == [100]
    assert len(orders) == 1


async def test_without_a_line_nothing_of_the_account_is_known(harness: Harness) -> None:
    for ask in (
        harness.engine.queries.account,
        harness.engine.queries.positions,
        harness.engine.queries.open_orders,
    ):
        with pytest.raises((BrokerAway, BrokerSilent)):
            await ask()


async def test_an_account_before_its_first_figures_is_not_there_yet(
    harness: Harness,
) -> None:
    harness.broker.summary = None
    async with harness.trading():
        with pytest.raises(BrokerAway):
            await harness.engine.queries.account()


async def test_orders_are_all_of_today_and_all_that_live(harness: Harness) -> None:
    async with harness.trading():
        await harness.yes()
        await a_working_order(harness)
        today = harness.engine.queries.orders()
        harness.clock.forward(days=1)
        tomorrow = harness.engine.queries.orders()

    assert [order.state.value for order in today] == ["acked", "filled", "filled"]
    assert [order.state.value for order in tomorrow] == ["acked"]


# acting


async def test_cancelled_is_said_only_when_ib_says_so(harness: Harness) -> None:
    async with harness.trading():
        card = await a_working_order(harness)
        (order,) = harness.orders(card)
        harness.broker.events_dropped = True
        asked = harness.engine.cancel(order.ref, by=OWNER)
        await turns()
        still = harness.states(card)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert (asked.state, asked.cancel_asked) == (OrderState.ACKED, True)
    assert still == ["acked"]


async def test_a_cancelled_order_that_fills_first_is_filled(harness: Harness) -> None:
    async with harness.trading():
        card = await a_working_order(harness)
        (order,) = harness.orders(card)
        harness.broker.fill(order, 100)
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["filled"])


async def test_a_rest_that_is_cancelled_leaves_a_part(harness: Harness) -> None:
    async with harness.trading():
        card = await a_working_order(harness)
        (order,) = harness.orders(card)
        harness.broker.fill(order, 30)
        await until(lambda: harness.states(card) == ["partial"])
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["partial done"])


async def test_an_order_that_still_waits_is_cancelled_by_not_being_sent(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.FIRST)
        await turns()
        harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)
        harness.broker.connect()
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert "cancelled by you" in (harness.orders(card)[0].reason or "")
    assert harness.broker.sent == []


async def test_only_orders_that_work_or_wait_can_be_cancelled(harness: Harness) -> None:
    async with harness.trading():
        done, _other = await harness.yes()
        for ref in (done.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                harness.engine.cancel(ref, by=OWNER)


async def test_a_halt_survives_a_restart_until_resume(harness: Harness) -> None:
    harness.engine.halt(by=OWNER, reason="lunch")
    harness.restart()
    before = harness.engine.queries.status().halted
    harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())

    assert (before, harness.engine.queries.status().halted) == ("lunch", None)


async def test_an_alarm_halts_and_is_told(harness: Harness) -> None:
    harness.engine.alarm("somebody else reads the chat")

    assert harness.engine.queries.status().halted == "somebody else reads the chat"
    assert len(harness.news(TradingHalted)) == 1


async def test_a_journal_that_is_not_the_last_one_voids_its_offers_and_halts(
    harness: Harness,
) -> None:
    person = Person(number=7, rights=Rights.OWNER)
    harness.engine.people.add(person, by=OWNER)
    async with harness.trading():
        card = await harness.scan()
        harness.engine.mark_untrusted("it is an old copy")
        verdict = harness.tap(card, Choice.YES).verdict

    assert harness.engine.queries.status().halted == "it is an old copy"
    assert harness.card().state is ProposalState.SUPERSEDED
    assert verdict.value == "already decided"
    assert len(harness.news(TradingHalted)) == 1
    assert harness.news(CardChanged)
    assert harness.engine.people.all() == ()  # he may have been removed since


# life


async def trade_until_it_ends(harness: Harness) -> None:
    async with harness.trading():
        harness.tap(await harness.scan(), Choice.YES)
        await asyncio.Event().wait()


async def test_a_contradiction_ends_the_engine_and_counts_as_a_crash(
    harness: Harness,
) -> None:
    def contradict() -> None:
        raise Contradiction

    harness.reached = when("in-W2", contradict)
    with pytest.raises(ExceptionGroup) as ended:
        await trade_until_it_ends(harness)

    assert ended.group_contains(Contradiction)
    assert harness.journal.memory.is_running()
    assert harness.states(harness.card()) == ["planned", "planned"]
    assert harness.broker.sent == []


async def test_a_resume_lets_the_trader_look_again(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.engine.halt(by=OWNER, reason="lunch")
        harness.engine.resume(by=OWNER, named=harness.engine.queries.halts())
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]
