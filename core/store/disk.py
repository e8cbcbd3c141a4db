"""The database file: its lock, its integrity check, and SQLite's settings."""

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from core.model.errors import (
    NoJournal,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMisplaced,
    StoreUnavailable,
)
from core.store.errors import speaking_our_errors


CHECKED_AT_ONCE: Final = 32_000_000
"""Bytes; quick_check reads so many in a tenth of a second, from a slow disk in one."""

STATEMENTS: Final = 256
"""How many a connection keeps prepared; there are fewer."""

_FOR_NOW: Final = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE),
        *(errno.ENFILE, errno.ENOMEM, errno.ENOLCK),
        *(errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTDOWN),
    }
)
"""A disk that is full, remounted read-only after an error, or away over the network; a
machine without memory, files or locks."""


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Be the only process with the database at *path* until the block is left. Yields a
    descriptor of it.

    The lock belongs to the process and ends with it. It is held on two files, one next
    to the database and the database itself, because one could be deleted.

    Raises:
        StoreBusy: another process holds it.
        StoreError: its lock file cannot be opened or made.
    """
    beside = _beside(path)
    with _locked(beside, name=path.name), _locked(path, name=path.name) as file:
        yield file


@contextmanager
def log_of(path: Path) -> Iterator[int]:
    """A descriptor of the write-ahead log of the open database at *path*.

    Raises:
        StoreError: it cannot be opened.
    """
    log = private(path.with_name(f"{path.name}-wal"))
    try:
        yield log
    finally:
        os.close(log)


def is_deleted(file: int) -> bool:
    """Whether the *file* of that descriptor has no name any more: it was deleted, or
    another took its place.

    Raises:
        StoreError: the disk does not say.
    """
    try:
        return os.fstat(file).st_nlink == 0
    except OSError as error:
        raise of_disk(
            f"The journal is out of reach: {error.strerror}.", error
        ) from error


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def is_held(path: Path) -> bool:
    """Whether a process holds the database at *path*; leaves no trace. Not while this
    process has it open: SQLite's own locks on a file end when any descriptor of it is
    closed."""
    return any(map(_is_locked, (_beside(path), path)))


def _is_locked(file: Path) -> bool:
    try:
        lock = os.open(file, os.O_RDONLY | os.O_NONBLOCK)  # no waiting for a pipe
    except OSError:
        return False  # nobody ever was, or nobody may look
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


@contextmanager
def _locked(file: Path, *, name: str) -> Iterator[int]:
    """flock() and SQLite's own locks (fcntl) do not see each other."""
    lock = private(file)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreBusy(f"Another Openbell is running with {name}.") from error
    except OSError as error:  # a disk over the network may have no locks for now
        raise _of_file(file, error) from error
    else:
        yield lock
    finally:
        os.close(lock)


def is_checked_at_once(path: Path) -> bool:
    """Whether a start checks the whole file first. A larger file would slow each start,
    and is checked beside the bot (``damage``)."""
    return path.stat().st_size <= CHECKED_AT_ONCE


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """The connection to the database at *path*, which is created if necessary.

    Raises:
        StoreError: the file cannot be read or is damaged.
    """
    os.close(private(path))
    for beside in (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm")):
        if beside.exists() and not beside.is_file():
            raise _misplaced(beside, "it is no regular file")
    with closing(opened(path)) as connection:
        if is_checked_at_once(path):
            _check(connection)
        yield connection


@contextmanager
def looked_into(path: Path, *, mode: str = "ro") -> Iterator[sqlite3.Connection]:
    """Another connection to the database at *path*, also while a process holds it. It
    is read-only unless *mode* is "rw".

    Raises:
        NoJournal: there is none.
        StoreError: it cannot be read.
    """
    if not path.is_file():
        raise NoJournal(f"There is no journal at {path}.")
    address = f"{path.resolve().as_uri()}?mode={mode}"
    with speaking_our_errors():
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    with closing(connection):
        yield connection


def opened(path: Path) -> sqlite3.Connection:
    """A connection with the SQLite settings that the journal needs.

    ``synchronous=FULL``: a commit is on the disk when it returns.
    ``isolation_level=None``: sqlite3 begins no transaction by itself.

    Raises:
        StoreError: SQLite cannot open it.
    """
    with speaking_our_errors():
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=5, cached_statements=STATEMENTS
        )
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    with speaking_our_errors():
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreDamaged(f"The database is damaged: {found}.")


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Turns what the disk says of the files of *folder* into our error.

    Raises:
        StoreError: one cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        raise of_disk(f"Cannot write {folder}: {error.strerror}.", error) from error


def private(path: Path) -> int:
    """Open *path*, creating it and its directory if necessary, readable only by its
    owner.

    Raises:
        StoreError: it cannot be opened.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _of_file(path, error) from error
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise _misplaced(path, "it is no regular file")
    return file


def _of_file(path: Path, error: OSError) -> StoreError:
    why = error.strerror or ""
    if error.errno in _FOR_NOW:
        return StoreUnavailable(f"Cannot open {path}: {why}.")
    return _misplaced(path, why)


def _misplaced(path: Path, why: str) -> StoreMisplaced:
    return StoreMisplaced(
        f"Cannot open {path}: {why}. Orders at IB stay as they are: correct"
        " OPENBELL_DATA_DIR, or who may write there."
    )


def of_disk(problem: str, error: OSError) -> StoreError:
    """Our error for *problem*: StoreUnavailable where what the disk says may end."""
    is_for_now = error.errno in _FOR_NOW
    return StoreUnavailable(problem) if is_for_now else StoreError(problem)
