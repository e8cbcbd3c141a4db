"""Directed days about what the owner is told, what he says, and what others do in the
terminal: each made to find one kind of seeded bug.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import CARD, PANIC_OVER, W1
from tests.simulation.aimed_courses import Plain
from tests.simulation.courses import at
from tests.simulation.exit_courses import Protected
from tests.simulation.plan import Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_CODE: Final = partial(at, Kind.CODE)
_ORDER: Final = partial(at, Kind.ORDER)
_CHAT: Final = partial(at, Kind.CHAT_STATUS)
Quick: Final = partial(Plain, lasts=300.0)
Alone: Final = partial(Plain, lasts=420.0, begins=time(9, 31), pause=1e6, buys=0.0)
"""The report comes, and nobody taps anything."""

_WRITES: Final = Fault(at=10, kind=Kind.SOON, what="clock say /help")
"""So that the bot knows which messages there are."""

_LONG: Final = "ж" * 2_000
"""More than fits into what a full journal has left: JSON has six characters for each."""

_SCANS: Final = Fault(at=10, kind=Kind.SOON, what="clock say /scan")
_BUYS: Final = (_SCANS, _SOON(f"{CARD.after} press v1:o:1:", after=5))
"""The stock that was not held before."""

_CUT: Final = Fault(at=30, kind=Kind.CUT)
"""So that the bot compares the orders again: others' are listed then."""

Guarded: Final = partial(Protected, lasts=300.0)
_PANICS: Final = _SOON("order panic", after=10)
_ASKED: Final = PANIC_OVER.after

