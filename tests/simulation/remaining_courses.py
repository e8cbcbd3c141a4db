"""Directed days behind all others, each made to find one kind of seeded bug that no
earlier day had shown: what comes between two looks at IB, between a listing and an exit,
and what IB says behind an order's end.
"""

from functools import partial
from typing import Final

from core.model.points import CARD, RECOVER_ABSENT, RECOVER_ADOPT
from core.sandbox.trouble.faults import Action, Trouble
from tests.simulation.courses import at
from tests.simulation.further_courses import Kept, Once, Surely
from tests.simulation.plan import ALL_ROWS, Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_CODE: Final = partial(at, Kind.CODE)
_ORDER: Final = partial(at, Kind.ORDER)
_SCANS: Final = Fault(at=10, kind=Kind.SOON, what="clock say /scan")
_BUYS: Final = (_SCANS, _SOON(f"{CARD.after} press v1:o:1:", after=5))
"""The stock that was not held before."""

_BOTH: Final = (("exit_stop", "5%"), ("exit_target", "10%"))
_WORDS: Final = ("openOrder", "orderStatus", "execDetails")
_DAY: Final = 24 * 3600.0


def _approved(at: float, words: str) -> tuple[Fault, Fault]:
    """The owner says that, and Yes to what he is asked then."""
    says = Fault(at=at, kind=Kind.SOON, what=f"clock say {words}")
    return says, Fault(at=at + 6, kind=Kind.SOON, what="clock yes")


def _lost(message: str) -> Trouble:
    """Such messages never arrive."""
    return Trouble(message=message, action=Action.DROP, times=0)


_TOO_MANY: Final = Trouble(
    message="placeOrder",
    action=Action.REFUSE,
    code=100,
    text="Max rate of messages per second has been exceeded",
    untied=True,
)
_UNSUBSCRIBED: Final = Trouble(
    message="reqCurrentTime",
    action=Action.NOTE,
    nth=5,
    code=2100,
    text="API client has been unsubscribed from account data.",
    untied=True,
)

