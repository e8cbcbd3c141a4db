"""The first schema."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _conversation()
    _orders()
    _records()


def _conversation() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_index("inbox_by_state", "inbox", ["state"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("outbox_by_turn", "outbox", ["turn"])
    op.create_table(
        "placeholder",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("session_date", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("legs", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("proposal_by_state", "proposal", ["state"])
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
        sa.Column("pos_before", sa.BigInteger),
        sa.Column("sent_at", sa.Text),
        sa.Column("sent_day_ny", sa.Date),
        sa.Column("gw_epoch", sa.Integer),
        sa.Column("held_until", sa.Text),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("proposal_id", "con_id", name="one_order_for_a_stock"),
        sa.UniqueConstraint("client_id", "order_id", name="one_order_for_an_id"),
    )
    op.create_index("intent_by_state", "intent", ["state"])
    op.create_index("intent_by_day", "intent", ["sent_day_ny"])
    op.create_table(
        "exec",
        sa.Column("exec_stem", sa.Text, primary_key=True),
        sa.Column("exec_id", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, sa.ForeignKey("intent.ref"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("qty", sa.Integer, nullable=False),
        sa.Column("price", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("commission", sa.Text),
    )
    op.create_index("exec_by_ref", "exec", ["ref"])


def _records() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_refuses_{verb.lower()} BEFORE {verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
    op.create_table(
        "report",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("session_date", sa.Date, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease", sa.Text),
        sa.Column("attempt", sa.Integer, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("k", sa.Text, primary_key=True),
        sa.Column("v", sa.Text, nullable=False),
    )
