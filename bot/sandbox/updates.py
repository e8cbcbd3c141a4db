"""The queue of updates for the bot, as getUpdates returns it.

Tested by tests/bot/sandbox/test_client.py.
"""

from typing import Any, Final

from bot.sandbox.api_types import Json


# Kinds that a bot receives only if it names them.
ON_REQUEST: Final = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"}
)
MOST: Final = 100


class Updates:
    """Numbered updates; one is kept until a poll with a higher offset confirms it."""

    def __init__(self, *, first: int) -> None:
        self._next = first
        self._pending: list[Json] = []
        self._allowed: frozenset[str] = frozenset()

    @property
    def pending(self) -> tuple[Json, ...]:
        """The updates not confirmed yet, oldest first."""
        return tuple(self._pending)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The kinds that the bot named, in order; empty for the default ones."""
        return tuple(sorted(self._allowed))

    def allow(self, kinds: list[str]) -> None:
        """Queue only these *kinds* from now on; an empty list means the default ones."""
        self._allowed = frozenset(kinds)

    def add(self, kind: str, body: Any) -> int | None:
        """Queue an update and return its number, or nothing if the bot does not want
        that kind.
        """
        wanted = kind in self._allowed if self._allowed else kind not in ON_REQUEST
        if not wanted:
            return None
        number, self._next = self._next, self._next + 1
        self._pending.append({"update_id": number, kind: body})
        return number

    def confirm(self, offset: int) -> None:
        """Drop every update below *offset*; a negative one counts from the end."""
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset:
            self._pending = [u for u in self._pending if u["update_id"] >= offset]

    def batch(self, limit: int) -> list[Json]:
        """The oldest updates, at most *limit*."""
        return self._pending[: limit if 0 < limit <= MOST else MOST]

    def forget(self) -> None:
        """Drop every update."""
        self._pending = []
