"""/panic, "stop", "sell all": halt, cancel all orders, then ask whether to sell."""

from collections.abc import Sequence
from typing import Final

from telegram.constants import KeyboardButtonStyle

from bot.handlers.panic_words import is_panic
from bot.handlers.services import Received, Services, Tapped, redraw, reply, toast
from bot.handlers.urgency import says_more
from bot.outgoing.page import Page
from bot.presses.kinds import Halting, Stop
from bot.presses.making import button, markup
from bot.views import alarms, labels, status
from bot.views.trading import answers
from core.model.order import FINAL, Order


async def panic(received: Received, services: Services) -> None:
    """Halt and ask for the cancels, on disk before any answer; the card that asks
    whether to sell is made later by itself. "/panic off" is asked about first.
    """
    if _may_mean_another(received):
        await reply(received, which_stop())
        return
    wanted = services.engine.named.panic(by=received.by, key=f"panic:{received.number}")
    await reply(received, Page(text=_answer(wanted, services)))


def _answer(wanted: Sequence[Order], services: Services) -> str:
    ours = services.queries.orders()
    going_on = [o for o in ours if o.state not in FINAL and not o.cancel_asked]
    status = services.queries.status()
    return answers.panic(wanted, status, going_on=going_on)


def _may_mean_another(received: Received) -> bool:
    """Whether words after the command make it another sentence: "/panic off"."""
    is_command = received.text.startswith("/") and not is_panic(received.text)
    return is_command and says_more("panic", "/panic", received.arguments)


async def stop(press: Stop, tapped: Tapped, services: Services) -> None:
    """A button of the question what "stop" means; it acts however late the tap is
    received.
    """
    if press.what is Halting.ALL:
        key = f"panic:{tapped.number}"
        wanted = services.engine.named.panic(by=tapped.by, key=key)
        text = _answer(wanted, services)
    else:
        services.engine.halt(by=tapped.by, reason=alarms.by_command(tapped.by))
        text = status.halted(services.queries.status())
    await toast(tapped)
    await redraw(tapped, Page(text=text))


def which_stop() -> Page:
    """The question for words that may mean /panic: "stop?", "manic"."""
    return Page(text=answers.WHICH_STOP, keyboard=_WHICH)


_WHICH: Final = markup(
    [
        button(
            labels.STOP_ALL,
            Stop(what=Halting.ALL),
            KeyboardButtonStyle.DANGER,
        )
    ],
    [button(labels.ONLY_HALT, Stop(what=Halting.NEW))],
)
