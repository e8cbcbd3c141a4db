"""Where everything stands in the pictures of the score and of a replay;
``bot.views.scores.paint`` makes PNGs of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

from bot.views import words
from core.model.proposal import Mode
from core.model.scoring.score import DayFigure, Score
from core.rules.scoring.replay import Replayed


PAINTER: Final = "bot.views.scores.paint"


def sketch(score: Score, *, mode: Mode) -> str:
    """The score's picture as JSON for the painter."""
    title = f"Picks at the close, {len(score.days)} sessions"
    return _course(score.days, title=title, mode=words.mode_word(mode))


def sketch_replay(replayed: Replayed) -> str:
    """A replay's picture as JSON for the painter; its later days are marked."""
    days = replayed.days
    border = sum(each.day < replayed.border for each in days) if replayed.border else 0
    parts = 0 < border < len(days)
    return _course(
        days,
        title=f"Replay, {len(days)} sessions",
        mode="in-sample",
        border=border if parts else None,
    )


def span(first: date, last: date) -> tuple[str, str]:
    """Both days in words, with their years if these differ."""
    if first.year == last.year:
        return words.long_day(first), words.long_day(last)
    return (
        f"{words.long_day(first)} {first.year}",
        f"{words.long_day(last)} {last.year}",
    )


def ends(first: date, last: date) -> Mapping[str, str]:
    """The days at both ends of a picture, for the painter."""
    return dict(zip(("first", "last"), span(first, last), strict=True))


def _course(
    days: Sequence[DayFigure], *, title: str, mode: str, border: int | None = None
) -> str:
    """Sums of the daily gains in percent points, and each day's picks less SPY. From
    the day *border* on they are the later ones."""
    return json.dumps(
        {
            "title": title,
            "mode": mode,
            "measure": "sum of the days at the close, % points",
            **ends(days[0].day, days[-1].day),
            "border": border,
            "lines": [
                _curve("picks", 0, [day.picks for day in days]),
                _curve("SPY", 1, [day.spy for day in days]),
                _curve("random row", 2, [day.rows for day in days]),
            ],
            "bars": {
                "measure": "each day, picks less SPY",
                "values": [round(day.picks - day.spy, 4) for day in days],
            },
        }
    )


def _curve(name: str, style: int, gains: Sequence[float]) -> dict[str, object]:
    sums = [round(each, 4) for each in accumulate(gains, initial=0.0)]
    end = words.signed(Decimal(str(sums[-1])))
    return {"name": name, "style": style, "values": sums, "end": end}
