"""What another chat than the owner's has not been told yet is found by an index."""

import sqlalchemy as sa
from alembic import op


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHATS = """
INSERT INTO chat (chat_id)
SELECT DISTINCT json_extract(person.value, '$[0]')
FROM meta, json_each(meta.v) AS person WHERE meta.k = 'people'
"""
_COPIES = """
INSERT INTO copy (key, chat_id, told, edition)
SELECT outbox.key, chat.chat_id, 0, outbox.edition FROM outbox, chat WHERE true
ON CONFLICT (key, chat_id) DO UPDATE SET edition = excluded.edition
"""


def upgrade() -> None:
    op.create_table("chat", sa.Column("chat_id", sa.BigInteger, primary_key=True))
    op.execute(_CHATS)
    edition = sa.Column(
        "edition", sa.Integer, nullable=False, server_default=sa.text("0")
    )
    op.add_column("copy", edition)
    op.execute(_COPIES)
    unsent = sa.text("told < edition")
    op.create_index("copy_untold", "copy", ["chat_id"], sqlite_where=unsent)
