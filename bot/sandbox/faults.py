"""Faults by script: what the next requests get instead of their usual answer."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bot.sandbox.errors import OTHER_POLLER, ApiError


ANY_METHOD: Final = "*"


class Drop(StrEnum):
    """When the connection is cut: before or after the request is carried out."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault; the fields may be combined.

    *status* answers with an error and does nothing (5xx with a page of HTML, as a proxy
    does); *retry_after* is in seconds. *drop* cuts the connection. *hold* waits for the
    event before anything is done, *delay* waits for seconds; the request is carried out
    even if the client gives up meanwhile. *repeat* makes getUpdates ignore the
    confirmation, so that the last batch comes again. *instead* is answered with HTTP
    200 instead of the true answer; the request is carried out if it says so
    (``"ok":true``).
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
        """Whether its *instead* does not report success, so that the request is not
        carried out.
        """
        words = self.instead
        return words is not None and '{"ok":true' not in words.replace(" ", "")

    def error(self) -> ApiError | None:
        """The error answer of this fault, if it has one."""
        if self.status is None:
            return None
        words = self.description or (
            OTHER_POLLER if self.status == HTTPStatus.CONFLICT else ""
        )
        return ApiError(self.status, words, retry_after=self.retry_after)


class Faults:
    """Planned faults by method; method names are matched in any case."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = {}

    def next(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Plan *fault* for the next *times* requests of *method* (`*` for any)."""
        self._waiting.setdefault(method.lower(), deque()).extend([fault] * times)

    def clear(self) -> None:
        """Remove every planned fault."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Remove and return the fault for this request of *method*, if any."""
        for name in (method.lower(), ANY_METHOD):
            if self._waiting.get(name):
                return self._waiting[name].popleft()
        return None
