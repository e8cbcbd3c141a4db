"""The Bot API in memory: python-telegram-bot on one side, the sandbox's chats on the
other, and no socket between."""

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.api_types import Message
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Drop, Fault, Faults
from bot.sandbox.methods import METHODS
from bot.sandbox.params import Params
from bot.sandbox.server import BOT, OWNER, TOKEN


class FakeTelegram(BaseRequest):
    """One bot and its owner's chat. ``faults`` are what the next requests meet."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.faults = Faults()
        self.owner = OWNER.id
        self._chats = Chats(bot=BOT, clock=clock, elapsed=lambda: 0.0)
        self._chats.meet(OWNER, started=True)

    def client(self) -> Bot:
        """A bot that speaks here."""
        return Bot(TOKEN, request=self, get_updates_request=self)

    @property
    def said(self) -> tuple[Message, ...]:
        """What the bot has said, as it stands now, oldest first."""
        return tuple(m for m in self._chats.messages(self.owner) if m.from_bot)

    # what python-telegram-bot asks for

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_named: Any,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        fault = self.faults.take(name) or Fault()
        if fault.drop is Drop.BEFORE:
            raise NetworkError("nobody listens") from httpx.ConnectError("refused")
        try:
            answer = self._obey(name, request_data, fault)
        except ApiError as refusal:
            return refusal.code, json.dumps(refusal.to_json()).encode()
        if fault.drop is Drop.AFTER:
            raise TimedOut from httpx.ReadTimeout("no answer")
        return HTTPStatus.OK, answer

    def _obey(self, name: str, asked: RequestData | None, fault: Fault) -> bytes:
        error = fault.error()
        if error is not None:
            raise error
        params = Params(asked.json_parameters if asked else {})
        result = METHODS[name.lower()](self._chats, params)
        return json.dumps({"ok": True, "result": result}).encode()
