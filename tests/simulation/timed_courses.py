"""Directed days on which shares are to be sold before a close (``timed.py`` judges them).

The stop and the timed exit of one purchase are approved in the last quarter of an hour
before it, and nobody taps anything else.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import CARD, EXITS
from tests.simulation.aimed_courses import Plain
from tests.simulation.courses import SHORT, at
from tests.simulation.plan import Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_HOUR: Final = 3600.0


def _approved(plan: str) -> tuple[Fault, ...]:
    """AVLZ is bought, and then *plan* is approved for it."""
    return (
        Fault(at=10, kind=Kind.SOON, what="clock say /scan"),
        _SOON(f"{CARD.after} press v1:o:1:", after=5),
        _SOON(f"order say /exits AVLZ {plan}", after=15),
        _SOON("order yes", after=25),
    )


_FIRST: Final = _approved("stop 5% close 1")
_OFF: Final = Fault(at=200, kind=Kind.CRASH, amount=900)


def _wrong_clock(kind: str, seconds: float, *, until: float) -> tuple[Fault, ...]:
    """The machine's clock is off from 15:47:20 on."""
    back = {"forward": "back", "back": "forward"}[kind]
    return (
        Fault(at=200, kind=Kind.STEP, what=kind, amount=seconds),
        Fault(at=until, kind=Kind.STEP, what=back, amount=seconds),
    )


Timed: Final = partial(
    Plain,
    begins=time(15, 44),
    lasts=1100.0,
    pause=1e6,
    buys=0.0,
    settles=True,
)

TIMED: Final = (
    Timed(faults=_FIRST),
    Timed(
        faults=_FIRST,
        day=SHORT,
        begins=time(12, 44),
        aims=("sell before the usual close what a short day closes on earlier",),
    ),
    Timed(
        faults=_approved("stop 5% close 2"),
        aims=("sell before the first close what was to be sold before a later one",),
    ),
    Timed(
        faults=(*_FIRST, _OFF),
        settles=False,
        aims=("tell nobody of a timed exit that has missed its close",),
    ),
    Timed(
        faults=(*_FIRST, *_wrong_clock("forward", 0.5 * _HOUR, until=260)),
        aims=("put a timed exit off by a clock that is ahead",),
    ),
    Timed(
        faults=(*_FIRST, *_wrong_clock("forward", 300, until=330)),
        aims=("end a stop for a timed exit that cannot be sent",),
    ),
    Timed(
        faults=(*_FIRST, *_wrong_clock("back", _HOUR, until=1050)),
        aims=("see a timed exit due by this machine's clock alone",),
    ),
    # the gateway answers again seconds before the close, and then slowly
    Timed(
        faults=(
            *_FIRST,
            Fault(at=300, kind=Kind.FREEZE, amount=646.5),
            _SOON(f"{EXITS.after} late openOrderEnd", 8, nth=2),
        ),
        settles=False,
        aims=("send a timed exit however near its close has come",),
    ),
)
"""All of them."""
