"""/keyboard: six keys below the message box."""

from typing import Final

from telegram import ReplyKeyboardMarkup

from bot.handlers.questions import Question
from bot.handlers.services import Answers, Received, Services, ask, reply
from bot.outgoing.page import Page
from bot.outgoing.reply_keyboard import keys, no_keys
from bot.views import welcome


TO_ACT: Final = ("Scan", "Positions", "Orders", "Status", "Report", "Halt")
TO_LOOK: Final = ("Status", "Positions", "Orders", "Account", "Why", "Score")
"""Each is a word that finds its command. None ends in an order: Scan asks on its card,
and Halt is undone by /resume."""

_ON: Final = {"on": True, "yes": True, "show": True, "off": False, "no": False}


async def keyboard(received: Received, services: Services) -> None:
    """/keyboard on, /keyboard off; without an argument, whether the keys are shown."""
    mine = services.keyboard_of(received.answers.sender)
    on = _ON.get(" ".join(received.arguments).lower())
    if on is None:
        page = Page(text=welcome.how_to_key(is_on=mine.is_on))
        await ask(received, services, Question(name="keyboard"), page)
        return
    mine.turn(on=on)
    shown = keys_for(received.answers) if on else no_keys()
    await reply(received, Page(text=welcome.keyboard(is_on=on), keys=shown))


def keys_for(answers: Answers) -> ReplyKeyboardMarkup:
    """The keys that the sender's rights allow."""
    return keys(TO_ACT if answers.acts else TO_LOOK)
