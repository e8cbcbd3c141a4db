"""A halt is a list of reasons, each with its moment and who gave it.

Before, it was one text. Its moment is that of the newest halt or ghost in the trail.
"""

import json

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SINCE = "SELECT max(ts) FROM event WHERE kind IN ('halt', 'ghost')"
_KEEP = "UPDATE meta SET v = :halts WHERE k = 'halted'"


def upgrade() -> None:
    journal = op.get_bind()
    reason = journal.scalar(sa.text("SELECT v FROM meta WHERE k = 'halted'"))
    if reason:
        since = journal.scalar(sa.text(_SINCE))
        halts = [(since, "the bot", reason)]
        journal.execute(sa.text(_KEEP), {"halts": json.dumps(halts)})
