"""Combinations of faults, and the other properties of a directed day."""

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from core.sandbox.trouble.faults import Trouble
from core.sandbox.trouble.library.line import CONNECTING
from tests.simulation.plan import FALSELY_CANCELLED, Fault, Kind


REGULAR: Final = date(2026, 11, 23)
SHORT: Final = date(2026, 11, 27)
"""The exchange closes at 13:00."""

_HOURS: Final = 9 * 3600.0
_ORDER, _SOON, _CODE, _WORD = Kind.ORDER, Kind.SOON, Kind.CODE, Kind.WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The content of a directed day; *book* and *fills* as in ``Plan``."""

    faults: tuple[Fault, ...]
    book: str = "deep"
    fills: str = "soon"
    cancels: float = 0.1
    looks: float = 0.3
    sells: float | None = None
    protects: float | None = None
    exits: tuple[tuple[str, str], ...] | None = None
    settings: tuple[tuple[str, str], ...] = ()
    edited: tuple[tuple[str, str], ...] = ()
    halts: bool | None = None
    is_master: bool = False
    lost: tuple[Trouble, ...] = ()
    begins: time | None = None
    lasts: float = 600.0
    pause: float | None = None
    settles: bool = False
    day: date = REGULAR
    one: bool = False
    aims: tuple[str, ...] = ()
    """Seeded bugs that it was made to find, by their names."""

    meets: str = ""
    """The step of the order's states that it was made to meet, as ``rules`` calls it."""

    buys: float = 0.9
    """None: as drawn."""


def at(
    kind: Kind, what: str, amount: float = 0.0, *, after: float = 0.0, nth: int = 1
) -> Fault:
    return Fault(at=5.0, kind=kind, what=what, amount=amount, after=after, nth=nth)


_NO_REASON_TO_HALT: Final = frozenset({"fill-corrected"})


def scenario(name: str) -> Course:
    """A fault that plays a scenario of the gateway's; one about connecting needs a lost
    connection too.
    """
    fault = Fault(at=5.0, kind=Kind.SCENARIO, what=name)
    if name in {each.name for each in CONNECTING}:
        return Course(faults=(fault, Fault(at=30.0, kind=Kind.CUT)))
    halts = False if name in _NO_REASON_TO_HALT else None
    return Course(faults=(fault,), cancels=0.4, halts=halts)


