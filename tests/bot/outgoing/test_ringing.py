"""What rings carries the news: once, in its first line, and no placeholder stays."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import pytest
from telegram import Bot

from bot.outgoing.chat import always
from bot.outgoing.packing import packed
from bot.outgoing.page import Page
from bot.sandbox.faults import Drop, Fault
from core.model.card import Card
from core.model.news import (
    AskedAgain,
    ChatSend,
    News,
    ReportReady,
    ScanFailed,
    Settled,
)
from core.model.points import OUTBOX_SENT
from core.model.proposal import ProposalId, ProposalState, Shown, Token
from tests.bot.hands import Halt, running
from tests.bot.values import a_report
from tests.builders import NOW, a_proposal, a_sent_order
from tests.harness.outbox import HALFWAY, LOST, OutboxHarness, only


KEYS: Final = ("scan:7", "report:2026-11-23", "buy:7", "sell:7", "panic:7")
ONCE: Final = 1


def failed(shown: Shown) -> News:
    return ScanFailed(shown=shown, problem="IB has no data")


def reported(shown: Shown) -> News:
    return ReportReady(shown=shown, report=a_report())


class Killed(Exception):
    """The process ended there."""


def killed_at(harness: OutboxHarness, point: str, *, passes: int) -> None:
    """Have the next run end when it passes *point* for the so manieth time."""
    left = passes

    def reached(name: str) -> None:
        nonlocal left
        left -= name == point
        if left == 0 and name == point:
            raise Killed

    harness.chat._passed = reached


@pytest.mark.parametrize("key", KEYS)
async def test_a_placeholder_is_silent_and_the_card_rings(
    harness: OutboxHarness, key: str
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place(key)
        before = harness.phone.rings
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    assert before == 0
    assert harness.phone.rings == ONCE
    assert "Yes buys" in only(harness).text


@pytest.mark.parametrize(
    ("news", "first_line"),
    [(failed, "No card. IB has no data"), (reported, "Good morning · $101,240")],
    ids=["a failed scan", "a report"],
)
async def test_what_was_waited_for_rings_with_its_news_in_the_first_line(
    harness: OutboxHarness, news: Callable[[Shown], News], first_line: str
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("report:2026-11-23")
        harness.notify(news(shown))
        await harness.told()

    message = only(harness)
    assert not message.silent
    assert first_line in message.text.splitlines()[0]


async def test_progress_never_rings(harness: OutboxHarness) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.outbox.progress(shown, HALFWAY)
        await harness.phone.reads("38 / 50")

    assert harness.phone.rings == 0
    assert only(harness).message_id == shown.message


async def test_a_tap_counts_where_the_card_rang(harness: OutboxHarness) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    assert harness.stands(a_proposal()).message == only(harness).message_id


async def test_buttons_come_only_when_the_journal_knows_their_message(
    harness: OutboxHarness,
) -> None:
    on_its_way = Halt()
    harness.server.faults.next("editMessageText", Fault(hold=on_its_way))
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await on_its_way.reached.wait()
        rung = harness.phone.received[-1]
        known = harness.stands(a_proposal()).message
        on_its_way.set()
        await harness.told()

    assert rung.labels == ()
    assert known == rung.message_id
    assert only(harness).labels[:2] == ("Yes, buy both", "No")


async def test_after_yes_the_card_is_edited_and_the_fill_is_one_new_message(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await harness.told()
        card = only(harness)
        approved = a_proposal(
            shown=harness.stands(a_proposal()),
            state=ProposalState.APPROVED,
            decided_by="Sam",
            decided_at=NOW,
        )
        harness.show(approved, a_sent_order())
        harness.notify(Settled(proposal_id=approved.id))
        await harness.told()

    then, settled = harness.phone.received
    assert then.message_id == card.message_id
    assert not settled.silent
    assert harness.phone.rings == ONCE + 1


async def test_a_card_that_asks_again_rings_once_by_the_news_that_says_why(
    harness: OutboxHarness,
) -> None:
    old = a_proposal(state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW)
    async with running(harness.tell_for_ever()):
        again = await harness.outbox.place(f"again:{old.id}")
        card = a_proposal(id=ProposalId("newer"), token=Token("newer"), shown=again)
        harness.offer(card)
        harness.notify(AskedAgain(proposal_id=card.id, reason="the price moved"))
        await harness.told()

    loud = [message for message in harness.phone.received if not message.silent]
    assert [message.text.splitlines()[0].split(":")[0] for message in loud] == [
        "Not bought"
    ]


# stops in between


@pytest.mark.parametrize("passes", [1, 2, 3])
@pytest.mark.parametrize(
    "news", [failed, reported, None], ids=["scan", "report", "card"]
)
async def test_a_stop_behind_any_send_rings_no_second_time(
    harness: OutboxHarness,
    bot: Bot,
    news: Callable[[Shown], News] | None,
    passes: int,
) -> None:
    """The first send is the news, what follows its buttons and its next words."""
    said = await harness.phone.send("/scan")
    harness.chat.arrived(said.message_id)
    shown = await harness.outbox.place("scan:7")
    killed_at(harness, OUTBOX_SENT, passes=passes)

    async def main() -> None:
        if news is None:
            harness.offer(a_proposal(shown=shown))
        else:
            harness.notify(news(shown))
        if passes > ONCE:
            await harness.told()
            harness.notify(LOST)

    with suppress(ExceptionGroup):
        async with running(harness.tell_for_ever()):
            await main()
            await asyncio.sleep(5)
    later = OutboxHarness(bot, harness.journal, harness.server)
    later.cards.deal(Card(proposal=a_proposal(shown=shown), orders=(), opens=None))

    async with running(later.tell_for_ever()):
        await later.told()

    news_itself = later.phone.received[0]
    assert not news_itself.silent
    assert shown.message not in {m.message_id for m in later.phone.received}
    texts = [message.text for message in later.phone.received]
    assert len(texts) == len(set(texts))


async def test_a_stop_before_the_placeholder_is_taken_away_takes_it_then(
    harness: OutboxHarness, bot: Bot
) -> None:
    never = Halt()
    harness.server.faults.next("deleteMessage", Fault(hold=never, drop=Drop.BEFORE))
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("report:2026-11-23")
        harness.notify(reported(shown))
        await never.reached.wait()
    between = len(harness.phone.received)
    later = OutboxHarness(bot, harness.journal, harness.server)

    async with running(later.tell_for_ever()):
        await later.told()

    assert between == ONCE + 1
    assert later.phone.rings == ONCE
    assert only(later).text.startswith("Good morning")


async def test_a_report_that_is_made_once_more_changes_the_one_that_rang(
    harness: OutboxHarness,
) -> None:
    """A stop before the store knew that the report had been sent."""
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("report:2026-11-23")
        harness.notify(reported(shown))
        await harness.told()
        again = await harness.outbox.place("report:2026-11-23")
        harness.notify(reported(again))
        await harness.told()

    assert harness.phone.rings == ONCE
    assert again.message == only(harness).message_id


async def test_a_record_that_comes_again_for_a_deleted_one_does_not_ring(
    harness: OutboxHarness,
) -> None:
    """It would have been an edit; what rings of its orders is news of its own."""
    async with running(harness.tell_for_ever()):
        harness.offer(a_proposal(shown=await harness.outbox.place("scan:7")))
        await harness.told()
        shown = harness.stands(a_proposal())
        harness.server.chats.delete(shown.chat, shown.message)
        harness.show(a_proposal(shown=shown, state=ProposalState.APPROVED))
        await harness.told()

    assert only(harness).message_id != shown.message
    assert harness.phone.rings == 0


async def test_a_placeholder_that_cannot_be_deleted_says_where_to_look(
    harness: OutboxHarness,
) -> None:
    kept = Fault(status=400, description="message can't be deleted for everyone")
    harness.server.faults.next("deleteMessage", kept)
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    placeholder, card = harness.phone.received
    assert placeholder.text == "It stands below."
    assert "Yes buys" in card.text


async def test_a_message_that_stood_before_a_stop_is_not_placed_again(
    harness: OutboxHarness,
) -> None:
    """The stop came when its number was on disk, and its key was not yet."""
    page = Page(text="Scanning …")
    sent = ChatSend(key="scan:7", after=None, body=packed(page), message=5)
    with harness.journal.transaction():
        harness.journal.memory.set_chat_send(sent)

    placed = await harness.chat.place("scan:7", always(page))

    assert placed.message == sent.message
    assert harness.phone.received == ()
