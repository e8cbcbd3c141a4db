"""The Calendar port in memory."""

import asyncio
from dataclasses import dataclass, field

from core.model.market import Sessions
from tests.builders import a_week


@dataclass(slots=True)
class FakeCalendar:
    """Knows its sessions from the beginning, unless ``loading``."""

    known: Sessions = field(default_factory=a_week)
    loading: bool = False

    def sessions(self) -> Sessions:
        return self.known

    async def ready(self) -> None:
        if self.loading:
            await asyncio.Event().wait()
