"""Every scan is recorded whole, and its rows are followed.

Cards of before have no recording: what was not written down then is not made up.
"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column(
            "proposal_id", sa.Text, sa.ForeignKey("proposal.id"), primary_key=True
        ),
        sa.Column("session_date", sa.Date, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("recording_by_day", "recording", ["session_date"])
    op.create_table(
        "followed",
        sa.Column(
            *("proposal_id", sa.Text, sa.ForeignKey("recording.proposal_id")),
            primary_key=True,
        ),
        sa.Column("horizon", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
