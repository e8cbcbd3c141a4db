"""What the owner wants, for tests: no waiting, and by name whatever else matters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from core.model.instructions import Instructions, Timeouts
from core.model.market import RankBy, ScanRequest
from tests.builders import limits


AT_ONCE: Final = Timeouts(
    calendar=0.05,
    scan=0.05,
    quotes=0.05,
    bars=0.05,
    probe=0.1,
    ack=0.1,
    settle=0.01,
    settle_after_outage=0.01,
    retry=0.01,
)
"""Waits as short as tests want them."""

LIMITS: Final = frozenset(type(limits()).__dataclass_fields__)


def instructions(**named: Any) -> Instructions:
    """What the owner wants; a limit or a field of it by name.

    Unless told otherwise the same two stocks may be bought again: many a test does.
    """
    named.setdefault("buy_held", True)
    of_limits = {name: named.pop(name) for name in list(named) if name in LIMITS}
    will = Instructions(
        requests=(
            ScanRequest(
                instrument="STK",
                location="STK.US.MAJOR",
                code="TOP_PERC_GAIN",
                rows=50,
                filters=(),
            ),
        ),
        rank_by=RankBy.SCANNER,
        limits=replace(limits(), **of_limits),
        timeouts=AT_ONCE,
        report=False,
        report_after_open=timedelta(minutes=10),
        report_give_up=timedelta(hours=2),
    )
    return replace(will, **named)
