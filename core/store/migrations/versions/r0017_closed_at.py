"""When the owner closed an order by word."""

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intent", sa.Column("closed_at", sa.Text))
