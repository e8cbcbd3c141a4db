"""What stands on a card, on the card that asks again, and on one that has to wait."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.news import ScanFailed
from core.model.proposal import Choice, Proposal, ProposalState, Verdict
from tests.builders import FDMX, NOW, OPENS, QRVX, price
from tests.fakes.calendar import FakeCalendar
from tests.harness.core import Harness, a_harness, an_open_harness, when
from tests.harness.waiting import until


AFTER_HOURS = OPENS.replace(hour=22)


async def asked_again(harness: Harness, choice: Choice = Choice.YES) -> Proposal:
    """The new card, a minute after the first, when FDMX has risen by far."""
    card = await harness.scan()
    harness.clock.forward(minutes=1)
    for instrument in (QRVX, FDMX):
        harness.quote(instrument)
    harness.quote(FDMX, last=price("28.00"), ask=price("28.10"))
    harness.tap(card, choice)
    await harness.until_settled(card)
    return harness.card()


async def test_a_card_that_asks_again_has_a_whole_life_of_its_own(
    harness: Harness,
) -> None:
    async with harness.trading():
        again = await asked_again(harness)

    assert again.made_at == NOW + timedelta(minutes=1)
    assert again.expires_at == again.made_at + harness.instructions.limits.offer_life
    assert (again.decided_by, again.decided_at) == (None, None)


async def test_a_card_that_asks_again_shows_this_moments_prices(
    harness: Harness,
) -> None:
    async with harness.trading():
        again = await asked_again(harness)

    (risen,) = (c for c in again.ranking.candidates if c.instrument == FDMX)
    assert risen.quote is not None
    assert risen.quote.last == price("28.00")
    assert [leg.ask for leg in again.legs] == [price("28.10"), price("4.83")]


async def test_a_card_that_asks_again_is_watched(harness: Harness) -> None:
    async with harness.trading():
        again = await asked_again(harness, Choice.FIRST)
        await until(lambda: harness.market.watched == [FDMX.con_id])

        followed = harness.engine._parts.watch._followed
        assert followed is not None
        assert followed.id == again.id


async def test_a_card_with_nothing_to_gain_is_not_watched_instead(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)
        followed = harness.engine._parts.watch._followed

    assert followed is not None
    assert followed.id == card.id


async def test_a_pick_at_its_open_is_no_gain(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("23.49"), ask=price("23.50"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert harness.states(card) == ["needs reconfirm"]
    assert harness.journal.proposals.offers() == ()


async def test_a_stock_without_a_last_price_is_asked_about_at_the_cards(
    harness: Harness,
) -> None:
    harness.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    for instrument in (QRVX, FDMX):
        harness.quote(instrument)
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=None)
        harness.reached = when("W1", lambda: harness.clock.forward(seconds=2))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert [leg.reference for leg in harness.card().legs] == [price("26.59")]


async def test_a_scan_that_fails_is_told_once(harness: Harness) -> None:
    harness.market.away = "the farm is gone"
    async with harness.trading():
        await harness.engine.scan(key="a")

    (failed,) = harness.news(ScanFailed)
    assert "the farm is gone" in failed.problem


class LateCalendar(FakeCalendar):
    """It is known only once somebody has waited for it."""

    async def ready(self) -> None:
        await asyncio.sleep(0)
        self.known = FakeCalendar().known


async def test_a_scan_right_after_the_start_waits_for_the_calendar(
    tmp_path: Path,
) -> None:
    harness = a_harness(tmp_path)
    nothing = replace(harness.calendar.known, all=())
    harness.calendar = LateCalendar(known=nothing)
    harness.start()
    try:
        async with harness.running():
            harness.broker.connect()
            card = await harness.scan()
    finally:
        harness.stop()

    assert card.state is ProposalState.OFFERED


async def test_a_card_that_cannot_be_sent_now_says_what_to_do(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.engine.halt(by="Ada", reason="lunch")
        harness.tap(card, Choice.YES)

    note = harness.card().note or ""
    assert note.startswith("Not sent. ")
    assert note.endswith("tap Yes again.")


async def test_a_market_that_has_opened_meanwhile_is_not_asked_about(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, offer_life=timedelta(days=1)) as harness:
        harness.clock.moment = AFTER_HOURS
        async with harness.trading():
            card = await harness.scan()
            asked = harness.tap(card, Choice.FIRST)
            harness.clock.moment = OPENS + timedelta(days=1, minutes=1)
            harness.quote(FDMX)
            answer = harness.tap(harness.card(), Choice.YES)
            await harness.until_settled(card)

    assert asked.verdict is Verdict.ASK_QUEUE
    assert answer.verdict is Verdict.APPROVED


@pytest.mark.parametrize("automatic", [True, False])
async def test_automatic_mode_puts_no_question_in_a_closed_market(
    tmp_path: Path, *, automatic: bool
) -> None:
    with an_open_harness(tmp_path, automatic=automatic) as harness:
        harness.clock.moment = AFTER_HOURS
        for instrument in (QRVX, FDMX):
            harness.quote(instrument)
        async with harness.trading():
            card = await harness.scan()

        assert (card.state, card.queue_for) == (ProposalState.OFFERED, None)
