"""An order says how it is priced: at the market, or within a limit, and when.

Every order from before was a market order of the regular session.
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "intent",
        sa.Column("order_type", sa.Text, nullable=False, server_default="MKT"),
    )
    op.add_column("intent", sa.Column("limit_price", sa.Text))
    op.add_column(
        "intent",
        sa.Column("outside_rth", sa.Boolean, nullable=False, server_default="0"),
    )
