"""Where everything stands in the picture of the score; ``bot.views.scores.paint`` makes
a PNG of it."""

import json
from collections.abc import Sequence
from decimal import Decimal
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
            "measure": "sum of the days, % points",
            "first": words.long_day(days[0].day),
            "last": words.long_day(days[-1].day),
            "lines": [
                _line("picks", 0, [day.picks for day in days]),
                _line("SPY", 1, [day.spy for day in days]),
                _line("random row", 2, [day.rows for day in days]),
            ],
            "bars": {
                "measure": "each day, picks less SPY",
                "values": [round(day.picks - day.spy, 4) for day in days],
            },
        }
    )


def _line(name: str, style: int, gains: Sequence[float]) -> dict[str, object]:
    sums = [round(each, 4) for each in accumulate(gains, initial=0.0)]
    end = words.signed(Decimal(str(round(sums[-1], 1))))
    return {"name": name, "style": style, "values": sums, "end": end}
