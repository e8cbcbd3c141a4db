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
from tests.harness.core import House, a_house, an_open_house, until, when


AFTER_HOURS = OPENS.replace(hour=22)


async def asked_again(house: House, choice: Choice = Choice.YES) -> Proposal:
    """The new card, a minute after the first, when FDMX has risen by far."""
    card = await house.scan()
    house.clock.forward(minutes=1)
    for instrument in (QRVX, FDMX):
        house.quote(instrument)
    house.quote(FDMX, last=price("28.00"), ask=price("28.10"))
    house.tap(card, choice)
    await house.calm(card)
    return house.card()


async def test_a_card_that_asks_again_has_a_whole_life_of_its_own(
    house: House,
) -> None:
    async with house.trading():
        again = await asked_again(house)

    assert again.made_at == NOW + timedelta(minutes=1)
    assert again.expires_at == again.made_at + house.instructions.limits.offer_life
    assert (again.decided_by, again.decided_at) == (None, None)


async def test_a_card_that_asks_again_shows_this_moments_prices(house: House) -> None:
    async with house.trading():
        again = await asked_again(house)

    (risen,) = (c for c in again.ranking.candidates if c.instrument == FDMX)
    assert risen.quote is not None
    assert risen.quote.last == price("28.00")
    assert [leg.ask for leg in again.legs] == [price("28.10"), price("4.83")]


async def test_a_card_that_asks_again_is_watched(house: House) -> None:
    async with house.trading():
        again = await asked_again(house, Choice.FIRST)
        await until(lambda: house.market.watched == [FDMX.con_id])

        assert house.engine._watch.quotes_of(again.id) is not None


async def test_a_card_with_nothing_to_gain_is_not_watched_instead(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)
        followed = house.engine._watch._followed

    assert followed is not None
    assert followed.id == card.id


async def test_a_pick_at_its_open_is_no_gain(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("23.49"), ask=price("23.50"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    assert house.states(card) == ["needs reconfirm"]
    assert house.journal.proposals.offers() == ()


async def test_a_stock_without_a_last_price_is_asked_about_at_the_cards(
    house: House,
) -> None:
    house.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    for instrument in (QRVX, FDMX):
        house.quote(instrument)
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=None)
        house.reached = when("W1", lambda: house.clock.forward(seconds=2))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    assert [leg.reference for leg in house.card().legs] == [price("26.59")]


async def test_a_scan_that_fails_is_told_once(house: House) -> None:
    house.market.away = "the farm is gone"
    async with house.trading():
        await house.engine.scan(key="a")

    (failed,) = house.news(ScanFailed)
    assert "the farm is gone" in failed.problem


class LateCalendar(FakeCalendar):
    """It is known only once somebody has waited for it."""

    async def ready(self) -> None:
        await asyncio.sleep(0)
        self.known = FakeCalendar().known


async def test_a_scan_right_after_the_start_waits_for_the_calendar(
    tmp_path: Path,
) -> None:
    house = a_house(tmp_path)
    nothing = replace(house.calendar.known, all=())
    house.calendar = LateCalendar(known=nothing)
    house.start()
    try:
        async with house.running():
            house.broker.connect()
            card = await house.scan()
    finally:
        house.stop()

    assert card.state is ProposalState.OFFERED


async def test_a_card_that_cannot_be_sent_now_says_what_to_do(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.halt(by="Ada", reason="lunch")
        house.tap(card, Choice.YES)

    note = house.card().note or ""
    assert note.startswith("Not sent. ")
    assert note.endswith("tap Yes again.")


async def test_a_market_that_has_opened_meanwhile_is_not_asked_about(
    tmp_path: Path,
) -> None:
    with an_open_house(tmp_path, offer_life=timedelta(days=1)) as house:
        house.clock.moment = AFTER_HOURS
        async with house.trading():
            card = await house.scan()
            asked = house.tap(card, Choice.FIRST)
            house.clock.moment = OPENS + timedelta(days=1, minutes=1)
            house.quote(FDMX)
            answer = house.tap(house.card(), Choice.YES)
            await house.calm(card)

    assert asked.verdict is Verdict.ASK_QUEUE
    assert answer.verdict is Verdict.APPROVED


@pytest.mark.parametrize("automatic", [True, False])
async def test_automatic_mode_puts_no_question_in_a_closed_market(
    tmp_path: Path, *, automatic: bool
) -> None:
    with an_open_house(tmp_path, automatic=automatic) as house:
        house.clock.moment = AFTER_HOURS
        for instrument in (QRVX, FDMX):
            house.quote(instrument)
        async with house.trading():
            card = await house.scan()

        assert (card.state, card.queue_for) == (ProposalState.OFFERED, None)
