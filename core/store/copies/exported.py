"""Recorded scans that left the journal: each is a file in a folder beside it, and such
a folder lies beside the journal's copies too."""

import gzip
import os
import zlib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.model.proposal import ProposalId
from core.store.disk import of_disk, private


_ENDING: Final = ".jsonl.gz"


class RecordingFiles:
    """The files of the journal at *journal*, each gzipped (RFC 1952): its first line is
    the JSON of a recording, and each further one what became of it at a horizon, to the
    letter as the audit trail has sealed them."""

    def __init__(self, journal: Path) -> None:
        self.folder: Final = journal.with_name(f"{journal.stem}-recordings")

    def __len__(self) -> int:
        return len(self._all())

    def has(self, proposal_id: ProposalId) -> bool:
        return self.of(proposal_id).exists()

    def digests(self, proposal_id: ProposalId) -> frozenset[str]:
        """The SHA-256 of each line of a scan's file, in hexadecimal digits; none of one
        that cannot be read."""
        try:
            texts = gzip.decompress(self.of(proposal_id).read_bytes()).splitlines()
        except (OSError, EOFError, zlib.error):
            return frozenset()
        return frozenset(sha256(text).hexdigest() for text in texts)

    def write(self, proposal_id: ProposalId, texts: Iterable[str]) -> None:
        """Write *texts*; all are on the disk when this returns.

        Raises:
            StoreError: they are not.
        """
        body = gzip.compress("".join(f"{text}\n" for text in texts).encode(), mtime=0)
        self.put(self.of(proposal_id).name, body)

    def copy_to(self, others: "RecordingFiles") -> None:
        """Copy the files that *others* do not have, which are never replaced.

        Raises:
            StoreError: not all could be read or written.
        """
        for file in self._all():
            if not (others.folder / file.name).exists():
                others.put(file.name, _read(file))

    def of(self, proposal_id: ProposalId) -> Path:
        """Where the file of a scan is."""
        return self.folder / f"{proposal_id}{_ENDING}"

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_ENDING}"))

    def put(self, name: str, body: bytes) -> None:
        """Write a file; it is on the disk when this returns. Raises StoreError."""
        path = self.folder / name
        fresh = path.with_suffix(".new")
        try:
            with os.fdopen(private(fresh), "wb") as file:
                file.truncate()
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_folder(self.folder)
        except OSError as problem:
            raise of_disk(f"{path} cannot be written: {problem}", problem) from problem


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise of_disk(f"{file} cannot be read: {problem}", problem) from problem


def sync_folder(folder: Path) -> None:
    """Sync the directory; until then a power failure may lose a new name in it."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
