"""What is written together is on disk together, or not at all."""

from contextlib import AbstractContextManager
from typing import Protocol


class Transactions(Protocol):
    """A role that can write."""

    def transaction(self) -> AbstractContextManager[None]:
        """Begin immediately; commit, synced to disk, when the block is left.

        Raises:
            Contradiction: a transaction is open; or a key refuses what is written.
            StoreError: the disk refuses it.
        """


class UnsyncedTransactions(Transactions, Protocol):
    """A role that can write without waiting for the disk."""

    def unsynced(self) -> AbstractContextManager[None]:
        """As ``transaction``, but not synced to disk: it can be lost in a power
        failure, but not by the end of the process. The next transaction that writes
        syncs both. Nothing that a power failure may undo leaves the process."""

    def sync(self) -> None:
        """Return when all that was committed is synced to disk.

        Raises:
            StoreError: the disk refuses it.
        """
