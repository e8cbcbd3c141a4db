"""What others traded in the account, as the journal keeps it. See core.ports.journal for
what *write* means."""

from typing import Protocol

from core.model.fills import Trade


class OtherTrades(Protocol):
    """Executions of orders that this journal did not write: by hand in TWS, or another
    tool's. Nothing is deleted."""

    def by_exec(self, exec_id: str) -> Trade | None:
        """The one of this stem."""

    def put(self, trade: Trade) -> None:
        """*write* Keep it instead of what was kept of its stem.

        Raises:
            Contradiction: it has no names.
        """

    def all(self) -> tuple[Trade, ...]:
        """The oldest first."""