TOLD: Final = (
    # the chat
    Alone(
        faults=(_WRITES, Fault(at=60, kind=Kind.CHAT_CUT, what="sendMessage after")),
    ),
    Alone(
        faults=(
            _WRITES,
            Fault(at=60, kind=Kind.CHAT_SLOW, what="sendMessage delay", amount=60),
            Fault(at=242, kind=Kind.CRASH, amount=20),
        ),
        aims=("forget at a stop what was on its way",),
    ),
    Alone(
        faults=(_CHAT("sendMessage 400", nth=8),),
        aims=("give up what Telegram refuses",),
    ),
    Alone(
        faults=(_WRITES, Fault(at=60, kind=Kind.CHAT_STATUS, what="sendMessage 200")),
    ),
    Quick(
        faults=(_CHAT("editMessageText 429", 20), _CHAT("sendMessage 429", 20, nth=2)),
        aims=(
            "hold one message, not the chat, when Telegram says 429",
            "let what is written overtake flood control",
        ),
    ),
    Quick(
        faults=(at(Kind.STRANGER, "", nth=3),),
        aims=("keep whatever anybody writes",),
    ),
    Quick(
        faults=(
            Fault(at=100, kind=Kind.CHAT_OUT, what="dark", amount=220),
            Fault(at=110, kind=Kind.SOON, what="clock say /scan"),
        ),
        begins=time(10, 0),
        lasts=400.0,
        pause=1e6,
        aims=("run a command however long it has waited",),
    ),
    Quick(
        faults=(_SOON("tap sleep", 400),),
        aims=("take a tap behind a slow answer for a fresh one",),
    ),
    Quick(
        faults=(
            Fault(at=60, kind=Kind.DISK, amount=40),
            Fault(at=80, kind=Kind.SOON, what=f"clock say {_LONG}"),
        ),
        pause=4.0,
        aims=("move the offset although the disk said no",),
    ),
    Quick(
        faults=(Fault(at=100, kind=Kind.CRASH, amount=40),),
        pause=4.0,
        aims=("drop what was said before the start",),
    ),
    Quick(
        faults=(_ORDER("delay", 25),),
        aims=("leave a doubt's question when the doubt is over",),
    ),
    Quick(
        faults=(Fault(at=150, kind=Kind.CUT),),
        aims=("another client id at every handshake",),
    ),
    # the way out
    Quick(
        faults=(
            _PANICS,
            _SOON(f"{_ASKED} press v1:l:", after=3),
            _SOON(f"{_ASKED} yes", after=6),
        ),
        aims=("sell what the owner has left out of a panic",),
    ),
    Quick(
        faults=(_SOON("order say sell all?", after=5),),
        aims=("panic where it is only asked about",),
    ),
    Quick(
        faults=(
            *_BUYS,
            _SOON("order panic", after=2),
            _SOON(f"{_ASKED} yes", after=3),
            _SOON(f"{_ASKED} panic", after=6),
        ),
        fills="late",
        buys=0.0,
        pause=1e6,
        aims=("a second panic cancels what the first sells",),
    ),
    Quick(
        faults=(
            _SOON("order lose updatePortfolio"),
            _SOON("order panic", after=3.5),
        ),
        aims=("leave out of a panic what the account window does not know yet",),
    ),
    # sales
    Quick(
        faults=(
            _SOON("order sell", after=10),
            _SOON("order hand SELL", after=15),
            _SOON("order yes", after=18),
        ),
        one=True,
        aims=("sell what the card said, whatever is held by then",),
    ),
    Quick(
        faults=(
            _SOON("order sell", after=10),
            _SOON("order lose updatePortfolio", after=14),
            _SOON("order hand FLAT", after=15),
            _SOON("order yes", after=18),
        ),
        one=True,
        aims=("believe the account window alone",),
    ),
    # what IB and others do with an order
    Quick(
        faults=(_CODE("placeOrder note 399", 2), _SOON("order hand CANCEL", after=8)),
        fills="never",
    ),
    Quick(
        faults=(
            _SOON("order hand COPY", 60, after=5),
            *(_SOON("order cut", after=seconds) for seconds in (10, 90)),
        ),
        fills="never",
        one=True,
        aims=("let a copy made in TWS end the order",),
    ),
    Quick(
        faults=(_SOON("order event bust", after=8),),
        one=True,
        aims=("call an order filled whose trade was taken back",),
    ),
    Quick(
        faults=(at(Kind.NAMESAKE, "tb-robot-7"), _CUT),
        halts=False,
        aims=("halt for a tool whose refs begin like ours",),
    ),
    Quick(
        faults=(at(Kind.NAMESAKE, "tb-abcdefgh2j-1"), _CUT),
        halts=True,
        aims=("take another Openbell in the account for nothing",),
    ),
    Quick(
        faults=(_SOON("tap late currentTime", 1), _SOON("probe halt", after=0.05)),
        aims=("ask the guards no more when the order is written",),
    ),
    Quick(
        faults=(
            _SOON("order late openOrder", 4),
            _SOON("order late orderStatus", 4),
            _SOON("order jump", after=0.5),
        ),
        fills="late",
        aims=("ask again for what was bought",),
    ),
    # prices
    Quick(
        faults=(
            _SOON(f"{CARD.after} lose tickPrice", after=1),
            _SOON(f"{CARD.after} jump", after=1.5),
            _SOON(f"{CARD.after} yes", after=8),
        ),
        buys=0.0,
        aims=(
            "send on a price that was received long ago",
            "let a size make a price new",
            "hand on a line that has been silent",
        ),
    ),
    # exits
    Guarded(
        faults=(_ORDER("drop", nth=3), _SOON("exit deny", after=30)),
        one=True,
        lasts=400.0,
        aims=(
            "end a stop whose target was closed by word",
            "end what is left of a group once one of it is closed by word",
            "place an exit in the room of one closed by word",
        ),
    ),
    Guarded(
        faults=(
            *_BUYS,
            _SOON("exit late execDetails", 20, after=19.9),
            _SOON("exit fall", after=20),
        ),
        buys=0.0,
        pause=1e6,
    ),
    Guarded(
        faults=(
            *_BUYS,
            _SOON("exit sell", after=15),
            _SOON("exit yes", after=18),
            at(Kind.CRASH_AT, W1.after, 20, nth=2),
            Fault(at=45, kind=Kind.SOON, what="clock say /halt"),
        ),
        buys=0.0,
        pause=1e6,
        settles=True,
        aims=("end the exits for a sale that a halt keeps back",),
    ),
    Guarded(
        faults=(
            *_BUYS,
            _SOON("exit jump", after=10),
            _SOON("exit event bust", after=25),
        ),
        book="scarce",
        exits=(("exit_stop", "5%"), ("exit_target", "5%")),
        buys=0.0,
        pause=1e6,
        aims=("leave exits that gave up shares which came back",),
    ),
    # orders that wait for an open
    Quick(
        faults=(),
        begins=time(17, 0),
        settings=(("max_gap_percent", "3"),),
        aims=("queue at whatever price the open brings",),
    ),
    Quick(
        faults=(
            _SCANS,
            _SOON(f"{CARD.after} yes", after=5),
            Fault(at=118, kind=Kind.SOON, what="tap late currentTime", amount=1.5),
            Fault(at=119, kind=Kind.SOON, what="clock yes"),
        ),
        buys=0.0,
        pause=1e6,
        begins=time(9, 28),
        settings=(("max_gap_percent", "3"),),
        aims=("send an order for an open that has begun",),
    ),
    Quick(
        faults=(),
        begins=time(17, 0),
        settings=(("no_buy_after", "15:30"),),
        aims=("judge the hour of what waits for an open by the clock of now",),
    ),
    Quick(
        faults=(
            _SOON(f"{CARD.after} press v1:e:n", after=3),
            _SOON(f"{CARD.after} yes?", after=6),
        ),
        exits=(("exit_stop", "5%"),),
        settings=(("size", "0.1%"),),
        buys=0.0,
        aims=("keep the size by risk when the stop goes away",),
    ),
    Quick(
        faults=(
            _SOON(f"{CARD.after} late openOrder", 9, after=2.9),
            _SOON(f"{CARD.after} press v1:i:", after=3),
        ),
        buys=0.0,
        halts=False,
        aims=("take the answer to a question for an order",),
    ),
)
"""All of them."""