REMAINING: Final = (
    # a cancel: of an order that IB did not list, and that shows itself again
    Once(
        faults=(
            *_BUYS,
            _CODE("placeOrder note 161", 4),
            _SOON("order hide", 2, after=3),
            _CODE("cancelOrder drop 0"),
            _SOON("order cancel", after=25),
            _SOON("order hand SIZE", 100, after=75),
        ),
        fills="never",
        settles=True,
        aims=("do not ask for the cancel of an order that came back",),
    ),
    # and over a new line, where IB has not confirmed it for a quarter of an hour
    Once(
        faults=(
            *_BUYS,
            _SOON("order cancel", after=5),
            Fault(at=930, kind=Kind.CUT),
        ),
        fills="never",
        lost=(_lost("cancelOrder"),),
        lasts=960.0,
        aims=("wait over a new line as long as over the one before",),
    ),
    # the bot dies behind an order that is lost, and the line falls between two passes
    Once(
        faults=(
            *_BUYS,
            _ORDER("drop"),
            _SOON("order crash", 1, after=0.03),
            _SOON("order cut", after=6),
        ),
        settles=True,
        aims=("forget what happened during a pass",),
    ),
    # the bot hears of everybody's orders, a copy of its own too
    Once(
        faults=(*_BUYS, _SOON("order hand COPY", 60, after=5)),
        fills="never",
        is_master=True,
        halts=True,
        aims=("take the status of a copy made in TWS for the order's",),
    ),
    # no code says why it was cancelled
    Once(
        faults=(
            *_BUYS,
            _CODE("placeOrder note 399", 2),
            _SOON("order lose error", after=6),
            _SOON("order hand CANCEL", after=8),
        ),
        fills="never",
        aims=("let a hold stand as the reason of a cancellation",),
    ),
    # the line falls while a target sells a part, and somebody makes its stop larger
    Once(
        faults=(
            *_BUYS,
            _SOON("exit jump", 1.2, after=10),
            _SOON("exit cut", after=19.9),
            _SOON("exit hand SIZE", 100, after=20),
        ),
        exits=_BOTH,
        book="scarce",
        aims=("take a stop that somebody made larger for one that IB reduced",),
    ),
    # a stop sells a part and is cancelled, before IB tells of the sale
    Kept(
        faults=(
            *_BUYS,
            _SOON("exit late execDetails", 20, after=19.9),
            _SOON("exit fall", after=20),
            _SOON("exit hand CANCEL", after=22),
        ),
        book="scarce",
        aims=("do not tell an exit whose execution comes behind its end",),
    ),
    # one is bought, the other's price has moved, and both are cancelled meanwhile
    Once(
        faults=(
            _SCANS,
            _SOON(f"{CARD.after} yes", after=5),
            *(_SOON(f"order slow {each}", 4) for each in _WORDS),
            _SOON("order jump", after=0.5),
            Fault(at=19, kind=Kind.CHAT_SLOW, what="sendMessage delay", amount=4),
            Fault(at=22.5, kind=Kind.SOON, what="clock cancel"),
        ),
        aims=("ask again about what was cancelled meanwhile",),
    ),
    # the account's figures are of before a purchase by hand, and IB says so
    Once(
        faults=(
            Fault(at=20, kind=Kind.SOON, what="clock lose updatePortfolio"),
            Fault(at=20, kind=Kind.SOON, what="clock lose accountDownloadEnd"),
            Fault(at=90, kind=Kind.SOON, what="clock hand MORE"),
            Fault(at=100, kind=Kind.SOON, what="clock say /buy LLNX 100"),
            Fault(at=106, kind=Kind.SOON, what="clock yes?"),
        ),
        settings=(("max_stock_dollars", "1500"),),
        lost=(_UNSUBSCRIBED,),
        aims=("keep figures of a subscription that was lost",),
    ),
    # exits: of the second part a stop never arrives, and those of the first are cancelled
    Once(
        faults=(
            *_BUYS,
            _ORDER("cut before", nth=4),
            _SOON("exit hand CANCEL", after=1, nth=3),
            _SOON(f"{RECOVER_ABSENT} garble position"),
        ),
        exits=_BOTH,
        book="trickles",
        aims=("send an exit that was taken off",),
    ),
    # the account window does not show what was bought
    Once(
        faults=(
            *_BUYS,
            _SOON("order lose updatePortfolio"),
            _SOON("order say /exits AVLZ stop 5%", after=15),
            _SOON("order yes", after=20),
        ),
        settles=True,
        aims=("wait for the account window before exits of a holding stand",),
    ),
    # all is stopped while IB is asked for the price step, over a new line
    Kept(
        faults=(
            *_BUYS,
            _ORDER("cut"),
            _SOON("order slow marketRule", 2),
            _SOON(f"{RECOVER_ADOPT} panic", after=1.2),
        ),
        aims=("place an exit on what the owner said before IB answered",),
    ),
    # IB lists slowly what is held
    Surely(
        faults=(*_BUYS, _SOON("order slow positionEnd", 2.5)),
        aims=("judge an exit by a moment before IB has listed",),
    ),
    # no price step is known, the owner gives a plan up, and approves another
    Once(
        faults=(
            *_BUYS,
            _SOON("order say /exits AVLZ stop 5%", after=15),
            _SOON("order yes", after=20),
            _SOON("order say /exits AVLZ none", after=35),
            _SOON("order yes", after=40),
            _SOON("order say /exits AVLZ stop 3%", after=50),
            _SOON("order yes", after=60),
        ),
        lost=(_lost("marketRule"),),
        settles=True,
        aims=("count a plan's delay from one that was given up",),
    ),
    # the files of before an order come back on the next day, when IB lists it no more
    Once(
        faults=(
            Fault(at=8, kind=Kind.OLD_COPY, amount=60),
            *_BUYS,
            _SOON("order sleep", _DAY, after=20),
            Fault(at=100, kind=Kind.SOON, what="clock say /scan"),
            Fault(at=106, kind=Kind.SOON, what="clock yes?"),
        ),
        aims=("overlook that IB's count is ahead",),
    ),
    # the cancels of others take the room that a burst of questions leaves for an order
    Once(
        faults=(
            *_approved(10, "/buy AVLZ 100"),
            *_approved(20, "/exits KO stop 5% target 9%"),
            *_approved(30, "/exits LLNX stop 5% target 9%"),
            Fault(at=50, kind=Kind.SOON, what="clock say /buy QVNX 100"),
            Fault(at=59, kind=Kind.SOON, what="tap late currentTime", amount=0.8),
            *(
                Fault(
                    at=59, kind=Kind.SOON, what=f"probe say /cancel {each}", after=0.5
                )
                for each in ("AVLZ", "KO", "LLNX")
            ),
            Fault(at=60, kind=Kind.SOON, what="clock say /scan"),
            Fault(at=60.5, kind=Kind.SOON, what="clock yes"),
        ),
        exits=_BOTH,
        settings=(("scan_rows", f"{ALL_ROWS}"),),
        aims=("send an order into a window that may be full",),
    ),
    # IB refuses an order and does not say which
    Once(
        faults=_BUYS,
        lost=(_TOO_MANY,),
        settles=True,
        aims=("take a 100 behind an order for nobody's",),
    ),
)
"""All of them."""
