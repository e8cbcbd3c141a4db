"""What acts at once, and what is asked about first: by what a mistake would cost.

A panic ends every stop at IB, and a resume lets orders leave: a question, a misspelt word and
a word of another sentence do neither. A halt takes nothing away.
"""

from typing import Final

import pytest

from bot.handlers.commands import COMMANDS
from bot.handlers.panic_words import is_panic
from bot.handlers.text_commands import Meant, NotClear, meant
from bot.handlers.urgency import STOP_OR_HALT
from bot.sandbox.api_types import File
from bot.sandbox.phone import Phone
from tests.bot.handlers.scripted import ScriptedEngine


NAMES: Final = tuple(command.name for command in COMMANDS)

PANICS: Final = (
    *("stop", "STOP!", "STOP?!", "stop!?", "stop now", "stopp", "stop it", "panic"),
    *("panik", "panick", "pannic", "PANIC NOW", "emergency", "SOS", "sell all"),
    *("sell everything!", "liquidate", "get me out", "/stop", "/sell all"),
    *("stop right now", "STOP IMMEDIATELY!", "stop asap", "get me out of here"),
    *("sell everything I have", "sell all shares immediately", "/stop@openbell_bot"),
    *(
        "\N{OCTAGONAL SIGN}\N{OCTAGONAL SIGN}!",
        "stop\N{VARIATION SELECTOR-16}",
        "sell\xa0all",
    ),
)
HALTS: Final = (
    *("halt", "hold", "hold on", "hold fire", "hold everything", "pause", "freeze"),
    *(
        "stop trading",
        "pause until 3pm",
        "HALT!",
        "stop all trading",
        "stop trading now",
    ),
    *("just hold", "just pause", "would you please halt", "H A L T", "h.a.l.t"),
)
RESUMES: Final = ("resume", "continue", "resume trading", "unhalt now")
CANCELS: Final = ("cancel all", "/cancle all", "cancel macv", "cancel everything")
NEITHER: Final = (
    *("stop?", "sell all?", "panic?", "stop please?", "liquidate?", "emergency?"),
    *("SOS?", "halt?", "pause?", "stop trading?", "resume?", "continue?"),
    *(
        "cancel all?",
        "cancel macv?",
        "manic",
        "panicked",
        "panicking",
        "pan",
        "titanic",
    ),
    *("organic", "emergent", "salt", "shalt", "hold my beer", "hold that thought"),
    *("hold macv", "resme", "/resme", "resume tomorrow", "panic over", "don't panic"),
    *("should I panic?", "candle macv", "stop 5%"),
)


def acts(text: str) -> str:
    """The command that changes something at once, or none."""
    if is_panic(text):
        return "panic"
    found = meant(text, NAMES)
    at_once = {"panic", "halt", "resume", "cancel"}
    is_one = isinstance(found, Meant) and found.name in at_once
    return found.name if is_one and isinstance(found, Meant) else "none"


@pytest.mark.parametrize(
    ("text", "does"),
    [
        *((text, "panic") for text in PANICS),
        *((text, "halt") for text in HALTS),
        *((text, "resume") for text in RESUMES),
        *((text, "cancel") for text in CANCELS),
        *((text, "none") for text in NEITHER),
    ],
)
def test_a_phrase_does_what_its_harm_allows(text: str, does: str) -> None:
    assert acts(text) == does


ASKED: Final = (
    *("stop?", "sell all?", "panicked", "pnic", "stop the bot", "stop all orders"),
    *("stop sell", "omg stop", "stop! what is this?", "stop!!1"),
    *("no! stop!", "no, stop", "no stop", "no no no stop", "i said stop", "yes, stop"),
    *("can you stop", "could you stop everything", "i want to stop", "we need to stop"),
    *("please can we stop", "what the hell, stop", "why is it still buying? stop!"),
    *("help, stop!", "sell ko and stop", "buy ko, then stop", "stop the trading"),
    *(
        "just bail",
        "just flat",
        "just kill",
        "stop ok",
        "sellall",
        "/sellall",
        "stopit",
    ),
)


@pytest.mark.parametrize("text", ASKED)
async def test_what_may_mean_to_stop_is_asked_with_buttons(
    phone: Phone, engine: ScriptedEngine, text: str
) -> None:
    await phone.send(text)

    asked = await phone.reads("Nothing was stopped yet")
    assert asked.labels == ("Stop and cancel everything", "Only send nothing new")
    assert engine.asked == []


@pytest.mark.parametrize(
    "text",
    [
        *("stop macv", "my stop", "what does a stop do", "stops", "show my stop"),
        *("buy 10 macv, stop 5%", "exits macv stop, target 10%", "stop, 5%", "5% stop"),
        *(
            "just ko",
            "don't sell all",
            "it will not stop",
            "sell everything, except ko",
        ),
    ],
)
def test_a_stop_order_is_not_asked_about(text: str) -> None:
    found = meant(text, NAMES)

    assert not isinstance(found, NotClear) or found.nearest != STOP_OR_HALT


