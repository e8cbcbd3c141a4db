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
