"""What the account held before an order keeps its fraction, and a fee its currency.

Orders from before have whole shares, which is all that was kept of them. Fees of before
are dollars: one in another currency was only noted in words.
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intent", sa.Column("held_before", sa.Text))
    op.execute("UPDATE intent SET held_before = CAST(pos_before AS TEXT)")
    op.drop_column("intent", "pos_before")
    currency = sa.Column("currency", sa.Text, nullable=False, server_default="USD")
    op.add_column("exec", currency)
