"""Implements ChatMemory as named values.

Tested by tests/contracts/store/test_memory.py.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Final

from core.model.news import ChatSend


_CHAT_SEND: Final = "chat send"
_MUTED: Final = "muted until"
_KEYBOARD: Final = "keyboard"
_HELD: Final = "held"
_GIVING: Final = "giving"


class ChatNotes:
    """What must be remembered of a chat."""

    def _recall(self, name: str) -> str | None:
        raise NotImplementedError

    def _remember(self, name: str, value: str | None) -> None:
        raise NotImplementedError

    def chat_send(self) -> ChatSend | None:
        kept = self._recall(_CHAT_SEND)
        return None if kept is None else ChatSend(**json.loads(kept))

    def set_chat_send(self, send: ChatSend | None) -> None:
        self._remember(_CHAT_SEND, None if send is None else json.dumps(asdict(send)))

    def muted_until(self) -> datetime | None:
        until = self._recall(_MUTED)
        return None if until is None else datetime.fromisoformat(until)

    def set_muted_until(self, until: datetime | None) -> None:
        self._remember(_MUTED, None if until is None else until.isoformat())

    def has_keyboard(self) -> bool:
        return self._recall(_KEYBOARD) is not None

    def set_keyboard(self, *, on: bool) -> None:
        self._remember(_KEYBOARD, "on" if on else None)

    def held(self) -> tuple[str, ...]:
        return tuple(json.loads(self._recall(_HELD) or "[]"))

    def set_held(self, keys: Iterable[str]) -> None:
        self._remember(_HELD, json.dumps(tuple(keys)))

    def giving(self) -> tuple[str, ...]:
        return tuple(json.loads(self._recall(_GIVING) or "[]"))

    def set_giving(self, keys: Iterable[str]) -> None:
        self._remember(_GIVING, json.dumps(tuple(keys)))
