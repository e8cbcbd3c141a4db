"""What must be told is told: once, in its place, and with the newest state."""

import asyncio
from dataclasses import replace

import pytest

from bot import outbox, pace
from bot.sandbox.faults import Fault
from core.model.errors import NotifierAway
from core.model.news import InDoubt, ScanFailed, Settled
from core.model.order import OrderState
from core.model.proposal import ProposalId, ProposalState, Token
from tests.bot.hands import Halt, running
from tests.builders import NOW, a_proposal, a_sent_order
from tests.harness.outbox import HALFWAY, LOST, House, only


# placeholders


async def test_a_placeholder_stands_once_for_its_key(house: House) -> None:
    first = await house.outbox.place("scan:7")

    again = await house.outbox.place("scan:7")

    assert again == first
    assert only(house).text == "Scanning …"


async def test_two_places_at_once_for_one_key_are_one(house: House) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(house.outbox.place("report:7"))

    assert only(house).text.startswith("The report")


async def test_a_place_waits_as_long_as_it_is_told_to(house: House) -> None:
    flooded = Fault(status=429, description="Too Many Requests", retry_after=1)
    house.server.faults.next("sendMessage", flooded)

    shown = await house.outbox.place("scan:7")

    assert shown.message == only(house).message_id


async def test_a_place_that_will_never_be_is_said_so(house: House) -> None:
    refused = Fault(status=400, description="message text is strange")
    house.server.faults.next("sendMessage", refused, times=2)

    with pytest.raises(NotifierAway, match="strange"):
        await house.outbox.place("scan:7")


async def test_a_chat_that_cannot_be_reached_is_given_up_in_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "REACH", 0.05)
    house.server.faults.next("sendMessage", Fault(hold=asyncio.Event()))

    with pytest.raises(NotifierAway):
        await house.outbox.place("scan:7")

    assert house.journal.outbox.placed("scan:7") is None


# progress and cards


async def test_progress_and_then_the_card_stand_in_the_same_message(
    house: House,
) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.outbox.progress(shown, HALFWAY)
        await house.phone.reads("38 / 50")
        house.show(a_proposal(shown=shown))
        card = await house.phone.reads("Yes: BUY")

    assert card.message_id == shown.message
    assert card.labels[:2] == ("Yes, buy both", "No")
    assert only(house).edits == 2


async def test_progress_after_the_card_is_never_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "GAP", 0.0)
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.show(a_proposal(shown=shown))
        await house.told()
        house.outbox.progress(shown, HALFWAY)
        for second in (1, 2):  # the loop has been round when the second is told
            house.tell(replace(LOST, since=NOW.replace(second=second)))
            await house.told()

    assert "Yes: BUY" in house.phone.heard[0].text


async def test_progress_that_waits_for_its_turn_is_dropped_for_the_card(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "GAP", 0.2)
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.outbox.progress(shown, HALFWAY)
        await house.phone.reads("38 / 50")
        house.outbox.progress(shown, replace(HALFWAY, quotes=39))
        house.show(a_proposal(shown=shown))
        await house.told()
        await asyncio.sleep(0.3)  # longer than the gap: its turn would have come

    assert "Yes: BUY" in only(house).text


async def test_a_progress_edit_in_flight_ends_before_the_card_is_drawn(
    house: House,
) -> None:
    on_its_way = Halt()
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.server.faults.next("editMessageText", Fault(hold=on_its_way))
        house.outbox.progress(shown, HALFWAY)
        await on_its_way.reached.wait()
        house.show(a_proposal(shown=shown))
        on_its_way.set()
        await house.phone.reads("Yes: BUY")

    assert house.calls("editMessageText")[-1].startswith("<b>Top gainers")


@pytest.mark.attack(11)
async def test_a_card_does_not_wait_for_a_progress_edit_that_hangs(
    house: House,
) -> None:
    for_ever = Halt()
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.server.faults.next("editMessageText", Fault(hold=for_ever))
        house.outbox.progress(shown, HALFWAY)
        await for_ever.reached.wait()
        house.show(a_proposal(shown=shown))
        await house.told()

    assert "Yes: BUY" in only(house).text


