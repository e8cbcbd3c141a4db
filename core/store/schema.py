"""Migrates an older database, step by step.

Alembic and SQLAlchemy are only imported if a migration is due, because they cost a
start half a second and 25 MB. A new database is created with the current tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.model.errors import NoJournal, StoreMisplaced, StoreNewer, StoreOlder
from core.store.access import Access
from core.store.disk import looked_into
from core.store.errors import ours
from core.store.tables import STEP, TABLES


if TYPE_CHECKING:
    from sqlalchemy import Connection


HEAD: Final = "0022"
"""The newest step in migrations/versions."""

FIRST: Final = "0001"
"""The oldest step, which has the audit trail."""

_STEPS: Final = Path(__file__).with_name("migrations")

_VERSION_TABLE: Final = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
_STAMP: Final = "INSERT INTO alembic_version (version_num) VALUES (?)"
_IS_STAMPED: Final = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
_VERSION: Final = "SELECT version_num FROM alembic_version"
_OTHERS: Final = """
SELECT name FROM sqlite_master
WHERE name NOT LIKE 'sqlite_%'
AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'placeholder')
"""
"""What is in a database that is not empty, and lacks a table that the journal had from its
first step on."""


def refuse_others(path: Path) -> None:
    """Refuse the database of another program at *path*, before anything is written.

    Raises:
        StoreMisplaced: it is another program's.
        StoreError: it cannot be read.
    """
    if not path.is_file():
        return
    with looked_into(path) as connection:
        found = Access(connection).value(_OTHERS)
    if found is not None:
        raise StoreMisplaced(
            f"{path} is another program's database (it has {found}). Nothing was written"
            " to it. Orders at IB stay as they are: correct OPENBELL_DATA_DIR."
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Create the tables of *connection*'s database, or take all missing steps, all or
    none.

    Raises:
        StoreNewer: it is of a newer version.
    """
    here = version(connection)
    if here is None and HEAD == STEP:
        _make(Access(connection))
    elif here != HEAD:
        _upgrade_all(connection)


def _make(access: Access) -> None:
    with access.transaction():
        for statement in (*TABLES, _VERSION_TABLE):
            access.change(statement)
        access.change(_STAMP, (STEP,))


def is_due(connection: sqlite3.Connection) -> bool:
    """Whether a migration is due."""
    return version(connection) not in {None, HEAD}


def is_known(step: str) -> bool:
    """Whether *step* is known to this version."""
    return any(step == each.name[1:5] for each in (_STEPS / "versions").glob("r*.py"))


_NEWER: Final = (
    "A newer Openbell has written the database: start that one, or bring back the copy "
    "that it made before it changed the database (openbell restore)."
)


_OLDER: Final = (
    "An older Openbell has written {path}: the next start of this one (openbell run) "
    "brings it up to date, and keeps a copy of it as it is."
)


@contextmanager
def read_beside(path: Path, *, since: str = HEAD) -> Iterator[Access]:
    """Read the journal at *path*, also while a process holds it. *since* is the step
    that introduced the tables that are read.

    Raises:
        NoJournal: there is none yet.
        StoreOlder: that step has not been taken.
        StoreNewer: it is of a newer version.
        StoreError: it cannot be read.
    """
    with looked_into(path) as connection:
        here = version(connection)
        if here is None:
            raise NoJournal(f"There is no journal in {path} yet.")
        if not is_known(here):
            raise StoreNewer(_NEWER)
        if here < since:
            raise StoreOlder(_OLDER.format(path=path))
        yield Access(connection)


def version(connection: sqlite3.Connection) -> str | None:
    """The last step taken; None for an empty database."""
    access = Access(connection)
    if access.value(_IS_STAMPED) is None:
        return None
    found: str | None = access.value(_VERSION)
    return found


def _upgrade_all(connection: sqlite3.Connection) -> None:
    """Take the steps over the same connection, which SQLAlchemy does not open or
    close."""
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415  see above
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  see above

    engine = create_engine(
        "sqlite://", creator=lambda: connection, poolclass=StaticPool
    )
    rows, connection.row_factory = connection.row_factory, None
    try:
        with engine.connect() as steps, steps.begin():
            steps.exec_driver_sql("BEGIN IMMEDIATE")
            _take_steps(steps)
    except DBAPIError as error:
        cause = error.orig
        raise ours(cause) if isinstance(cause, sqlite3.Error) else error from error
    finally:
        connection.row_factory = rows


def _take_steps(on: "Connection") -> None:
    from alembic.migration import MigrationContext  # noqa: PLC0415  see above
    from alembic.operations import Operations  # noqa: PLC0415  see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415  see above

    context = MigrationContext.configure(on)
    script = ScriptDirectory(str(_STEPS))
    here = context.get_current_revision()
    if here not in {None, *(step.revision for step in script.walk_revisions())}:
        raise StoreNewer(_NEWER)
    with Operations.context(context):
        for step in reversed(list(script.iterate_revisions(HEAD, here))):
            step.module.upgrade()
    context.stamp(script, HEAD)
