"""What the owner is to read stands in his chat: once, in order, whatever Telegram does,
and whenever the bot is stopped."""

import asyncio
import io
import struct

import pytest
from telegram import Bot

from bot.keyboards import for_failed_scan
from bot.outgoing import chat as chat_module, delivery, second_looks
from bot.outgoing.chat import Draw, OwnersChat, always
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Document, Page, Picture
from bot.sandbox.api_types import Message
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.model.proposal import Shown
from tests.bot.hands import Halt, RingingJournal
from tests.builders import NOW
from tests.harness.outbox import an_owners_chat


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 800, 600)
BOUGHT = Page(text="<b>Bought</b> 100 FDMX")
PICTURE = Page(text="the charts", attached=Picture(data=PNG))
FAULTS = {
    "429": Fault(status=429, retry_after=1),
    "500": Fault(status=500),
    "502": Fault(status=502),
    "504": Fault(status=504),
    "cut before": Fault(drop=Drop.BEFORE),
    "cut after": Fault(drop=Drop.AFTER),
    "maintenance": Fault(instead='{"status":"maintenance"}'),
    "no number": Fault(instead='{"ok":true,"result":{"x":1}}'),
}


def a_document() -> Page:
    file = io.BytesIO(b"seq,what\r\n1,born\r\n")
    return Page(text="the trail", attached=Document(file=file, name="trail.csv"))


@pytest.fixture
async def chat(bot: Bot, journal: RingingJournal, server: BotApiServer) -> OwnersChat:
    """The owner has spoken first, as he always has."""
    said = await server.phone.send("/start")
    chat = an_owners_chat(bot, journal, server)
    chat.arrived(said.message_id)
    return chat


