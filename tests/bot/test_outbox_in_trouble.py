"""What must be told is told, whatever Telegram does meanwhile."""

import asyncio
from dataclasses import replace

import pytest
from telegram import Bot

from bot.sandbox.faults import Drop, Fault
from core.model.order import OrderState
from core.model.proposal import ProposalState, Shown
from tests.bot.hands import running
from tests.builders import NOW, a_proposal, a_sent_order
from tests.harness.outbox import HALFWAY, LOST, House, only


async def test_a_lost_message_is_replaced_and_its_offer_has_no_buttons(
    house: House,
) -> None:
    shown = Shown(owner=1001, chat=1001, message=999)
    async with running(house.tell_for_ever()):
        house.show(a_proposal(shown=shown))
        card = await house.phone.reads("Yes: BUY")

    assert "message is gone" in card.text
    assert card.labels == ()


async def test_what_followed_a_lost_message_is_told_where_it_stands_now(
    house: House,
) -> None:
    shown = Shown(owner=1001, chat=1001, message=999)
    approved = a_proposal(
        shown=shown, state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
    )
    async with running(house.tell_for_ever()):
        house.show(approved, a_sent_order())
        await house.told()
        house.show(approved, a_sent_order(state=OrderState.ACKED))
        await house.told()

    assert "working" in only(house).text


async def test_flood_control_delays_one_matter_and_not_the_others(
    house: House,
) -> None:
    shown = await house.outbox.place("scan:7")
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    house.server.faults.next("editMessageText", flooded)
    house.show(a_proposal(shown=shown))
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.journal.comes_to(lambda: len(house.journal.outbox.untold()) == 1)
        [waiting] = house.journal.outbox.untold()
        await house.told()

    assert waiting.news.key == "card:abcdefghij"
    assert "Yes: BUY" in house.phone.heard[0].text


async def test_html_that_is_refused_is_told_as_plain_text(house: House) -> None:
    refused = Fault(status=400, description="can't parse entities")
    house.server.faults.next("sendMessage", refused)
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert only(house).text.startswith("IB Gateway is not reachable")
    assert only(house).content.entities == ()


async def test_what_is_refused_twice_does_not_block_the_rest(house: House) -> None:
    refused = Fault(status=400, description="message is strange")
    house.server.faults.next("sendMessage", refused, times=2)
    house.tell(LOST, replace(LOST, since=NOW.replace(minute=50)))

    async with running(house.tell_for_ever()):
        await house.told()

    assert "09:50 ET" in only(house).text


async def test_an_edit_without_an_answer_is_repeated(house: House) -> None:
    shown = await house.outbox.place("scan:7")
    house.server.faults.next("editMessageText", Fault(drop=Drop.AFTER), times=2)
    house.show(a_proposal(shown=shown))

    async with running(house.tell_for_ever()):
        await house.told()

    assert "Yes: BUY" in only(house).text
    assert only(house).edits == 1


async def test_an_announcement_without_an_answer_is_sent_at_most_twice(
    house: House,
) -> None:
    house.server.faults.next("sendMessage", Fault(drop=Drop.AFTER), times=5)
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert len(house.phone.heard) == 2


async def test_what_was_not_taken_is_sent_until_it_is(house: House) -> None:
    broken = Fault(status=500, description="Internal Server Error")
    house.server.faults.next("sendMessage", broken, times=2)
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert "not reachable" in only(house).text
    assert house.journal.outbox.untold() == ()


@pytest.mark.attack(12)
async def test_maintenance_in_the_place_of_an_answer_is_waited_out(
    house: House,
) -> None:
    house.server.faults.next("sendMessage", Fault(instead='{"status":"maintenance"}'))
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert "not reachable" in only(house).text


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    "result",
    [
        '{"x":1}',
        "null",
        '{"message_id":7,"date":0,"chat":{"id":1,"type":"private"},"entities":[{}]}',
    ],
)
async def test_what_was_taken_is_not_sent_again_for_an_answer_that_nobody_can_read(
    house: House, result: str
) -> None:
    house.server.faults.next(
        "sendMessage", Fault(instead=f'{{"ok":true,"result":{result}}}')
    )
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert "not reachable" in only(house).text


@pytest.mark.attack(12)
async def test_an_edit_that_was_made_stands_whatever_its_answer_looks_like(
    house: House,
) -> None:
    odd = Fault(instead='{"ok":true,"result":{"x":1}}')
    house.server.faults.next("editMessageText", odd, times=2)
    shown = await house.outbox.place("scan:1")

    async with running(house.tell_for_ever()):
        house.offer(a_proposal(shown=shown))
        await house.told()

    assert "Yes: BUY" in only(house).text


async def test_a_bot_that_is_blocked_keeps_its_news(house: House) -> None:
    blocked = Fault(status=403, description="Forbidden: bot was blocked by the user")
    house.server.faults.next("sendMessage", blocked)
    house.tell(LOST)

    async with running(house.tell_for_ever()):
        await house.told()

    assert "not reachable" in only(house).text


async def test_news_of_an_earlier_run_is_told(house: House, bot: Bot) -> None:
    house.tell(LOST)
    later = House(bot, house.journal, house.server)

    async with running(later.tell_for_ever()):
        await later.told()

    assert "not reachable" in only(later).text


async def test_flood_control_of_progress_is_kept_and_the_card_still_comes(
    house: House,
) -> None:
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.server.faults.next("editMessageText", flooded)
        house.outbox.progress(shown, HALFWAY)
        await asyncio.sleep(0.1)
        house.show(a_proposal(shown=shown))
        await house.phone.reads("Yes: BUY")

    assert len(house.calls("editMessageText")) == 2
