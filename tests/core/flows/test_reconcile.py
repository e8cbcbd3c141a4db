"""After a start, a lost line or a silence: compare, learn, tell. Silence is not failure."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.model.evidence import CodeHeard, Meaning, StatusHeard
from core.model.news import Ghost, InDoubt, Settled
from core.model.order import OrderState
from core.model.points import RECOVER_ABSENT, RECOVER_ADOPT, RECOVER_ASK
from core.model.proposal import Choice, Proposal
from tests.builders import FDMX
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import Conduct
from tests.harness.core import House, an_open_house, turns, until, when


async def one_yes(house: House) -> Proposal:
    """One leg of a card is approved and on its way."""
    card = await house.scan()
    house.tap(card, Choice.FIRST)
    return card


async def test_nothing_may_be_sent_before_the_orders_have_been_compared(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path, patience=replace(AT_ONCE, retry=0.0)) as house:
        house.broker.silent = True
        async with house.running():
            house.broker.connect()
            await turns()
            card = await house.scan()
            decision = house.tap(card, Choice.YES)
            house.broker.silent = False
            await house.ready()

    assert "still being compared" in decision.reasons[0]


async def test_a_pass_that_is_worth_nothing_is_repeated(house: House) -> None:
    house.broker.silent = True
    async with house.running():
        house.broker.connect()
        await turns()
        before = house.engine.queries.status().reconciled
        house.broker.silent = False
        await house.ready()

    assert before is False


async def test_a_lost_order_is_told_and_then_proven_absent(house: House) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["absent"])

    (doubt,) = house.news(InDoubt)
    (order,) = house.orders(card)
    assert (doubt.ref, doubt.position_now) == (order.ref, 0)
    assert order.reason == "It never reached IB."
    assert house.broker.line().epoch == 2  # behind a new handshake
    assert len(house.broker.sent) == 1
    assert RECOVER_ABSENT in house.points
    assert len(house.news(Settled)) == 1


async def test_a_swallowed_order_whose_id_was_counted_stays_unknown(
    house: House,
) -> None:
    house.broker.conduct = Conduct.SWALLOWS
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["unknown"])
        house.broker.next_valid_id = 2
        await house.ready()
        await turns()

    (order,) = house.orders(card)
    assert order.state is OrderState.UNKNOWN
    assert "order id" in (order.reason or "")
    assert len(house.news(InDoubt)) == 1
    assert RECOVER_ASK in house.points


async def test_midnight_leaves_a_lost_order_unknown(house: House) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        house.reached = when("sent", lambda: house.clock.forward(hours=14))
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["unknown"])
        await house.ready()
        await turns()

    assert "the day has changed" in (house.orders(card)[0].reason or "")


async def test_a_trade_by_hand_leaves_a_lost_order_unknown(house: House) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await house.scan()
        house.reached = when("sent", lambda: house.broker.trade_by_hand(FDMX, 100))
        house.tap(card, Choice.FIRST)
        await until(lambda: house.states(card) == ["unknown"])
        await house.ready()
        await turns()

    assert "position has changed" in (house.orders(card)[0].reason or "")
    assert house.news(InDoubt)[0].position_now == 100


async def test_a_late_answer_ends_the_doubt(house: House) -> None:
    house.broker.conduct = Conduct.SWALLOWS
    house.broker.next_valid_id = 1
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["unknown"])
        house.broker.conduct = Conduct.FILLS
        house.broker.place(house.broker.sent[0])
        await until(lambda: house.states(card) == ["filled"])

    assert house.orders(card)[0].reason is None
    assert len(house.news(Settled)) == 1


async def test_an_order_whose_answer_was_lost_is_found_by_the_pass(
    house: House,
) -> None:
    async with house.trading():
        house.reached = when("W2", house.hush)
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["filled"])

    assert RECOVER_ADOPT in house.points
    assert house.news(InDoubt) == []
    assert house.broker.line().epoch == 1


async def test_the_doubt_is_told_also_while_a_comparison_is_under_way(
    tmp_path: Path,
) -> None:
    slow = replace(AT_ONCE, settle_after_outage=30.0)
    with an_open_house(tmp_path, patience=slow) as house:
        house.broker.conduct = Conduct.LOSES
        async with house.trading():
            house.reached = when("sent", house.broker.connect)
            card = await one_yes(house)
            await until(lambda: house.states(card) == ["unknown"])

        assert len(house.news(InDoubt)) == 1
        assert house.broker.line().epoch == 2  # no third handshake


async def test_a_silent_gateway_does_not_keep_the_doubt_from_being_told(
    house: House,
) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        house.reached = when("sent", house.freeze)
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["unknown"])

    assert house.news(InDoubt)[0].position_now == 0


@pytest.mark.parametrize("heard", ["103", "a status that judges nothing"])
async def test_what_is_no_verdict_is_looked_up(house: House, heard: str) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["acked"])
        (order,) = house.orders(card)
        assert order.order_id is not None
        passes = house.broker.passes
        house.broker.say(
            CodeHeard(
                order_id=order.order_id,
                code=103,
                text="Duplicate order id",
                meaning=Meaning.LOOK,
            )
            if heard == "103"
            else StatusHeard(names=house.broker.names(order), status="Inactive")
        )
        await until(lambda: house.broker.passes > passes)
        await house.ready()

    assert house.states(card) == ["acked"]


@pytest.mark.parametrize(("listed", "more"), [("Inactive", 1), ("PreSubmitted", 2)])
async def test_the_echo_of_a_pass_asks_for_no_other_and_news_in_it_for_one(
    house: House, listed: str, more: int
) -> None:
    house.broker.conduct = Conduct.HOLDS
    house.broker.echoes = "Inactive"
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["acked"])
        (order,) = house.orders(card)
        house.broker.book[order.ref].status = listed
        passes = house.broker.passes
        house.broker.connect()
        await until(lambda: house.broker.passes >= passes + more)
        await house.ready()
        await turns()

    assert house.broker.passes == passes + more


async def test_an_order_that_ends_behind_the_second_listing_is_no_ghost(
    house: House,
) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.YES)
        await until(lambda: house.states(card) == ["acked", "acked"])
        works, lost = house.orders(card)
        del house.broker.book[lost.ref]  # so that a second pass is needed

        def cancelled_behind_the_second() -> None:
            if house.broker.passes == before + 2:
                house.broker.cancel(works)

        before = house.broker.passes
        house.broker.meanwhile = cancelled_behind_the_second
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled", "unknown"])
        await house.ready()

    assert house.news(Ghost) == []
    assert house.states(card) == ["cancelled", "unknown"]
