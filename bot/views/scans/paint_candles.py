"""Paints a sketch of candles: JSON in, PNG out, as ``bot.views.scans.paint`` does.

Tested by tests/bot/views/scans/test_candles.py.
"""

import json
import sys
from functools import partial
from io import BytesIO
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.views.scans.paint import (
    BIG,
    BRIGHT,
    DOTS,
    EDGE,
    GAIN,
    LEFT,
    LOSS,
    MEDIUM,
    OPEN,
    PAPER,
    QUIET,
    SMALL,
    TEXT_COLOR,
    WIDTH,
    Json,
)


TALL: Final = 7.2
"""Inches."""

PLOT: Final = (0.03, 0.26, 0.80, 0.55)
VOLUME: Final = (0.03, 0.09, 0.80, 0.14)
"""Left, bottom, width and height, as shares of the picture."""

BODY: Final = 0.7
"""Of a candle's width."""

AVERAGE: Final = "#a15c00"


def paint(sketch: str) -> bytes:
    """The sketch as a PNG."""
    picture: Json = json.loads(sketch)
    figure = Figure(figsize=(WIDTH, TALL), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _head(figure, picture)
    _candles(_box(figure, PLOT), picture)
    _volumes(_box(figure, VOLUME), picture)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _head(figure: Figure, picture: Json) -> None:
    color = GAIN if picture["up"] else LOSS
    loud = partial(figure.text, weight="bold")
    loud(LEFT, 0.935, picture["name"], size=BIG, color=TEXT_COLOR)
    loud(0.36, 0.935, picture["last"], size=BIG, color=TEXT_COLOR)
    loud(0.55, 0.935, picture["move"], size=MEDIUM, color=color)
    loud(EDGE, 0.935, picture["mode"], size=MEDIUM, color=TEXT_COLOR, ha="right")
    quiet = partial(figure.text, size=SMALL, color=QUIET)
    quiet(LEFT, 0.885, picture["measure"])
    quiet(LEFT, 0.835, picture["day"])
    figure.text(0.30, 0.835, "VWAP", size=SMALL, color=AVERAGE, weight="bold")


def _box(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    box = figure.add_axes(place)
    box.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], facecolor=BRIGHT)
    for side in box.spines.values():
        side.set_visible(False)
    return box


def _candles(box: Axes, picture: Json) -> None:
    for height, label in picture["prices"]:
        box.axhline(height, color="#dfe4e8", linewidth=1, zorder=0)
        box.text(1.02, height, label, size=SMALL, color=QUIET, va="center")
    for height, label, now in picture["opens"]:
        color, style = (OPEN, "-") if now else (QUIET, (0, (5, 3)))
        box.axhline(height, color=color, linestyle=style, linewidth=1.6, zorder=1)
        beside = partial(box.text, size=SMALL - 2, va="bottom", ha="right", zorder=4)
        beside(0.995, height, label, color=color)
    width = picture["width"]
    for candle in picture["candles"]:
        _candle(box, candle, width)
    box.plot(
        [x for x, _ in picture["vwap"]],
        [y for _, y in picture["vwap"]],
        color=AVERAGE,
        linewidth=2.2,
        zorder=3,
    )
    for x, y, bought in picture["fills"]:
        mark, color = ("^", GAIN) if bought else ("v", LOSS)
        box.plot(x, y, mark, ms=16, color=color, mec=TEXT_COLOR, mew=1.6, zorder=5)


def _candle(box: Axes, candle: Json, width: float) -> None:
    """Hollow when the price rose, filled when it fell: not by colour alone."""
    color = GAIN if candle["up"] else LOSS
    middle, (low, high) = candle["x"] + width / 2, candle["body"]
    box.vlines(middle, *candle["wick"], color=color, linewidth=1.6, zorder=2)
    box.bar(
        middle,
        max(high - low, 0.004),
        width=width * BODY,
        bottom=low,
        facecolor=PAPER if candle["up"] else color,
        edgecolor=color,
        linewidth=1.6,
        zorder=2,
    )


def _volumes(box: Axes, picture: Json) -> None:
    width = picture["width"]
    for x, height, up in picture["volumes"]:
        color = GAIN if up else LOSS
        box.bar(x + width / 2, height, width=width * BODY, color=color, alpha=0.55)
    box.text(1.02, 0.5, "volume", size=SMALL, color=QUIET, va="center")
    for x, label in picture["times"]:
        ha = "left" if x < 0.02 else "center"  # noqa: PLR2004  at the left edge
        box.text(x, -0.12, label, size=SMALL, color=QUIET, ha=ha, va="top")


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(sys.stdin.read()))
