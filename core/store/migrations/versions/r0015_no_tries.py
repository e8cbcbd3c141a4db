"""Tries to tell news are not counted: no news is ever given up."""

from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("outbox", "tries")
