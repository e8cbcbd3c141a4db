"""Directed days with exits on holdings. A dropping or jumping price moves after five
minutes.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import EXITS, W2
from tests.simulation.courses import Course, at
from tests.simulation.plan import Fault, Kind


_STOP: Final = (("exit_stop", "5%"),)
_BOTH: Final = (("exit_stop", "5%"), ("exit_target", "10%"))
_TRAIL: Final = (("exit_trail", "3%"), ("exit_target", "10%"))
_EXIT: Final = partial(at, Kind.SOON)
_DEAD_AT_THE_JUMP: Final = Fault(at=290.0, kind=Kind.CRASH, amount=60.0)
_CUT_AT_THE_JUMP: Final = Fault(at=290.0, kind=Kind.LINE, what="1102", amount=60.0)

Protected: Final = partial(Course, exits=_BOTH, cancels=0.0, sells=0.0, protects=0.0)

PROTECTED: Final = (
    # bought, protected, and sold by what was approved
    Protected(
        faults=(),
        aims=(
            "round a stop away from the price paid",
            "protect all that is held, whatever was bought",
        ),
    ),
    Protected(faults=(), book="drops"),
    Protected(faults=(), book="jumps"),
    Protected(
        faults=(),
        book="thin",
        exits=_TRAIL,
    ),
    Protected(faults=(), protects=0.7, buys=0.6),
    Protected(faults=(), protects=0.7, book="drops", buys=0.6, cancels=0.4),
    Protected(faults=(), protects=0.5, begins=time(15, 42)),
    Protected(faults=(), sells=0.6),
    Protected(faults=(), sells=0.6, exits=_STOP, book="thin"),
    # and nobody was there to see it
    Protected(faults=(_DEAD_AT_THE_JUMP,), book="drops"),
    Protected(faults=(_DEAD_AT_THE_JUMP,), book="jumps"),
    Protected(faults=(_CUT_AT_THE_JUMP,), book="drops", exits=_TRAIL),
    # killed between the fill and its exits
    Protected(faults=(at(Kind.CRASH_AT, EXITS.before, 20),)),
    Protected(faults=(at(Kind.CRASH_AT, EXITS.inside, 20),)),
    Protected(faults=(at(Kind.CRASH_AT, EXITS.after, 20),)),
    Protected(faults=(at(Kind.CRASH_AT, W2.after, 20, nth=3),)),
    Protected(faults=(at(Kind.CRASH_AT, "wire", 90, nth=3),), book="drops"),
    # an exit is lost, late, refused
    Protected(faults=(at(Kind.ORDER, "swallow", nth=3),)),
    Protected(faults=(at(Kind.ORDER, "cut before", nth=3),)),
    Protected(faults=(at(Kind.ORDER, "delay", 15, nth=3),), book="drops"),
    Protected(faults=(at(Kind.ORDER, "refuse", nth=3),)),
    Protected(faults=(at(Kind.ORDER, "refuse", nth=4),)),
    # the shares go another way
    Protected(
        faults=(_EXIT("exit hand FLAT", after=5),),
        aims=("leave exits alive when the shares were sold by hand",),
    ),
    Protected(faults=(_EXIT("exit hand FLAT"),)),
    Protected(faults=(_EXIT("exit hand SELL", after=0.1),)),
    Protected(
        faults=(_EXIT("exit hand CANCEL", after=5),),
        aims=("place again what was cancelled at IB",),
    ),
    Protected(
        faults=(_EXIT("exit panic", after=0.05),),
        buys=0.6,
        aims=("place exits in a panic",),
    ),
    Protected(faults=(_EXIT("exit panic", after=20),)),
    Protected(faults=(_EXIT("exit cancel", after=20),)),
    Protected(
        faults=(_EXIT("exit halt", after=0.05),),
        aims=("a halt keeps protection back",),
    ),
    Protected(faults=(_EXIT("exit sleep", 90, after=0.05),), book="drops"),
)
"""All of them."""

LOST: Final = (Protected(faults=(at(Kind.ORDER, "cut before", nth=2),), one=True),)
"""And one that came later: the stop of what was bought never reaches IB."""
