"""Every command answers in words, with the buttons that belong to it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import Bot, BotCommandScopeChat

from bot.handlers.commands import COMMANDS
from bot.handlers.table import set_menus
from bot.people import People
from bot.sandbox.api_types import User
from bot.sandbox.faults import Drop, Fault
from bot.sandbox.phone import Phone
from bot.sandbox.server import BotApiServer
from core.model.errors import NotifierAway
from core.model.evidence import LineState
from core.model.identity import Person, Rights
from core.model.order import OrderState
from core.model.status import THE_BOT, Halt
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import Halt as Hold, RingingJournal
from tests.bot.values import a_status
from tests.builders import (
    NOW,
    a_line,
    a_position,
    a_proposal,
    a_sent_order,
    an_open_order,
)
from tests.values import a_halt


async def test_start_says_what_this_is_and_whose_money_moves(phone: Phone) -> None:
    await phone.send("/start")

    answer = await phone.reads("Openbell")
    assert "SANDBOX · DU1234567" in answer.text
    assert "/scan makes a card" in answer.text


async def test_help_lists_every_command_in_groups(phone: Phone) -> None:
    await phone.send("/help")

    answer = await phone.reads("Safety")
    assert all(
        f"/{command.name}: {command.line}" in answer.text for command in COMMANDS
    )
    assert [line for line in answer.text.splitlines() if line in _GROUPS] == _GROUPS


_GROUPS = ["Look", "Trade", "Safety", "System"]


@pytest.mark.parametrize("name", [each.name for each in COMMANDS])
async def test_help_of_a_command_names_it_once_before_a_colon(
    phone: Phone, name: str
) -> None:
    await phone.send(f"/help {name}")

    answer = await phone.reads(f"/{name}: ")
    assert [line.startswith(f"/{name}: ") for line in answer.text.splitlines()].count(
        True
    ) == 1


async def test_what_is_no_command_gets_a_hint(phone: Phone) -> None:
    await phone.send("/frobnicate everything")

    assert "/help" in (await phone.reads("I don't know that one")).text


@pytest.mark.parametrize(
    "said",
    [
        "\u8cb7\u3046",
        "\u043a\u0443\u043f\u0438\u0442\u044c macv",
        "\u0627\u0634\u062a\u0631",
    ],
)
async def test_who_writes_in_other_letters_is_told_which_language_is_read(
    phone: Phone, said: str
) -> None:
    await phone.send(said)

    assert "/help" in (await phone.reads("I only read English.")).text


async def test_health_says_how_the_process_is(phone: Phone) -> None:
    await phone.send("/health")

    answer = await phone.reads("Healthy")
    assert "API version 178" in answer.text


async def test_scan_asks_the_engine_under_a_key_of_its_own(
    phone: Phone, engine: ScriptedEngine, journal: RingingJournal
) -> None:
    await phone.send("/scan")
    await journal.comes_to(lambda: engine.asked == ["scan scan"])

    assert phone.received == ()


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("scan at noon on weekdays", "scan 12:00"),
        ("/scan monday to friday at 10am", "scan 10:00"),
        ("report at 3pm on mondays", "report 15:00"),
    ],
)
async def test_what_is_said_for_a_time_is_scheduled_and_not_done_now(
    phone: Phone, engine: ScriptedEngine, said: str, line: str
) -> None:
    sent = await phone.send(said)

    assert line in (await phone.reads("", after=sent)).text
    assert engine.asked == []


async def test_a_time_that_is_not_understood_runs_nothing(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/scan tomorrow")

    await phone.reads("Nothing was scheduled.")
    assert engine.asked == []


async def test_a_second_scan_is_told_that_one_is_under_way(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.busy = True

    await phone.send("/scan")

    await phone.reads("already under way")


async def test_report_asks_the_engine(
    phone: Phone, engine: ScriptedEngine, journal: RingingJournal
) -> None:
    await phone.send("/report")

    await journal.comes_to(lambda: engine.asked == ["report report"])


async def test_positions_are_listed_and_can_be_looked_at_again(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.held = (a_position(),)

    await phone.send("/positions")

    answer = await phone.reads("Positions")
    assert a_position().instrument.symbol in answer.text
    sizes = ("25% QRVX", "50% QRVX", "100% QRVX")
    assert answer.labels == (*sizes, "Chart QRVX", "Refresh")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/positions", "The account holds nothing."),
        ("/cancel", "Nothing to cancel"),
        ("/why", "There is no card yet. /scan makes one."),
    ],
)
async def test_a_command_without_anything_to_show_says_so(
    phone: Phone, command: str, told: str
) -> None:
    await phone.send(command)

    await phone.reads(told)


@pytest.mark.parametrize("command", ["/positions", "/account"])
async def test_without_a_line_the_answer_says_so_and_can_be_asked_again(
    phone: Phone, engine: ScriptedEngine, command: str
) -> None:
    engine.lose_the_line()

    await phone.send(command)

    answer = await phone.reads("IB Gateway is not connected: connection refused.")
    assert answer.labels == ("Refresh",)


async def test_account_shows_its_figures(phone: Phone) -> None:
    await phone.send("/account")

    answer = await phone.reads("funds free")
    assert "buying power" in answer.text


async def test_orders_shows_ours_and_those_of_others(
    phone: Phone, engine: ScriptedEngine
) -> None:
    ours = a_sent_order(state=OrderState.ACKED)
    engine.ours[ours.ref] = ours
    engine.listed = (an_open_order(ref=ours.ref), an_open_order(ref=""))

    await phone.send("/orders")

    answer = await phone.reads("working")
    assert answer.text.count("Not placed by me") == 1
    assert answer.labels == ("Cancel QRVX 100", "Refresh")


async def test_orders_without_a_line_shows_what_the_journal_knows(
    phone: Phone, engine: ScriptedEngine
) -> None:
    ours = a_sent_order(state=OrderState.ACKED)
    engine.ours[ours.ref] = ours
    engine.lose_the_line()

    await phone.send("/orders")

    answer = await phone.reads("working")
    assert "IB's own list is missing." in answer.text


async def test_status_is_ready_when_nothing_is_in_the_way(phone: Phone) -> None:
    await phone.send("/status")

    answer = await phone.reads("Ready to trade")
    assert answer.text.startswith("Ready to trade")
    assert answer.labels == ("Refresh",)


async def test_status_names_every_reason_first(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.stands = a_status(
        line=a_line(state=LineState.DOWN, since=NOW),
        blocks=("the gateway is not connected", "orders have not been compared"),
    )

    await phone.send("/status")

    answer = await phone.reads("Not ready")
    assert "! The gateway is not connected." in answer.text
    assert "! Orders have not been compared." in answer.text


async def test_cancel_lists_what_is_working(
    phone: Phone, engine: ScriptedEngine
) -> None:
    ours = a_sent_order(state=OrderState.ACKED)
    engine.ours[ours.ref] = ours

    await phone.send("/cancel")

    answer = await phone.reads("Cancel which?")
    assert "Cancel QRVX 100" in answer.labels


async def test_halt_and_resume_carry_who_said_so(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/halt")
    await phone.reads("Halted. Nothing new is sent")
    await phone.send("/resume")
    await phone.reads("Ready to trade again")

    assert engine.asked == ["halt by Sam: /halt by Sam", "resume by Sam: "]


@pytest.mark.attack(13)
async def test_resume_names_what_the_bot_found_wrong_and_asks(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.stopped = (
        a_halt("/halt by Sam"),
        Halt(at=NOW, by=THE_BOT, reason="somebody set a webhook"),
    )

    await phone.send("/resume")
    asked = await phone.reads("Somebody set a webhook")
    before = list(engine.asked)
    engine.stopped = (
        *engine.stopped,
        Halt(at=NOW + timedelta(seconds=9), by=THE_BOT, reason="a ghost"),
    )
    phone.press(asked, "Allow orders again")
    await phone.reads("Ready to trade")

    assert before == []
    assert engine.asked == ["resume by Sam: /halt by Sam, somebody set a webhook"]


async def test_resume_says_what_is_still_in_the_way(
    phone: Phone, engine: ScriptedEngine
) -> None:
    engine.stands = replace(a_status(), blocks=("the gateway is not connected",))

    await phone.send("/resume")

    await phone.reads("! The gateway is not connected.")


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=403, description="Forbidden: bot was blocked by the user"),
        Fault(status=429, retry_after=1),
        Fault(status=500),
        Fault(status=502),
        Fault(drop=Drop.BEFORE),
        Fault(drop=Drop.AFTER),
    ],
    ids=["403", "429", "500", "502", "cut before", "cut after"],
)
async def test_an_answer_is_given_once_whatever_telegram_does_to_it(
    phone: Phone, server: BotApiServer, journal: RingingJournal, fault: Fault
) -> None:
    server.faults.next("sendMessage", fault)

    await phone.send("/account")
    await phone.reads("SANDBOX")
    await journal.comes_to(lambda: not journal.inbox.unread())

    assert len(phone.received) == 1


@pytest.mark.attack(14)
@pytest.mark.parametrize("command", ["/scan", "/report"])
async def test_a_placeholder_that_telegram_refuses_is_no_slip_of_the_bot(
    phone: Phone,
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    async def refused(*, key: str) -> bool:
        raise NotifierAway("Bad Request")

    monkeypatch.setattr(engine, command.removeprefix("/"), refused)

    await phone.send(command)

    told = await phone.reads("Telegram did not accept its message")
    assert "nothing was bought" in told.text


READY, HALTED, STOPPED = "Ready to trade again", "Halted", "Stopped: I send nothing new"


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    ("commands", "answers"),
    [
        (["/resume", "/halt"], [READY, HALTED]),
        (["/halt", "/resume"], [HALTED, READY]),
        (["/resume", "/panic"], [READY, STOPPED]),
        (["/resume", "/halt", "/resume"], [READY, HALTED, READY]),
    ],
    ids=lambda value: " ".join(value) if value[0].startswith("/") else "",
)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, retry_after=1),
        Fault(status=502),
        Fault(drop=Drop.BEFORE),
        Fault(drop=Drop.AFTER),
    ],
    ids=["429", "502", "lost", "its answer lost"],
)
async def test_answers_never_overtake_each_other(
    phone: Phone,
    server: BotApiServer,
    engine: ScriptedEngine,
    commands: list[str],
    answers: list[str],
    fault: Fault,
) -> None:
    server.faults.next("sendMessage", fault)

    for command in commands:
        await phone.send(command)
    while len(phone.received) < len(answers):
        await phone.reads(answers[-1])
        await asyncio.sleep(0)

    asked = [each.partition(" ")[0] for each in engine.asked]
    assert asked == [each.removeprefix("/") for each in commands]
    assert [
        next(a for a in answers if a in each.text) for each in phone.received
    ] == answers


@pytest.mark.attack(14)
async def test_a_halt_is_obeyed_while_many_answers_wait(
    phone: Phone, server: BotApiServer, engine: ScriptedEngine
) -> None:
    holds = Hold()
    server.faults.next("sendMessage", Fault(hold=holds), times=40)
    for _ in range(40):
        await phone.send("/help")
    await holds.reached.wait()

    await phone.send("/halt")

    async with asyncio.timeout(10):
        while not engine.asked:  # noqa: ASYNC110  nobody tells of it
            await asyncio.sleep(0)
    assert phone.received == ()


async def test_the_menu_is_made_of_the_same_table(
    bot: Bot, server: BotApiServer
) -> None:
    owner, viewer = server.phone.user.id, 4004
    server.chats.meet(User(id=viewer, first_name="Vi"), started=True)
    watching = Person(number=viewer, rights=Rights.VIEWER)

    await set_menus(bot, People(owner=owner, others=lambda: (watching,)))

    async def names(number: int) -> list[str]:
        listed = await bot.get_my_commands(scope=BotCommandScopeChat(number))
        return [each.command for each in listed]

    assert await names(owner) == [each.name for each in COMMANDS]
    assert await names(viewer) == [each.name for each in COMMANDS if each.looks]
    assert await bot.get_my_commands() == ()


async def test_why_says_for_each_of_the_five_what_decided(
    phone: Phone, engine: ScriptedEngine
) -> None:
    proposal = a_proposal()
    engine.known[proposal.token] = proposal

    await phone.send("/why")

    answer = await phone.reads("Why these?")
    assert "most $" in answer.text
    assert "most %" in answer.text
