"""What is recorded of a scan, and in which series.

Tested by tests/core/flows/test_outcomes.py.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from core.model.market import RankBy, ScanRequest
from core.model.money import Shares
from core.model.proposal import Proposal
from core.model.scoring.recording import Recording


_SERIES: Final = 8
"""Hexadecimal digits of a series' name."""


def recording(proposal: Proposal, *, settings: str, shares: Shares) -> Recording:
    """The recording of *proposal*'s whole scan; its picks are what the card offers."""
    return Recording(
        proposal_id=proposal.id,
        session_day=proposal.session_day,
        at=proposal.ranking.at,
        series=sha256(settings.encode()).hexdigest()[:_SERIES],
        settings=settings,
        shares=shares,
        rows=proposal.ranking.rows,
        picked=tuple(leg.instrument.con_id for leg in proposal.legs),
    )


def settings_of(requests: Sequence[ScanRequest], rank_by: RankBy) -> str:
    """The settings of a scan in one line: the same settings give the same line."""
    scans = "; ".join(_request(each) for each in requests)
    return f"{scans}; ranked by {rank_by}"


def _request(request: ScanRequest) -> str:
    filters = ", ".join(f"{tag}={value}" for tag, value in request.filters)
    return (
        f"{request.rows} rows of {request.code} in {request.instrument} "
        f"{request.location} with {filters or 'no filter'}"
    )
