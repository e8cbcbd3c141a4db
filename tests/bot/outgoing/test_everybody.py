"""A loop for each further chat; none for who is let in no more."""

import asyncio

import pytest
from telegram import Bot

from bot.outgoing.everybody import Everybody, OneChat
from bot.outgoing.outbox import Outbox
from bot.outgoing.put_off import is_put_off, unless
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from bot.sandbox.server import BotApiServer
from core.ledger.people import PeopleLedger
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import NotifierAway
from core.model.identity import Person, Rights
from core.model.points import ignore
from tests.bot.hands import RingingJournal, Watch
from tests.bot.outgoing.test_pages import pages_of
from tests.builders import NOW
from tests.harness.outbox import LOST, a_bell, an_owners_chat


VI, BO = 4004, 5005


def all_chats(
    bot: Bot, journal: RingingJournal, server: BotApiServer
) -> tuple[People, Everybody]:
    owner = server.phone.user.id
    people = People(owner=owner, others=journal.memory.people)
    chat, pages = an_owners_chat(bot, journal, server), pages_of(journal)
    outbox = Outbox(
        chat=chat,
        store=journal.outbox,
        proposals=journal.proposals,
        pages=pages,
        bell=a_bell(journal),
        owner=owner,
    )
    keyboard = ReplyKeyboard(store=journal.outbox, memory=journal.memory)
    first = OneChat(chat=chat, outbox=outbox, keyboard=keyboard)
    everybody = Everybody(
        first=first,
        people=people,
        pages=pages,
        outboxes=journal.outbox,
        memories=journal.memory,
        proposals=journal.proposals,
    )
    return people, everybody


async def test_who_is_removed_is_sent_nothing_more(
    bot: Bot, journal: RingingJournal, server: BotApiServer
) -> None:
    """What he was told is forgotten with him, and nothing of it is news to him."""
    _, everybody = all_chats(bot, journal, server)
    unit = UnitOfWork(journal, clock=Watch(NOW), wake=everybody.wake, reached=ignore)
    ledger = PeopleLedger(unit, memory=journal.memory, outbox=journal.outbox)
    unit.announce(LOST)
    for number in (VI, BO):
        ledger.add(Person(number=number, rights=Rights.VIEWER), by="Ada")
    theirs = {number: everybody.of(number).outbox for number in (VI, BO)}
    for each in theirs.values():
        each._news.clear()

    ledger.remove(VI, by="Ada")

    assert [n for n, each in theirs.items() if each._news.is_set()] == [BO]
    assert journal.outbox.of_chat(VI).unsent() == ()


async def let_in(journal: RingingJournal, number: int, rights: Rights) -> None:
    with journal.transaction():
        journal.memory.set_people((Person(number=number, rights=rights),))


@pytest.mark.parametrize(
    ("rights", "theirs", "place"),
    [
        (Rights.OWNER, "open", "put off"),
        (Rights.OWNER, "closed", "waited for"),
        (Rights.VIEWER, "open", "waited for"),
    ],
)
async def test_a_closed_chat_is_passed_over_where_another_owner_can_be_told(
    bot: Bot,
    journal: RingingJournal,
    server: BotApiServer,
    rights: Rights,
    theirs: str,
    place: str,
) -> None:
    """Else a card of automatic mode would buy, and nobody who may act would know."""
    _, everybody = all_chats(bot, journal, server)
    await let_in(journal, BO, rights)
    server.chats.blocked.add(server.phone.user.id)
    if theirs == "closed":
        everybody.of(BO).chat.closed.set()

    placing = everybody.place("scan:1", within=5)

    if place == "waited for":
        with pytest.raises(NotifierAway):
            await placing
    else:
        first = await placing
        assert is_put_off(first.message)
        assert await everybody.place("scan:1") == first
        assert (await everybody.place("scan:2")).message != first.message


async def test_what_is_under_way_where_a_chat_turns_out_closed_is_given_up() -> None:
    closed, ended = asyncio.Event(), asyncio.Event()

    async def for_ever() -> bool:
        closed.set()
        try:
            return await asyncio.Event().wait()
        finally:
            ended.set()

    assert await unless(closed, for_ever()) is None
    assert ended.is_set()
    assert await unless(asyncio.Event(), asyncio.sleep(0, "done")) == "done"
