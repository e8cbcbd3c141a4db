"""The wide JSON of cards and recordings is kept deflated.

A year of five scans a day took more than 70 MB, most of it names of fields. What the
audit trail seals is the text, which stays the same.
"""

import zlib
from typing import Any

from alembic import op


revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    database: Any = op.get_bind().connection.dbapi_connection  # sqlite3's
    database.create_function("deflated", 1, _deflated, deterministic=True)
    op.execute("UPDATE proposal SET body = deflated(body)")
    op.execute("UPDATE recording SET body = deflated(body)")
    op.execute("UPDATE followed SET body = deflated(body)")


def _deflated(text: str) -> bytes:
    return zlib.compress(text.encode())
