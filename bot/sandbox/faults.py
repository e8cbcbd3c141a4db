"""Trouble by script: what the next requests meet instead of a plain answer."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bot.sandbox.errors import OTHER_POLLER, ApiError


ANY_METHOD: Final = "*"


class Drop(StrEnum):
    """When the connection is cut: before the request is obeyed, or after."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One trouble; the fields may be combined.

    *status* answers with an error and does nothing (5xx with a page of HTML, as a
    proxy does); *retry_after* is in seconds. *drop* cuts the connection. *hold* waits
    for the event before anything is done, *delay* waits for seconds; a client that
    gives up meanwhile is obeyed all the same. *repeat* makes
    getUpdates overlook the confirmation, so that the last batch comes again. *instead*
    is answered with HTTP 200 in the place of the true answer; the request is obeyed
    if that says so (``"ok":true``).
    """

    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    drop: Drop | None = None
    hold: asyncio.Event | None = None
    delay: float = 0.0
    repeat: bool = False
    instead: str | None = None

    @property
    def denies(self) -> bool:
        """Whether its own answer does not say that anything was done."""
        words = self.instead
        return words is not None and '{"ok":true' not in words.replace(" ", "")

    def error(self) -> ApiError | None:
        """Return the refusal that this fault stands for, if it does."""
        if self.status is None:
            return None
        words = self.description or (
            OTHER_POLLER if self.status == HTTPStatus.CONFLICT else ""
        )
        return ApiError(self.status, words, retry_after=self.retry_after)


class Faults:
    """Faults in waiting, by method. The method names are matched in any case."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = {}

    def next(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next requests of *method* (`*` for any) meet *fault*."""
        self._waiting.setdefault(method.lower(), deque()).extend([fault] * times)

    def clear(self) -> None:
        """Forget every fault that has not struck yet."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return what this request of *method* meets, and use it up."""
        for name in (method.lower(), ANY_METHOD):
            if self._waiting.get(name):
                return self._waiting[name].popleft()
        return None
