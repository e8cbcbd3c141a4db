"""Whether the bot stands still, by what it has said and what its owner has allowed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


_HALTED: Final = ("Trading is halted", "Halted", "Stopped")
_PANICKED: Final = "Stopped: I send nothing new"
ALLOWED: Final = re.compile(
    r"Ready to (?:trade|queue for .+) again\b|No longer halted\b"
)
_ALLOWS: Final = "v1:h:"
_RESUMES: Final = "/resume"


@dataclass(slots=True, kw_only=True)
class Halt:
    """``since`` is when the bot first said that it sends nothing, None while it may;
    ``by_panic`` is whether that was for a /panic."""

    now: Callable[[], datetime]
    since: datetime | None = None
    by_panic: bool = False

    _allowances: int = 0
    """So many of the owner's allowances has the bot not answered yet. What he wrote while the chat was
    out is answered in its order: an older "Stopped" comes after his /resume."""

    _panics: set[int] = field(default_factory=set)
    """The messages that have said that all was stopped."""

    def said(self, text: str) -> None:
        """Take a command from the owner."""
        if text.startswith(_RESUMES):
            self._allow()

    def tapped(self, data: str) -> None:
        """Take a press of a button."""
        if data.startswith(_ALLOWS):
            self._allow()

    def _allow(self) -> None:
        self._allowances += 1
        self.since, self.by_panic = None, False

    def read(self, message: int, text: str) -> bool:
        """Take the new text of message *message*; returns whether it says that nothing
        is sent."""
        if ALLOWED.match(text) and self._allowances:
            self._allowances -= 1
            self.since, self.by_panic = None, False
        if text.startswith(_PANICKED) and message not in self._panics:
            self._panics.add(message)
            self.by_panic = True
        if not text.startswith(_HALTED):
            return False
        self.since = self.since or self.now()
        return True