TOGETHER: Final = (
    # an order is lost, and right then something keeps it from being proven absent
    Course(
        faults=(at(_ORDER, "swallow"), at(_SOON, "order sleep", _HOURS, after=1)),
        looks=0.02,
    ),
    Course(
        faults=(at(_ORDER, "cut before"), at(_SOON, "order sleep", _HOURS)),
        looks=0.02,
    ),
    Course(faults=(at(_ORDER, "cut"), at(_SOON, "order sleep", _HOURS)), looks=0.1),
    Course(faults=(at(_ORDER, "cut before"), at(_SOON, "order hand BUY"))),
    Course(faults=(at(_ORDER, "drop"), at(_SOON, "order hand BUY"))),
    # it is told as absent, as unknown, or closed, and then it lives
    Course(faults=(at(_ORDER, "delay and cut", 60),), looks=0.0),
    Course(faults=(at(_ORDER, "delay and cut", 60),), fills="never", looks=0.0),
    Course(faults=(at(_ORDER, "delay", 25),), looks=0.0),
    Course(faults=(at(_ORDER, "delay", 150),), fills="never"),
    Course(faults=(at(_ORDER, "delay", 150),), book="refused"),
    Course(faults=(at(_ORDER, "delay and cut", 60),), book="refused", looks=0.0),
    # what IB had is not listed, or had never ended
    Course(faults=(at(_SOON, "order blind", 4, after=2),), fills="never"),
    Course(faults=(at(_SOON, "order blind", 4, after=2),), book="thin"),
    Course(
        faults=(at(_CODE, FALSELY_CANCELLED, 2), Fault(at=400.0, kind=Kind.CUT)),
        fills="never",
    ),
    Course(
        faults=(at(_CODE, FALSELY_CANCELLED, 2), Fault(at=400.0, kind=Kind.CUT)),
        fills="late",
    ),
    Course(
        faults=(at(_CODE, "placeOrder note 201"), at(_SOON, "order blind", 2)),
        fills="late",
    ),
    Course(faults=(at(_CODE, "placeOrder refuse 201"),)),
    Course(faults=(at(_CODE, "placeOrder refuse 100"),)),
    # codes about an order, soon and late
    Course(faults=(at(_CODE, "placeOrder note 399", 2),), fills="never"),
    Course(faults=(at(_CODE, "placeOrder note 399", 4),), book="thin"),
    Course(faults=(at(_CODE, "placeOrder note 2109", 4),), book="thin"),
    Course(faults=(at(_CODE, "placeOrder note 2109", 4),), fills="never"),
    Course(faults=(at(_ORDER, "swallow"), at(_CODE, "placeOrder note 2109", 25))),
    Course(faults=(at(_ORDER, "swallow"), at(_CODE, "placeOrder note 399", 25))),
    Course(faults=(at(_ORDER, "swallow"), at(_CODE, "placeOrder note 201", 25))),
    # a cancel meets the state that it is asked in, a code, or silence
    Course(faults=(at(_SOON, "tap cancel", after=0.1),)),
    Course(faults=(at(_SOON, "tap cancel", after=0.3),)),
    Course(faults=(at(_SOON, "order cancel"), at(_ORDER, "delay", 3))),
    Course(faults=(at(_SOON, "order cancel", after=1),), fills="never", cancels=0.6),
    Course(faults=(at(_SOON, "order cancel", after=4),), book="thin"),
    Course(faults=(at(_ORDER, "swallow"), at(_SOON, "order cancel", after=30))),
    Course(
        faults=(
            at(_SOON, "order cancel", after=1),
            at(_CODE, "cancelOrder refuse 10147"),
        ),
        fills="never",
    ),
    Course(
        faults=(
            at(_SOON, "order cancel", after=1),
            at(_CODE, "cancelOrder refuse 10148"),
        ),
        fills="late",
    ),
    Course(
        faults=(at(_SOON, "order cancel", after=1), at(_CODE, "cancelOrder drop 0")),
        fills="never",
    ),
    Course(faults=(at(_SOON, "order hand CANCEL", after=1),), fills="never"),
    Course(faults=(at(_SOON, "order hand CANCEL", after=4),), book="thin"),
    Course(
        faults=(
            at(_WORD, "commissionReport delay", 15),
            at(_SOON, "order hand CANCEL", after=4),
        ),
        book="thin",
    ),
    # between a judgement and its bytes
    Course(faults=(at(_SOON, "tap sleep", 5, after=0.1),)),
    Course(faults=(at(_SOON, "tap sleep", 60, after=0.2),)),
    Course(faults=(at(_SOON, "tap halt", after=0.1),)),
    Course(faults=(at(_SOON, "tap panic", after=0.1),)),
    Course(faults=(at(_SOON, "tap hand SELL"),)),
    Course(faults=(at(Kind.STRANGER, "", nth=3),)),
    Course(faults=(at(Kind.NAMESAKE, "tb-abcdefgh2j-1"),)),
    Course(faults=(Fault(at=200.0, kind=Kind.LOGIN, amount=120),), fills="never"),
    # the files are of before an order
    Course(faults=(at(Kind.OLD_COPY, "tap", 15, after=0.15),)),
    Course(faults=(at(Kind.OLD_COPY, "tap", 15, after=0.05),), fills="never"),
    Course(faults=(at(Kind.OLD_COPY, "order", 15),), book="thin"),
    Course(faults=(at(Kind.OLD_COPY, "tap", 15, after=0.15),), book="refused"),
    # a listing is late while an order is in doubt
    Course(faults=(at(_ORDER, "delay", 12), at(_WORD, "openOrderEnd delay", 14))),
    Course(
        faults=(at(_ORDER, "swallow"), at(_WORD, "completedOrdersEnd delay", 14)),
    ),
)
"""Faults that only matter together."""
