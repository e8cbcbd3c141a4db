"""The picks of a page are found by an index, with each name that they have had.

/history SYMBOL read every recording of all years, and each further page those of the
pages before.
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAME = """
INSERT INTO pick_name (proposal_id, place, con_id, symbol) VALUES (?, ?, ?, ?)
"""
_LATER_NAME = """
INSERT OR IGNORE INTO pick_name (proposal_id, place, con_id, symbol)
SELECT DISTINCT proposal_id, place, con_id, ? FROM pick_name
WHERE proposal_id = ? AND con_id = ?
"""


def upgrade() -> None:
    op.create_table(
        "pick_name",
        sa.Column(
            *("proposal_id", sa.Text, sa.ForeignKey("recording.proposal_id")),
            primary_key=True,
        ),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("con_id", sa.BigInteger, nullable=False),
        sa.Column("symbol", sa.Text, primary_key=True),
    )
    op.create_index("pick_name_by_symbol", "pick_name", ["symbol"])
    database: Any = op.get_bind().connection.dbapi_connection  # sqlite3's
    for card, body in database.execute("SELECT proposal_id, body FROM recording"):
        for place, (con_id, symbol) in enumerate(_picks(_read(body))):
            database.execute(_NAME, (card, place, con_id, symbol))
    for card, body in database.execute("SELECT proposal_id, body FROM followed"):
        for con_id, symbol in _renamed(body):
            database.execute(_LATER_NAME, (symbol, card, con_id))


def _picks(recording: dict[str, Any]) -> Iterator[tuple[int, str]]:
    stocks = [row["instrument"] for row in recording.get("rows", ())]
    symbols = {stock["con_id"]: stock["symbol"] for stock in stocks}
    for con_id in recording.get("picked", ()):
        if con_id in symbols:
            yield con_id, symbols[con_id]


def _renamed(body: bytes) -> Iterator[tuple[int, str]]:
    for row in _read(body).get("rows", ()):
        if "renamed" in row:
            yield row["con_id"], row["renamed"]


def _read(body: bytes) -> dict[str, Any]:
    """Empty for one that was altered: `openbell verify` names it."""
    try:
        found: dict[str, Any] = json.loads(zlib.decompress(body))
    except (zlib.error, ValueError):
        return {}
    return found
