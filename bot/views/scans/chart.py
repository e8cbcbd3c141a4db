"""Where everything stands in the picture of the charts, and what is written there.

Values in, a JSON sketch out: ``bot.views.scans.paint`` makes a PNG of it in a process
of its own, and knows nothing of stocks. Prices become floats here, for the eye alone.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from bot.views import words
from core.model.chart import Chart, Charts, Course
from core.model.money import Price


Json: TypeAlias = dict[str, Any]
PricePath: TypeAlias = list[tuple[float, Price]]

BAR: Final = timedelta(minutes=5)
HALF_HOUR: Final = timedelta(minutes=30)

SPLIT: Final = 0.45
"""The prior session's share of the width; one decides by today's."""

PADDING: Final = Decimal("0.08")
"""Room above the highest and below the lowest price, as a share of their distance."""

FLAT: Final = Decimal("0.01")
"""A price that never moved is drawn as if it had moved by this share of itself."""


def sketch(charts: Charts) -> str:
    """The picture as JSON for the painter; every place is a share of its box."""
    axes = _time_axes(charts)
    return json.dumps(
        {
            "title": f"5-minute bars until {words.clock_time(charts.at)}",
            "measure": f"▲▼ since {words.weekday(charts.session_day)} open",
            "mode": words.mode_word(charts.mode),
            "split": SPLIT,
            "days": [
                words.long_day(charts.prior_day) if charts.prior_day else "",
                words.long_day(charts.session_day),
            ],
            "panels": [_panel(chart, charts, axes) for chart in charts.charts],
        }
    )


def drawable(charts: Charts) -> bool:
    """Whether there is anything to draw."""
    return any(chart.problem is None for chart in charts.charts)


def caption(charts: Charts) -> str:
    """A line under the picture, and one for each stock that is missing in it."""
    mode = words.bold(words.mode_word(charts.mode))
    return words.lines(
        f"<b>Charts</b> · {mode} · bars until {words.clock_time(charts.at)}",
        *(
            f"{words.bold(chart.instrument.symbol)}: {words.sentence(chart.problem)}"
            for chart in charts.charts
            if chart.problem
        ),
    )


def no_bars(charts: Charts) -> str:
    """Instead of a picture: none of them can be drawn, and why."""
    return words.lines(
        "<b>No charts.</b>",
        *sorted({words.sentence(each.problem or "") for each in charts.charts}),
        "The card is not touched by that. Try again in a moment.",
    )


def not_drawn() -> str:
    """The program itself could not make the picture."""
    return words.lines(
        "<b>No charts:</b> the picture could not be drawn on this machine.",
        "The card is not touched by that. The bot's log says what went wrong.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimeAxis:
    """One session's times on its part of the picture's width: from ``begins`` at
    ``left`` to ``ends`` at ``right``, as shares of the width."""

    begins: datetime
    ends: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        share = (at - self.begins) / (self.ends - self.begins)
        return round(self.left + share * (self.right - self.left), 4)


_Axes: TypeAlias = tuple[_TimeAxis | None, _TimeAxis | None]


def _time_axes(charts: Charts) -> _Axes:
    """Those of the prior session and of today's, the same for all five charts; None for
    one without bars. Today's is at least half an hour long: three bars right after the
    open are no trend."""
    prior = [chart.prior for chart in charts.charts if chart.prior]
    today = [chart.today for chart in charts.charts if chart.today]
    return (
        _time_axis(prior, 0.0, SPLIT, least=BAR),
        _time_axis(today, SPLIT, 1.0, least=HALF_HOUR),
    )


def _time_axis(
    courses: list[Course], left: float, right: float, *, least: timedelta
) -> _TimeAxis | None:
    if not courses:
        return None
    begins = min(course[0][0] for course in courses)
    ends = max(course[-1][0] for course in courses) + BAR
    return _TimeAxis(
        begins=begins, ends=max(ends, begins + least), left=left, right=right
    )


def _panel(chart: Chart, charts: Charts, axes: _Axes) -> Json:
    prior, today = (
        _path(course, part, start=start, now=charts.at)
        for course, part, start in (
            (chart.prior, axes[0], chart.prior_open),
            (chart.today, axes[1], chart.open),
        )
    )
    opens = _opens(chart, charts) if prior or today else []
    paths = [price for _, price in (*prior, *today)]
    scale = Scale.of([*paths, *(price for price, _, _ in opens)])
    return {
        "name": chart.instrument.symbol,
        "mark": " and ".join(pick.value for pick in chart.picks),
        "last": words.price(chart.last),
        "move": words.arrow(words.percent_of(chart.since_open)).strip(),
        "up": None if chart.since_open is None else chart.since_open.dollars > 0,
        "problem": "no bars" if chart.problem else "",
        "prior": [(x, scale.y(price)) for x, price in prior],
        "today": [(x, scale.y(price)) for x, price in today],
        "opens": [(scale.y(price), label, now) for price, label, now in opens],
    }


def _path(
    course: Course, part: _TimeAxis | None, *, start: Price | None, now: datetime
) -> PricePath:
    """From the open to where each bar closed; the newest bar has not ended yet."""
    if not course or part is None:
        return []
    begun = course[0][0]
    path = [(part.x(begun), start)] if start is not None else []
    ends = [(max(begun, min(at + BAR, now)), close) for at, close in course]
    return path + [(part.x(at), close) for at, close in ends]


def _opens(chart: Chart, charts: Charts) -> list[tuple[Price, str, bool]]:
    """The two opens, each with its label and whether it is the session's own."""
    found = []
    if chart.prior_open is not None and charts.prior_day is not None:
        label = (
            f"{words.price(chart.prior_open)} open {words.weekday(charts.prior_day)}"
        )
        found.append((chart.prior_open, label, False))
    if chart.open is not None:
        label = f"{words.price(chart.open)} open {words.weekday(charts.session_day)}"
        found.append((chart.open, label, True))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Prices onto heights from 0 to 1."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, prices: list[Price]) -> "Scale":
        low, high = min(prices, default=Decimal(0)), max(prices, default=Decimal(1))
        span = max(high - low, high * FLAT)
        return cls(low=low - span * PADDING, high=low + span * (1 + PADDING))

    def y(self, price: Price) -> float:
        return round(float((price - self.low) / (self.high - self.low)), 4)
