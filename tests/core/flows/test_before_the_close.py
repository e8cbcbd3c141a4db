"""Right before a close no order leaves that could rest overnight, unless the owner
chose that."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.points import W1
from core.model.proposal import Choice, ProposalState, Verdict
from core.rules.sessions import CLOSING
from tests.builders import CLOSES, FDMX, OPENS, QRVX
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns


SECOND = timedelta(seconds=1)
EARLY = OPENS.replace(hour=18, minute=0)
"""13:00 in New York."""


def closes_early(harness: Harness) -> None:
    """Monday's session ends at 13:00."""
    known = harness.calendar.known
    sessions = (
        replace(one, closes=EARLY) if one.opens == OPENS else one for one in known.all
    )
    harness.calendar.known = replace(known, all=tuple(sessions))


def quotes_come(harness: Harness) -> None:
    for instrument in (QRVX, FDMX):
        harness.quote(instrument)


@pytest.mark.attack(5)
@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("before", [SECOND, CLOSING])
async def test_a_yes_right_before_a_close_asks_whether_to_queue(
    harness: Harness, before: timedelta, *, early: bool
) -> None:
    if early:
        closes_early(harness)
    harness.clock.moment = (EARLY if early else CLOSES) - before
    quotes_come(harness)
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(card, Choice.YES)
        await turns()
        asked = harness.card()
        shown = harness.cards_to_look_at().card(asked.id)

    assert decision.verdict is Verdict.ASK_QUEUE
    assert asked.queue_for == OPENS + timedelta(days=1)
    assert harness.engine.queries.status().waits_for == asked.queue_for
    assert shown is not None
    assert shown.closes == (EARLY if early else CLOSES)
    assert harness.orders(card) == ()
    assert harness.broker.sent == []


@pytest.mark.attack(5)
async def test_who_chose_the_next_open_right_before_a_close_is_obeyed(
    harness: Harness,
) -> None:
    harness.clock.moment = CLOSES - SECOND
    quotes_come(harness)
    async with harness.trading():
        harness.tap(await harness.scan(), Choice.YES)
        answer = harness.tap(harness.card(), Choice.YES)
        await harness.until_settled(harness.card())

    assert answer.verdict is Verdict.APPROVED
    assert len(harness.broker.sent) == 2


async def test_a_yes_before_that_minute_is_sent(harness: Harness) -> None:
    harness.clock.moment = CLOSES - CLOSING - SECOND
    quotes_come(harness)
    async with harness.trading():
        await harness.yes()

    assert len(harness.broker.sent) == 2


@pytest.mark.attack(5)
async def test_an_order_that_is_judged_in_the_last_minute_is_asked_about_again(
    harness: Harness,
) -> None:
    harness.clock.moment = CLOSES - CLOSING - SECOND
    quotes_come(harness)

    def time_passes() -> None:
        harness.clock.forward(seconds=3)
        quotes_come(harness)

    harness.reached = when(W1.after, time_passes)
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.APPROVED
    assert harness.states(card) == ["needs reconfirm", "needs reconfirm"]
    assert harness.broker.sent == []
    assert harness.card().queue_for == OPENS + timedelta(days=1)
    assert "closes at 16:00 ET" in (harness.card().note or "")


@pytest.mark.attack(5)
async def test_an_open_that_was_chosen_yesterday_says_nothing_of_tomorrows(
    tmp_path: Path,
) -> None:
    tuesday = OPENS + timedelta(days=1)
    with an_open_harness(tmp_path, offer_life=timedelta(days=2)) as harness:
        harness.clock.moment = CLOSES + timedelta(hours=1)
        quotes_come(harness)
        async with harness.trading():
            first = harness.tap(await harness.scan(), Choice.YES)
            queued = harness.card().queue_for
            harness.clock.moment = CLOSES + timedelta(days=1) - SECOND
            second = harness.tap(harness.card(), Choice.YES)

        assert (first.verdict, queued) == (Verdict.ASK_QUEUE, tuesday)
        assert second.verdict is Verdict.ASK_QUEUE
        assert harness.card().queue_for == tuesday + timedelta(days=1)


@pytest.mark.attack(5)
async def test_automatic_mode_decides_nothing_right_before_a_close(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, automatic=True) as harness:
        harness.clock.moment = CLOSES - SECOND
        quotes_come(harness)
        async with harness.trading():
            card = await harness.scan()

        assert (card.state, card.queue_for) == (ProposalState.OFFERED, None)
        assert harness.orders(card) == ()
