"""Paints a sketch: JSON in, PNG out. `python -m bot.views.scans.paint` does so from standard
input to standard output and ends: the drawing library never lives in the bot.

The picture is made for a phone: as wide as its screen has dots, dark on light in a
dark chat too, its smallest letters to be read at arm's length.
"""

import json
import sys
from functools import partial
from io import BytesIO
from typing import Any, Final, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


Json: TypeAlias = dict[str, Any]

# inches, and dots to the inch
DOTS: Final = 160
WIDTH: Final = 6.75
HEAD: Final = 0.90
PANEL: Final = 1.54
FOOTER: Final = 0.10

# shares of the picture's width, and of a panel's height
LEFT: Final = 0.03
RIGHT: Final = 0.68
EDGE: Final = 0.97
GAP: Final = 0.025
LOW: Final = 0.06
HIGH: Final = 0.64
TITLE: Final = 0.76
APART: Final = 0.27
"""How far two labels beside a plot stand from each other at least."""

TEXT_COLOR: Final = "#16202a"
QUIET: Final = "#5d6975"
PAPER: Final = "#ffffff"
BAND_COLOR: Final = "#eef1f4"
BRIGHT: Final = "#f8fafb"
GAIN: Final = "#0a7a3d"
LOSS: Final = "#c0261c"
OPEN: Final = "#1c5fb8"
PICKED: Final = "#ffe9a8"

# points
BIG: Final = 19
MEDIUM: Final = 16.5
SMALL: Final = 14.5


def paint(sketch: str) -> bytes:
    """The sketch as a PNG."""
    picture: Json = json.loads(sketch)
    panels = picture["panels"]
    tall = HEAD + PANEL * len(panels) + FOOTER
    figure = Figure(figsize=(WIDTH, tall), dpi=DOTS, facecolor=PAPER)
    FigureCanvasAgg(figure)
    _head(figure, picture, top=1.0, bottom=1 - HEAD / tall)
    for number, panel in enumerate(panels, start=1):
        bottom = 1 - (HEAD + PANEL * number) / tall
        _figures(figure, panel, at=bottom + TITLE * PANEL / tall)
        size = (RIGHT - LEFT, (HIGH - LOW) * PANEL / tall)
        plot = figure.add_axes((LEFT, bottom + LOW * PANEL / tall, *size))
        _plot(plot, panel, split=picture["split"])
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _head(figure: Figure, picture: Json, *, top: float, bottom: float) -> None:
    upper, lower = bottom + (top - bottom) * 0.62, bottom + (top - bottom) * 0.14
    days = (LEFT, LEFT + (RIGHT - LEFT) * picture["split"])
    loud = partial(figure.text, y=upper, size=MEDIUM, color=TEXT_COLOR, weight="bold")
    quiet = partial(figure.text, y=lower, size=SMALL, color=QUIET)
    loud(LEFT, s=picture["title"])
    loud(EDGE, s=picture["mode"], ha="right")
    for x, day in zip(days, picture["days"], strict=True):
        quiet(x, s=day)
    quiet(EDGE, s=picture["measure"], ha="right")


def _figures(figure: Figure, panel: Json, *, at: float) -> None:
    """The stock and why it was picked; its last price and how far it has come."""
    write = partial(figure.text, y=at, weight="bold")
    name = write(LEFT, s=panel["name"], size=BIG, color=TEXT_COLOR)
    if panel["mark"]:
        pill = {"boxstyle": "round,pad=0.25", "facecolor": PICKED, "linewidth": 0}
        place = _side(name, "x1") + GAP
        write(place, s=panel["mark"], size=SMALL, color=TEXT_COLOR, bbox=pill)
    color = _color(panel)
    move = write(EDGE, s=panel["move"], size=MEDIUM, color=color, ha="right")
    last = _side(move, "x0") - GAP
    write(last, s=panel["last"], size=BIG, color=TEXT_COLOR, ha="right")


def _plot(plot: Axes, panel: Json, *, split: float) -> None:
    plot.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    for side in plot.spines.values():
        side.set_visible(False)
    plot.axvspan(0, split, color=BAND_COLOR, linewidth=0)
    plot.axvspan(split, 1, color=BRIGHT, linewidth=0)
    _opens(plot, panel["opens"])
    _course(plot, panel["prior"], color=QUIET, width=2.2)
    _course(plot, panel["today"], color=_color(panel), width=3.6)
    if panel["today"]:
        plot.plot(*panel["today"][-1], "o", color=_color(panel), ms=10, clip_on=False)
    plot.text(0.5, 0.5, panel["problem"], size=SMALL, color=QUIET, ha="center")


def _opens(plot: Axes, opens: list[tuple[float, str, bool]]) -> None:
    """A line for each open across the plot, its label beside it."""
    places = _apart([height for height, _, _ in opens])
    for (height, label, now), place in zip(opens, places, strict=True):
        color, style = (OPEN, "-") if now else (QUIET, (0, (5, 3)))
        plot.axhline(height, color=color, linestyle=style, linewidth=1.8)
        plot.text(1.02, place, label, size=SMALL, color=color, va="center")


def _course(
    plot: Axes, points: list[tuple[float, float]], *, color: str, width: float
) -> None:
    across, up = [x for x, _ in points], [y for _, y in points]
    plot.plot(across, up, color=color, lw=width, solid_joinstyle="round", clip_on=False)


def _apart(heights: list[float]) -> list[float]:
    """Where two labels stand that may not cover each other; one stands where it is."""
    if len(heights) < 2:  # noqa: PLR2004  a pair
        return heights
    first, second = heights
    lacking = max(0.0, APART - abs(first - second)) / 2
    away = lacking if first >= second else -lacking
    return [first + away, second - away]


def _color(panel: Json) -> str:
    return {None: QUIET, True: GAIN, False: LOSS}[panel["up"]]


def _side(text: Text, which: str) -> float:
    """Where *text* ends, as a share of the picture's width."""
    return float(getattr(text.get_window_extent(), which)) / (WIDTH * DOTS)


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(sys.stdin.read()))
