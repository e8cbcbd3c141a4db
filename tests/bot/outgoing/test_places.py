"""No placeholder, no doubt and no dead button stays."""

from decimal import Decimal

import pytest
from telegram import Bot

from bot.keyboards import for_failed_scan, for_orders
from bot.outgoing import outbox
from bot.outgoing.page import Page
from bot.sandbox.faults import Drop, Fault
from core.model.news import InDoubt, Settled
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState
from tests.bot.hands import running
from tests.builders import NOW, a_fill, a_proposal, a_sent_order
from tests.harness.outbox import OutboxHarness, only


@pytest.mark.attack(15)
@pytest.mark.parametrize(
    "faults",
    [
        [Fault(drop=Drop.AFTER)],
        [Fault(drop=Drop.AFTER)] * 2,
        [Fault(drop=Drop.BEFORE), Fault(drop=Drop.AFTER)],
        [Fault(status=502), Fault(drop=Drop.AFTER)],
        [Fault(status=429, retry_after=1), Fault(drop=Drop.AFTER)],
    ],
    ids=["once", "twice", "cut, then lost", "502, then lost", "429, then lost"],
)
async def test_a_placeholder_whose_answer_was_lost_becomes_the_card(
    harness: OutboxHarness, faults: list[Fault]
) -> None:
    said = await harness.phone.send("/scan")
    harness.chat.arrived(said.message_id)
    for fault in faults:
        harness.server.faults.next("sendMessage", fault)
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await harness.told()

    assert "Yes buys" in only(harness).text


@pytest.mark.attack(15)
@pytest.mark.parametrize(
    ("kind", "again"),
    [
        *((kind, kind) for kind in ("scan", "report", "buy", "sell", "panic", "exits")),
        *((kind, "schedule") for kind in ("brief", "summary")),
    ],
)
async def test_a_placeholder_that_nothing_came_of_says_so_in_the_end(
    harness: OutboxHarness,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    again: str,
) -> None:
    await harness.outbox.place(f"{kind}:7")
    monkeypatch.setattr(outbox, "ABANDONED", 0.0)
    later = OutboxHarness(bot, harness.journal, harness.server)

    async with running(later.tell_for_ever()):
        closed = await later.phone.reads("Nothing came of this")

        await later.journal.comes_to(
            lambda: not later.journal.outbox.open_places(),
        )

    assert f"/{again} tries again" in closed.text


@pytest.mark.attack(15)
async def test_a_card_is_never_taken_for_a_placeholder_that_nothing_came_of(
    harness: OutboxHarness, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.offer(a_proposal(shown=shown))
        await harness.told()
    monkeypatch.setattr(outbox, "ABANDONED", 0.0)
    later = OutboxHarness(bot, harness.journal, harness.server)

    async with running(later.tell_for_ever()):
        later.notify(Settled(proposal_id=a_proposal().id))
        await later.told()

    assert "Yes buys" in harness.phone.received[0].text


@pytest.mark.attack(15)
@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (
            a_sent_order(state=OrderState.FILLED, fills=(a_fill(),)),
            "No longer in doubt: 100 QRVX",
        ),
        (
            a_sent_order(
                state=OrderState.CLOSED_BY_HUMAN, reason="Sam says it is there"
            ),
            "Sam says it is there.",
        ),
    ],
)
async def test_a_question_closes_when_the_doubt_does(
    harness: OutboxHarness, ended: Order, said: str
) -> None:
    doubt = InDoubt(ref=a_sent_order().ref, position_now=Decimal(100))
    unknown = a_sent_order(state=OrderState.UNKNOWN)
    with harness.journal.transaction():
        harness.journal.proposals.add(a_proposal())
        harness.journal.orders.add(a_sent_order())
        harness.journal.orders.update(unknown, was=OrderState.SENDING)
    harness.notify(doubt)
    async with running(harness.tell_for_ever()):
        question = await harness.phone.reads("Is it there")
        await harness.told()
        with harness.journal.transaction():
            harness.journal.orders.update(ended, was=OrderState.UNKNOWN)
        harness.notify(doubt)
        closed = await harness.phone.reads(said)

    assert closed.message_id == question.message_id
    assert closed.labels == ()


@pytest.mark.attack(15)
async def test_a_card_that_was_deleted_comes_again_with_the_buttons_that_act(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        harness.show(a_proposal(shown=shown))
        await harness.told()
        harness.server.chats.delete(shown.chat, only(harness).message_id)
        approved = a_proposal(
            shown=shown, state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
        )
        harness.show(approved, a_sent_order(state=OrderState.ACKED))
        card = await harness.phone.reads("working")

    assert card.labels == ("Cancel QRVX 100", "All 2", "Charts")


@pytest.mark.attack(24)
async def test_a_card_that_looks_the_same_is_not_edited(
    harness: OutboxHarness,
) -> None:
    async with running(harness.tell_for_ever()):
        shown = await harness.outbox.place("scan:7")
        for _ in range(3):
            harness.show(a_proposal(shown=shown))
            await harness.told()

    assert len(harness.calls("editMessageText")) == 1


@pytest.mark.attack(15)
async def test_buttons_that_act_no_more_go(harness: OutboxHarness) -> None:
    left = [for_failed_scan()]
    page = Page(
        text="a list", keyboard=left[0], follows=lambda: left[0] if left else None
    )
    await harness.chat.post("answer:7:1", lambda: page)
    before = only(harness).labels
    async with running(harness.tell_for_ever()):
        left.clear()
        harness.outbox.wake()
        await harness.phone.wait_for(lambda phone: not phone.received[0].labels)

    assert before == ("Scan again",)
    assert only(harness).text == "a list"


@pytest.mark.attack(15)
async def test_no_button_comes_to_a_message_that_does_not_speak_of_it(
    harness: OutboxHarness,
) -> None:
    """A list that says "nothing of mine is working" got "Cancel QRVX" when an order was
    sent later."""
    works = [a_sent_order(leg=2)]
    page = Page(
        text="a list", keyboard=for_orders(works), follows=lambda: for_orders(works)
    )
    await harness.chat.post("answer:7:1", lambda: page)
    works.append(a_sent_order())
    async with running(harness.tell_for_ever()):
        harness.outbox.wake()
        await harness.told()

    assert only(harness).labels == ("Cancel FDMX 100", "Refresh")


async def test_a_question_that_is_over_says_so(harness: OutboxHarness) -> None:
    asks = [for_failed_scan()]
    page = Page(
        text="Trading is halted.",
        keyboard=asks[0],
        follows=lambda: asks[0] if asks else None,
        over="No longer asked.",
    )
    await harness.chat.post("answer:7:1", lambda: page)
    asks.clear()
    async with running(harness.tell_for_ever()):
        harness.outbox.wake()
        await harness.phone.wait_for(lambda phone: not phone.received[0].labels)

    assert only(harness).text == "No longer asked."
