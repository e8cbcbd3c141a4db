"""What must be told is told, whatever Telegram does meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from telegram import Bot

from bot.outgoing import outbox
from bot.sandbox.faults import Drop, Fault
from core.model.order import OrderState
from core.model.proposal import ProposalState, Shown
from tests.bot.hands import running
from tests.builders import NOW, a_proposal, a_sent_order
from tests.harness.outbox import HALFWAY, LOST, OutboxHarness, only
from tests.harness.waiting import until


FLOOD = 429


@pytest.mark.attack(15)
async def test_an_offer_whose_message_is_gone_moves_with_its_buttons(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.server.chats.delete(shown.chat, shown.message)
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    card = only(harness)
    assert card.labels[:2] == ("Yes, buy both", "No")
    assert card.message_id != shown.message
    assert harness.stands(a_proposal()) == replace(shown, message=card.message_id)


async def _sent_again(harness: OutboxHarness, meanwhile: Callable[[], None]) -> None:
    """An offer's message is deleted; *meanwhile* happens while Telegram is awaited."""
    harness.offer(a_proposal(shown=await harness.outbox.place("scan:7")))
    await harness.told()
    shown = harness.stands(a_proposal())
    harness.server.chats.delete(shown.chat, shown.message)
    flooded = Fault(status=FLOOD, description="Too Many Requests", retry_after=5)
    harness.server.faults.next("sendMessage", flooded)
    harness.show(a_proposal(shown=shown, note="Asked again."))
    await until(lambda: any(call.status == FLOOD for call in harness.server.calls))
    with harness.journal.transaction():
        meanwhile()
    await harness.told()


async def test_an_offer_that_ends_while_its_message_is_sent_again_stays_ended(
    harness: OutboxHarness,
) -> None:
    proposals, offer = harness.journal.proposals, a_proposal()

    def end() -> None:
        expired = ProposalState.EXPIRED
        assert proposals.move(offer.id, to=expired, by="", at=NOW, shown=None)

    async with running(harness.tell_for_ever()):
        await _sent_again(harness, end)

    kept = proposals.by_id(offer.id)
    assert kept
    assert kept.state is ProposalState.EXPIRED
    assert kept.shown.message == only(harness).message_id


async def test_an_offer_that_changes_while_its_message_is_sent_again_keeps_the_change(
    harness: OutboxHarness,
) -> None:
    proposals, offer = harness.journal.proposals, a_proposal()

    def change() -> None:
        kept = proposals.by_id(offer.id)
        assert kept
        proposals.amend(replace(kept, note="The price has moved."))

    async with running(harness.tell_for_ever()):
        await _sent_again(harness, change)

    kept = proposals.by_id(offer.id)
    assert kept
    assert kept.note == "The price has moved."
    assert kept.shown.message == only(harness).message_id


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


@pytest.mark.attack(14)
async def test_flood_control_holds_the_whole_chat(harness: OutboxHarness) -> None:
    shown = await harness.outbox.place("scan:7")
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    harness.server.faults.next("editMessageText", flooded)
    harness.show(a_proposal(shown=shown))
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    calls = list(harness.server.calls)
    at = next(n for n, call in enumerate(calls) if call.status == FLOOD)
    first, then, last = calls[at : at + 3]
    assert (then.method, last.method) == ("editMessageText", "sendMessage")
    assert then.at - first.at >= 1


async def test_html_that_is_refused_is_told_as_plain_text(
    harness: OutboxHarness,
) -> None:
    refused = Fault(status=400, description="can't parse entities")
    harness.server.faults.next("sendMessage", refused)
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert only(harness).text.startswith("IB Gateway is not reachable")
    assert only(harness).content.entities == ()


