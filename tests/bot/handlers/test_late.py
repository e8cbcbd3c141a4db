"""Commands that had waited for hours are named in one message and not run; what stops
is always done."""

import pytest

from bot.callback_data import Buy, EndHalts, Press, ScanAgain, Sell, write
from bot.presses.people import Admit
from bot.sandbox.phone import Phone
from core.model.identity import Rights
from core.model.money import Shares, Size
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal, Watch
from tests.builders import NOW, QRVX


@pytest.mark.attack(18)
async def test_late_commands_are_named_in_one_message_and_not_run(
    phone: Phone, engine: ScriptedEngine, clock: Watch, journal: RingingJournal
) -> None:
    clock.wait(hours=3)
    for command in ("/scan", "/report", "/resume", "/scan"):
        await phone.send(command)

    told = await phone.reads("Not run")
    await journal.comes_to(lambda: not journal.inbox.unread())

    assert "/scan (2 times), /report, /resume" in told.text
    assert len(phone.received) == 1
    assert engine.asked == []


@pytest.mark.attack(18)
async def test_a_halt_is_obeyed_however_late_it_comes(
    phone: Phone, engine: ScriptedEngine, clock: Watch, journal: RingingJournal
) -> None:
    clock.wait(hours=3)

    await phone.send("/halt")

    await journal.comes_to(lambda: any("halt" in asked for asked in engine.asked))


@pytest.mark.attack(18)
@pytest.mark.parametrize("word", ["/panic", "/sell all", "sell all", "stop"])
async def test_who_wants_out_is_heard_however_late(
    phone: Phone,
    engine: ScriptedEngine,
    clock: Watch,
    journal: RingingJournal,
    word: str,
) -> None:
    clock.wait(hours=3)

    await phone.send(word)

    await phone.reads("Stopped: I send nothing new")
    assert [asked.partition(" ")[0] for asked in engine.asked] == ["panic"]


@pytest.mark.attack(18)
@pytest.mark.parametrize(
    "press",
    [
        EndHalts(until=NOW),
        ScanAgain(),
        Buy(con_id=QRVX.con_id, size=Size(shares=Shares(5))),
        Sell(con_id=QRVX.con_id, percent=50),
        Admit(number=3003, rights=Rights.OWNER, sure=True),
    ],
    ids=lambda press: type(press).__name__,
)
async def test_a_tap_that_waited_for_long_does_no_more_than_the_command_would(
    phone: Phone,
    engine: ScriptedEngine,
    clock: Watch,
    journal: RingingJournal,
    press: Press,
) -> None:
    await phone.send("/status")
    shown = await phone.reads("Ready to trade")
    asked = list(engine.asked)
    clock.wait(hours=3)

    told = await phone.answered(phone.forge(shown, write(press)))
    await journal.comes_to(lambda: not journal.inbox.unread())

    assert "had waited too long" in told.text
    assert engine.asked == asked
