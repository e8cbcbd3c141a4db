"""What is asked for between a tap and its order is found by an index.

Until now the news that waits to be told was looked for among all that was ever told, a
day's fills among all fills, and a card's place among all cards: a start and a tap took
longer the older the journal was.
"""

from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("inbox_by_arrival", "inbox", ["received_at"])
    op.create_index("proposal_by_message", "proposal", ["message_id"])
    op.create_index("proposal_by_time", "proposal", ["made_at"])
    op.create_index("intent_by_card", "intent", ["proposal_id"])
    op.create_index("intent_by_stock", "intent", ["con_id"])
    op.create_index("exec_by_time", "exec", ["ts"])
    op.create_index("outbox_by_message", "outbox", ["message_id"])
    op.execute("CREATE INDEX outbox_untold ON outbox (turn, key) WHERE told < edition")
