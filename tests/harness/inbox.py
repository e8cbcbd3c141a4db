"""An inbox whose handlers write down what they receive."""

import asyncio
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.gate import Gate
from bot.handlers.handler_errors import report_handler_errors
from bot.handlers.table import build_application
from bot.inbox import Inbox
from bot.keyboards import for_failed_scan
from bot.people import People
from bot.sandbox.api_types import Message
from bot.sandbox.server import BotApiServer
from core.model.errors import Contradiction
from tests.bot.hands import RingingJournal, Watch
from tests.harness.outbox import an_owners_chat


HIS_CHAT = {"id": 1001, "type": "private", "first_name": "Ada"}


class RecordingInbox:
    """An inbox whose handlers write down what they hear."""

    def __init__(
        self, server: BotApiServer, journal: RingingJournal, clock: Watch
    ) -> None:
        self.server = server
        self.journal = journal
        self.phone = server.phone
        self.clock = clock
        self.received: list[str] = []
        self.waited: list[timedelta] = []
        self.contested: list[str] = []
        self.let_go = asyncio.Event()
        chat = build_application(token=server.token, base_url=server.base_url)
        for name, answer in (
            ("hear", self._receive),
            ("fail", self._fail),
            ("contradict", self._contradict),
            ("wait", self._wait),
        ):
            chat.add_handler(CommandHandler(name, answer))
        chat.add_handler(CallbackQueryHandler(self._receive))
        owners_chat = an_owners_chat(chat.bot, journal, server)
        report_handler_errors(chat, lambda _: owners_chat)
        self.gate = Gate(
            people=People(owner=self.phone.user.id, others=tuple), clock=clock
        )
        self.inbox = Inbox(
            chat=chat,
            store=journal.inbox,
            gate=self.gate,
            clock=clock,
            on_alarm=self._on_contested,
        )

    async def _receive(self, update: Update, _: Any) -> None:
        message = update.effective_message
        self.received.append(message.text or "" if message else "")
        self.waited.append(self.inbox.waits.of(update, now=self.clock.now()))

    async def _fail(self, update: Update, _: Any) -> None:
        raise RuntimeError("a slip")

    async def _contradict(self, update: Update, _: Any) -> None:
        raise Contradiction("two truths")

    async def _wait(self, update: Update, _: Any) -> None:
        self.received.append("/wait")
        self.journal.changes.announce()
        await self.let_go.wait()
        self.received.append("waited")

    async def shows(self, bot: Bot) -> Message:
        """A message of the bot's with a button, as the owner has it."""
        await bot.send_message(
            self.phone.user.id, "a message", reply_markup=for_failed_scan()
        )
        return self.phone.received[-1]

    def _on_contested(self, reason: str) -> None:
        self.contested.append(reason)
        self.journal.changes.announce()

    async def receives(self, *words: str) -> None:
        await self.journal.comes_to(
            lambda: self.received == list(words) and not self.journal.inbox.unread()
        )
