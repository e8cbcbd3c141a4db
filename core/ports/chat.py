"""The owner's chat, as the core speaks to it, and the names that it makes for it."""

from collections.abc import Callable
from typing import Protocol

from core.model.proposal import ProposalId, Shown, Token
from core.model.status import ScanProgress


class Notifier(Protocol):
    """Tells the owner."""

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        """Put a placeholder into the chat, once for *key*, and say where it stands: as
        soon as the chat can be reached, or *within* so many seconds.

        Raises:
            NotifierAway: the chat refused it, or could not be reached within that time.
        """

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Show how far a scan is; may be dropped, never waited for."""

    def wake(self) -> None:
        """There is news in the store."""


class StrangerCount(Protocol):
    """Counts those who were turned away."""

    @property
    def strangers(self) -> int:
        """How often somebody who may not speak has tried to since the start."""


NewId = Callable[[], ProposalId]
NewToken = Callable[[], Token]
