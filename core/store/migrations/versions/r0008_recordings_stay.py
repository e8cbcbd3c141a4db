"""A recording stands by itself: it stays when its card is forgotten.

Until now it went along, and with it every pick that nobody bought: the score would have
favoured what was bought. SQLite drops no foreign key, so both tables are made anew.
"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE kept_followed AS SELECT * FROM followed ORDER BY rowid")
    op.drop_table("followed")
    op.create_table(
        "kept_recording",
        sa.Column("proposal_id", sa.Text, primary_key=True),
        sa.Column("session_date", sa.Date, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO kept_recording SELECT * FROM recording ORDER BY rowid")
    op.drop_table("recording")
    op.rename_table("kept_recording", "recording")
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
    op.execute("INSERT INTO followed SELECT * FROM kept_followed ORDER BY rowid")
    op.drop_table("kept_followed")
