"""Directed days on which the owner has set limits, or has orders priced in another way:
each made to find one kind of seeded bug (``limits.py`` judges them). Behind them those on
which he edits the file between two lives of the bot.
"""

from functools import partial
from typing import Final

from core.model.points import CARD, W1
from core.sandbox.trouble.faults import Action, Trouble
from tests.simulation.aimed_courses import Plain
from tests.simulation.courses import at
from tests.simulation.plan import Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
Limited: Final = partial(Plain, lasts=300.0)
_LIMITS: Final = ("order_type", "LMT")
_BID, _VOLUME = "1", "8"
"""Of a price and a size, as the TWS API numbers them."""


def _never(message: str, kind: str = "") -> Trouble:
    """Such messages never come; those of one kind of tick, where it is named."""
    field = 3 if kind else 0
    return Trouble(
        message=message, action=Action.DROP, times=0, containing=kind, field=field
    )


def _says(message: str, *, field: int, text: str) -> Trouble:
    """That field of all such messages reads so."""
    return Trouble(
        message=message, action=Action.REPLACE, times=0, field=field, text=text
    )


LIMITED: Final = (
    Limited(
        faults=(),
        settings=(("max_loss_dollars", "500"),),
        lost=(_never("pnl"),),
        aims=("take a loss that nobody knows for none",),
    ),
    Limited(
        faults=(),
        settings=(("max_loss_dollars", "500"),),
        lost=(_says("pnl", field=2, text="-500.0"),),
        aims=("stop buying only when the loss is above its limit",),
    ),
    Limited(
        faults=(),
        settings=(("max_buys", "1"),),
        fills="never",
        one=True,
        aims=("count only the filled buys of a session",),
    ),
    *(
        Limited(
            faults=(
                *lost,
                _SOON(f"{CARD.after} press v1:o:1:", after=3),
                _SOON("order say /buy QVNX", after=8),
                _SOON("order yes?", after=14),
            ),
            settings=(("max_positions", "3"),),
            fills=fills,
            buys=0.0,
            aims=("count only the positions that IB lists",),
        )
        for fills, lost in (
            ("never", ()),
            ("soon", (_SOON("order lose updatePortfolio", after=0.1),)),
        )
    ),
    Limited(
        faults=(),
        settings=(("max_stock_dollars", "700"),),
        one=True,
        aims=("forget what is held in the cap of a stock",),
    ),
    Limited(
        faults=(),
        settings=(("max_spread_percent", "0.01"),),
        lost=(_never("tickPrice", _BID),),
        aims=("take a spread without a bid for narrow",),
    ),
    Limited(
        faults=(),
        settings=(("min_relative_volume", "1000"),),
        lost=(_never("tickSize", _VOLUME),),
        aims=("take an unknown volume for large enough",),
    ),
    Limited(
        faults=(),
        settings=(("buy_held", "false"),),
        aims=("buy what is held at every scan",),
    ),
    Limited(
        faults=(),
        settings=(("max_day_dollars", "3000"), ("max_order_dollars", "3000")),
        fills="late",
        pause=4.0,
        aims=("count for the day's limit only what was filled on it",),
    ),
    # limit orders
    Limited(
        faults=(),
        settings=(_LIMITS,),
        aims=("round a limit up, above what the owner allows",),
    ),
    Limited(
        faults=(
            _SOON(f"{CARD.after} jump", after=2),
            _SOON(f"{CARD.after} yes", after=9),
        ),
        settings=(_LIMITS, ("price_band_percent", "50")),
        buys=0.0,
        aims=("let a limit order rest below the ask",),
    ),
    Limited(
        faults=(),
        settings=(_LIMITS,),
        lost=(_never("marketRule"),),
        aims=("assume a cent where IB names no price step",),
    ),
    # sizes
    Limited(
        faults=(),
        settings=(("size", "$500"),),
        aims=("round a sum up to the next share",),
    ),
    Limited(
        faults=(),
        settings=(("size", "$2"),),
        aims=("offer a size that buys not one share",),
    ),
    Limited(
        faults=(
            _SOON(f"{CARD.after} press v1:z:d500:", after=3),
            _SOON(f"{CARD.after} stale", after=6),
        ),
        buys=0.0,
        aims=("keep the old Yes when the size changes",),
    ),
    # what IB is asked about an order
    Limited(
        faults=(
            _SOON(f"{CARD.after} press v1:i:", after=3),
            _SOON(f"{CARD.after} press v1:i:", after=20),
            _SOON(f"{CARD.after} yes", after=40),
        ),
        buys=0.0,
        aims=(
            "place what was only to be asked about",
            "ask IB as often as the owner taps",
            "keep no record of the id of a question",
        ),
    ),
)
"""All of them."""

_MARKET: Final = ("order_type", "MKT")
_FIVE, _TEN = (("exit_stop", "5%"),), (("exit_stop", "10%"),)
_SCANS: Final = Fault(at=10, kind=Kind.SOON, what="clock say /scan")
_YES_OF_BEFORE: Final = (
    _SCANS,
    _SOON(f"{CARD.after} crash", 30, after=4),
    Fault(at=90, kind=Kind.SOON, what="clock yes"),
)
"""The card is of the first life, its Yes of the second."""

_YES_IF_ANY: Final = (
    *_YES_OF_BEFORE[:-1],
    Fault(at=90, kind=Kind.SOON, what="clock yes?"),
)
"""By the limits of the second, the card may have none."""

_DIES_AT_THE_YES: Final = (
    _SCANS,
    _SOON(f"{CARD.after} yes", after=4),
    Fault(at=5.0, kind=Kind.CRASH_AT, what=W1.after, amount=2.0),
)
_DIES_BEHIND_AN_ORDER: Final = (
    _SCANS,
    _SOON(f"{CARD.after} yes", after=4),
    _SOON("order crash", 5, after=0.02),
)

Edited: Final = partial(Limited, buys=0.0, pause=1e6)

EDITED: Final = (
    Edited(faults=_YES_OF_BEFORE, edited=(_LIMITS,)),
    Edited(faults=_YES_OF_BEFORE, settings=(_LIMITS,), edited=(_MARKET,)),
    Edited(faults=_YES_OF_BEFORE, exits=_FIVE, edited=_TEN),
    Edited(faults=_YES_IF_ANY, edited=(("max_stock_dollars", "300"),)),
    Edited(faults=_YES_OF_BEFORE, edited=(("size", "7"),)),
    Edited(faults=_DIES_AT_THE_YES, settings=(_LIMITS,), edited=(_MARKET,)),
    Edited(faults=_DIES_AT_THE_YES, exits=_FIVE, edited=(_LIMITS, *_TEN)),
    Edited(faults=_DIES_BEHIND_AN_ORDER, exits=_FIVE, edited=_TEN),
    Edited(faults=_DIES_BEHIND_AN_ORDER, exits=_FIVE, edited=(("exit_stop", ""),)),
)
"""What was approved is what leaves, whatever the file says by then."""
