"""Who the owner is: the one who sends a code that only this terminal shows."""

import asyncio
from dataclasses import dataclass
from typing import Final

from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import InvalidToken, TelegramError

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.client import telegram_request
from core.chance import RandomBytes
from core.settings.settings import Settings


PATIENCE: Final = 300.0
"""Seconds that the owner has to send the code."""

_HOLD: Final = 10
"""Seconds of one poll."""

_CODE_BYTES: Final = 5
"""40 bits: nobody guesses it within the minutes that it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Somebody in Telegram, by number and by name."""

    number: int
    name: str


def new_code(random_bytes: RandomBytes) -> str:
    return random_bytes(_CODE_BYTES).hex().upper()


def bot_with(token: str, settings: Settings) -> Bot:
    """A client for *token*; open it before use. Raises SettingsWrong: no usable way."""
    base_url = f"{settings.telegram_api_url}/bot"
    return Bot(
        token,
        base_url=base_url,
        request=telegram_request(base_url),
        get_updates_request=telegram_request(base_url),
    )


async def name_of(token: str, settings: Settings) -> str | None:
    """The bot's own name with this token; None when Telegram does not know the token.

    Raises:
        TelegramError: Telegram could not be asked.
    """
    try:
        async with bot_with(token, settings) as bot:
            return bot.username
    except InvalidToken:
        return None
    except UNREADABLE as problem:
        raise TelegramError(f"an answer that is none: {problem}") from problem


async def paired(token: str, code: str, settings: Settings) -> Paired | None:
    """The sender of the first private message that is *code*; None when none came in
    time. What came before it is confirmed: the bot shall not answer it.

    Raises:
        TelegramError: Telegram could not be asked.
    """
    try:
        async with asyncio.timeout(PATIENCE), bot_with(token, settings) as bot:
            return await _sender_of(code, bot)
    except TimeoutError:
        return None


async def _sender_of(code: str, bot: Bot) -> Paired:
    offset = None
    while True:
        updates = await bot.get_updates(offset, timeout=_HOLD)
        found = next(filter(None, (_paired_by(each, code) for each in updates)), None)
        if updates:
            offset = updates[-1].update_id + 1
        if found is not None:
            await bot.get_updates(offset, timeout=0)  # this confirms the code
            return found


def _paired_by(update: Update, code: str) -> Paired | None:
    """Sent as it is, or by the link that brings it behind /start."""
    message, sender = update.message, update.effective_user
    if message is None or sender is None or message.chat.type != ChatType.PRIVATE:
        return None
    words = (message.text or "").upper().removeprefix("/START").split()
    return Paired(number=sender.id, name=sender.full_name) if words == [code] else None
