"""What is written together is on disk together, or not at all."""

from contextlib import AbstractContextManager
from typing import Protocol


class Transactions(Protocol):
    """Whatever may write."""

    def transaction(self) -> AbstractContextManager[None]:
        """Begin immediately; commit, synced to disk, when the block is left.

        Raises:
            Contradiction: one is open; or a key refuses what is written.
            StoreError: the disk does.
        """
