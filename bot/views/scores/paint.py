"""Paints the sketch of a score: JSON in, PNG out, in a process of its own."""

import json
import sys
from io import BytesIO
from typing import Any, Final, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.views.paint import (
    BIG,
    DOTS,
    EDGE,
    GAIN,
    INK,
    LEFT,
    LOSS,
    MEDIUM,
    OPEN,
    PAPER,
    QUIET,
    SHADE,
    SMALL,
    WIDTH,
)


Json: TypeAlias = dict[str, Any]

TALL: Final = 7.6
"""Inches."""

SUMS: Final = (0.13, 0.47, 0.60, 0.38)
BARS: Final = (0.13, 0.10, 0.84, 0.25)
"""Left, bottom, width and height of the plots, as shares of the picture."""

LINES: Final = {
    "picks": (INK, 4.0, "-"),
    "SPY": (OPEN, 2.6, "-"),
    "random row": (QUIET, 2.6, (0, (4, 2))),
}
APART: Final = 0.11
"""How far two names beside the plot stand from each other at least."""


def paint(sketch: str) -> bytes:
    """The sketch as a PNG."""
    picture: Json = json.loads(sketch)
    figure = Figure(figsize=(WIDTH, TALL), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.text(LEFT, 0.945, picture["title"], size=BIG, color=INK, weight="bold")
    figure.text(
        EDGE, 0.945, picture["mode"], size=MEDIUM, color=INK, weight="bold", ha="right"
    )
    figure.text(LEFT, 0.895, "sum of the days, % points", size=SMALL, color=QUIET)
    figure.text(LEFT, 0.39, "each day, picks less SPY", size=SMALL, color=QUIET)
    figure.text(BARS[0], 0.03, picture["first"], size=SMALL, color=QUIET)
    figure.text(EDGE, 0.03, picture["last"], size=SMALL, color=QUIET, ha="right")
    _sums(_plot(figure, SUMS), picture["sums"])
    _bars(_plot(figure, BARS), picture["excess"])
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _plot(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    plot = figure.add_axes(place, facecolor=SHADE)
    for side in plot.spines.values():
        side.set_visible(False)
    plot.tick_params(labelsize=SMALL, colors=QUIET, length=0, labelbottom=False)
    plot.axhline(0, color=QUIET, linewidth=1.4)
    return plot


def _sums(plot: Axes, sums: dict[str, list[float]]) -> None:
    """Each line, and its name and end beside it."""
    for name, values in sums.items():
        color, width, style = LINES[name]
        plot.plot(values, color=color, linewidth=width, linestyle=style)
    plot.margins(x=0, y=0.08)
    low, high = plot.get_ylim()
    ends = {name: (values[-1] - low) / (high - low) for name, values in sums.items()}
    for name, place in _apart(ends).items():
        label = f"{name}\n{sums[name][-1]:+.1f}".replace("-", "\N{MINUS SIGN}")
        plot.text(
            1.03,
            place,
            label,
            transform=plot.transAxes,
            size=SMALL,
            color=LINES[name][0],
            va="center",
            weight="bold",
        )


def _apart(ends: dict[str, float]) -> dict[str, float]:
    """Where the names stand: at the ends of their lines, pushed up where two would
    cover each other, and down again from the top."""
    places: dict[str, float] = {}
    floor = -1.0
    for name, end in sorted(ends.items(), key=lambda each: each[1]):
        floor = max(end, floor + APART * 1.8)
        places[name] = floor
    over = max(0.0, floor - 1.0)
    return {name: place - over for name, place in places.items()}


def _bars(plot: Axes, excess: list[float]) -> None:
    colors = [GAIN if each > 0 else LOSS for each in excess]
    plot.bar(range(len(excess)), excess, color=colors, width=0.8)
    plot.margins(x=0.01, y=0.12)


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(sys.stdin.read()))
