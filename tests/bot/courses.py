"""Bars for charts, and charts: a test names only what it cares about."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.model.chart import Chart, Charts, Course
from core.model.proposal import Mode
from core.rules.figures.charting import chart
from tests.builders import (
    ACCOUNT,
    FRIDAY,
    MONDAY,
    OPENS,
    a_candidate,
    a_proposal,
    price,
)


BAR = timedelta(minutes=5)
FRIDAY_OPENS = OPENS - timedelta(days=3)


def a_course(begins: datetime, *closes: str) -> Course:
    """5-minute bars from *begins* on."""
    return tuple(
        (begins + number * BAR, price(close)) for number, close in enumerate(closes)
    )


TWO_DAYS: Course = (
    *a_course(FRIDAY_OPENS, "3.70", "3.80", "3.90"),
    *a_course(OPENS, "4.40", "4.60", "4.82"),
)


def a_chart(course: Course = TWO_DAYS, **named: Any) -> Chart:
    """QRVX's, which leads in percent."""
    drawn = chart(a_proposal(), a_candidate(), course, problem=None)
    return replace(drawn, **named)


def some_charts(*charts: Chart, **named: Any) -> Charts:
    """As of a minute into the third bar of Monday."""
    together = Charts(
        at=OPENS + timedelta(minutes=11),
        mode=Mode.SANDBOX,
        account=ACCOUNT,
        session_day=MONDAY,
        prior_day=FRIDAY,
        charts=charts or (a_chart(),),
    )
    return replace(together, **named)