async def test_a_card_that_changed_twice_is_drawn_as_it_is_now(house: House) -> None:
    shown = await house.outbox.place("scan:7")
    house.show(a_proposal(shown=shown))
    declined = a_proposal(
        shown=shown,
        state=ProposalState.DECLINED,
        decided_by="Sam",
        decided_at=NOW,
    )
    house.show(declined)

    async with running(house.tell_for_ever()):
        await house.told()

    assert len(house.calls("editMessageText")) == 1
    assert only(house).text.startswith("No, said Sam")


async def test_a_card_that_changes_while_it_is_drawn_is_drawn_again(
    house: House,
) -> None:
    on_its_way = Halt()
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.server.faults.next("editMessageText", Fault(hold=on_its_way))
        house.show(a_proposal(shown=shown))
        await on_its_way.reached.wait()
        house.show(a_proposal(shown=shown, note="it has moved"))
        on_its_way.set()
        await house.phone.reads("It has moved.")


async def test_a_card_replaced_in_its_place_stays_replaced(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        old = a_proposal(shown=shown)
        house.offer(old)
        await house.told()
        newer = replace(
            old,
            id=ProposalId("newernewer"),
            token=Token("newer"),
            made_at=NOW.replace(minute=42),
            note="FDMX is at 27.40 now",
        )
        house.offer(newer)
        await house.told()
        house.show(replace(old, state=ProposalState.SUPERSEDED))
        await house.told()

    assert "FDMX is at 27.40 now" in only(house).text


async def test_a_failed_scan_takes_the_place_of_its_progress(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.tell(ScanFailed(shown=shown, problem="the scanner said no"))
        failed = await house.phone.reads("The scanner said no.")

    assert failed.message_id == shown.message
    assert failed.labels == ("Scan again",)


async def test_a_burst_of_changes_is_gathered_into_a_few_edits(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        for second in range(8):
            house.show(a_proposal(shown=shown, note=f"change {second}"))
            await asyncio.sleep(0.02)
        await house.told()

    assert len(house.calls("editMessageText")) <= 5
    assert "Change 7." in only(house).text


# questions and answers


async def test_a_doubt_is_asked_with_its_buttons(house: House) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, reason="the answer was lost")
    with house.journal.transaction():
        house.journal.proposals.add(a_proposal())
        house.journal.orders.add(a_sent_order())
        house.journal.orders.update(order, was=OrderState.SENDING)
    house.tell(InDoubt(ref=order.ref, position_now=100))

    async with running(house.tell_for_ever()):
        asked = await house.phone.reads("Is it there")

    assert "position then 0, now 100" in asked.text
    assert asked.labels == (
        "It is there",
        "It is not there",
        "It was filled: 100 at about 4.83",
        "Ask me later",
    )
    assert asked.edits == 1


async def test_a_question_that_cannot_be_put_is_put_later(house: House) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN)
    with house.journal.transaction():
        house.journal.proposals.add(a_proposal())
        house.journal.orders.add(a_sent_order())
        house.journal.orders.update(order, was=OrderState.SENDING)
    refused = Fault(status=400, description="message is strange")
    house.server.faults.next("sendMessage", refused, times=2)
    house.tell(InDoubt(ref=order.ref, position_now=None))

    async with running(house.tell_for_ever()):
        await house.phone.reads("Is it there")


async def test_a_doubt_that_ended_before_it_was_told_is_not_asked(
    house: House,
) -> None:
    with house.journal.transaction():
        house.journal.proposals.add(a_proposal())
        house.journal.orders.add(a_sent_order())
    house.tell(InDoubt(ref=a_sent_order().ref, position_now=100))

    async with running(house.tell_for_ever()):
        await house.told()

    assert house.phone.heard == ()


async def test_how_it_ended_answers_the_card(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.show(
            a_proposal(shown=shown, state=ProposalState.APPROVED),
            a_sent_order(state=OrderState.REJECTED, reason="insufficient funds"),
        )
        house.tell(Settled(proposal_id=a_proposal().id))
        card = await house.phone.reads("Yes, said")
        settled = await house.phone.reads("Refused", after=card)

    assert settled.reply_to
    assert settled.reply_to.message_id == shown.message
    assert "Insufficient funds." in settled.text
