"""Directed days, each made to find one kind of seeded bug (``teeth.py``): only the
faults that it needs to show.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import CARD, EXITS, REPORT_CLAIM, REPORT_SENT, W2
from tests.simulation.courses import Course, at
from tests.simulation.exit_courses import Protected
from tests.simulation.plan import Fault, Kind


COMES: Final = 66.5
"""Seconds after which an order is there that was proven absent after 62: two passes behind a
lost line are a minute apart."""

_SOON: Final = partial(at, Kind.SOON)
_ORDER: Final = partial(at, Kind.ORDER)
_TO_TOMORROW: Final = 15 * 3600.0
Plain: Final = partial(Course, exits=(), protects=0.0, cancels=0.0, sells=0.0)
Sells: Final = partial(Plain, sells=0.5)

AIMED: Final = (
    # an order that nobody may send
    Plain(
        faults=(_SOON("tap late currentTime", 1), _SOON("probe cancel", after=0.1)),
        aims=("send what was cancelled after it was judged",),
    ),
    Plain(
        faults=(_SOON(f"{W2.after} sleep", 60),),
        aims=("send on a judgement from before a sleep",),
    ),
    Plain(
        faults=(
            _SOON("order hand CANCEL", after=3),
            _SOON("order crash", 20, after=10),
            _SOON("order rollback", 3, after=15),
        ),
        fills="never",
        aims=("trust the gateway's id alone",),
    ),
    Plain(
        faults=(
            _SOON("order late openOrder", 4),
            _SOON("order late orderStatus", 4),
        ),
        fills="late",
    ),
    Plain(
        faults=(_SOON("tap scan", after=0.02),),
        aims=("let an order queue",),
    ),
    Plain(faults=(Fault(at=690, kind=Kind.LATE_TAP),), buys=0.0, lasts=800.0),
    Plain(
        faults=tuple(
            Fault(at=seconds, kind=Kind.ELSEWHERE) for seconds in (60, 120, 180, 240)
        ),
        buys=0.0,
    ),
    Plain(
        faults=(_SOON("tap freeze", 60), _SOON("tap freeze", 60, nth=3)),
        pause=1.5,
    ),
    Plain(
        faults=(
            Fault(at=560, kind=Kind.SOON, what="clock say /scan"),
            Fault(at=570, kind=Kind.SOON, what="clock yes?"),
        ),
        begins=time(15, 50),
        pause=1e6,
        aims=("let an order rest that was sent right before a close",),
    ),
    Plain(
        faults=(_SOON("tap chat", 60),),
        pause=70.0,
        aims=("buy on a Yes that came late",),
    ),
    # an order is lost, or seems to be
    Plain(
        faults=(
            _SOON("order crash", 60, after=0.03),
            _SOON("order hand BACK", after=15),
            _SOON("order sleep", _TO_TOMORROW, after=25),
            _SOON("order rollback", 1, after=30),
        ),
        looks=0.0,
        begins=time(11, 0),
        aims=("ignore midnight",),
    ),
    Plain(
        faults=(_ORDER("cut"), _SOON("order forget", 6, after=3)),
        looks=0.0,
        aims=("ignore the position",),
    ),
    Plain(
        faults=(_ORDER("cut"), _SOON("order blind", 6, after=1)),
        fills="never",
        looks=0.0,
        aims=("ignore the gateway's count of ids", "one empty pass means absent"),
    ),
    Plain(
        faults=(_ORDER("delay", 25),),
        looks=0.0,
        aims=("absence without a fence",),
    ),
    Plain(
        faults=(_ORDER("drop"),),
        looks=0.0,
        settles=True,
        aims=("no new handshake after a silence", "do not tell of a doubt"),
    ),
    Plain(
        faults=(_ORDER("delay and cut", COMES),),
        fills="never",
        looks=0.0,
        pause=45.0,
        one=True,
        aims=(
            "let a ghost live",
            "resend what is missing",
        ),
    ),
    # a cancel
    Plain(
        faults=(
            _SOON("order cancel", after=1),
            at(Kind.CODE, "cancelOrder drop 0"),
            Fault(at=400, kind=Kind.CUT),
        ),
        fills="never",
    ),
    Plain(
        faults=(_SOON("order cancel", after=0.02), _ORDER("delay", 3)),
        fills="never",
        aims=("forget a cancel that is wanted while the order is being sent",),
    ),
    # the report
    Plain(
        faults=(at(Kind.CRASH_AT, REPORT_SENT, 20),),
        begins=time(9, 31),
        pause=1e6,
    ),
    Plain(
        faults=(at(Kind.CRASH_AT, REPORT_CLAIM, 20),),
        begins=time(9, 31),
    ),
    # selling
    Sells(
        faults=(_SOON("tap hand ALL"),),
        aims=(
            "judge a sale by a moment before IB has listed",
            "sell what the card said, whatever is held by then",
            "believe the account window alone",
        ),
    ),
    Sells(
        faults=(Fault(at=5, kind=Kind.HAND, what="SELL", nth=1),),
    ),
    Sells(faults=(), fills="late"),
    Sells(
        faults=(
            at(Kind.WORD, "position delay", 15, nth=3),
            at(Kind.WORD, "position delay", 15, nth=5),
        ),
    ),
    Sells(
        faults=(_SOON("tap halt", after=0.02),),
        aims=("a halt does not keep a sale back",),
    ),
    Plain(
        faults=(
            _SOON("order panic", after=2),
            at(Kind.CODE, "cancelOrder drop 0"),
        ),
        fills="never",
        aims=("panic asks before the cancels are confirmed",),
    ),
    Plain(
        faults=(
            _SOON("order panic", after=2),
            at(Kind.CODE, "cancelOrder drop 0"),
            _SOON("order crash", 30, after=3),
        ),
        fills="never",
        aims=("panic is forgotten with its process",),
    ),
)
"""All of them."""

LATER: Final = (
    Sells(
        faults=tuple(
            Fault(at=seconds, kind=Kind.SOON, what=f"clock {what}")
            for seconds, what in (
                *((10, "say /sell LLNX all"), (16, "yes")),
                *((22, "say /sell LLNX all"), (28, "yes?")),
            )
        ),
        fills="late",
        begins=time(11),
        pause=1e6,
        aims=("sell shares that are being sold",),
    ),
    Plain(
        faults=(),
        fills="never",
        cancels=0.8,
        aims=("trust one's own cancel",),
    ),
)
"""And more of them, which came later: the days of the others stay as they are."""

_SHORTLY: Final = (("exit_stop", "5%"), ("exit_target", "5%"))

LATEST: Final = (
    # the bot dies behind its order, and the line falls between two passes of the next
    Plain(
        faults=(
            _ORDER("delay and cut", 17),
            _SOON("order crash", 1, after=0.03),
            _SOON("order cut", after=6),
        ),
        fills="never",
        looks=0.0,
        pause=15.0,
        one=True,
        aims=("passes of two sessions are two passes",),
    ),
    Plain(
        faults=(at(Kind.CRASH_AT, CARD.after, 20),),
        begins=time(9, 31),
        pause=1e6,
        aims=("a second report after a crash",),
    ),
    # exits: the stop lapses for want of an answer, and the target sells a part
    Protected(
        faults=(
            _SOON(f"{CARD.after} yes", after=5),
            _SOON(f"{EXITS.after} late currentTime", 3),
            _SOON("exit late openOrderEnd", 3),
            _SOON("exit jump"),
        ),
        exits=_SHORTLY,
        book="scarce",
        buys=0.0,
        looks=0.0,
        pause=1e6,
        begins=time(9, 31),
        aims=("leave a target without its stop",),
    ),
    Protected(
        faults=(
            _SOON("order hand MORE"),
            _SOON("exit late openOrder", 3),
            _SOON("exit late orderStatus", 3),
            _SOON("exit fall"),
        ),
        one=True,
        aims=(
            "send a target whose stop has sold",
            "count each exit of a group as selling for itself",
        ),
    ),
    Protected(
        faults=(
            *(at(Kind.CODE, "cancelOrder delay 0", 3, nth=nth) for nth in (1, 2)),
            _SOON("exit sell", after=15),
            _SOON("exit yes", after=18),
        ),
        one=True,
        aims=("sell before the exits have ended", "an old sign of life will do"),
    ),
    Protected(
        faults=(
            *(at(Kind.CODE, "cancelOrder delay 0", 12, nth=nth) for nth in (1, 2)),
            _SOON("exit sell", after=15),
            _SOON("exit yes", after=18),
        ),
        one=True,
        aims=("take an exit for ended once its cancel is wanted",),
    ),
    # the files of before its exits come back
    Protected(
        faults=(at(Kind.OLD_COPY, "order", 15),),
        one=True,
        aims=("place exits by the plans of an old copy",),
    ),
    # a Yes while the card's prices are new, to a gateway that answers no more
    Plain(
        faults=(_SOON(f"{CARD.after} yes", after=0.5), _SOON("tap freeze", 60)),
        buys=0.0,
        aims=("no probe before an order",),
    ),
    # somebody's sale rests at IB while the owner sells all of the stock
    Plain(
        faults=(
            *(Fault(at=5, kind=Kind.HAND, what="SELL", nth=nth) for nth in (1, 2)),
            _SOON(f"{CARD.after} yes", after=5),
            _SOON("order sell", after=10),
            _SOON("order yes", after=13),
        ),
        buys=0.0,
        aims=("forget sales by hand",),
    ),
)
"""The newest of them."""
