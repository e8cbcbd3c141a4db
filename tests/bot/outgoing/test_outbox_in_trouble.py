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
from tests.harness.outbox import HALFWAY, LOST, OutboxHarness, only


async def test_a_lost_message_is_replaced_and_its_offer_has_no_buttons(
    harness: OutboxHarness,
) -> None:
    shown = Shown(owner=1001, chat=1001, message=999)
    async with running(harness.tell_for_ever()):
        harness.show(a_proposal(shown=shown))
        card = await harness.phone.reads("Yes: BUY")

    assert "message is gone" in card.text
    assert card.labels == ()


async def test_what_followed_a_lost_message_is_told_where_it_stands_now(
    harness: OutboxHarness,
) -> None:
    shown = Shown(owner=1001, chat=1001, message=999)
    approved = a_proposal(
        shown=shown, state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
    )
    async with running(harness.tell_for_ever()):
        harness.show(approved, a_sent_order())
        await harness.told()
        harness.show(approved, a_sent_order(state=OrderState.ACKED))
        await harness.told()

    assert "working" in only(harness).text


async def test_flood_control_delays_one_matter_and_not_the_others(
    harness: OutboxHarness,
) -> None:
    shown = await harness.outbox.place("scan:7")
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    harness.server.faults.next("editMessageText", flooded)
    harness.show(a_proposal(shown=shown))
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.journal.comes_to(
            lambda: len(harness.journal.outbox.untold()) == 1
        )
        [waiting] = harness.journal.outbox.untold()
        await harness.told()

    assert waiting.news.key == "card:abcdefghij"
    assert "Yes: BUY" in harness.phone.heard[0].text


async def test_html_that_is_refused_is_told_as_plain_text(
    harness: OutboxHarness,
) -> None:
    refused = Fault(status=400, description="can't parse entities")
    harness.server.faults.next("sendMessage", refused)
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert only(harness).text.startswith("IB Gateway is not reachable")
    assert only(harness).content.entities == ()


async def test_what_is_refused_twice_does_not_block_the_rest(
    harness: OutboxHarness,
) -> None:
    refused = Fault(status=400, description="message is strange")
    harness.server.faults.next("sendMessage", refused, times=2)
    harness.tell(LOST, replace(LOST, since=NOW.replace(minute=50)))

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "09:50 ET" in only(harness).text


async def test_an_edit_without_an_answer_is_repeated(harness: OutboxHarness) -> None:
    shown = await harness.outbox.place("scan:7")
    harness.server.faults.next("editMessageText", Fault(drop=Drop.AFTER), times=2)
    harness.show(a_proposal(shown=shown))

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "Yes: BUY" in only(harness).text
    assert only(harness).edits == 1


async def test_an_announcement_without_an_answer_is_sent_at_most_twice(
    harness: OutboxHarness,
) -> None:
    harness.server.faults.next("sendMessage", Fault(drop=Drop.AFTER), times=5)
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert len(harness.phone.heard) == 2


async def test_what_was_not_taken_is_sent_until_it_is(harness: OutboxHarness) -> None:
    broken = Fault(status=500, description="Internal Server Error")
    harness.server.faults.next("sendMessage", broken, times=2)
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text
    assert harness.journal.outbox.untold() == ()


@pytest.mark.attack(12)
async def test_maintenance_in_the_place_of_an_answer_is_waited_out(
    harness: OutboxHarness,
) -> None:
    harness.server.faults.next("sendMessage", Fault(instead='{"status":"maintenance"}'))
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


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
    harness: OutboxHarness, result: str
) -> None:
    harness.server.faults.next(
        "sendMessage", Fault(instead=f'{{"ok":true,"result":{result}}}')
    )
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


@pytest.mark.attack(12)
async def test_an_edit_that_was_made_stands_whatever_its_answer_looks_like(
    harness: OutboxHarness,
) -> None:
    odd = Fault(instead='{"ok":true,"result":{"x":1}}')
    harness.server.faults.next("editMessageText", odd, times=2)
    shown = await harness.outbox.place("scan:1")

    async with running(harness.tell_for_ever()):
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    assert "Yes: BUY" in only(harness).text


async def test_a_bot_that_is_blocked_keeps_its_news(harness: OutboxHarness) -> None:
    blocked = Fault(status=403, description="Forbidden: bot was blocked by the user")
    harness.server.faults.next("sendMessage", blocked)
    harness.tell(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


async def test_news_of_an_earlier_run_is_told(harness: OutboxHarness, bot: Bot) -> None:
    harness.tell(LOST)
    later = OutboxHarness(bot, harness.journal, harness.server)

    async with running(later.tell_for_ever()):
        await later.told()

    assert "not reachable" in only(later).text


async def test_flood_control_of_progress_is_kept_and_the_card_still_comes(
    harness: OutboxHarness,
) -> None:
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.server.faults.next("editMessageText", flooded)
        harness.outbox.progress(shown, HALFWAY)
        await asyncio.sleep(0.1)
        harness.show(a_proposal(shown=shown))
        await harness.phone.reads("Yes: BUY")

    assert len(harness.calls("editMessageText")) == 2
