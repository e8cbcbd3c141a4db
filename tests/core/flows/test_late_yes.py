"""A Yes that was heard long after it was tapped buys nothing: it is asked once more,
or it lapses."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.points import W1
from core.model.proposal import Choice, Decision, Proposal, ProposalState, Verdict
from core.rules.sending import LATE_TAP
from tests.builders import FDMX, OPENS, QRVX
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns


def late(
    harness: Harness,
    card: Proposal,
    choice: Choice = Choice.YES,
    *,
    waited: timedelta = timedelta(seconds=88),
) -> Decision:
    """A press of a button that may have waited for so long."""
    return harness.engine.decide(replace(harness.a_tap(card, choice), waited=waited))


@pytest.mark.attack(3)
@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=31), "I could not hear Telegram for 31 s."),
        (timedelta(seconds=88), "I could not hear Telegram for 88 s."),
        (timedelta(hours=2, minutes=50), "I could not hear Telegram for 170 min."),
        (timedelta.max, "it may have been tapped while I could not hear Telegram."),
    ],
)
@pytest.mark.parametrize("choice", [Choice.YES, Choice.FIRST])
async def test_a_yes_that_may_be_old_buys_nothing_and_is_asked_once_more(
    harness: Harness, choice: Choice, waited: timedelta, words: str
) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = late(harness, card, choice, waited=waited)
        await turns()
        asked = harness.card()
        nothing = (harness.orders(card), list(harness.broker.sent))
        again = harness.tap(asked, Choice.YES)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.NOT_NOW
    assert decision.reasons == (f"Your Yes came late: {words}",)
    assert nothing == ((), [])
    assert (asked.id, asked.legs, asked.state) == (card.id, card.legs, card.state)
    assert asked.note == (
        f"Your Yes came late: {words} Nothing was bought. "
        "Tap again to buy at the price of that moment."
    )
    assert again.verdict is Verdict.APPROVED
    assert len(harness.broker.sent) == 2


@pytest.mark.attack(3)
async def test_the_old_buttons_buy_nothing_once_the_card_asks_again(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        late(harness, card)
        old = harness.tap(card, Choice.YES)
        await turns()

    assert old.verdict is Verdict.NOT_NOW
    assert old.reasons == (
        "The card has asked anew since you tapped: look at it again.",
    )
    assert harness.broker.sent == []


async def test_a_yes_that_waited_for_less_is_sent(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = late(harness, card, waited=LATE_TAP)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.APPROVED
    assert len(harness.broker.sent) == 2


@pytest.mark.attack(3)
async def test_a_no_is_obeyed_however_late_it_comes(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = late(harness, card, Choice.NO, waited=timedelta.max)

    assert decision.verdict is Verdict.DECLINED


@pytest.mark.attack(3)
async def test_a_no_behind_a_late_yes_ends_the_question_that_was_put_anew(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        late(harness, card)
        decision = late(harness, card, Choice.NO)
        elsewhere = replace(card.shown, message=card.shown.message + 1)
        nowhere = harness.tap(card, Choice.NO, shown=elsewhere)

    assert decision.verdict is Verdict.DECLINED
    assert harness.card().state is ProposalState.DECLINED
    assert nowhere.verdict is Verdict.UNKNOWN


@pytest.mark.attack(3)
async def test_a_late_yes_to_the_question_whether_to_queue_is_asked_once_more(
    harness: Harness,
) -> None:
    harness.clock.moment = OPENS.replace(hour=22)
    async with harness.trading():
        harness.tap(await harness.scan(), Choice.YES)
        asked = harness.card()
        decision = late(harness, asked)
        await turns()

    assert decision.verdict is Verdict.NOT_NOW
    assert harness.card().queue_for == asked.queue_for
    assert harness.broker.sent == []


class Crash(Exception):
    """The process is gone."""


def crash() -> None:
    raise Crash


@pytest.mark.attack(3)
async def test_a_queued_order_that_is_handled_after_its_offers_end_lapses(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path) as harness:
        harness.clock.moment = OPENS.replace(hour=22)
        for instrument in (QRVX, FDMX):
            harness.quote(instrument)
        async with harness.trading():
            harness.tap(await harness.scan(), Choice.YES)
            harness.reached = when(W1.after, crash)
            with pytest.raises(Crash):
                harness.tap(harness.card(), Choice.YES)
            planned = harness.states(harness.card())
        harness.reached = lambda _: None
        harness.restart()
        harness.clock.forward(hours=2, minutes=50)
        async with harness.trading():
            await turns()
            states = harness.states(harness.card())

        assert planned == ["planned", "planned"]
        assert states == ["lapsed", "lapsed"]
        assert harness.broker.sent == []
