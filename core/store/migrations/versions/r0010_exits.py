"""Exit orders.

A card has one order for a stock, and as many exits of it as its plan needs. SQLite
cannot drop a UNIQUE of a table, so the table is made anew; its rows keep their order,
which is that of their making.
"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = (
    "ref",
    "proposal_id",
    "leg",
    "con_id",
    "symbol",
    "exchange",
    "currency",
    "side",
    "qty",
    "tif",
    "account",
    "estimate",
    "state",
    "order_id",
    "client_id",
    "perm_id",
    "sent_at",
    "sent_day_ny",
    "gw_epoch",
    "held_until",
    "cancel_asked",
    "reason",
    "refused",
    "gateway",
    "login",
    "held_before",
    "order_type",
    "limit_price",
    "outside_rth",
)


def upgrade() -> None:
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE intent_before AS SELECT * FROM intent ORDER BY rowid")
    op.drop_table("intent")
    _make()
    kept = sa.table("intent_before", *(sa.column(name) for name in _BEFORE))
    new = sa.table("intent", *(sa.column(name) for name in _BEFORE))
    rows = sa.select(kept).order_by(sa.literal_column("rowid"))
    op.execute(new.insert().from_select(_BEFORE, rows))
    op.drop_table("intent_before")


def _make() -> None:
    op.create_table(
        "intent",
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("proposal_id", sa.Text, sa.ForeignKey("proposal.id"), nullable=False),
        sa.Column("leg", sa.Integer, nullable=False),
        sa.Column("con_id", sa.BigInteger, nullable=False),
        sa.Column("symbol", sa.Text, nullable=False),
        sa.Column("exchange", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("qty", sa.Integer, nullable=False),
        sa.Column("tif", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("estimate", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("order_id", sa.BigInteger),
        sa.Column("client_id", sa.Integer),
        sa.Column("perm_id", sa.BigInteger),
        sa.Column("sent_at", sa.Text),
        sa.Column("sent_day_ny", sa.Date),
        sa.Column("gw_epoch", sa.Integer),
        sa.Column("held_until", sa.Text),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("refused", sa.Text),
        sa.Column("gateway", sa.Text),
        sa.Column("login", sa.Text),
        sa.Column("held_before", sa.Text),
        sa.Column("order_type", sa.Text, nullable=False, server_default="MKT"),
        sa.Column("limit_price", sa.Text),
        sa.Column("outside_rth", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("stop_price", sa.Text),
        sa.Column("trail_percent", sa.Text),
        sa.Column("trail_amount", sa.Text),
        sa.Column("exit", sa.Text),
        sa.Column("oca_group", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("client_id", "order_id", name="one_order_for_an_id"),
    )
    op.create_index("intent_by_state", "intent", ["state"])
    op.create_index("intent_by_day", "intent", ["sent_day_ny"])
    op.create_index(
        "one_order_for_a_stock",
        "intent",
        ["proposal_id", "con_id"],
        unique=True,
        sqlite_where=sa.text("exit IS NULL"),
    )
