"""A loop for each further chat; none for who is let in no more."""

from telegram import Bot

from bot.outgoing.everybody import Everybody, OneChat
from bot.outgoing.outbox import Outbox
from bot.outgoing.reply_keyboard import ReplyKeyboard
from bot.people import People
from bot.sandbox.server import BotApiServer
from core.ledger.people import People as Ledger
from core.ledger.unit_of_work import UnitOfWork
from core.model.identity import Person, Rights
from core.model.points import ignore
from tests.bot.hands import RingingJournal, Watch
from tests.bot.outgoing.test_pages import pages_of
from tests.builders import NOW
from tests.harness.outbox import LOST, a_bell, an_owners_chat


VI, BO = 4004, 5005


async def test_who_is_removed_is_sent_nothing_more(
    bot: Bot, journal: RingingJournal, server: BotApiServer
) -> None:
    """What he was told is forgotten with him, so that all of it would be news to him."""
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
    everybody = Everybody(first=first, people=people, pages=pages, journal=journal)
    unit = UnitOfWork(journal, clock=Watch(NOW), wake=everybody.wake, reached=ignore)
    ledger = Ledger(unit, memory=journal.memory, outbox=journal.outbox)
    unit.announce(LOST)
    for number in (VI, BO):
        ledger.add(Person(number=number, rights=Rights.VIEWER), by="Ada")
    theirs = {number: everybody.of(number).outbox for number in (VI, BO)}
    for each in theirs.values():
        each._news.clear()

    ledger.remove(VI, by="Ada")

    assert [n for n, each in theirs.items() if each._news.is_set()] == [BO]
    news = [item.news for item in journal.outbox.of_chat(VI).untold()]
    assert LOST in news  # which he was not to be told when he came
