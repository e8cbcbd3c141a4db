"""The durable inbox: an update is on disk before it is confirmed to Telegram.

Telegram forgets an update when the next poll has a higher offset. So each batch is
written first (W0), and synced before that poll: the order that a tap allows is written
a moment later, and its commit syncs both. Updates left by a crash are handled after the
restart. An update that is unreadable, or whose handler fails, is set aside and never
blocks the rest.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, CallbackContext

from bot.bot_api.answers import UNREADABLE
from bot.bot_api.pools import Client, sending_client
from bot.bot_api.updates import NO_DATE, bounded, update_of
from bot.callback_data import Chosen, parse
from bot.elsewhere import Elsewhere, concerns_elsewhere
from bot.gate import Gate
from bot.handlers.panic_words import is_panic
from bot.outgoing.pace import ORDER_FIRST
from bot.poll import Poll
from bot.waits import Waits
from core.ledger.unit_of_work import now_on
from core.loop_time import loop_time
from core.model.errors import Contradiction, SettingsWrong, StoreError
from core.model.points import ANSWER, W0, Reached, ignore
from core.ports.journal import InboxStore
from core.ports.market import SteadyClock


_log = logging.getLogger(__name__)

OUTSIDE: Final = 256
"""How many updates of groups may wait for the bot to leave; more are dropped, because a
group that was not left yet sends others."""

REFUSALS: Final = 3
"""So often in a row, within a minute, Telegram refuses the token before a start ends."""

_UNREAD: Final = frozenset({"entities", "caption_entities"})

_PLACE: Final = frozenset({"message_id", "chat"})

ChatApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

Admitted: TypeAlias = tuple[dict[str, Any], Update | None]
"""An update as it is stored, and as it is handled; None if it is unreadable."""


class Inbox:
    """Stores updates and passes them through the gate to the handlers. ``waits`` knows
    how long each update may have waited."""

    def __init__(
        self,
        *,
        chat: ChatApplication,
        store: InboxStore,
        gate: Gate,
        clock: SteadyClock,
        on_alarm: Callable[[str], None],
        reached: Reached = ignore,
    ) -> None:
        """*on_alarm* is called with a text when another program reads our messages, or
        one cannot be read, *reached* with each write-ahead point as it is passed."""
        self._chat = chat
        self._poll = Poll(bot=chat.bot, on_alarm=on_alarm)
        self._store = store
        self._gate = gate
        self._elsewhere = Elsewhere(bot=chat.bot, clock=clock)
        self._clock = clock
        self.waits = Waits()
        self._reached = reached
        self._outside: asyncio.Queue[dict[str, Any]] = asyncio.Queue(OUTSIDE)
        self._failures: dict[int, Exception] = {}
        chat.add_error_handler(self._note_failure)

    @property
    def polling_client(self) -> Client:
        """The client that polls."""
        return self._poll.connection

    @property
    def silence(self) -> float | None:
        """For how many seconds Telegram has not answered a poll; None if it never
        has."""
        answered = self._poll.answered
        if answered is None:
            return None
        return loop_time() - answered

    async def run(self) -> None:
        """Poll and handle updates forever, beginning with those left by an earlier run.

        Raises:
            Contradiction, StoreError, SettingsWrong: the process cannot go on.
        """
        self.waits.begin()
        try:
            async with self._poll.connection, asyncio.TaskGroup() as tasks:
                await self._introduce()
                for number, raw in self._store.unread():
                    self._begin(number, self._read(json.loads(raw)), tasks)
                tasks.create_task(self._receive(tasks), name="poll Telegram")
                tasks.create_task(self._leave_groups(), name="leave groups")
        finally:
            await self._chat.shutdown()
            await sending_client(self._chat.bot).shutdown()  # if it was not introduced

    async def _introduce(self) -> None:
        """Learn the bot's own name, which is needed to understand "/scan@name". Raises
        SettingsWrong if Telegram refuses the token again and again."""
        refusals = 0
        while True:
            try:
                await self._chat.initialize()
            except TelegramError as error:
                refusals = refusals + 1 if isinstance(error, InvalidToken) else 0
                if refusals == REFUSALS:
                    raise _unknown_token() from error
                await self._poll.back_off(error)
            else:
                return

    async def _receive(self, tasks: asyncio.TaskGroup) -> None:
        offset: int | None = None
        while True:
            self._store.sync()
            received = await self._poll.updates(offset)
            admitted = await self._admitted(received)
            numbers = [raw["update_id"] for raw, _ in admitted]
            more = self._poll.note_received(received)
            self.waits.answered(*numbers, at=now_on(self._clock), more=more)
            if admitted:
                self._keep(admitted, tasks)
                await asyncio.sleep(ORDER_FIRST)
            if received:
                offset = max(raw["update_id"] for raw in received) + 1

    async def _admitted(self, received: list[dict[str, Any]]) -> list[Admitted]:
        """The updates to keep. Yields to other tasks in between, since a hundred
        updates take a while; a tap comes alone."""
        admitted: list[Admitted] = []
        for number, raw in enumerate(received):
            if number:
                await asyncio.sleep(0)
            admitted += self._admit(raw)
        return admitted

    def _admit(self, raw: dict[str, Any]) -> list[Admitted]:
        """*raw* as it is handled, if the gate admits it; nothing else is stored, and no
        word of a stranger's is looked at. Unreadable updates of the owner are stored and
        set aside; those of a group wait for the bot to leave it."""
        if self._gate.may_be_let_in(raw):
            raw = _as_new(bounded(_as_handled(raw)))
            update = self._read(raw)
            if update is None or self._gate.admits(update):
                return [(raw, update)]
        if concerns_elsewhere(raw) and not self._outside.full():
            self._outside.put_nowait(bounded(raw))
        return []

    async def _leave_groups(self) -> None:
        while True:
            update = self._read(await self._outside.get())
            if update is not None:
                await self._elsewhere.leave(update)
            self._outside.task_done()

    def _keep(self, admitted: list[Admitted], tasks: asyncio.TaskGroup) -> None:
        """W0. Write to disk; it is synced before the next poll confirms the updates.
        What was known before is handled already."""
        numbered = [(raw["update_id"], json.dumps(raw)) for raw, _ in admitted]
        with self._store.unsynced():
            new = self._store.receive(numbered, at=self._clock.now())
        self._reached(W0)
        updates = {raw["update_id"]: update for raw, update in admitted}
        for number in new:
            self._begin(number, updates[number], tasks)

    def _begin(
        self, number: int, update: Update | None, tasks: asyncio.TaskGroup
    ) -> None:
        tasks.create_task(self._handle(number, update), name=f"update {number}")

    async def _handle(self, number: int, update: Update | None) -> None:
        try:
            if update is None:
                self._give_up_on(number, "unreadable")
                return
            if self._gate.admits(update):
                await self._chat.process_update(update)
                self._reached(ANSWER)
            else:
                await self._elsewhere.leave(update)
            self._conclude(update)
        finally:
            self.waits.done(number)

    def _read(self, raw: dict[str, Any]) -> Update | None:
        try:
            return update_of(raw, self._chat.bot)
        except UNREADABLE as problem:
            _log.error("unreadable update: %s", problem)
            return None

    async def _note_failure(
        self, update: object, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:
        """The application reports here what a handler raised."""
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    def _conclude(self, update: Update) -> None:
        failure = self._failures.pop(update.update_id, None)
        if failure is None:
            with self._store.transaction():
                self._store.finish(update.update_id)
            return
        if isinstance(failure, StoreError):
            raise failure  # it stays unread until the journal can be written again
        self._give_up_on(update.update_id, f"{type(failure).__name__}: {failure}")
        if isinstance(failure, Contradiction):
            raise failure
        _log.error("update=%s failed", update.update_id, exc_info=failure)

    def _give_up_on(self, number: int, reason: str) -> None:
        with self._store.transaction():
            self._store.give_up_on(number, reason=reason)


def _unknown_token() -> SettingsWrong:
    return SettingsWrong(
        "Telegram does not know the bot's token, so nobody could be told or asked "
        "anything. Orders at IB stay as they are. Copy OPENBELL_TELEGRAM_TOKEN once more "
        "from @BotFather's answer, check OPENBELL_TELEGRAM_API_URL, and start again."
    )


def _as_new(raw: dict[str, Any]) -> dict[str, Any]:
    """*raw*, or, if it changes a message into a word for wanting out, that message: who
    mends a misspelt "stop" waits for an answer. No other change is heard."""
    changed = raw.get("edited_message")
    said = changed if isinstance(changed, dict) else {}
    text = said.get("text") or said.get("caption")
    if isinstance(text, str) and is_panic(text):
        return {"update_id": raw["update_id"], "message": changed}
    return raw


def _as_handled(raw: dict[str, Any]) -> dict[str, Any]:
    """*raw* without what no handler reads of the tapped message: its formatting, and of a
    card all but which message it is. /orders is redrawn by its buttons and text."""
    query = raw.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    if not isinstance(query, dict) or not isinstance(message, dict):
        return raw
    data = query.get("data")
    is_a_card = isinstance(data, str) and isinstance(parse(data), Chosen)
    read = message.keys() & _PLACE if is_a_card else message.keys() - _UNREAD
    kept = {name: value for name, value in message.items() if name in read}
    if is_a_card:
        kept["date"] = NO_DATE
    return {**raw, "callback_query": {**query, "message": kept}}
