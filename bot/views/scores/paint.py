"""Paints the sketch of a score: JSON in, PNG out, in a process of its own."""

import json
import sys
from functools import partial
from io import BytesIO
from typing import Any, Final, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.views.scans.paint import (
    BAND_COLOR,
    BIG,
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
)


Json: TypeAlias = dict[str, Any]

TALL: Final = 7.6
"""Inches."""

LINES: Final = (0.13, 0.47, 0.60, 0.38)
BARS: Final = (0.13, 0.10, 0.84, 0.25)
ALONE: Final = (0.20, 0.10, 0.53, 0.75)
"""Left, bottom, width and height of the plots, as shares of the picture; ``ALONE`` of
lines without bars below them."""

STYLES: Final = ((TEXT_COLOR, 4.0, "-"), (OPEN, 2.6, "-"), (QUIET, 2.6, (0, (4, 2))))
"""Colour, width and dashes of the first, second and third line."""

APART: Final = 0.2
"""How far two names beside the plot stand from each other at least."""


def paint(sketch: str) -> bytes:
    """The sketch as a PNG."""
    picture: Json = json.loads(sketch)
    bars = picture["bars"]
    figure = Figure(figsize=(WIDTH, TALL), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    loud = partial(figure.text, y=0.945, color=TEXT_COLOR, weight="bold")
    quiet = partial(figure.text, size=SMALL, color=QUIET)
    loud(LEFT, s=picture["title"], size=BIG)
    loud(EDGE, s=picture["mode"], size=MEDIUM, ha="right")
    quiet(LEFT, 0.895, picture["measure"])
    place = LINES if bars else ALONE
    above = _plot(figure, place)
    _lines(above, picture["lines"])
    if picture["border"]:
        _later(above, picture["border"])
    quiet(place[0], 0.03, picture["first"])
    if bars:
        quiet(LEFT, 0.39, bars["measure"])
        _bars(_plot(figure, BARS), bars["values"])
    last = EDGE if bars else place[0] + place[2]
    quiet(last, 0.03, picture["last"], ha="right")
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _plot(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    plot = figure.add_axes(place, facecolor=BAND_COLOR)
    for side in plot.spines.values():
        side.set_visible(False)
    plot.tick_params(labelsize=SMALL, colors=QUIET, length=0, labelbottom=False)
    plot.yaxis.set_major_formatter(_tick)
    return plot


def _tick(value: float, _place: float) -> str:
    """1,250 and 0.5; ten digits, for the sum of steps is not exact."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def _lines(plot: Axes, lines: list[Json]) -> None:
    """Each line, and its name and end beside it."""
    for line in lines:
        color, width, dashes = STYLES[line["style"]]
        plot.plot(line["values"], color=color, linewidth=width, linestyle=dashes)
    plot.margins(x=0, y=0.08)
    low, high = plot.get_ylim()
    if low < 0 < high:
        plot.axhline(0, color=QUIET, linewidth=1.4)
    ends = [(line["values"][-1] - low) / (high - low) for line in lines]
    write = partial(plot.text, 1.03, transform=plot.transAxes, size=SMALL, va="center")
    for line, place in zip(lines, _apart(ends), strict=True):
        label, color = f"{line['name']}\n{line['end']}", STYLES[line["style"]][0]
        write(place, label, color=color, weight="bold")


def _later(plot: Axes, border: int) -> None:
    """A line before the later days, with what it parts."""
    plot.axvline(border, color=QUIET, linewidth=1.4, linestyle=(0, (2, 3)))
    write = partial(plot.annotate, xycoords=("data", "axes fraction"), size=SMALL)
    quiet = partial(write, textcoords="offset points", color=QUIET, va="bottom")
    quiet("earlier", (border, 1.0), xytext=(-6, 3), ha="right")
    quiet("later", (border, 1.0), xytext=(6, 3), ha="left")


def _apart(ends: list[float]) -> list[float]:
    """Where the names stand: at the ends of their lines, pushed up where two would
    cover each other, and all of them down if the highest would leave the picture."""
    places: dict[int, float] = {}
    floor = -1.0
    for number in sorted(range(len(ends)), key=ends.__getitem__):
        floor = places[number] = max(ends[number], floor + APART)
    over = max(0.0, floor - 1.0)
    return [places[number] - over for number in range(len(ends))]


def _bars(plot: Axes, values: list[float]) -> None:
    plot.axhline(0, color=QUIET, linewidth=1.4)
    colors = [GAIN if each > 0 else LOSS for each in values]
    plot.bar(range(len(values)), values, color=colors, width=0.8)
    plot.margins(x=0.01, y=0.12)


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(sys.stdin.read()))
