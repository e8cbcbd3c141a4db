"""The door: what may be asked of the trader, and what is refused."""

import asyncio

import pytest

from core.model.errors import BrokerAway, BrokerSilent, Contradiction
from core.model.evidence import LineState
from core.model.news import CardChanged, TradingHalted
from core.model.order import OrderRef, OrderState
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState, Token
from tests.builders import OPENS, a_position, an_open_order, money
from tests.fakes.broker import Conduct
from tests.harness.core import OWNER, House, turns, until, when


async def a_working_order(house: House) -> Proposal:
    house.broker.conduct = Conduct.HOLDS
    card = await house.scan("w")
    house.tap(card, Choice.FIRST)
    await until(lambda: house.states(card) == ["acked"])
    return card


# looking


async def test_the_status_says_how_the_house_stands(house: House) -> None:
    async with house.trading():
        status = house.engine.queries.status()

    assert status.blocks == ()
    assert (status.strangers, status.used_today) == (3, money("0"))


async def test_used_today_is_what_orders_have_cost_or_may_cost(house: House) -> None:
    async with house.trading():
        await house.yes()

        assert house.engine.queries.status().used_today == money(
            "2000.00"
        )  # 2 x 100 at 10


async def test_a_house_without_a_line_says_what_blocks_it(house: House) -> None:
    status = house.engine.queries.status()

    assert status.blocks == ("IB Gateway is not connected (nothing listens).",)
    assert not status.reconciled


async def test_a_card_is_read_as_it_stands_now(house: House) -> None:
    async with house.trading():
        proposal = await house.scan()
        house.tap(proposal, Choice.FIRST)
        await house.calm(proposal)
        card = house.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert [order.state for order in card.orders] == [OrderState.FILLED]
    assert card.opens is None
    assert house.engine.queries.proposal(proposal.token) == card.proposal
    assert house.engine.queries.proposal(Token("no such")) is None
    assert house.cards_to_look_at().card(ProposalId("zzzzzzzzzz")) is None


async def test_a_card_in_a_closed_market_says_when_it_opens(house: House) -> None:
    house.clock.moment = OPENS.replace(hour=22)
    async with house.trading():
        proposal = await house.scan()
        card = house.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert card.opens == OPENS.replace(day=24)


async def test_the_account_is_asked_of_ib(house: House) -> None:
    position = a_position()
    house.broker.held[position.instrument.con_id] = position
    house.broker.strangers.append(an_open_order(ref=""))
    async with house.trading():
        account = await house.engine.queries.account()
        positions = await house.engine.queries.positions()
        orders = await house.engine.queries.open_orders()

    assert account.net_liquidation == money("101240")
    assert [each.shares for each in positions] == [100]
    assert len(orders) == 1


async def test_without_a_line_nothing_of_the_account_is_known(house: House) -> None:
    for ask in (
        house.engine.queries.account,
        house.engine.queries.positions,
        house.engine.queries.open_orders,
    ):
        with pytest.raises((BrokerAway, BrokerSilent)):
            await ask()


async def test_an_account_before_its_first_figures_is_not_there_yet(
    house: House,
) -> None:
    house.broker.summary = None
    async with house.trading():
        with pytest.raises(BrokerAway):
            await house.engine.queries.account()


async def test_orders_are_all_of_today_and_all_that_live(house: House) -> None:
    async with house.trading():
        await house.yes()
        await a_working_order(house)
        today = house.engine.queries.orders()
        house.clock.forward(days=1)
        tomorrow = house.engine.queries.orders()

    assert [order.state.value for order in today] == ["acked", "filled", "filled"]
    assert [order.state.value for order in tomorrow] == ["acked"]


# acting


async def test_cancelled_is_said_only_when_ib_says_so(house: House) -> None:
    async with house.trading():
        card = await a_working_order(house)
        (order,) = house.orders(card)
        house.broker.hushed = True
        asked = house.engine.cancel(order.ref, by=OWNER)
        await turns()
        still = house.states(card)
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert (asked.state, asked.cancel_asked) == (OrderState.ACKED, True)
    assert still == ["acked"]


async def test_a_cancelled_order_that_fills_first_is_filled(house: House) -> None:
    async with house.trading():
        card = await a_working_order(house)
        (order,) = house.orders(card)
        house.broker.fill(order, 100)
        house.engine.cancel(order.ref, by=OWNER)
        await until(lambda: house.states(card) == ["filled"])


async def test_a_rest_that_is_cancelled_leaves_a_part(house: House) -> None:
    async with house.trading():
        card = await a_working_order(house)
        (order,) = house.orders(card)
        house.broker.fill(order, 30)
        await until(lambda: house.states(card) == ["partial"])
        house.engine.cancel(order.ref, by=OWNER)
        await until(lambda: house.states(card) == ["partial done"])


async def test_an_order_that_still_waits_is_cancelled_by_not_being_sent(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W1", lambda: house.broker.go(LineState.DOWN, "cable"))
        house.tap(card, Choice.FIRST)
        await turns()
        house.engine.cancel(house.orders(card)[0].ref, by=OWNER)
        house.broker.connect()
        await house.calm(card)

    assert house.states(card) == ["lapsed"]
    assert "cancelled by you" in (house.orders(card)[0].reason or "")
    assert house.broker.sent == []


async def test_only_orders_that_work_or_wait_can_be_cancelled(house: House) -> None:
    async with house.trading():
        done, _other = await house.yes()
        for ref in (done.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                house.engine.cancel(ref, by=OWNER)


async def test_a_halt_survives_a_restart_until_resume(house: House) -> None:
    house.engine.halt(by=OWNER, reason="lunch")
    house.restart()
    before = house.engine.queries.status().halted
    house.engine.resume(by=OWNER, named=house.engine.queries.halts())

    assert (before, house.engine.queries.status().halted) == ("lunch", None)


async def test_an_alarm_halts_and_is_told(house: House) -> None:
    house.engine.alarm("somebody else reads the chat")

    assert house.engine.queries.status().halted == "somebody else reads the chat"
    assert len(house.news(TradingHalted)) == 1


async def test_a_journal_that_is_not_the_last_one_voids_its_offers_and_halts(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.distrust("it is an old copy")
        verdict = house.tap(card, Choice.YES).verdict

    assert house.engine.queries.status().halted == "it is an old copy"
    assert house.card().state is ProposalState.SUPERSEDED
    assert verdict.value == "already decided"
    assert len(house.news(TradingHalted)) == 1
    assert house.news(CardChanged)


# life


async def trade_until_it_ends(house: House) -> None:
    async with house.trading():
        house.tap(await house.scan(), Choice.YES)
        await asyncio.Event().wait()


async def test_a_contradiction_ends_the_engine_and_counts_as_a_crash(
    house: House,
) -> None:
    def contradict() -> None:
        raise Contradiction

    house.reached = when("in-W2", contradict)
    with pytest.raises(ExceptionGroup) as ended:
        await trade_until_it_ends(house)

    assert ended.group_contains(Contradiction)
    assert house.journal.memory.is_running()
    assert house.states(house.card()) == ["planned", "planned"]
    assert house.broker.sent == []


async def test_a_resume_lets_the_trader_look_again(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.halt(by=OWNER, reason="lunch")
        house.engine.resume(by=OWNER, named=house.engine.queries.halts())
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["filled", "filled"]
