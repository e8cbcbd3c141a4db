"""An order remembers that IB refused it until a listing bears that out (R13)."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intent", sa.Column("refused", sa.Text))
