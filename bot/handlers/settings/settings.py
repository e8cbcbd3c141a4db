"""/settings: what the owner can change in the chat; by buttons or by text."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from io import BytesIO
from typing import Final

from bot.handlers.services import (
    Received,
    Services,
    Tapped,
    answer,
    follow,
    redraw,
    reply,
    toast,
)
from bot.handlers.settings import keys
from bot.handlers.settings.naming import (
    RESETTING,
    name_first,
    named,
    near,
    words_of,
)
from bot.outgoing.page import Document, Page
from bot.presses.settings import (
    AnswerSetting,
    ExportSettings,
    SettingsPress,
    SetTo,
    ShowGroup,
    ShowSetting,
    To,
)
from bot.views import toasts
from bot.views.settings import changes, export, shown
from bot.waits import LONG
from core.ledger.choices import Answered, Asked, ChoiceOutcome
from core.model.chosen.setting import Setting
from core.model.errors import SettingsWrong
from core.settings.choosable import all_names


_EXPORT: Final = frozenset({"export", "save", "file", "env"})
_FROM_FILE: Final = frozenset({".env", "env"})


async def settings(received: Received, services: Services) -> None:
    """/settings: show all of them, a group (/settings noise), or one (/settings shares);
    ask whether to change one (/settings shares 50); or send them as a file (/settings
    export)."""
    said = words_of(received.arguments)
    if not said:
        await reply(received, _overview(services))
    elif len(said) == 1 and said[0].lower() in _EXPORT:
        await reply(received, _export(services))
    elif len(said) == 1 and (group := _group(said[0].lower(), services)):
        await reply(received, group)
    else:
        await reply(received, _named(said, services, _request(received)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The message or tap that asks, and its sender: the question is his."""

    key: str
    asker: int


def _request(of: Received | Tapped) -> _Request:
    return _Request(key=f"{of.number}", asker=of.answers.sender)


def typed(said: str, received: Received, services: Services) -> Page | None:
    """Take *said* as the value that was asked for; None if none was."""
    request = _request(received)
    name = services.engine.settings.awaited(request.asker)
    one = _setting(name, services) if name else None
    return None if one is None else _asked(one, said, services, request)


async def pressed(press: SettingsPress, tapped: Tapped, services: Services) -> None:
    """Do what a button of /settings says; a value that it chooses is asked about first."""
    if isinstance(press, AnswerSetting):
        await _answered(press, tapped, services)
    elif isinstance(press, ExportSettings):
        await toast(tapped)
        await follow(tapped, _export(services))
    elif (page := _page(press, services, _request(tapped))) is None:
        await answer(tapped, toasts.NO_BUTTON)
    else:
        await toast(tapped)
        await redraw(tapped, page)


def _page(
    press: ShowGroup | ShowSetting | SetTo, services: Services, request: _Request
) -> Page | None:
    if isinstance(press, ShowGroup):
        return _group(press.group, services) if press.group else _overview(services)
    one = _setting(press.name, services)
    if one is None:
        return None
    if isinstance(press, ShowSetting):
        return _one(one, services, request)
    try:
        word = _word(press, one)
    except LookupError:
        return None
    return _ask(one, word, services, request)


def _overview(services: Services) -> Page:
    all_of_them = services.engine.settings.settings()
    return Page(text=shown.overview(all_of_them), keyboard=keys.overview(all_of_them))


def _group(name: str, services: Services) -> Page | None:
    all_of_them = services.engine.settings.settings()
    if all(each.group != name for each in all_of_them):
        return None
    return Page(
        text=shown.group(name, all_of_them), keyboard=keys.group(name, all_of_them)
    )


def _one(one: Setting, services: Services, request: _Request) -> Page:
    """The page of one setting, whose value may be typed next."""
    services.engine.settings.await_value(one.name, key=request.key, asker=request.asker)
    counts = _number(one.value) is not None
    return Page(text=shown.setting(one), keyboard=keys.setting(one, counts=counts))


