"""What other chats than the owner's have been told, and where it stands there."""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copy",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("chat_id", sa.BigInteger, primary_key=True),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger),
    )
    op.create_index("copy_by_message", "copy", ["chat_id", "message_id"])
