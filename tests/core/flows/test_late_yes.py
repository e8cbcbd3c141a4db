"""A Yes that was heard long after it was tapped buys nothing: it is asked once more,
or it lapses."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.points import W1
from core.model.proposal import Choice, Decision, Proposal, ProposalState, Verdict
from core.rules.sending import HEARD_LATE
from tests.builders import FDMX, OPENS, QRVX
from tests.harness.core import House, an_open_house, turns, when


def late(
    house: House,
    card: Proposal,
    choice: Choice = Choice.YES,
    *,
    waited: timedelta = timedelta(seconds=88),
) -> Decision:
    """A press of a button that may have waited for so long."""
    return house.engine.decide(replace(house.a_tap(card, choice), waited=waited))


@pytest.mark.attack(3)
@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=31), "I could not hear Telegram for 31 s."),
        (timedelta(seconds=88), "I could not hear Telegram for 88 s."),
        (timedelta(hours=2, minutes=50), "I could not hear Telegram for 170 min."),
        (timedelta.max, "it may have been tapped before I could hear Telegram."),
    ],
)
@pytest.mark.parametrize("choice", [Choice.YES, Choice.FIRST])
async def test_a_yes_that_may_be_old_buys_nothing_and_is_asked_once_more(
    house: House, choice: Choice, waited: timedelta, words: str
) -> None:
    async with house.trading():
        card = await house.scan()
        decision = late(house, card, choice, waited=waited)
        await turns()
        asked = house.card()
        nothing = (house.orders(card), list(house.broker.sent))
        again = house.tap(asked, Choice.YES)
        await house.calm(card)

    assert decision.verdict is Verdict.NOT_NOW
    assert decision.reasons == (f"Your Yes came late: {words}",)
    assert nothing == ((), [])
    assert (asked.id, asked.legs, asked.state) == (card.id, card.legs, card.state)
    assert asked.note == (
        f"Your Yes came late: {words} Nothing was bought. "
        "Tap again to buy at the price of that moment."
    )
    assert again.verdict is Verdict.APPROVED
    assert len(house.broker.sent) == 2


@pytest.mark.attack(3)
async def test_the_old_buttons_buy_nothing_once_the_card_asks_again(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        late(house, card)
        old = house.tap(card, Choice.YES)
        await turns()

    assert old.verdict is Verdict.UNKNOWN
    assert house.broker.sent == []


async def test_a_yes_that_waited_for_less_is_sent(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        decision = late(house, card, waited=HEARD_LATE)
        await house.calm(card)

    assert decision.verdict is Verdict.APPROVED
    assert len(house.broker.sent) == 2


@pytest.mark.attack(3)
async def test_a_no_is_obeyed_however_late_it_comes(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        decision = late(house, card, Choice.NO, waited=timedelta.max)

    assert decision.verdict is Verdict.DECLINED


@pytest.mark.attack(3)
async def test_a_no_behind_a_late_yes_ends_the_question_that_was_put_anew(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        late(house, card)
        decision = late(house, card, Choice.NO)
        elsewhere = replace(card.shown, message=card.shown.message + 1)
        nowhere = house.tap(card, Choice.NO, shown=elsewhere)

    assert decision.verdict is Verdict.DECLINED
    assert house.card().state is ProposalState.DECLINED
    assert nowhere.verdict is Verdict.UNKNOWN


@pytest.mark.attack(3)
async def test_a_late_yes_to_the_question_whether_to_queue_is_asked_once_more(
    house: House,
) -> None:
    house.clock.moment = OPENS.replace(hour=22)
    async with house.trading():
        house.tap(await house.scan(), Choice.YES)
        asked = house.card()
        decision = late(house, asked)
        await turns()

    assert decision.verdict is Verdict.NOT_NOW
    assert house.card().queue_for == asked.queue_for
    assert house.broker.sent == []


class Crash(Exception):
    """The process is gone."""


def crash() -> None:
    raise Crash


@pytest.mark.attack(3)
async def test_a_queued_order_that_is_handled_after_its_offers_end_lapses(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path) as house:
        house.clock.moment = OPENS.replace(hour=22)
        for instrument in (QRVX, FDMX):
            house.quote(instrument)
        async with house.trading():
            house.tap(await house.scan(), Choice.YES)
            house.reached = when(W1.after, crash)
            with pytest.raises(Crash):
                house.tap(house.card(), Choice.YES)
            planned = house.states(house.card())
        house.reached = lambda _: None
        house.restart()
        house.clock.forward(hours=2, minutes=50)
        async with house.trading():
            await turns()
            states = house.states(house.card())

        assert planned == ["planned", "planned"]
        assert states == ["lapsed", "lapsed"]
        assert house.broker.sent == []
