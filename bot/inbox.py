"""The durable inbox: an update is on disk before it is confirmed to Telegram.

Telegram forgets an update when the next poll carries a higher offset. So each batch
is written first (W0); what a crash leaves unread is handled after the restart. One
update that nobody can read, or that fails, is set aside and never blocks the rest.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext

from bot.bot_api.answers import UNREADABLE
from bot.delivery import Page, send
from bot.elsewhere import Elsewhere
from bot.gate import Gate
from bot.pace import BREATH
from bot.poll import Poll
from bot.views import trouble
from core.model.errors import Contradiction, StoreError
from core.model.points import ANSWER, W0, Reached, ignore
from core.ports.journal import InboxStore
from core.ports.market import Clock


_log = logging.getLogger(__name__)

AT_ONCE: Final = 32
"""Updates that may be handled at the same time."""

Chat: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


class Inbox:
    """Keeps what arrives and hands it through the gate to the handlers."""

    def __init__(
        self,
        *,
        chat: Chat,
        store: InboxStore,
        gate: Gate,
        clock: Clock,
        on_contested: Callable[[str], None],
        reached: Reached = ignore,
    ) -> None:
        """*on_contested* is told, in words, when somebody else reads our messages too;
        *reached* each write-ahead point as it is passed."""
        self._chat = chat
        self._poll = Poll(bot=chat.bot, on_contested=on_contested)
        self._store = store
        self._gate = gate
        self._elsewhere = Elsewhere(bot=chat.bot, clock=clock)
        self._clock = clock
        self._reached = reached
        self._arrived = asyncio.Event()
        self._busy: set[int] = set()
        self._failures: dict[int, Exception] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        chat.add_error_handler(self._note_failure)

    async def run(self) -> None:
        """Poll and handle, for ever. What an earlier run left comes first.

        Raises:
            Contradiction, StoreError: the house must come down.
        """
        try:
            async with self._poll.connection, asyncio.TaskGroup() as tasks:
                await self._introduce()
                tasks.create_task(self._dispatch(), name="dispatch updates")
                tasks.create_task(self._receive(), name="poll Telegram")
        finally:
            await self._chat.shutdown()

    async def _introduce(self) -> None:
        """Learn the bot's own name; "/scan@name" cannot be understood without it."""
        while True:
            try:
                await self._chat.initialize()
            except TelegramError as error:
                await self._poll.back_off(error)
            else:
                return

    async def _receive(self) -> None:
        offset: int | None = None
        while True:
            updates = await self._poll.updates(offset)
            if updates:
                offset = self._keep(updates)
                await asyncio.sleep(BREATH)

    def _keep(self, updates: list[dict[str, Any]]) -> int:
        """W0. On disk before the offset moves; returns the offset that confirms."""
        numbered = [
            (int(update["update_id"]), json.dumps(update)) for update in updates
        ]
        with self._store.transaction():
            self._store.receive(numbered, at=self._clock.now())
        self._reached(W0)
        self._arrived.set()
        return max(number for number, _ in numbered) + 1

    async def _dispatch(self) -> None:
        async with asyncio.TaskGroup() as handling:
            while True:
                self._arrived.clear()
                for number, raw in self._store.unread():
                    if number not in self._busy:
                        await self._room.acquire()
                        self._busy.add(number)
                        handling.create_task(
                            self._handle(number, raw), name=f"update {number}"
                        )
                await self._arrived.wait()

    async def _handle(self, number: int, raw: str) -> None:
        try:
            update = self._read(raw)
            if update is None:
                self._bury(number, "unreadable")
                return
            if self._gate.admits(update):
                await self._chat.process_update(update)
                self._reached(ANSWER)
            else:
                await self._elsewhere.leave(update)
            await self._conclude(update)
        finally:
            self._room.release()
            self._busy.discard(number)

    def _read(self, raw: str) -> Update | None:
        try:
            return Update.de_json(json.loads(raw), self._chat.bot)
        except UNREADABLE as problem:
            _log.error("unreadable update: %s", problem)
            return None

    async def _note_failure(
        self, update: object, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:
        """The application reports here what a handler raised."""
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    async def _conclude(self, update: Update) -> None:
        failure = self._failures.pop(update.update_id, None)
        if failure is None:
            with self._store.transaction():
                self._store.finish(update.update_id)
            return
        self._bury(update.update_id, f"{type(failure).__name__}: {failure}")
        if isinstance(failure, (Contradiction, StoreError)):
            raise failure
        _log.error("update=%s failed", update.update_id, exc_info=failure)
        if update.effective_chat is not None:
            apology = Page(text=trouble.mishap())
            await send(self._chat.bot, update.effective_chat.id, apology)

    def _bury(self, number: int, reason: str) -> None:
        with self._store.transaction():
            self._store.bury(number, reason=reason)