@pytest.mark.attack(14)
async def test_what_is_refused_blocks_nothing_and_is_not_given_up(
    harness: OutboxHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "REFUSED_PAUSE", 0.2)
    refused = Fault(status=400, description="message is strange")
    harness.server.faults.next("sendMessage", refused, times=2)
    harness.notify(LOST, replace(LOST, since=NOW.replace(minute=50)))

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert ["09:50 ET" in m.text for m in harness.phone.received] == [True, False]


async def test_an_edit_without_an_answer_is_repeated(harness: OutboxHarness) -> None:
    shown = await harness.outbox.place("scan:7")
    harness.server.faults.next("editMessageText", Fault(drop=Drop.AFTER), times=2)
    harness.show(a_proposal(shown=shown))

    async with running(harness.tell_for_ever()):
        await harness.told()

    card = only(harness)
    assert "Yes buys" in card.text
    assert card.labels[:2] == ("Yes, buy both", "No")


CUT, UNANSWERED = Fault(drop=Drop.BEFORE), Fault(drop=Drop.AFTER)
BAD_GATEWAY, WAIT = Fault(status=502), Fault(status=429, retry_after=1)


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    "faults",
    [
        [CUT] * 3,
        [UNANSWERED] * 3,
        [CUT, UNANSWERED],
        [UNANSWERED, CUT],
        [BAD_GATEWAY, UNANSWERED],
        [UNANSWERED, WAIT],
        [WAIT, CUT, BAD_GATEWAY],
    ],
    ids=[
        "cut three times",
        "unanswered three times",
        "cut, then unanswered",
        "unanswered, then cut",
        "502, then unanswered",
        "unanswered, then 429",
        "429, cut, 502",
    ],
)
async def test_an_announcement_whose_answers_are_lost_stands_once(
    harness: OutboxHarness, faults: list[Fault]
) -> None:
    await harness.phone.send("/scan")
    harness.chat.arrived(harness.phone.messages[-1].message_id)
    for fault in faults:
        harness.server.faults.next("sendMessage", fault)
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text
    assert only(harness).edits == 0


async def test_what_was_not_taken_is_sent_until_it_is(harness: OutboxHarness) -> None:
    broken = Fault(status=500, description="Internal Server Error")
    harness.server.faults.next("sendMessage", broken, times=2)
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text
    assert harness.journal.outbox.unsent() == ()


@pytest.mark.attack(12)
async def test_maintenance_in_the_place_of_an_answer_is_waited_out(
    harness: OutboxHarness,
) -> None:
    harness.server.faults.next("sendMessage", Fault(instead='{"status":"maintenance"}'))
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


@pytest.mark.attack(12)
@pytest.mark.parametrize("result", ["null", "{}", '"x"', "false", '{"x":1}'])
async def test_what_was_not_taken_is_sent_again_though_its_answer_says_ok(
    harness: OutboxHarness, result: str
) -> None:
    """Something on the way answered. It was taken for sent, and "Bought" never came."""
    not_taken = Fault(instead=f'{{"result":{result},"ok":true}}')
    harness.server.faults.next("sendMessage", not_taken, times=2)
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


@pytest.mark.attack(12)
async def test_what_was_taken_is_not_sent_again_for_an_answer_that_nobody_can_read(
    harness: OutboxHarness,
) -> None:
    made = '{"message_id":7,"date":0,"chat":{"id":1,"type":"private"},"entities":[{}]}'
    odd = Fault(instead=f'{{"ok":true,"result":{made}}}')
    harness.server.faults.next("sendMessage", odd)
    harness.notify(LOST)

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

    assert "Yes buys" in only(harness).text


async def test_a_bot_that_is_blocked_keeps_its_news(harness: OutboxHarness) -> None:
    blocked = Fault(status=403, description="Forbidden: bot was blocked by the user")
    harness.server.faults.next("sendMessage", blocked)
    harness.notify(LOST)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert "not reachable" in only(harness).text


async def test_news_of_an_earlier_run_is_told(harness: OutboxHarness, bot: Bot) -> None:
    harness.notify(LOST)
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
        await harness.told()

    assert "Yes buys" in only(harness).text
