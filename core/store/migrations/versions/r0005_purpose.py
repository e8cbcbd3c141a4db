"""A card says what it is about: a scan's picks, or what the owner named to buy or sell.

Every card from before was a scan's, and every order of it buys.
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "proposal",
        sa.Column("purpose", sa.Text, nullable=False, server_default="picks"),
    )
