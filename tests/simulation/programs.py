"""The output of the bot's child processes in simulated time."""

import io
import struct
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

import exchange_calendars

import core.calendar
from bot.simulated.libraries import replaced
from tests.simulation.children import Program


PICTURE: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 800, 600)
"""As much of a picture as the chat looks at."""
_YEARS: Final = 8


@cache
def _schedule(first: int) -> Any:
    """The library's schedule (a pandas table) of eight years: slow to make, so made
    once.
    """
    return exchange_calendars.get_calendar(
        "XNYS", start=f"{first}-01-01", end=f"{first + _YEARS - 1}-12-31"
    ).schedule


@cache
def _sessions(first: str, last: str) -> bytes:
    """The child's output for that period, cut out of a longer calendar."""
    year = int(first[:4])
    cut = SimpleNamespace(schedule=_schedule(year - year % 4).loc[first:last])
    out = io.StringIO()
    with (
        redirect_stdout(out),
        replaced(exchange_calendars, "get_calendar", lambda *_, **__: cut),
    ):
        core.calendar._print_sessions(first, last)
    return out.getvalue().encode()


def calendar(arguments: Sequence[str], _said: bytes) -> bytes:
    """The child process of the exchange calendar."""
    return _sessions(*arguments)


def picture(_arguments: Sequence[str], _said: bytes) -> bytes:
    """The child process that draws: any picture."""
    return PICTURE


PROGRAMS: Final[Mapping[str, Program]] = {
    "core.calendar": calendar,
    "bot.views.scans.paint": picture,
    "bot.views.scans.paint_candles": picture,
    "bot.views.scores.paint": picture,
}
