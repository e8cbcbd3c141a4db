"""Directed days on which others change what stands: the stock is split, somebody moves
an exit in the terminal (``afterwards.py`` judges them), or shares come or leave without a
trade.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import CARD
from tests.simulation.courses import Course, at
from tests.simulation.plan import Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_HOUR: Final = 3600.0
_BUYS: Final = (
    Fault(at=10, kind=Kind.SOON, what="clock say /scan"),
    _SOON(f"{CARD.after} press v1:o:1:", after=5),
)
"""The stock that was not held before, so that what it has cost is known."""

_STOP: Final = (("exit_stop", "5%"),)
_BOTH: Final = (("exit_stop", "5%"), ("exit_target", "10%"))
_TRAIL: Final = (("exit_trail", "3%"),)
_LOOKS: Final = "exit say /exits"

Stands: Final = partial(
    Course,
    exits=_STOP,
    pause=1e6,
    buys=0.0,
    cancels=0.0,
    sells=0.0,
    protects=0.0,
    begins=time(15, 0),
    lasts=200.0,
)
"""One purchase and its exits, and nobody taps anything else."""

Split: Final = partial(Stands, lasts=500.0)


def _while_dead(ratio: float) -> tuple[Fault, ...]:
    """The bot is off from the evening to the next morning, and the split is in between."""
    return (
        _SOON("exit crash", 100, after=30),
        _SOON("exit sleep", 5 * _HOUR, after=50),
        _SOON("exit split", ratio, after=60),
        _SOON("exit sleep", 13.6 * _HOUR, after=70),
    )


AFTERWARDS: Final = (
    # a split: while the bot runs, the machine sleeps, or the bot is off
    Split(
        faults=(
            *_BUYS,
            _SOON("exit sleep", 2 * _HOUR, after=30),
            _SOON("exit split", 10, after=60),
        ),
        aims=(
            "tell exits that IB ended at a split as ended by hand",
            "leave exits in the old shares after a split",
        ),
    ),
    Split(
        faults=(
            *_BUYS,
            _SOON("exit sleep", 5 * _HOUR, after=30),
            _SOON("exit split", 0.1, after=30.1),
            _SOON("exit sleep", 13.6 * _HOUR, after=30.2),
        ),
        exits=_BOTH,
    ),
    Split(
        faults=(*_BUYS, *_while_dead(4)),
        aims=("leave in doubt what a split has ended in the night",),
    ),
    Split(faults=(*_BUYS, *_while_dead(0.1)), exits=_BOTH),
    Split(
        faults=(
            *_BUYS,
            *_while_dead(5),
            _SOON("exit fall", after=40),
        ),
        book="scarce",
        aims=("take half a sale and a split for a split alone",),
    ),
    Split(
        faults=(
            *_BUYS,
            _SOON("order sleep", 2 * _HOUR, after=30),
            _SOON("order split", 10, after=60),
        ),
        exits=(),
    ),
    # half is sold by hand at twice the price, which is no split
    Split(
        faults=(
            *_BUYS,
            _SOON("exit jump", 2.0, after=20),
            _SOON("exit hand HALF", after=30),
        ),
        aims=("take half a holding sold by hand for a split",),
    ),
    # somebody moves an exit in the terminal
    Stands(
        faults=(*_BUYS, _SOON("exit hand TRAIL", 20, after=20)),
        exits=_TRAIL,
        aims=("leave a trailing stop at the distance that it was sent with",),
    ),
    Stands(
        faults=(*_BUYS, _SOON("exit hand STOP", 0.8, after=20)),
        aims=("do not follow a stop that is moved in TWS",),
    ),
    Stands(
        faults=(
            *_BUYS,
            _SOON("exit crash", 30, after=20),
            _SOON("exit hand STOP", 0.8, after=30),
        ),
    ),
    Stands(
        faults=(
            *_BUYS,
            _SOON("exit hand DAY", after=20),
            _SOON("exit sleep", 2 * _HOUR, after=60),
            _SOON(_LOOKS, after=90),
        ),
        aims=("do not tell that a stop ends tonight",),
    ),
    Stands(
        faults=(*_BUYS, _SOON("exit hand SIZE", 60, after=20)),
        exits=_BOTH,
        aims=("take a stop that somebody made smaller for one that IB reduced",),
    ),
    Stands(
        faults=(
            *_BUYS,
            _SOON("exit jump", after=10),
            _SOON("exit cut", after=19.9),
            _SOON("exit hand SIZE", 100, after=20),
        ),
        exits=_BOTH,
        book="scarce",
    ),
)
"""All of them."""

_LONG: Final = partial(Stands, lasts=500.0)

WITHOUT_A_TRADE: Final = (
    _LONG(faults=(*_BUYS, _SOON("exit move", -40, after=30)), exits=_BOTH),
    _LONG(faults=(*_BUYS, _SOON("exit move", -100, after=30))),
    _LONG(
        faults=(
            *_BUYS,
            _SOON("exit crash", 100, after=30),
            _SOON("exit move", -40, after=60),
        ),
        exits=_TRAIL,
    ),
    _LONG(faults=(*_BUYS, _SOON("exit move", 100, after=30)), exits=_BOTH),
)
"""Shares leave the account, or come to it: a transfer, an option's exercise."""

_GONE: Final = (*_BUYS, _SOON("exit gone", 5, after=30))
_YES: Final = "exit yes"

GONE: Final = (
    _LONG(
        faults=(
            *_GONE,
            _SOON("exit say /sell AVLZ all", after=60),
            _SOON("exit yes?", after=70),
        ),
        exits=_BOTH,
    ),
    _LONG(
        faults=(
            *_GONE,
            _SOON("exit say /resume", after=50),
            _SOON("exit press v1:h:", after=55),
            _SOON("exit say /exits AVLZ stop 3%", after=60),
            _SOON(_YES, after=70),
        ),
        exits=_BOTH,
    ),
    _LONG(
        faults=(
            *_GONE,
            _SOON("exit say /resume", after=50),
            _SOON("exit press v1:h:", after=55),
            _SOON("exit say /buy AVLZ", after=60),
            _SOON(_YES, after=70),
        ),
        exits=_BOTH,
    ),
    _LONG(
        faults=(
            *_BUYS,
            _SOON("order gone", 5, after=0.05),
            _SOON("order say /resume", after=40),
            _SOON("order press v1:h:", after=45),
            _SOON("order say /sell AVLZ all", after=60),
            _SOON("order yes", after=70),
        ),
        exits=_BOTH,
    ),
)
"""The bot's files are gone: what it had at IB is another one's to it."""
