"""Pairing: the owner is the person who sends a code that only this terminal shows."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final

from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.client import raw_updates, telegram_request
from bot.outgoing.delivery import send, waits_are_durations
from bot.outgoing.page import Page
from bot.prompt.env_text import with_values, write_privately
from bot.views import welcome
from core.chance import RandomBytes, system_random_bytes
from core.model.errors import SettingsWrong
from core.settings.settings import PREFIX, Settings


TIMEOUT: Final = 300.0
"""Seconds within which the owner must send the code."""

PAUSE: Final = 2.0
"""Seconds after a poll without an answer."""

_HOLD: Final = 10
"""Seconds of one poll."""
_SLACK: Final = 5
"""Seconds that its answer may take beyond that."""

_CODE_BYTES: Final = 5
"""40 bits: it cannot be guessed within the minutes that it is valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Somebody in Telegram, by number and by name."""

    number: int
    name: str


TRIES: Final = 5
"""This many wrong codes end the pairing: they are no longer typing mistakes."""

_CODE: Final = re.compile(rf"[0-9A-F]{{{2 * _CODE_BYTES}}}", re.ASCII)


_BETWEEN: Final = re.compile(r"@\w+|[\s-]")
"""What may stand between the digits of a code, and the bot's name behind a command."""


def new_code(random_bytes: RandomBytes) -> str:
    return random_bytes(_CODE_BYTES).hex().upper()


def bot_with(token: str, settings: Settings) -> Bot:
    """A client for *token*; open it before use. Raises SettingsWrong if the proxy or
    certificates cannot be used."""
    waits_are_durations()
    base_url = f"{settings.telegram_api_url}/bot"
    return Bot(
        token,
        base_url=base_url,
        request=telegram_request(base_url),
        get_updates_request=telegram_request(base_url),
    )


async def name_of(token: str, settings: Settings) -> str | None:
    """The name of the bot with this token; None if Telegram does not know the token.

    Raises:
        TelegramError: Telegram could not be asked.
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    try:
        async with bot_with(token, settings) as bot:
            return bot.username
    except InvalidToken:
        return None
    except UNREADABLE as problem:
        raise TelegramError(f"an answer that is none: {problem}") from problem


async def paired(token: str, code: str, settings: Settings) -> Paired | None:
    """The sender of the first private message that is *code*; None if none came in
    time, too many wrong codes did, or others have seen it. Earlier messages are confirmed, so that the bot
    does not answer them.

    Raises:
        TelegramError: Telegram could not be asked.
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    try:
        async with asyncio.timeout(TIMEOUT), bot_with(token, settings) as bot:
            return await _sender_of(code, bot)
    except TimeoutError:
        return None


async def _sender_of(code: str, bot: Bot) -> Paired | None:
    offset, wrong = 0, 0
    while True:
        updates = await _updates(bot, offset, hold=_HOLD)
        offset = max((each["update_id"] + 1 for each in updates), default=offset)
        for said in filter(None, (_code_in(each, bot) for each in updates)):
            if compare_digest(said.code, code):
                if said.seen:
                    return None
                await _updates(bot, offset, hold=0)  # this confirms the code
                return Paired(number=said.number, name=said.name)
            wrong += not said.seen
            if wrong == TRIES:
                return None


async def _updates(bot: Bot, offset: int, *, hold: int) -> list[dict[str, Any]]:
    """None come where there is no answer, for which the owner need not start again."""
    try:
        return await raw_updates(
            bot.request, bot.base_url, within=hold + _SLACK, timeout=hold, offset=offset
        )
    except (NetworkError, RetryAfter):
        await asyncio.sleep(PAUSE)
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A text that looks like a code, and its sender. It was *seen* if others have it, too:
    they wrote what is forwarded, or read it in a group."""

    code: str
    seen: bool
    number: int
    name: str


def _code_in(raw: dict[str, Any], bot: Bot) -> _Said | None:
    """None in what cannot be read, either."""
    try:
        return _said(Update.de_json(raw, bot))
    except UNREADABLE:
        return None


def _said(update: Update) -> _Said | None:
    """A code sent as text, or by the link as /start's argument."""
    message, sender = update.message or update.edited_message, update.effective_user
    if message is None or sender is None:
        return None
    code = _BETWEEN.sub("", (message.text or "").upper().removeprefix("/START"))
    if not _CODE.fullmatch(code):
        return None
    is_alone = message.chat.type == ChatType.PRIVATE and message.forward_origin is None
    return _Said(code=code, seen=not is_alone, number=sender.id, name=sender.full_name)


_NOT_PAIRED: Final = (
    "The code has not come, or too many wrong ones did, or others have seen it (in a "
    "group, or forwarded). Start again."
)


async def pair_at_the_prompt(
    settings: Settings,
    env_file: Path,
    *,
    say: Callable[[str], None],
    random_bytes: RandomBytes = system_random_bytes,
) -> bool:
    """Find the owner by a code that only *say* shows, and write his number into
    *env_file*. Returns whether he was found.

    Raises:
        SettingsWrong, TelegramError: Telegram does not know the token, or could not be
            asked.
        OSError: *env_file* cannot be written.
    """
    token = settings.token()
    name, code = await name_of(token, settings), new_code(random_bytes)
    if name is None:
        raise SettingsWrong("Telegram does not know the token.")
    say(
        f"Nobody owns this bot yet. Open https://t.me/{name}?start={code} on your phone "
        f"and press Start, or send {code} to @{name}. I wait five minutes ..."
    )
    owner = await paired(token, code, settings)
    if owner is None:
        say(_NOT_PAIRED)
        return False
    _write_owner(owner, env_file)
    say(f"{owner.name} ({owner.number}) owns this bot now; {env_file} says so.")
    await greet(owner, token, settings, starts=True)
    return True


async def greet(owner: Paired, token: str, settings: Settings, *, starts: bool) -> None:
    """Tell *owner* in the chat who he is now, and whether the bot *starts* by itself; he is
    the owner without that, too."""
    text = welcome.paired(owner.name, starts=starts)
    with suppress(TelegramError, SettingsWrong, *UNREADABLE):
        async with bot_with(token, settings) as bot:
            await send(bot, owner.number, Page(text=text))


def _write_owner(owner: Paired, env_file: Path) -> None:
    before = env_file.read_text(encoding="utf-8") if env_file.exists() else ""
    value = {f"{PREFIX}TELEGRAM_OWNER_ID": str(owner.number)}
    write_privately(env_file, with_values(before, value))
