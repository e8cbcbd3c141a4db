"""An order remembers in whose name it was sent: through which gateway and login (R18).

Those sent before stay without: they could have been anybody's. What IB lists under
their client id and account is believed; what it does not list proves nothing of them.
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intent", sa.Column("gateway", sa.Text))
    op.add_column("intent", sa.Column("login", sa.Text))
