"""How long shares lay at IB without a stop, and how long more could be sold than is held.

The gateway's own book is looked at fifty times a second, from the first share on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from tests.campaign.holding.facts import Facts


_POLL_INTERVAL: Final = 0.02
"""Seconds between two looks."""


@dataclass(slots=True, kw_only=True)
class Lapse:
    """So many seconds in which something was not as it should be; ``awake`` are those of
    them in which the bot had a session with the gateway."""

    seconds: float = 0.0
    awake: float = 0.0


@dataclass(slots=True, kw_only=True)
class Watch:
    """``is_owed``: whether the owner has approved exits that should stand now."""

    facts: Callable[[], Facts]
    is_owed: Callable[[], bool]
    is_connected: Callable[[], bool]
    naked: list[Lapse] = field(default_factory=list)
    too_much: list[Lapse] = field(default_factory=list)
    _open: dict[str, Lapse] = field(default_factory=dict)

    async def run(self) -> None:
        """Look until it is cancelled."""
        last = monotonic()
        while True:
            await asyncio.sleep(_POLL_INTERVAL)
            now = monotonic()
            self.look(now - last)
            last = now

    def look(self, passed: float) -> None:
        """So many seconds after the look before."""
        facts = self.facts()
        is_naked = facts.naked > 0 and self.is_owed()
        self._note("naked", self.naked, passed, holds=is_naked)
        self._note("too much", self.too_much, passed, holds=facts.too_much > 0)

    def _note(
        self, name: str, lapses: list[Lapse], passed: float, *, holds: bool
    ) -> None:
        if not holds:
            self._open.pop(name, None)
            return
        lapse = self._open.get(name)
        if lapse is None:
            self._open[name] = lapse = Lapse()
            lapses.append(lapse)
        lapse.seconds += passed
        lapse.awake += passed * self.is_connected()
