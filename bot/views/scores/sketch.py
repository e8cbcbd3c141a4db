"""Where everything stands in the picture of the score; ``bot.views.scores.paint`` makes
a PNG of it."""

import json
from collections.abc import Sequence
from itertools import accumulate

from bot.views import words
from core.model.proposal import Mode
from core.model.scoring.score import Score


def sketch(score: Score, *, mode: Mode) -> str:
    """The picture as JSON for the painter: sums of the daily gains in percent points,
    and each day's picks less SPY."""
    days = score.days
    return json.dumps(
        {
            "title": f"Picks at the close, {len(days)} sessions",
            "mode": words.mode_word(mode),
            "first": words.long_day(days[0].day),
            "last": words.long_day(days[-1].day),
            "sums": {
                "picks": _sums([day.picks for day in days]),
                "SPY": _sums([day.spy for day in days]),
                "random row": _sums([day.rows for day in days]),
            },
            "excess": [round(day.picks - day.spy, 4) for day in days],
        }
    )


def _sums(gains: Sequence[float]) -> list[float]:
    return [round(each, 4) for each in accumulate(gains, initial=0.0)]
