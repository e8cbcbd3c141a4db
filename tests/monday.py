"""The day the tests live in: Mon 23 Nov 2026, eleven minutes into its session."""

from datetime import UTC, date, datetime
from typing import Final

from core.model.identity import Identity
from core.model.market import ConId, Instrument
from core.model.proposal import ProposalId


MONDAY: Final = date(2026, 11, 23)
FRIDAY: Final = date(2026, 11, 20)
OPENS: Final = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
CLOSES: Final = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 23, 14, 41, 7, tzinfo=UTC)
"""09:41:07 in New York, eleven minutes into the session."""

ACCOUNT: Final = "DU1234567"
CLIENT_ID: Final = 7
GATEWAY: Final = "localhost:4002"
IDENTITY: Final = Identity(gateway=GATEWAY, accounts=(ACCOUNT,), client_id=CLIENT_ID)
JOURNAL: Final = "0a1b2c3d"
"""What the journal that sent them is called in refs."""
ORDER_ID: Final = 41
PERM_ID: Final = 900_041
QRVX: Final = Instrument(con_id=ConId(700_001), symbol="QRVX")
FDMX: Final = Instrument(con_id=ConId(700_002), symbol="FDMX")
PROPOSAL_ID: Final = ProposalId("abcdefghij")
