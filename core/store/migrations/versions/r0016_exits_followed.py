"""When IB first held an order, and exits that others took the place of."""

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intent", sa.Column("acked_at", sa.Text))
    replaced = sa.Column("replaced", sa.Boolean, nullable=False, server_default="0")
    op.add_column("intent", replaced)
