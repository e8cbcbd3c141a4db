"""Polls Telegram for updates, forever: no answer of Telegram's ends the polling.

It uses raw JSON: of a batch that is parsed as a whole, one unreadable update would be
fetched again and again, and hide those after it.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.bot_api.answers import UnfinishedAnswer, UnreadableAnswer, VastAnswer
from bot.bot_api.client import PollRequest, raw_updates, telegram_request
from bot.gate import KINDS
from bot.outgoing.delivery import judge
from bot.views import alarms
from core.loop_time import loop_time


_log = logging.getLogger(__name__)

HOLD: Final = 25
"""Seconds that Telegram may hold a poll; we give up SLACK seconds later."""

MOST: Final = 100
"""The most updates in one answer."""

FEWER: Final = 10
"""How many times fewer are asked for after an answer that is too large, too slow or cut off."""

STUCK: Final = 5
"""After so many answers that show no number, half a minute, the update is left out."""

NEWEST: Final = -1
"""The offset of the newest update; Telegram forgets those before it (Bot API)."""

SLACK: Final = 10
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
CONTESTED_PAUSE: Final = 5.0
CONTESTED: Final = 60.0
"""Seconds of polling by another program (409) until it is reported."""
QUIET: Final = 60.0
"""Seconds without a conflict after which the other program counts as gone."""


class Poll:
    """Polls one after the other, over a ``connection`` of its own, which must be open.

    *on_alarm* is called with a text if an update was left out, and if we are not the only
    reader: once per episode after another program has polled with our token for a minute;
    at once if a webhook was set with it.

    The first answer comes at once with the waiting updates; later polls are held until
    there is something. ``answered`` is when the last answer came, in the loop's
    seconds; None before the first."""

    def __init__(self, *, bot: Bot, on_alarm: Callable[[str], None]) -> None:
        self._bot = bot
        self.connection = telegram_request(bot.base_url, grace=0.0, kind=PollRequest)
        self._on_alarm = on_alarm
        self._pause = 0.0
        self._contested_since = self._conflict_at = float("-inf")
        self._told = False
        self._hold = 0
        self._asked = MOST
        self.answered: float | None = None

    async def updates(self, offset: int | None) -> list[dict[str, Any]]:
        """The updates from *offset* on, which confirms all before it. Tries until
        Telegram answers; what cannot be read is left out, and told."""
        stuck = 0
        while True:
            try:
                answer = await self._ask(_past(offset, stuck))
            except UnreadableAnswer as unread:
                if self._asked > 1:
                    self._asked //= FEWER
                elif isinstance(unread, VastAnswer):
                    self._leave_out(unread.first)
                    return [{"update_id": unread.first}]
                else:
                    stuck += 1
                    await self._wait_stuck(unread, stuck)
            except TelegramError as error:
                if isinstance(error, UnfinishedAnswer):
                    self._asked = max(1, self._asked // FEWER)
                await self.back_off(error)
            else:
                self.recovered()
                return answer

    async def _wait_stuck(self, unread: UnreadableAnswer, stuck: int) -> None:
        """Wait after the answer number *stuck* without a number to go on from."""
        if stuck == STUCK:
            self._leave_out(None)
        await self.back_off(unread)

    def _leave_out(self, number: int | None) -> None:
        _log.error("update=%s cannot be read and is left out", number)
        self._on_alarm(alarms.LEFT_OUT)

    def note_received(self, received: Sequence[object]) -> bool:
        """Return whether Telegram may have more than was *received* with one poll. If not,
        the next one asks for as many as there can be."""
        if len(received) < self._asked:
            self._asked = MOST
            return False
        return True

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        query: dict[str, str | int] = {
            "timeout": self._hold,
            "limit": self._asked,
            "allowed_updates": json.dumps(KINDS),
        }
        if offset is not None:
            query["offset"] = offset
        answer = await raw_updates(
            self.connection, self._bot.base_url, within=HOLD + SLACK, **query
        )
        self._hold = HOLD
        return answer

    async def back_off(self, error: TelegramError) -> None:
        """Wait before the next try: longer each time, or as long as Telegram asks."""
        if self._pause == 0.0:
            _log.warning("Telegram does not answer: %s", _described(error))
        self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, self._pause * 2))
        match error:
            case Conflict() if _is_webhook(error):
                await self._take_back()
                pause = self._pause
            case Conflict():
                self._note_contested()
                pause = CONTESTED_PAUSE
            case InvalidToken():
                pause = LONGEST_PAUSE
            case RetryAfter():
                pause = judge(error).wait
            case _:
                pause = self._pause
        await asyncio.sleep(pause)

    def recovered(self) -> None:
        """Telegram answered."""
        self.answered = loop_time()
        if self._pause:
            _log.warning("Telegram answers again")
        self._pause = 0.0

    def _note_contested(self) -> None:
        """Note a conflict. An answer in between does not end an episode, since both
        readers get some of the messages; a minute without a conflict does."""
        now = loop_time()
        if now - self._conflict_at > QUIET:
            self._contested_since, self._told = now, False
            _log.error("somebody else polls Telegram with our token (409)")
        self._conflict_at = now
        if now - self._contested_since >= CONTESTED and not self._told:
            self._told = True
            self._on_alarm(alarms.ANOTHER_READER)

    async def _take_back(self) -> None:
        """Delete the webhook without dropping waiting updates; if that fails, the next
        poll tries again. While a webhook is set no poll succeeds, so the first poll of
        a start finds one that was set before."""
        _log.error("a webhook was set with our token (409); deleting it")
        try:
            await self.connection.post(f"{self._bot.base_url}/deleteWebhook")
        except TelegramError as error:
            _log.error("the webhook is still there: %s", type(error).__name__)
        else:
            self._on_alarm(alarms.A_WEBHOOK)


def _past(offset: int | None, stuck: int) -> int | None:
    """Where to ask from after *stuck* answers without a number: where it was, then one
    further, and then at the newest update, which loses what waited before it."""
    if stuck < STUCK:
        return offset
    return NEWEST if offset is None or stuck > STUCK else offset + 1


def _is_webhook(error: Conflict) -> bool:
    """Whether a webhook ended our poll, and not another poll."""
    return "webhook" in error.message.lower()


def _described(error: TelegramError) -> str:
    return f"{type(error).__name__}: {error.message[:200]}"
