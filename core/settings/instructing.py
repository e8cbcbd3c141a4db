"""From the settings to the owner's instructions."""

from dataclasses import replace
from datetime import timedelta

from core.model.instructions import Instructions, Timeouts
from core.settings.settings import Settings


def instructions_of(settings: Settings, timeouts: Timeouts) -> Instructions:
    """The instructions of *settings*; *timeouts* has the timeouts that are not
    settings."""
    return Instructions(
        requests=settings.scan_requests(),
        rank_by=settings.rank_by,
        limits=settings.limits(),
        timeouts=replace(
            timeouts,
            scan=settings.scan_seconds,
            quotes=settings.quote_seconds,
            bars=settings.bar_seconds,
        ),
        report=settings.report,
        report_after_open=timedelta(minutes=settings.report_minutes_after_open),
        report_give_up=timedelta(minutes=settings.report_give_up_minutes),
        keeping=settings.keeping(),
    )
