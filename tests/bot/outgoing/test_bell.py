"""What is held while it is quiet is given afterwards: all of it, once, in one message."""

from datetime import timedelta

import pytest
from telegram import Bot

from bot.outgoing.noise import NewsKind, Noise, Volume
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.server import BotApiServer
from core.model.news import LineBack, LineLost, TradingHalted
from tests.bot.hands import Halt, RingingJournal, Watch, running
from tests.builders import NOW, a_proposal
from tests.harness.outbox import LOST, OutboxHarness, a_bell, only


HOUR = timedelta(hours=1)
BACK = LineBack(since=LOST.since, at=LOST.since + timedelta(minutes=3))
HALTED = TradingHalted(at=NOW, reason="an order turned up")


@pytest.fixture
def clock() -> Watch:
    return Watch(NOW)


@pytest.fixture
def muted(
    bot: Bot, journal: RingingJournal, server: BotApiServer, clock: Watch
) -> OutboxHarness:
    bell = a_bell(journal, clock=clock)
    bell.mute(NOW + HOUR)
    return OutboxHarness(bot, journal, server, bell=bell)


def again(muted: OutboxHarness, bot: Bot, clock: Watch) -> OutboxHarness:
    """The next run."""
    bell = a_bell(muted.journal, clock=clock)
    return OutboxHarness(bot, muted.journal, muted.server, bell=bell)


async def is_held(harness: OutboxHarness, *keys: str) -> None:
    await harness.journal.comes_to(
        lambda: set(harness.journal.memory.held()) == set(keys)
    )


async def test_what_can_wait_comes_in_one_message_afterwards(
    muted: OutboxHarness, clock: Watch
) -> None:
    async with running(muted.tell_for_ever()):
        muted.notify(LOST, BACK)
        await is_held(muted, LOST.key, BACK.key)
        quiet = muted.phone.received
        clock.wait(hours=1)
        muted.outbox.wake()
        await muted.told()

    given = only(muted)
    assert quiet == ()
    assert not given.silent
    assert given.text.startswith("2 messages from while it was quiet")
    assert "not reachable" in given.text
    assert "there again after" in given.text
    assert muted.journal.memory.held() == ()


async def test_one_message_that_was_held_comes_as_it_is(
    muted: OutboxHarness, clock: Watch
) -> None:
    async with running(muted.tell_for_ever()):
        muted.notify(LOST)
        await is_held(muted, LOST.key)
        clock.wait(hours=1)
        muted.outbox.wake()
        await muted.told()

    assert only(muted).text.startswith("IB Gateway is not reachable")


async def test_what_was_held_survives_a_restart(
    muted: OutboxHarness, bot: Bot, clock: Watch
) -> None:
    async with running(muted.tell_for_ever()):
        muted.notify(LOST, BACK)
        await is_held(muted, LOST.key, BACK.key)
    clock.wait(hours=2)
    later = again(muted, bot, clock)

    async with running(later.tell_for_ever()):
        await later.told()

    assert only(later).text.startswith("2 messages")


async def test_a_stop_while_it_is_given_gives_it_once(
    muted: OutboxHarness, bot: Bot, clock: Watch
) -> None:
    said = await muted.phone.send("/scan")
    muted.chat.arrived(said.message_id)
    on_its_way = Halt()
    async with running(muted.tell_for_ever()):
        muted.notify(LOST, BACK)
        await is_held(muted, LOST.key, BACK.key)
        muted.server.faults.next("sendMessage", Fault(hold=on_its_way, drop=Drop.AFTER))
        clock.wait(hours=1)
        muted.outbox.wake()
        await on_its_way.reached.wait()
    on_its_way.set()
    await muted.phone.wait_for(lambda phone: phone.received)
    later = again(muted, bot, clock)

    async with running(later.tell_for_ever()):
        later.notify(LineLost(since=NOW + HOUR, reason="again"))
        await later.told()

    texts = [message.text for message in later.phone.received]
    assert sum(text.startswith("2 messages") for text in texts) == 1
    assert len(texts) == 2


async def test_an_alarm_rings_through(muted: OutboxHarness) -> None:
    async with running(muted.tell_for_ever()):
        muted.notify(LOST, HALTED)
        await muted.phone.reads("Trading is halted")

    assert not only(muted).silent


async def test_a_card_comes_at_once_without_a_ring(muted: OutboxHarness) -> None:
    async with running(muted.tell_for_ever()):
        shown = await muted.outbox.place("scan:7")
        muted.offer(a_proposal(shown=shown))
        await muted.told()

    assert only(muted).labels[:2] == ("Yes, buy both", "No")
    assert muted.phone.rings == 0


@pytest.mark.parametrize(
    ("volume", "rings", "received"),
    [(Volume.LOUD, 1, 1), (Volume.SILENT, 0, 1), (Volume.OFF, 0, 0)],
)
async def test_a_kind_is_as_loud_as_it_is_set(
    bot: Bot,
    journal: RingingJournal,
    server: BotApiServer,
    volume: Volume,
    rings: int,
    received: int,
) -> None:
    bell = a_bell(journal, noise=Noise(volumes={NewsKind.LINE: volume}))
    harness = OutboxHarness(bot, journal, server, bell=bell)
    async with running(harness.tell_for_ever()):
        harness.notify(LOST)
        await harness.told()

    assert (harness.phone.rings, len(harness.phone.received)) == (rings, received)


async def test_mute_off_gives_what_was_held(muted: OutboxHarness) -> None:
    async with running(muted.tell_for_ever()):
        muted.notify(LOST)
        await is_held(muted, LOST.key)
        a_bell(muted.journal).mute(None)
        muted.outbox.wake()
        await muted.told()

    assert "not reachable" in only(muted).text
