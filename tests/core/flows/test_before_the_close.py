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
from tests.harness.core import House, an_open_house, turns, when


SECOND = timedelta(seconds=1)
EARLY = OPENS.replace(hour=18, minute=0)
"""13:00 in New York."""


def closes_early(house: House) -> None:
    """Monday's session ends at 13:00."""
    known = house.calendar.known
    sessions = (
        replace(one, closes=EARLY) if one.opens == OPENS else one for one in known.all
    )
    house.calendar.known = replace(known, all=tuple(sessions))


def quotes_come(house: House) -> None:
    for instrument in (QRVX, FDMX):
        house.quote(instrument)


@pytest.mark.attack(5)
@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("before", [SECOND, CLOSING])
async def test_a_yes_right_before_a_close_asks_whether_to_queue(
    house: House, before: timedelta, *, early: bool
) -> None:
    if early:
        closes_early(house)
    house.clock.moment = (EARLY if early else CLOSES) - before
    quotes_come(house)
    async with house.trading():
        card = await house.scan()
        decision = house.tap(card, Choice.YES)
        await turns()
        asked = house.card()
        shown = house.cards_to_look_at().card(asked.id)

    assert decision.verdict is Verdict.ASK_QUEUE
    assert asked.queue_for == OPENS + timedelta(days=1)
    assert shown is not None
    assert shown.closes == (EARLY if early else CLOSES)
    assert house.orders(card) == ()
    assert house.broker.sent == []


@pytest.mark.attack(5)
async def test_who_chose_the_next_open_right_before_a_close_is_obeyed(
    house: House,
) -> None:
    house.clock.moment = CLOSES - SECOND
    quotes_come(house)
    async with house.trading():
        house.tap(await house.scan(), Choice.YES)
        answer = house.tap(house.card(), Choice.YES)
        await house.calm(house.card())

    assert answer.verdict is Verdict.APPROVED
    assert len(house.broker.sent) == 2


async def test_a_yes_before_that_minute_is_sent(house: House) -> None:
    house.clock.moment = CLOSES - CLOSING - SECOND
    quotes_come(house)
    async with house.trading():
        await house.yes()

    assert len(house.broker.sent) == 2


@pytest.mark.attack(5)
async def test_an_order_that_is_judged_in_the_last_minute_is_asked_about_again(
    house: House,
) -> None:
    house.clock.moment = CLOSES - CLOSING - SECOND
    quotes_come(house)

    def time_passes() -> None:
        house.clock.forward(seconds=3)
        quotes_come(house)

    house.reached = when(W1.after, time_passes)
    async with house.trading():
        card = await house.scan()
        decision = house.tap(card, Choice.YES)
        await house.calm(card)

    assert decision.verdict is Verdict.APPROVED
    assert house.states(card) == ["needs reconfirm", "needs reconfirm"]
    assert house.broker.sent == []
    assert house.card().queue_for == OPENS + timedelta(days=1)
    assert "closes at 16:00 ET" in (house.card().note or "")


@pytest.mark.attack(5)
async def test_an_open_that_was_chosen_yesterday_says_nothing_of_tomorrows(
    tmp_path: Path,
) -> None:
    tuesday = OPENS + timedelta(days=1)
    with an_open_house(tmp_path, offer_life=timedelta(days=2)) as house:
        house.clock.moment = CLOSES + timedelta(hours=1)
        quotes_come(house)
        async with house.trading():
            first = house.tap(await house.scan(), Choice.YES)
            queued = house.card().queue_for
            house.clock.moment = CLOSES + timedelta(days=1) - SECOND
            second = house.tap(house.card(), Choice.YES)

        assert (first.verdict, queued) == (Verdict.ASK_QUEUE, tuesday)
        assert second.verdict is Verdict.ASK_QUEUE
        assert house.card().queue_for == tuesday + timedelta(days=1)


@pytest.mark.attack(5)
async def test_automatic_mode_decides_nothing_right_before_a_close(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path, automatic=True) as house:
        house.clock.moment = CLOSES - SECOND
        quotes_come(house)
        async with house.trading():
            card = await house.scan()

        assert (card.state, card.queue_for) == (ProposalState.OFFERED, None)
        assert house.orders(card) == ()
