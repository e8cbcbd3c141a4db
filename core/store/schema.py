"""Brings an older database to the tables of today, step by step.

Alembic is only imported when a step is due: it costs a start 0.2 s.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from core.model.errors import StoreError


HEAD: Final = "0010"
"""The newest step in migrations/versions."""

_STEPS: Final = Path(__file__).with_name("migrations")


def migrate(connection: Connection) -> None:
    """Take every step that *connection*'s database has not taken, all or none.

    Raises:
        StoreError: a newer Openbell has written it.
    """
    if version(connection) != HEAD:
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            _climb(connection)


def is_due(connection: Connection) -> bool:
    """Whether there is something that a step would change."""
    return version(connection) not in {None, HEAD}


def is_known(step: str) -> bool:
    """Whether *step* is one of ours; a newer Openbell has others."""
    return any(step == each.name[1:5] for each in (_STEPS / "versions").glob("r*.py"))


_NEWER: Final = (
    "A newer Openbell has written the database: start that one, or bring back the copy "
    "that it made before it changed the database (openbell restore)."
)


def version(connection: Connection) -> str | None:
    """The last step taken; None for an empty database."""
    try:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
    finally:
        connection.rollback()


def _climb(connection: Connection) -> None:
    from alembic.migration import MigrationContext  # noqa: PLC0415  see above
    from alembic.operations import Operations  # noqa: PLC0415  see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415  see above

    context = MigrationContext.configure(connection)
    script = ScriptDirectory(str(_STEPS))
    here = context.get_current_revision()
    if here not in {None, *(step.revision for step in script.walk_revisions())}:
        raise StoreError(_NEWER)
    with Operations.context(context):
        for step in reversed(list(script.iterate_revisions(HEAD, here))):
            step.module.upgrade()
    context.stamp(script, HEAD)
