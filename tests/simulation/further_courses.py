"""Directed days that came last, each made to find one kind of seeded bug: words of IB's
that contradict each other, exits that something keeps back, and limits.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import CARD
from core.sandbox.trouble.faults import Action, Trouble
from tests.simulation.courses import at
from tests.simulation.exit_courses import Protected
from tests.simulation.plan import Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_CODE: Final = partial(at, Kind.CODE)
_ORDER: Final = partial(at, Kind.ORDER)
_SCANS: Final = Fault(at=10, kind=Kind.SOON, what="clock say /scan")
_BUYS: Final = (_SCANS, _SOON(f"{CARD.after} press v1:o:1:", after=5))
"""The stock that was not held before."""

_BUYS_MORE: Final = (_SCANS, _SOON(f"{CARD.after} press v1:o:2:", after=5))
_BY_NAME: Final = (
    Fault(at=10, kind=Kind.SOON, what="clock say /buy AVLZ 1000"),
    Fault(at=16, kind=Kind.SOON, what="clock yes"),
)
_STOP: Final = (("exit_stop", "5%"),)
_DAY: Final = 330.0

Once: Final = partial(
    Protected,
    exits=(),
    buys=0.0,
    pause=1e6,
    looks=0.0,
    lasts=_DAY,
    begins=time(11, 0),
)
"""One purchase, and nobody taps anything else."""

Kept: Final = partial(Once, exits=_STOP)
Surely: Final = partial(Kept, settles=True)
"""Nothing keeps its stop back for more than a minute without a word."""

_REFUSES_CANCELS: Final = Trouble(
    message="cancelOrder",
    action=Action.REFUSE,
    times=0,
    code=161,
    text="Cancel attempted when order is not in a cancellable state",
)
_NO_STEPS: Final = Trouble(message="marketRule", action=Action.DROP, times=0)

FURTHER: Final = (
    # a cancel that IB refuses, again and again
    Once(
        faults=(*_BUYS, _SOON("order cancel", after=5)),
        fills="never",
        lost=(_REFUSES_CANCELS,),
        lasts=900.0,
        aims=("answer a refused cancel with the same request",),
    ),
    Once(
        faults=(
            *_BUYS,
            _SOON("order cancel", after=5),
            _CODE("cancelOrder drop 0"),
            Fault(at=40, kind=Kind.STEP, what="forward", amount=3600),
        ),
        fills="never",
        aims=("wait for a cancel by a time of day that can be set",),
    ),
    # the owner says of an order that it was filled, and IB works it
    Once(
        faults=(
            *_BUYS,
            _CODE("placeOrder note 161", 4),
            _SOON("order hide", 2, after=3),
            _CODE("cancelOrder drop 0"),
            _SOON("order cancel", after=25),
            _SOON("order press v1:d:f:", after=70),
            *(Fault(at=seconds, kind=Kind.CUT) for seconds in (120, 240)),
        ),
        fills="never",
        settles=True,
        aims=(
            "forget an accepted cancel with the owner's word of a fill",
            "do not ask for the cancel of an order that two passes show alive",
            "believe the owner's word over IB's open orders",
        ),
    ),
    # somebody makes it larger
    Once(
        faults=(
            *_BUYS,
            _SOON("order hand SIZE", 600, after=3),
            _SOON("order cancel", after=240),
        ),
        book="trickles",
        aims=("call an order filled with what it was sent for",),
    ),
    Once(
        faults=(
            *_BUYS,
            _SOON("order hide", 8, after=2.9),
            _SOON("order hand SIZE", 600, after=3),
            _SOON("order cut", after=240),
        ),
        book="trickles",
        halts=False,
        aims=("halt over an order that somebody made larger unreported",),
    ),
    # it is lost, and another login names other orders
    Once(
        faults=(
            *_BUYS,
            _ORDER("delay and cut", 170),
            Fault(at=17.5, kind=Kind.LOGIN, amount=140),
        ),
        fills="never",
        halts=False,
        aims=("believe any session of any order",),
    ),
    # limits
    Once(
        faults=(
            *_BUYS_MORE,
            _SOON("order lose updatePortfolio"),
            _SOON("order say /buy LLNX 100", after=8),
            _SOON("order yes?", after=14),
        ),
        settings=(("max_stock_dollars", "1500"),),
        aims=("forget what is held beside what was bought a moment ago",),
    ),
    Once(
        faults=(
            *_BUYS,
            _SOON("order say /buy QVNX 200", after=8),
            _SOON("order yes?", after=14),
        ),
        settings=(("max_day_dollars", "3000"), ("max_order_dollars", "3000")),
        fills="late",
        aims=("count for the day's limit only what was filled on it",),
    ),
    Once(
        faults=(
            _SCANS,
            _SOON(f"{CARD.after} yes?", after=5),
        ),
        exits=(("exit_stop", "0.1%"),),
        aims=("buy with an exit nearer than a price step",),
    ),
    Once(
        faults=_BUYS,
        exits=(("exit_stop", "0.50"),),
        aims=("show a distance in dollars like a price",),
    ),
    # only one of two is bought
    Once(
        faults=(
            _SCANS,
            _SOON(f"{CARD.after} yes", after=5),
            _SOON("order hand CANCEL", after=5, nth=2),
        ),
        fills="late",
        aims=("say Bought where a part is",),
    ),
    # the first order of a day, over the line of the day before
    Once(
        faults=(
            Fault(at=200, kind=Kind.SOON, what="clock say /scan"),
            _SOON(f"{CARD.after} press v1:o:1:", after=3),
            _SOON(f"{CARD.after} press v1:o:", after=6),
        ),
        begins=time(23, 57),
        aims=("trade on yesterday's comparison",),
    ),
    # full for moments only
    Once(
        faults=tuple(
            fault
            for seconds in (60, 120, 180, 240)
            for fault in (
                Fault(at=seconds, kind=Kind.DISK, amount=15),
                Fault(at=seconds + 1, kind=Kind.SOON, what="clock say /scan"),
            )
        ),
        halts=False,
        aims=("count a start after a wait for the disk as a crash",),
    ),
    Surely(
        faults=(
            *_BUYS,
            Fault(at=17, kind=Kind.STEP, what="forward", amount=100),
            Fault(at=250, kind=Kind.STEP, what="back", amount=100),
        ),
        aims=("begin a new minute at each look for exits that a guard keeps back",),
    ),
    # the stop ends for a sale, and the price falls below it before that is judged
    Kept(
        faults=(
            *_BUYS,
            _SOON("exit sell", after=10),
            _SOON("exit yes", after=15),
            _SOON("exit halt", after=15.3),
            _SOON("exit fall", after=15.4),
        ),
        aims=("place a passed stop anew",),
    ),
    # a pair, and one of the two never arrives, or late
    Protected(
        faults=(*_BUYS, _ORDER("cut before", nth=3)),
        buys=0.0,
        pause=1e6,
        lasts=_DAY,
        settles=True,
        aims=("end a stop because its target lapsed",),
    ),
    Protected(
        faults=(*_BUYS, _ORDER("delay", 120, nth=3), _SOON("exit deny", after=30)),
        buys=0.0,
        pause=1e6,
        lasts=_DAY,
        aims=(
            "end a stop whose target was closed by word",
            "end what is left of a group once one of it is closed by word",
        ),
    ),
    # others sell what has exits, later
    Kept(
        faults=(*_BUYS, Fault(at=60, kind=Kind.HAND, what="SELL", nth=2)),
        aims=("do not look at what others may sell beside exits that stand",),
    ),
    # another login has placed them
    Kept(
        faults=(
            *_BUYS,
            Fault(at=60, kind=Kind.LOGIN, amount=200),
            _SOON("exit say /sell AVLZ all", after=90),
            _SOON("exit yes?", after=100),
        ),
        settles=True,
        aims=("offer what the exit of another login may sell",),
    ),
    # a split in the night, of what was not bought here
    Once(
        faults=(
            Fault(at=10, kind=Kind.SOON, what="clock say /exits KO stop 5%"),
            Fault(at=20, kind=Kind.SOON, what="clock yes"),
            _SOON("exit crash", 100, after=30),
            _SOON("exit sleep", 5 * 3600.0, after=50),
            _SOON("exit split", 4, after=60),
            _SOON("exit sleep", 13.6 * 3600.0, after=70),
        ),
        begins=time(15, 0),
        lasts=500.0,
        aims=("forget what a holding cost that was not bought here",),
    ),
    # stocks below a dollar, which no scan lists, with steps of a hundredth of a cent
    Protected(faults=_BY_NAME, book="cheap", buys=0.0, pause=1e6, lasts=_DAY),
    Protected(
        faults=(*_BY_NAME, _SOON("exit fall", after=20)),
        book="cheap",
        settings=(("order_type", "LMT"),),
        buys=0.0,
        pause=1e6,
        lasts=_DAY,
    ),
    # what is held has a stop, is sold, and is bought again at once without one
    Once(
        faults=(
            *_BUYS,
            _SOON("order say /exits AVLZ stop 5%", after=15),
            _SOON("order yes", after=20),
            _SOON("order say /sell AVLZ all", after=30),
            _SOON("order yes", after=35),
            _SOON("order say /buy AVLZ 90", after=45),
            _SOON("order yes", after=50),
        ),
        aims=("give what is bought anew the exits of the holding before",),
    ),
    # the Yes to its exits comes when it is sold
    Once(
        faults=(
            *_BUYS,
            _SOON("order say /exits AVLZ stop 5%", after=15),
            _SOON("order say /sell AVLZ all", after=20),
            _SOON("order yes", after=25),
            _SOON("order yes", after=32),
            _SOON("order say /buy AVLZ 90", after=45),
            _SOON("order yes", after=50),
        ),
        aims=("set the exits of a card whose shares are sold",),
    ),
)
"""All of them."""
