"""A look at the journal from another process, beside a running bot."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine

from core.model.errors import StoreError
from core.store import trail
from core.store.errors import speak_our_errors
from core.store.high_water import Mark, difference, reached


@contextmanager
def lines(path: Path) -> Iterator[Iterator[trail.Line]]:
    """The audit trail of the journal at *path*, oldest line first.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    with _looked_into(path) as connection:
        yield trail.lines(connection)


def verify(path: Path) -> tuple[str, ...]:
    """What is wrong with the audit trail at *path*, in words; empty when it is whole.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    with _looked_into(path) as connection, Mark.opened(path) as mark:
        known = mark.read()  # before the database: it may go on meanwhile
        behind = difference(known, reached(connection))
        return (*trail.faults(connection), *([behind] if behind else []))


@contextmanager
def _looked_into(path: Path) -> Iterator[Connection]:
    if not path.is_file():
        raise StoreError(f"There is no journal at {path}.")
    address = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None),
        poolclass=NullPool,
    )
    speak_our_errors(engine)
    with engine.connect() as connection:
        yield connection
