"""The owner's chat, as far as the core uses it, and the count of strangers."""

from collections.abc import Callable
from typing import Protocol

from core.model.proposal import ProposalId, Shown, Token
from core.model.status import ScanProgress


class Notifier(Protocol):
    """Sends placeholders, progress and news to the owner."""

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        """Put a placeholder into the chat, once for *key*, and return its place: as
        soon as the chat can be reached, or *within* that many seconds.

        Raises:
            NotifierAway: the chat refused it, or could not be reached within that time.
        """

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        """Show the progress of a scan; it may be dropped and is never waited for."""

    def wake(self) -> None:
        """There is news in the store."""


class StrangerCount(Protocol):
    """Counts strangers who were refused."""

    @property
    def strangers(self) -> int:
        """How many messages of strangers were refused since the start."""


NewId = Callable[[], ProposalId]
NewToken = Callable[[], Token]