@pytest.mark.parametrize(
    "text",
    [
        *(
            "cancel everything now",
            "cancel the lot",
            "cancel them all",
            "cancel it all",
        ),
        *("cancel every order", "cancel each order", "cancel all of them"),
        *("cancel every single one of my orders", "cancel all orders right now"),
        *("would you please cancel all", "cancel all working orders now"),
    ],
)
async def test_all_orders_are_cancelled_however_all_is_said(
    phone: Phone, engine: ScriptedEngine, text: str
) -> None:
    await phone.send(text)

    await phone.reads("Nothing to cancel: no order of mine is open.")
    assert engine.asked == ["cancel None"]


@pytest.mark.parametrize(
    "text",
    [
        *("halt?", "cancel all?", "could i halt", "what if i halt", "do you halt"),
        *("can i cancel all orders", "how do i cancel all orders", "how do i halt"),
        *("should I cancel all and halt", "when do I halt, and cancel all"),
        *("can i halt; cancel all", "does it halt", "will you cancel all"),
    ],
)
async def test_a_question_halts_and_cancels_nothing(
    phone: Phone, engine: ScriptedEngine, text: str
) -> None:
    await phone.send(text)

    await phone.wait_for(lambda phone: phone.received)
    assert engine.asked == []


@pytest.mark.parametrize(
    "arguments", ["off", "over", "stop", "no", "MACV", "50%", "off?"]
)
async def test_a_panic_with_words_of_another_sentence_is_asked_first(
    phone: Phone, engine: ScriptedEngine, arguments: str
) -> None:
    await phone.send(f"/panic {arguments}")

    asked = await phone.reads("Nothing was stopped yet")
    assert asked.labels == ("Stop and cancel everything", "Only send nothing new")
    assert engine.asked == []


@pytest.mark.parametrize("arguments", ["", "now", "now!", "sell all", "please", "!"])
async def test_a_panic_that_only_urges_acts_at_once(
    phone: Phone, engine: ScriptedEngine, arguments: str
) -> None:
    await phone.send(f"/panic {arguments}".strip())

    await phone.reads("Stopped: I send nothing new")
    assert [word for word in engine.asked if word.startswith("panic")] != []


@pytest.mark.parametrize("text", ["stop", "/panic", "SELL ALL!"])
async def test_a_message_that_is_changed_into_a_cry_to_stop_stops_everything(
    phone: Phone, engine: ScriptedEngine, text: str
) -> None:
    message = await phone.send("stpo")
    await phone.rewrite(message, "status")  # no other change is heard
    await phone.rewrite(message, text)

    await phone.reads("Stopped: I send nothing new")
    assert [word.split()[0] for word in engine.asked] == ["panic"]


PICTURE: Final = File(
    file_id="p1", path="p1.png", name="p1.png", mime="image/png", data=b"", width=1
)


async def test_the_words_below_a_picture_stop_everything(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.show(PICTURE, "STOP!")

    await phone.reads("Stopped: I send nothing new")
    assert [word.split()[0] for word in engine.asked] == ["panic"]


async def test_words_below_a_picture_that_are_changed_into_a_cry_stop_everything(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.rewrite(await phone.show(PICTURE, "stpo"), "sell all")

    await phone.reads("Stopped: I send nothing new")
    assert [word.split()[0] for word in engine.asked] == ["panic"]


@pytest.mark.parametrize("caption", ["status", "/status"])
async def test_a_caption_is_read_like_a_message(phone: Phone, caption: str) -> None:
    await phone.show(PICTURE, caption)

    await phone.reads("Ready to trade")


async def test_what_has_no_words_is_told_how_to_stop(phone: Phone) -> None:
    await phone.show(PICTURE)

    told = await phone.reads("I only read words")
    assert "“stop”" in told.text


async def test_its_button_stops_everything(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("stop?")
    asked = await phone.reads("Nothing was stopped yet")
    await phone.tap(asked, "Stop and cancel everything")

    await phone.reads("Stopped: I send nothing new")
    assert [word for word in engine.asked if word.startswith("panic")] != []


async def test_its_other_button_only_halts(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("stop?")
    asked = await phone.reads("Nothing was stopped yet")
    await phone.tap(asked, "Only send nothing new")

    await phone.reads("Halted")


async def test_going_on_tomorrow_allows_nothing_now(
    phone: Phone, engine: ScriptedEngine
) -> None:
    await phone.send("/resume tomorrow")

    await phone.reads("Nothing was changed")
    assert engine.asked == []
