"""How large the journal is, and what leaves it with time."""

from datetime import date, datetime
from typing import Protocol

from core.model.audit import JournalSize
from core.model.proposal import ProposalId
from core.ports.transactions import Transactions


class JournalSizer(Protocol):
    def size(self) -> JournalSize:
        """How large the journal is. Returns at once."""


class Retention(Transactions, JournalSizer, Protocol):
    """Deletes old rows, a few at a time, oldest first. The audit trail and every order
    with a fill are kept."""

    def forget_updates(self, *, before: datetime, most: int) -> int:
        """*write* Delete finished updates that arrived before *before* (UTC). Returns
        how many."""

    def forget_cards(self, *, before: datetime, most: int) -> int:
        """*write* Delete cards made before *before* (UTC), with their orders;
        recordings stay. Cards are kept that are still offered, have an order that was
        or can still be filled, or news that was not sent. Returns how many were
        deleted."""

    def export_recording(self, *, before: date) -> ProposalId | None:
        """Write a recording of a session before *before* (New York date), with what
        became of it, to a file of its own beside the journal; it is on the disk when
        this returns. An earlier file of it is replaced. The card; None without one.

        Raises:
            StoreError: it cannot be written.
        """

    def forget_recording(self, proposal_id: ProposalId) -> None:
        """*write* Delete a recording that was exported, with what became of it.

        Raises:
            Contradiction: no file has it.
        """
