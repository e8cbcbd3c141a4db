"""What must be told is told: once, in its place, and with the newest state."""

import asyncio
from dataclasses import replace

import pytest
from telegram import Bot

from bot.outbox import Outbox
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.nouns import Message
from bot.sandbox.server import BotApiServer
from core.model.card import Card
from core.model.errors import NotifierAway
from core.model.news import CardChanged, InDoubt, LineLost, News, ScanFailed, Settled
from core.model.order import Order, OrderState
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.status import ScanProgress
from tests.bot.hands import RingingJournal, running
from tests.builders import NOW, a_proposal, a_sent_order


LOST = LineLost(since=NOW, reason="connection refused")
HALFWAY = ScanProgress(
    code="TOP_PERC_GAIN",
    location="STK.US.MAJOR",
    rows=50,
    scanner_seconds=0.6,
    quotes=38,
)


class House:
    """An outbox at work, and the core's side of it."""

    def __init__(self, bot: Bot, journal: RingingJournal, server: BotApiServer) -> None:
        self.journal = journal
        self.server = server
        self.phone = server.phone
        self.outbox = Outbox(
            bot=bot,
            store=journal,
            owner=server.phone.user.id,
            scan_code="TOP_PERC_GAIN",
        )
        self.cards: dict[ProposalId, Card] = {}

    async def tell_for_ever(self) -> None:
        await self.outbox.run(card_of=self.cards.get)

    def tell(self, *news: News) -> None:
        with self.journal.transaction():
            for each in news:
                self.journal.tell(each)
        self.outbox.wake()

    def show(self, proposal: Proposal, *orders: Order) -> None:
        """Have the card drawn as it is now."""
        self.cards[proposal.id] = Card(proposal=proposal, orders=orders, opens=None)
        self.tell(CardChanged(proposal_id=proposal.id))

    async def told(self) -> None:
        """Return when nothing is left to be told."""
        await self.journal.comes_to(lambda: not self.journal.untold())

    def calls(self, method: str) -> list[str]:
        return [
            str(call.values.get("text", ""))
            for call in self.server.calls
            if call.method == method
        ]


@pytest.fixture
def house(bot: Bot, journal: RingingJournal, server: BotApiServer) -> House:
    return House(bot, journal, server)


def only(house: House) -> Message:
    [message] = house.phone.heard
    return message


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


async def test_progress_after_the_card_is_never_shown(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.show(a_proposal(shown=shown))
        await house.told()
        house.outbox.progress(shown, HALFWAY)
        house.tell(LOST)
        await house.told()

    assert "Yes: BUY" in house.phone.heard[0].text


async def test_a_progress_edit_in_flight_ends_before_the_card_is_drawn(
    house: House,
) -> None:
    let_go = asyncio.Event()
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        house.server.faults.next("editMessageText", Fault(hold=let_go))
        house.outbox.progress(shown, HALFWAY)
        await asyncio.sleep(0)
        house.show(a_proposal(shown=shown))
        let_go.set()
        await house.phone.reads("Yes: BUY")

    assert house.calls("editMessageText")[-1].startswith("<b>Top gainers")


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


async def test_a_card_replaced_in_its_place_stays_replaced(house: House) -> None:
    async with running(house.tell_for_ever()):
        shown = await house.outbox.place("scan:7")
        old = a_proposal(shown=shown)
        house.show(old)
        await house.told()
        newer = replace(
            old,
            id=ProposalId("newernewer"),
            token=Token("newer"),
            made_at=NOW.replace(minute=42),
            note="FDMX is at 27.40 now",
        )
        house.show(newer)
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


# trouble on the way


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
        await house.journal.comes_to(lambda: len(house.journal.untold()) == 1)
        [waiting] = house.journal.untold()
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
    assert house.journal.untold() == ()


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


# questions and answers


async def test_a_doubt_is_asked_with_its_buttons(house: House) -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, reason="the answer was lost")
    with house.journal.transaction():
        house.journal.add_proposal(a_proposal())
        house.journal.add_order(a_sent_order())
        house.journal.update_order(order, was=OrderState.SENDING)
    house.tell(InDoubt(ref=order.ref, position_now=100))

    async with running(house.tell_for_ever()):
        asked = await house.phone.reads("Is it there?")

    assert "position then 0, now 100" in asked.text
    assert asked.labels == ("It is there", "It is not there", "Ask me later")
    assert asked.edits == 1


async def test_a_doubt_that_ended_before_it_was_told_is_not_asked(
    house: House,
) -> None:
    with house.journal.transaction():
        house.journal.add_proposal(a_proposal())
        house.journal.add_order(a_sent_order())
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
        settled = await house.phone.reads("Nothing bought")

    assert settled.reply_to
    assert settled.reply_to.message_id == shown.message
    assert "Insufficient funds." in settled.text