@pytest.fixture
def phone(server: BotApiServer) -> Phone:
    return server.phone


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Second looks are taken at once."""
    monkeypatch.setattr(second_looks, "AFTER", (0.0,))


def only(phone: Phone) -> Message:
    [message] = phone.received
    return message


def saying(text: str) -> Draw:
    return lambda: Page(text=text)


# whatever Telegram does


@pytest.mark.attack(14)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("what", ["text", "picture", "document"])
async def test_a_message_stands_once_whatever_becomes_of_its_answers(
    chat: OwnersChat, phone: Phone, server: BotApiServer, fault: str, what: str
) -> None:
    page = {"text": BOUGHT, "picture": PICTURE, "document": a_document()}[what]
    for method in ("sendMessage", "sendPhoto", "sendDocument"):
        server.faults.next(method, FAULTS[fault], times=2 - (fault == "429"))

    delivered = await chat.post("settled:a", lambda: page)

    assert delivered.outcome is Delivery.DONE
    assert delivered.message == only(phone).message_id


@pytest.mark.attack(14)
async def test_a_pause_that_telegram_asks_for_holds_what_came_later_too(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    server.faults.next("sendMessage", Fault(status=429, retry_after=1))

    async with asyncio.TaskGroup() as tasks:
        for text in ("resumed", "halted"):
            tasks.create_task(chat.post(text, saying(text)))

    assert [message.text for message in phone.received] == ["resumed", "halted"]
    refused, *later = [call.at for call in server.calls if call.method == "sendMessage"]
    assert min(later) - refused >= 1


@pytest.mark.attack(14)
async def test_what_is_drawn_is_what_is_true_when_it_leaves(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    server.faults.next("sendMessage", Fault(status=429, retry_after=1))
    words = iter(["working", "filled"])

    await chat.post("settled:a", lambda: Page(text=next(words)))

    assert only(phone).text == "filled"


@pytest.mark.attack(14)
@pytest.mark.usefixtures("hasty")
async def test_what_comes_in_after_it_was_given_up_is_taken_away(
    chat: OwnersChat, phone: Phone, server: BotApiServer, bot: Bot
) -> None:
    server.faults.next("sendMessage", Fault(drop=Drop.BEFORE))
    delivered = await chat.post("settled:a", lambda: BOUGHT)
    await bot.send_message(phone.user.id, "Bought 100 FDMX")  # the first, at last

    await chat.look_again()

    assert delivered.message == only(phone).message_id


@pytest.mark.attack(14)
@pytest.mark.usefixtures("hasty")
async def test_a_message_of_the_owners_is_never_taken_away(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    server.faults.next("sendMessage", Fault(drop=Drop.BEFORE))
    await phone.send("is anybody there?")

    await chat.post("settled:a", lambda: BOUGHT)
    await chat.look_again()

    assert [m.from_bot for m in phone.messages] == [False, False, True]


# stops


@pytest.mark.attack(14)
@pytest.mark.parametrize("what", ["text", "picture"])
async def test_a_stop_in_the_middle_of_a_send_tells_it_once(
    chat: OwnersChat,
    bot: Bot,
    phone: Phone,
    server: BotApiServer,
    journal: RingingJournal,
    what: str,
) -> None:
    page = {"text": BOUGHT, "picture": PICTURE}[what]
    on_its_way = Halt()
    for method in ("sendMessage", "sendPhoto"):
        server.faults.next(method, Fault(hold=on_its_way))
    async with asyncio.TaskGroup() as tasks:
        story = tasks.create_task(chat.post("settled:a", lambda: page))
        await on_its_way.reached.wait()
        story.cancel()
    on_its_way.set()
    await phone.wait_for(lambda phone: phone.received)

    later = an_owners_chat(bot, journal, server)
    delivered = await later.post("settled:a", lambda: page)

    assert delivered.message == only(phone).message_id


@pytest.mark.attack(14)
async def test_what_was_sent_before_the_stop_is_found_though_another_speaks_first(
    chat: OwnersChat,
    bot: Bot,
    phone: Phone,
    server: BotApiServer,
    journal: RingingJournal,
) -> None:
    on_its_way = Halt()
    server.faults.next("sendMessage", Fault(hold=on_its_way))
    async with asyncio.TaskGroup() as tasks:
        story = tasks.create_task(chat.post("settled:a", lambda: BOUGHT))
        await on_its_way.reached.wait()
        story.cancel()
    on_its_way.set()
    await phone.wait_for(lambda phone: phone.received)

    later = an_owners_chat(bot, journal, server)
    await later.post("answer:7:1", lambda: Page(text="Ready to trade"))
    await later.post("settled:a", lambda: BOUGHT)

    assert [m.text for m in phone.received] == ["Bought 100 FDMX", "Ready to trade"]


@pytest.mark.attack(14)
async def test_what_stood_before_the_stop_is_not_sent_again(
    chat: OwnersChat,
    bot: Bot,
    phone: Phone,
    server: BotApiServer,
    journal: RingingJournal,
) -> None:
    await chat.post("settled:a", lambda: BOUGHT)

    await an_owners_chat(bot, journal, server).post("settled:a", lambda: BOUGHT)

    assert [call.method for call in server.calls].count("sendMessage") == 1
    assert "editMessageText" not in [call.method for call in server.calls]


@pytest.mark.attack(15)
async def test_a_placeholder_whose_answer_was_lost_in_a_stop_is_the_same_one(
    chat: OwnersChat,
    bot: Bot,
    phone: Phone,
    server: BotApiServer,
    journal: RingingJournal,
) -> None:
    on_its_way = Halt()
    server.faults.next("sendMessage", Fault(hold=on_its_way))
    async with asyncio.TaskGroup() as tasks:
        story = tasks.create_task(chat.place("scan:7", always(Page(text="Scanning …"))))
        await on_its_way.reached.wait()
        story.cancel()
    on_its_way.set()
    await phone.wait_for(lambda phone: phone.received)

    later = an_owners_chat(bot, journal, server)
    await later.recover()
    placed = await later.place("scan:7", always(Page(text="Scanning …")))

    assert placed.message == only(phone).message_id
    assert journal.outbox.placed("scan:7") == Shown(
        owner=phone.user.id, chat=phone.user.id, message=only(phone).message_id
    )


@pytest.mark.attack(14)
async def test_what_was_said_past_the_journal_is_not_taken_for_what_was_lost(
    chat: OwnersChat,
    bot: Bot,
    phone: Phone,
    server: BotApiServer,
    journal: RingingJournal,
) -> None:
    never = Halt()
    server.faults.next("sendMessage", Fault(drop=Drop.BEFORE, hold=never))
    async with asyncio.TaskGroup() as tasks:
        story = tasks.create_task(chat.post("settled:a", lambda: BOUGHT))
        await never.reached.wait()
        story.cancel()
    waiting = await bot.send_message(phone.user.id, "I am waiting")

    later = OwnersChat(
        bot=bot,
        owner=phone.user.id,
        store=journal.outbox,
        memory=journal.memory,
        known=[waiting.message_id],
    )
    await later.post("settled:a", lambda: BOUGHT)

    assert [m.text for m in phone.received] == ["I am waiting", "Bought 100 FDMX"]


# edits


@pytest.mark.attack(24)
async def test_an_edit_that_changes_nothing_does_not_leave(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    await chat.post("a", lambda: BOUGHT)
    number = only(phone).message_id

    for text in ("<b>Bought</b> 100 FDMX", "Part bought", "Part bought"):
        await chat.edit(number, saying(text))

    edits = [call for call in server.calls if call.method == "editMessageText"]
    assert [call.status for call in edits] == [200]


@pytest.mark.attack(24)
async def test_an_edit_without_an_answer_is_made_again(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    await chat.post("a", lambda: BOUGHT)
    server.faults.next("editMessageText", Fault(drop=Drop.BEFORE))

    await chat.edit(only(phone).message_id, lambda: Page(text="Part bought"))

    assert only(phone).text == "Part bought"


@pytest.mark.attack(14)
@pytest.mark.usefixtures("hasty")
async def test_progress_that_comes_in_late_does_not_stay_over_the_card(
    chat: OwnersChat,
    phone: Phone,
    server: BotApiServer,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chat_module, "PROGRESS_EVERY", 0.05)
    await chat.post("a", lambda: BOUGHT)
    number = only(phone).message_id
    for_ever = Halt()
    server.faults.next("editMessageText", Fault(hold=for_ever))
    await chat.show_progress(number, Page(text="bars 3 / 5"))
    await chat.edit(number, lambda: Page(text="the card"))
    for_ever.set()
    await phone.reads("bars 3 / 5")

    await chat.look_again()

    assert only(phone).text == "the card"


@pytest.mark.attack(24)
async def test_progress_that_shows_nothing_new_is_not_sent(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    await chat.post("a", lambda: Page(text="Scanning …"))
    number = only(phone).message_id

    await chat.show_progress(number, Page(text="bars 3 / 5"))
    await chat.show_progress(number, Page(text="bars 3 / 5"))

    edits = [call for call in server.calls if call.method == "editMessageText"]
    assert len(edits) == 1


# what Telegram will not take


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    "words",
    ["MESSAGE_ID_INVALID", "message can't be edited", "message to edit not found"],
)
async def test_a_message_that_is_sent_is_never_gone_but_refused(
    chat: OwnersChat, server: BotApiServer, words: str
) -> None:
    """Who sends it then says that Telegram did not take it."""
    refused = Fault(status=400, description=f"Bad Request: {words}")
    server.faults.next("sendMessage", refused)

    delivered = await chat.post("settled:a", lambda: BOUGHT)

    assert delivered.outcome is Delivery.REFUSED


@pytest.mark.attack(11)
async def test_half_a_letter_in_a_text_holds_up_nothing(
    chat: OwnersChat, phone: Phone
) -> None:
    await chat.post("settled:a", saying("Bought by Sam \ud83d"))

    assert only(phone).text == "Bought by Sam ?"


@pytest.mark.attack(14)
@pytest.mark.parametrize("attached", [None, Picture(data=PNG)])
async def test_what_is_too_long_is_cut_and_not_lost(
    chat: OwnersChat, phone: Phone, attached: Picture | None
) -> None:
    page = Page(text=f"<b>Bought</b> {'x' * 5000}", attached=attached)

    delivered = await chat.post("a", lambda: page)

    assert delivered.outcome is Delivery.DONE
    assert len(only(phone).text) == page.longest


@pytest.mark.attack(14)
async def test_a_file_that_is_too_large_is_refused_at_once(
    chat: OwnersChat, server: BotApiServer
) -> None:
    server.faults.next("sendDocument", Fault(status=413), times=5)

    delivered = await chat.post("a", a_document)

    assert delivered.outcome is Delivery.REFUSED
    assert len([c for c in server.calls if c.method == "sendDocument"]) == 1


@pytest.mark.attack(14)
async def test_buttons_that_are_refused_do_not_cost_the_words(
    chat: OwnersChat, phone: Phone, server: BotApiServer
) -> None:
    refused = Fault(status=400, description="BUTTON_DATA_INVALID")
    server.faults.next("sendMessage", refused, times=2)

    await chat.post("a", lambda: Page(text="No card.", keyboard=for_failed_scan()))

    assert (only(phone).text, only(phone).labels) == ("No card.", ())


async def test_a_request_may_take_its_time(
    chat: OwnersChat,
    phone: Phone,
    server: BotApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "QUICK", 0.2)
    server.faults.next("sendMessage", Fault(delay=1.0))

    await chat.post("a", lambda: BOUGHT)

    assert only(phone).text == "Bought 100 FDMX"


@pytest.mark.parametrize("how", ["edited", "posted"])
async def test_what_a_power_failure_may_undo_is_not_said(
    chat: OwnersChat,
    journal: RingingJournal,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """A decision is committed before it is synced: its card is shown after that."""
    shown = await chat.post("card", always(Page(text="Buy FDMX?")))
    assert shown.message is not None
    with journal.unsynced():
        journal.inbox.receive([(1, "{}")], at=NOW)
    synced: list[bool] = []

    def note(_: str) -> None:
        synced.append(journal._access.is_synced)

    monkeypatch.setattr(chat, "_passed", note)

    if how == "edited":
        await chat.edit(shown.message, always(BOUGHT))
    else:
        await chat.post("word", always(BOUGHT))

    assert set(synced) == {True}
