"""What was traded by hand or by another tool has its price."""

import sqlalchemy as sa
from alembic import op


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_trade",
        sa.Column("exec_stem", sa.Text, primary_key=True),
        sa.Column("exec_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("con_id", sa.BigInteger, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("qty", sa.Text, nullable=False),
        sa.Column("price", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("commission", sa.Text),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("client_id", sa.BigInteger, nullable=False),
        sa.Column("order_id", sa.BigInteger, nullable=False),
        sa.Column("perm_id", sa.BigInteger, nullable=False),
    )
