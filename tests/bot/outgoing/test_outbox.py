"""What must be told is told: once, in its place, and with the newest state."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.outgoing import outbox, pace
from bot.sandbox.faults import Fault
from core.model.errors import NotifierAway
from core.model.news import InDoubt, ScanFailed, Settled
from core.model.order import OrderState
from core.model.proposal import ProposalId, ProposalState, Token
from tests.bot.hands import Halt, running
from tests.builders import NOW, a_proposal, a_sent_order
from tests.harness.outbox import HALFWAY, LOST, OutboxHarness, only


# placeholders


async def test_a_placeholder_stands_once_for_its_key(harness: OutboxHarness) -> None:
    first = await harness.outbox.place("scan:7")

    again = await harness.outbox.place("scan:7")

    assert again == first
    assert only(harness).text == "Scanning …"


async def test_two_places_at_once_for_one_key_are_one(harness: OutboxHarness) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(harness.outbox.place("report:7"))

    assert only(harness).text.startswith("The report")


async def test_a_place_waits_as_long_as_it_is_told_to(harness: OutboxHarness) -> None:
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    harness.server.faults.next("sendMessage", flooded)

    shown = await harness.outbox.place("scan:7")

    assert shown.message == only(harness).message_id


async def test_a_place_that_will_never_be_is_said_so(harness: OutboxHarness) -> None:
    refused = Fault(status=400, description="message text is strange")
    harness.server.faults.next("sendMessage", refused, times=2)

    with pytest.raises(NotifierAway, match="strange"):
        await harness.outbox.place("scan:7")


async def test_a_chat_that_cannot_be_reached_is_given_up_in_time(
    harness: OutboxHarness,
) -> None:
    harness.server.faults.next("sendMessage", Fault(hold=asyncio.Event()))

    with pytest.raises(NotifierAway):
        await harness.outbox.place("scan:7", within=0.05)

    assert harness.journal.outbox.placed("scan:7") is None


# progress and cards


async def test_progress_is_silent_and_the_card_rings_in_its_place(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.outbox.progress(shown, HALFWAY)
        await harness.phone.reads("38 / 50")
        harness.show(a_proposal(shown=shown))
        await harness.told()

    card = only(harness)
    assert not card.silent
    assert card.message_id != shown.message
    assert card.labels[:2] == ("Yes, buy both", "No")


async def test_progress_after_the_card_is_never_shown(
    harness: OutboxHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "GAP", 0.0)
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.show(a_proposal(shown=shown))
        await harness.told()
        harness.outbox.progress(shown, HALFWAY)
        for second in (1, 2):  # the loop has been round when the second is told
            harness.notify(replace(LOST, since=NOW.replace(second=second)))
            await harness.told()

    assert "Yes buys" in harness.phone.received[0].text


async def test_progress_that_waits_for_its_turn_is_dropped_for_the_card(
    harness: OutboxHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "GAP", 0.2)
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.outbox.progress(shown, HALFWAY)
        await harness.phone.reads("38 / 50")
        harness.outbox.progress(shown, replace(HALFWAY, quotes=39))
        harness.show(a_proposal(shown=shown))
        await harness.told()
        await asyncio.sleep(0.3)  # longer than the gap: its turn would have come

    assert "Yes buys" in only(harness).text


async def test_a_progress_edit_in_flight_ends_before_the_card_is_drawn(
    harness: OutboxHarness,
) -> None:
    on_its_way = Halt()
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.server.faults.next("editMessageText", Fault(hold=on_its_way))
        harness.outbox.progress(shown, HALFWAY)
        await on_its_way.reached.wait()
        harness.show(a_proposal(shown=shown))
        on_its_way.set()
        await harness.told()

    assert "Yes buys" in only(harness).text


@pytest.mark.attack(11)
async def test_a_card_does_not_wait_for_a_progress_edit_that_hangs(
    harness: OutboxHarness,
) -> None:
    for_ever = Halt()
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.server.faults.next("editMessageText", Fault(hold=for_ever))
        harness.outbox.progress(shown, HALFWAY)
        await for_ever.reached.wait()
        harness.show(a_proposal(shown=shown))
        await harness.told()

    assert "Yes buys" in only(harness).text


async def test_a_card_that_changed_twice_is_drawn_as_it_is_now(
    harness: OutboxHarness,
) -> None:
    shown = await harness.outbox.place("scan:7")
    harness.show(a_proposal(shown=shown))
    declined = a_proposal(
        shown=shown,
        state=ProposalState.DECLINED,
        decided_by="Sam",
        decided_at=NOW,
    )
    harness.show(declined)

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert len(harness.calls("editMessageText")) == 1
    assert only(harness).text.startswith("No, said Sam")


async def test_a_card_that_changes_while_it_is_drawn_is_drawn_again(
    harness: OutboxHarness,
) -> None:
    on_its_way = Halt()
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.server.faults.next("editMessageText", Fault(hold=on_its_way))
        harness.show(a_proposal(shown=shown))
        await on_its_way.reached.wait()
        harness.show(a_proposal(shown=shown, note="it has moved"))
        on_its_way.set()
        await harness.phone.reads("It has moved.")


async def test_a_card_replaced_in_its_place_stays_replaced(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        old = a_proposal(shown=shown)
        harness.offer(old)
        await harness.told()
        newer = replace(
            old,
            shown=harness.stands(old),
            id=ProposalId("newernewer"),
            token=Token("newer"),
            made_at=NOW.replace(minute=42),
            note="FDMX is at 27.40 now",
        )
        harness.offer(newer)
        await harness.told()
        harness.show(replace(old, shown=newer.shown, state=ProposalState.SUPERSEDED))
        await harness.told()

    assert "FDMX is at 27.40 now" in only(harness).text


async def test_a_failed_scan_rings_in_the_place_of_its_progress(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.notify(ScanFailed(shown=shown, problem="the scanner said no"))
        await harness.told()

    failed = only(harness)
    assert not failed.silent
    assert "The scanner said no." in failed.text
    assert failed.labels == ("Scan again",)


async def test_a_burst_of_changes_is_gathered_into_a_few_edits(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        for second in range(8):
            harness.show(a_proposal(shown=shown, note=f"change {second}"))
            await asyncio.sleep(0.02)
        await harness.told()

    assert len(harness.calls("editMessageText")) <= 5
    assert "Change 7." in only(harness).text


# questions and answers


async def test_a_doubt_is_asked_with_its_buttons(harness: OutboxHarness) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, reason="the answer was lost")
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal())
        harness.journal.orders.add(a_sent_order())
        harness.journal.orders.update(order, was=OrderState.SENDING)
    harness.notify(InDoubt(ref=order.ref, position_now=Decimal(100)))

    async with running(harness.tell_for_ever()):
        await harness.told()

    asked = only(harness)
    assert not asked.silent
    assert "position then 0, now 100" in asked.text
    assert asked.labels == (
        "It is there",
        "It is not there",
        "It was filled: 100 at about 4.83",
        "Ask me later",
    )


async def test_a_question_that_cannot_be_put_is_put_later(
    harness: OutboxHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "REFUSED_PAUSE", 0.05)
    order = a_sent_order(state=OrderState.UNKNOWN)
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal())
        harness.journal.orders.add(a_sent_order())
        harness.journal.orders.update(order, was=OrderState.SENDING)
    refused = Fault(status=400, description="message is strange")
    harness.server.faults.next("sendMessage", refused, times=2)
    harness.notify(InDoubt(ref=order.ref, position_now=None))

    async with running(harness.tell_for_ever()):
        await harness.phone.reads("Is it there")


async def test_a_doubt_that_ended_before_it_was_told_is_not_asked(
    harness: OutboxHarness,
) -> None:
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal())
        harness.journal.orders.add(a_sent_order())
    harness.notify(InDoubt(ref=a_sent_order().ref, position_now=Decimal(100)))

    async with running(harness.tell_for_ever()):
        await harness.told()

    assert harness.phone.received == ()


async def test_how_it_ended_answers_the_card(harness: OutboxHarness) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.show(
            a_proposal(shown=shown, state=ProposalState.APPROVED),
            a_sent_order(state=OrderState.REJECTED, reason="insufficient funds"),
        )
        harness.notify(Settled(proposal_id=a_proposal().id))
        card = await harness.phone.reads("Yes, said")
        settled = await harness.phone.reads("Refused", after=card)

    assert settled.reply_to
    assert settled.reply_to.message_id == shown.message
    assert "Insufficient funds." in settled.text