def _named(said: list[str], services: Services, request: _Request) -> Page:
    meant = named(name_first(said), all_names())
    if meant is None:
        choosable = [each.name for each in services.engine.settings.settings()]
        return Page(text=changes.not_known(" ".join(said), near(said, choosable)))
    one = _setting(meant.name, services)
    if one is None:
        return Page(text=changes.only_in_file(meant.name))
    if not meant.value:
        return _one(one, services, request)
    return _asked(one, meant.value, services, request)


def _asked(one: Setting, said: str, services: Services, request: _Request) -> Page:
    """The question about a value that was typed, or why there is none."""
    if said.lower() in _FROM_FILE:
        return _ask(one, None, services, request)
    if said.lower() in RESETTING:
        return _ask(one, _default(one), services, request)
    try:
        return _put(one, said, services, request)
    except SettingsWrong as wrong:
        return Page(text=changes.refused(one, said, str(wrong)))


def _ask(one: Setting, to: str | None, services: Services, request: _Request) -> Page:
    try:
        return _put(one, to, services, request)
    except SettingsWrong as wrong:
        return Page(text=changes.cannot(str(wrong)))


def _put(one: Setting, to: str | None, services: Services, request: _Request) -> Page:
    """Raises SettingsWrong."""
    if to == one.value or (to is None and not one.is_chosen):
        counts = _number(one.value) is not None
        keyboard = keys.setting(one, counts=counts)
        return Page(text=changes.already(one), keyboard=keyboard)
    choices = services.engine.settings
    return _question(choices.ask(one.name, to, key=request.key, asker=request.asker))


def _question(asked: Asked, *, late: bool = False) -> Page:
    sure = asked.question.loosens and asked.question.stage == 1
    text = changes.ask(asked.judged, sure=sure, late=late)
    return Page(text=text, keyboard=keys.question(asked, sure=sure))


async def _answered(press: AnswerSetting, tapped: Tapped, services: Services) -> None:
    yes = press.yes if not press.yes or tapped.waited <= LONG else None
    outcome = services.engine.settings.answer(
        press.token,
        stage=press.stage,
        yes=yes,
        by=tapped.by,
        asker=tapped.answers.sender,
    )
    await toast(tapped)
    await redraw(tapped, _outcome(outcome))


def _outcome(outcome: ChoiceOutcome) -> Page:
    if outcome.asked is None:
        return Page(text=changes.no_change(outcome.answered.value, outcome.problem))
    if outcome.answered is Answered.CHANGED:
        return Page(text=changes.changed(outcome.asked.judged))
    return _question(outcome.asked, late=outcome.answered is Answered.LATE)


def _export(services: Services) -> Page:
    text = export.env_text(services.engine.settings.settings())
    file = Document(file=BytesIO(text.encode()), name="openbell.env.txt")
    return Page(text=export.caption(), attached=file)


def _setting(name: str, services: Services) -> Setting | None:
    found = (one for one in services.engine.settings.settings() if one.name == name)
    return next(found, None)


def _word(press: SetTo, one: Setting) -> str | None:
    """The value the button sets; None is the value in .env. Raises LookupError."""
    if press.option is not None:
        return one.options[press.option]
    if press.to in {To.DEFAULT, To.FROM_FILE}:
        return _default(one) if press.to is To.DEFAULT else None
    number = _number(one.value)
    if number is None:
        raise LookupError(one.value)
    return format(number * 2 if press.to is To.DOUBLE else _half(number), "f")


def _default(one: Setting) -> str | None:
    """The value in .env where that is the default: the setting then follows it."""
    return None if one.from_file == one.default else one.default


def _half(number: Decimal) -> Decimal:
    """Half of it; of a whole number a whole one, as long as there is one."""
    half = number / 2
    return (
        half.to_integral_value(ROUND_FLOOR) if number % 1 == 0 and half >= 1 else half
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
