"""Recorded scans that left the journal: each is a file in a folder beside it."""

import gzip
import os
from collections.abc import Iterable
from pathlib import Path

from core.model.errors import StoreError
from core.model.proposal import ProposalId
from core.store.disk import private


class RecordingFiles:
    """The files of the journal at *journal*, each gzipped (RFC 1952): its first line is
    the JSON of a recording, and each further one what became of it at a horizon, to the
    letter as the audit trail has sealed them."""

    def __init__(self, journal: Path) -> None:
        self._folder = journal.with_name(f"{journal.stem}-recordings")

    def has(self, proposal_id: ProposalId) -> bool:
        return self._of(proposal_id).exists()

    def write(self, proposal_id: ProposalId, texts: Iterable[str]) -> None:
        """Write *texts*; all are on the disk when this returns.

        Raises:
            StoreError: they are not.
        """
        path = self._of(proposal_id)
        fresh = path.with_suffix(".new")
        body = gzip.compress("".join(f"{text}\n" for text in texts).encode(), mtime=0)
        try:
            with os.fdopen(private(fresh), "wb") as file:
                file.truncate()
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_folder(self._folder)
        except OSError as problem:
            raise StoreError(f"{path} cannot be written: {problem}") from problem

    def _of(self, proposal_id: ProposalId) -> Path:
        return self._folder / f"{proposal_id}.jsonl.gz"


def sync_folder(folder: Path) -> None:
    """Sync the directory; until then a power failure may lose a new name in it."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
