"""A fill keeps what IB counts as filled of its order with it.

One trade under two execution ids was booked twice: 200 shares of 100. What was booked
before has no count.
"""

import sqlalchemy as sa
from alembic import op


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exec", sa.Column("cumulative", sa.Integer))
