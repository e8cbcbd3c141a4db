"""Several scans and reports, and days off; each run's life is kept where the report's is."""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("times", sa.Text, nullable=False),
        sa.Column("weekdays", sa.Text, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "day_off",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
    )
