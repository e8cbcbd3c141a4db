"""Routes each update to its handler: commands, taps, and plain text."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, get_args

from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.bot_api.client import telegram_request
from bot.callback_data import (
    Buy,
    CancelOrder,
    CheckWithIb,
    Chosen,
    ChosenSize,
    ConfirmFilled,
    Doubt,
    EndHalts,
    LookAtStock,
    More,
    Open,
    Refresh,
    ScanAgain,
    Sell,
    Table,
    parse,
)
from bot.handlers.commands import COMMANDS, Command
from bot.handlers.follow_up import about_its_card
from bot.handlers.handler_errors import report_handler_errors
from bot.handlers.late import LateCommands
from bot.handlers.looks.more import show_more
from bot.handlers.looks.overviews import refresh
from bot.handlers.looks.scan import scan_again
from bot.handlers.looks.stock import look
from bot.handlers.looks.table import open_stock, show_table
from bot.handlers.panic_words import is_panic
from bot.handlers.people import admit, dismiss
from bot.handlers.safety import end_halts
from bot.handlers.schedule.schedule import pressed as schedule_pressed
from bot.handlers.services import (
    Received,
    Services,
    Tapped,
    answer,
    received_message,
    reply,
    tapped,
)
from bot.handlers.settings.settings import pressed, typed
from bot.handlers.several import STOPS, Several, several
from bot.handlers.text_commands import (
    Meant,
    NotClear,
    could_answer,
    meant,
    stock_alone,
)
from bot.handlers.trading.buy import buy_this
from bot.handlers.trading.cancel import cancel_order
from bot.handlers.trading.check import check
from bot.handlers.trading.choice import choose, choose_size, choose_terms, leave_out
from bot.handlers.trading.doubt import confirm_filled, settle
from bot.handlers.trading.exits import ask_exits, choose_exits
from bot.handlers.trading.panic import panic, stop, which_stop
from bot.handlers.trading.sell import sell_some
from bot.handlers.urgency import STOP_OR_HALT
from bot.handlers.vocabulary import is_latin, spoken
from bot.handlers.wordings.decisions import is_yes_or_no
from bot.inbox import ChatApplication
from bot.outgoing.delivery import waits_are_durations
from bot.outgoing.page import Page
from bot.people import People
from bot.presses.exits import AskExits, ChosenExits
from bot.presses.kinds import ChosenTerms, LeaveOutLeg, Stop
from bot.presses.people import Admit, Dismiss
from bot.presses.schedule import SchedulePress
from bot.presses.settings import SettingsPress
from bot.views import toasts, trouble, welcome
from bot.views.several import not_done
from bot.waits import LONG
from core.model.identity import Rights


def build_application(*, token: str, base_url: str) -> ChatApplication:
    """The client of the Bot API at *base_url* (the token is appended to it), without
    updater and job queue: the bot has its own inbox and schedule. Raises SettingsWrong
    if the proxy or certificates cannot be used.
    """
    waits_are_durations()
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(base_url)
        .request(telegram_request(base_url))
        .get_updates_request(telegram_request(base_url))
        .updater(None)
        .job_queue(None)
        .build()
    )


def register(application: ChatApplication, services: Services) -> None:
    """Have *application* pass admitted updates to their handlers."""
    report_handler_errors(application, services.chat_of)
    late = LateCommands()
    application.add_handler(CallbackQueryHandler(_on_tap(services)))
    for command in COMMANDS:
        on_command = _on_command(command, services, late)
        application.add_handler(CommandHandler(command.name, on_command))
    others = _on_anything_else(services, late)
    application.add_handler(MessageHandler(filters.ALL, others))


async def set_menus(bot: Bot, people: People) -> None:
    """Set each person's menu of commands, none for strangers, and the text of an empty
    chat. A chat that was never opened gets its menu at /start.

    Raises:
        TelegramError: it could not be set; nothing depends on it.
    """
    await bot.delete_my_commands()
    await bot.set_my_description(welcome.WHAT)
    for number in (people.owner, *(each.number for each in people.others)):
        await set_menu(bot, number, people)


async def set_menu(bot: Bot, number: int, people: People) -> None:
    """Set the menu of the person *number* to the commands that he may send; if Telegram
    does not take it, he keeps the old one."""
    acts = people.rights_of(number) is Rights.OWNER
    menu = [BotCommand(c.name, c.line) for c in COMMANDS if acts or c.looks]
    with suppress(TelegramError):
        await bot.set_my_commands(menu, scope=BotCommandScopeChat(number))


_Context = CallbackContext[Any, Any, Any, Any]
_Callback = Callable[[Update, _Context], Coroutine[Any, Any, None]]


def _on_command(command: Command, services: Services, late: LateCommands) -> _Callback:
    async def on_update(update: Update, _: _Context) -> None:
        received = received_message(update, services)
        if found := several(received.text, _NAMED, once=_ONCE):
            await _run_each(found, received, services, late, update)
        else:
            await _run(command, received, services, late, update)

    return on_update


_NAMED: Final = {command.name: command for command in COMMANDS}
_ONCE: Final = frozenset(each.name for each in COMMANDS if each.refused_when_late)
"""What may place orders is known by the number of its message."""


async def _run_each(
    found: Several,
    received: Received,
    services: Services,
    late: LateCommands,
    update: Update,
) -> None:
    """Run the commands of one message, then say what of it was not done."""
    for each in found.commands:
        part = replace(received, arguments=each.arguments)
        await _run(_NAMED[each.name], part, services, late, update)
    if found.left:
        text = not_done(found.left[0], found.left[1:], rest_is=bool(found.commands))
        await reply(received, Page(text=text))


async def _run(
    command: Command,
    received: Received,
    services: Services,
    late: LateCommands,
    update: Update,
) -> None:
    if not (command.looks or received.answers.acts):
        await reply(received, _look_only())
    elif is_panic(received.text):  # "/sell all" is "sell all"
        await panic(received, services)
    elif command.refused_when_late and _is_late(update, services):
        await late.note(received, command.name)
    else:
        await _answer(command, received, services)


def _look_only() -> Page:
    return Page(text=toasts.LOOK_ONLY)


async def _answer(command: Command, received: Received, services: Services) -> None:
    about = about_its_card(command.name, received, services)
    if isinstance(about, Page):
        await reply(received, about)
        return
    services.questions.close(received.message.chat.id)
    services.engine.settings.await_nothing(received.answers.sender)
    await command.answer(about, services)


def _on_tap(services: Services) -> _Callback:
    async def on_update(update: Update, _: _Context) -> None:
        tap = tapped(update, services)
        meant = parse(tap.query.data)
        if not tap.answers.acts:
            await answer(tap, toasts.LOOK_ONLY)
        elif isinstance(meant, _REFUSED_WHEN_LATE) and _is_late(update, services):
            await answer(tap, toasts.TOO_LATE)
        elif isinstance(meant, Chosen):
            await choose(meant, tap, services, waited=services.waited(update))
        else:
            await press(tap, services)

    return on_update


_REFUSED_WHEN_LATE: Final = (ScanAgain, Buy, Sell, AskExits, EndHalts, Admit)
"""Taps that do what a command does that is refused when late, or let somebody act."""


def _is_late(update: Update, services: Services) -> bool:
    return services.waited(update) > LONG


async def press(tapped: Tapped, services: Services) -> None:
    """Handle every tap but a Yes, No, Only or Queue on a card."""
    meant = parse(tapped.query.data)
    if meant is None:
        await answer(tapped, toasts.NO_BUTTON)
    elif isinstance(meant, ScanAgain):
        await scan_again(tapped, services)
    else:
        await _PRESSED[type(meant)](meant, tapped, services)


_PRESSED: Final[dict[type, Callable[[Any, Tapped, Services], Awaitable[None]]]] = {
    More: show_more,
    Table: show_table,
    Open: open_stock,
    LookAtStock: look,
    CancelOrder: cancel_order,
    Sell: sell_some,
    Buy: buy_this,
    ChosenSize: choose_size,
    LeaveOutLeg: leave_out,
    ChosenTerms: choose_terms,
    ChosenExits: choose_exits,
    AskExits: ask_exits,
    CheckWithIb: check,
    Doubt: settle,
    ConfirmFilled: confirm_filled,
    EndHalts: end_halts,
    Admit: admit,
    Dismiss: dismiss,
    Refresh: refresh,
    Stop: stop,
    **dict.fromkeys(get_args(SettingsPress), pressed),
    **dict.fromkeys(get_args(SchedulePress), schedule_pressed),
}


def _on_anything_else(services: Services, late: LateCommands) -> _Callback:
    async def on_update(update: Update, _: _Context) -> None:
        received = received_message(update, services)
        if is_panic(received.text):
            await _run(_NAMED["panic"], received, services, late, update)
        elif not received.text:
            await reply(received, Page(text=trouble.NO_WORDS))
        elif found := several(received.text, _NAMED, once=_ONCE):
            await _run_each(found, received, services, late, update)
        else:
            await _run_what_is_meant(received, services, late, update)

    return on_update


async def _run_what_is_meant(
    received: Received, services: Services, late: LateCommands, update: Update
) -> None:
    understood = meant(received.text, _NAMED)
    if understood == _WHICH_STOP:
        await reply(received, which_stop() if received.answers.acts else _look_only())
        return
    may = received.answers.acts and not _is_command(received.text, understood, _NAMED)
    page = typed(received.text, received, services) if may else None
    if page is not None:
        await reply(received, page)
        return
    match _answer_to_a_question(understood, received, services) or understood:
        case Meant(name=name, arguments=arguments):
            completed = replace(received, arguments=arguments)
            await _run(_NAMED[name], completed, services, late, update)
        case NotClear() as unclear:
            await reply(received, Page(text=_which(unclear, received, _NAMED)))


def _which(unclear: NotClear, received: Received, named: Mapping[str, Command]) -> str:
    """The answer to text that was not understood; it offers only commands that the
    sender may use.
    """
    acts = received.answers.acts
    if acts and is_yes_or_no(received.text):
        return trouble.TYPED_YES
    near = [name for name in unclear.nearest if acts or named[name].looks]
    stock = stock_alone(received.text or "")
    latin = is_latin(received.text)
    return trouble.not_understood(near, acts=acts, stock=stock, latin=latin)


def _answer_to_a_question(
    understood: Meant | NotClear, received: Received, services: Services
) -> Meant | None:
    """The command whose question the text answers, completed; None if no question is
    open, or if the text is a command.
    """
    text, now = received.text, services.clock.now()
    question = services.questions.answered(received.message.chat.id, text, now)
    if question is None:
        return None
    if isinstance(understood, Meant) and not could_answer(
        understood, text, asked=question.name
    ):
        return None
    return Meant(name=question.name, arguments=question.with_answer(spoken(text)))


_WHICH_STOP: Final = NotClear(nearest=STOP_OR_HALT)  # whatever was asked before


def _is_command(
    text: str, understood: Meant | NotClear, named: Collection[str]
) -> bool:
    """Whether the text is a command and cannot be the answer to a question."""
    stops = isinstance(understood, Meant) and understood.name in STOPS
    return stops or text.lstrip("/").partition(" ")[0].lower() in named
