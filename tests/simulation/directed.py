"""Days that are sure to come: every scenario of the simulated gateway, and faults that only
matter together, in turn. Two days of three belong to one of them; on the third everything
is drawn. So that a rule is met does not wait for luck.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from random import Random
from typing import Final

from core.sandbox.trouble.library.line import CONNECTING
from core.sandbox.trouble.scenarios import LIBRARY
from tests.simulation.plan import FALSELY_CANCELLED, Fault, Kind, Plan, at_will


REGULAR: Final = date(2026, 11, 23)
_HOURS: Final = 9 * 3600.0
_ORDER, _SOON, _CODE, _WORD = Kind.ORDER, Kind.SOON, Kind.CODE, Kind.WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happens on a directed day; *book* and *fills* as in ``Plan``."""

    faults: tuple[Fault, ...]
    book: str = "deep"
    fills: str = "soon"
    cancels: float = 0.1
    looks: float = 0.3


def _at(
    kind: Kind, what: str, amount: float = 0.0, *, after: float = 0.0, nth: int = 1
) -> Fault:
    return Fault(at=5.0, kind=kind, what=what, amount=amount, after=after, nth=nth)


def _scenario(name: str) -> Course:
    """A scenario of the gateway's; one about connecting needs a line that is lost."""
    fault = Fault(at=5.0, kind=Kind.SCENARIO, what=name)
    if name in {each.name for each in CONNECTING}:
        return Course(faults=(fault, Fault(at=30.0, kind=Kind.CUT)))
    return Course(faults=(fault,), cancels=0.4)


TOGETHER: Final = (
    # an order is lost, and right then something keeps it from being proven absent
    Course(
        faults=(_at(_ORDER, "swallow"), _at(_SOON, "order sleep", _HOURS, after=1)),
        looks=0.02,
    ),
    Course(
        faults=(_at(_ORDER, "cut before"), _at(_SOON, "order sleep", _HOURS)),
        looks=0.02,
    ),
    Course(faults=(_at(_ORDER, "cut"), _at(_SOON, "order sleep", _HOURS)), looks=0.1),
    Course(faults=(_at(_ORDER, "cut before"), _at(_SOON, "order hand BUY"))),
    Course(faults=(_at(_ORDER, "drop"), _at(_SOON, "order hand BUY"))),
    # it is told as absent, as unknown, or closed, and then it lives
    Course(faults=(_at(_ORDER, "delay and cut", 60),), looks=0.0),
    Course(faults=(_at(_ORDER, "delay and cut", 60),), fills="never", looks=0.0),
    Course(faults=(_at(_ORDER, "delay", 25),), looks=0.0),
    Course(faults=(_at(_ORDER, "delay", 150),), fills="never"),
    Course(faults=(_at(_ORDER, "delay", 150),), book="refused"),
    Course(faults=(_at(_ORDER, "delay and cut", 60),), book="refused", looks=0.0),
    # what IB had is not listed, or had never ended
    Course(faults=(_at(_SOON, "order blind", 4, after=2),), fills="never"),
    Course(faults=(_at(_SOON, "order blind", 4, after=2),), book="thin"),
    Course(
        faults=(_at(_CODE, FALSELY_CANCELLED, 2), Fault(at=400.0, kind=Kind.CUT)),
        fills="never",
    ),
    Course(
        faults=(_at(_CODE, FALSELY_CANCELLED, 2), Fault(at=400.0, kind=Kind.CUT)),
        fills="late",
    ),
    Course(
        faults=(_at(_CODE, "placeOrder note 201"), _at(_SOON, "order blind", 2)),
        fills="late",
    ),
    Course(faults=(_at(_CODE, "placeOrder refuse 201"),)),
    Course(faults=(_at(_CODE, "placeOrder refuse 100"),)),
    # codes about an order, soon and late
    Course(faults=(_at(_CODE, "placeOrder note 399", 2),), fills="never"),
    Course(faults=(_at(_CODE, "placeOrder note 399", 4),), book="thin"),
    Course(faults=(_at(_CODE, "placeOrder note 2109", 4),), book="thin"),
    Course(faults=(_at(_CODE, "placeOrder note 2109", 4),), fills="never"),
    Course(faults=(_at(_ORDER, "swallow"), _at(_CODE, "placeOrder note 2109", 25))),
    Course(faults=(_at(_ORDER, "swallow"), _at(_CODE, "placeOrder note 399", 25))),
    Course(faults=(_at(_ORDER, "swallow"), _at(_CODE, "placeOrder note 201", 25))),
    # a cancel meets the state that it is asked in, a code, or silence
    Course(faults=(_at(_SOON, "tap cancel", after=0.1),)),
    Course(faults=(_at(_SOON, "tap cancel", after=0.3),)),
    Course(faults=(_at(_SOON, "order cancel"), _at(_ORDER, "delay", 3))),
    Course(faults=(_at(_SOON, "order cancel", after=1),), fills="never", cancels=0.6),
    Course(faults=(_at(_SOON, "order cancel", after=4),), book="thin"),
    Course(faults=(_at(_ORDER, "swallow"), _at(_SOON, "order cancel", after=30))),
    Course(
        faults=(
            _at(_SOON, "order cancel", after=1),
            _at(_CODE, "cancelOrder refuse 10147"),
        ),
        fills="never",
    ),
    Course(
        faults=(
            _at(_SOON, "order cancel", after=1),
            _at(_CODE, "cancelOrder refuse 10148"),
        ),
        fills="late",
    ),
    Course(
        faults=(_at(_SOON, "order cancel", after=1), _at(_CODE, "cancelOrder drop 0")),
        fills="never",
    ),
    Course(faults=(_at(_SOON, "order hand CANCEL", after=1),), fills="never"),
    Course(faults=(_at(_SOON, "order hand CANCEL", after=4),), book="thin"),
    Course(
        faults=(
            _at(_WORD, "commissionReport delay", 15),
            _at(_SOON, "order hand CANCEL", after=4),
        ),
        book="thin",
    ),
    # between a judgement and its bytes
    Course(faults=(_at(_SOON, "tap sleep", 5, after=0.1),)),
    Course(faults=(_at(_SOON, "tap sleep", 60, after=0.2),)),
    Course(faults=(_at(_SOON, "tap halt", after=0.1),)),
    Course(faults=(_at(_SOON, "tap panic", after=0.1),)),
    Course(faults=(_at(_SOON, "tap hand SELL"),)),
    Course(faults=(_at(Kind.STRANGER, "", nth=3),)),
    Course(faults=(_at(Kind.NAMESAKE, "tb-abcdefgh2j-1"),)),
    Course(faults=(Fault(at=200.0, kind=Kind.LOGIN, amount=120),), fills="never"),
    # the files are of before an order
    Course(faults=(_at(Kind.OLD_COPY, "tap", 15, after=0.15),)),
    Course(faults=(_at(Kind.OLD_COPY, "tap", 15, after=0.05),), fills="never"),
    Course(faults=(_at(Kind.OLD_COPY, "order", 15),), book="thin"),
    Course(faults=(_at(Kind.OLD_COPY, "tap", 15, after=0.15),), book="refused"),
    # a listing is late while an order is in doubt
    Course(faults=(_at(_ORDER, "delay", 12), _at(_WORD, "openOrderEnd delay", 14))),
    Course(
        faults=(_at(_ORDER, "swallow"), _at(_WORD, "completedOrdersEnd delay", 14)),
    ),
)
"""Faults that only matter together."""


def courses() -> tuple[Course, ...]:
    """All of them, in turn."""
    played = [each for each in LIBRARY.values() if each.troubles or each.line]
    return (*TOGETHER, *(_scenario(each.name) for each in reversed(played)))


COURSES: Final = courses()
DRAWN: Final = 3
"""Every so manyth day."""


def plan(seed: int) -> Plan:
    """The day of *seed*: 1, 2, 4, 5, 7 and so on are directed, 3 and 6 drawn."""
    drawn = at_will(seed)
    if seed % DRAWN == 0:
        return drawn
    return _directed(drawn, COURSES[(seed - seed // DRAWN - 1) % len(COURSES)])


def seed_of(course: int) -> int:
    """The first day that belongs to that one of ``COURSES``."""
    return course + course // (DRAWN - 1) + 1


def days_of(what: str) -> list[int]:
    """The first days of all courses with a fault that is called so, or begins so."""
    return [
        seed_of(number)
        for number, course in enumerate(COURSES)
        if any(f"{each.kind} {each.what}".startswith(what) for each in course.faults)
    ]


def _directed(drawn: Plan, course: Course) -> Plan:
    """The owner buys soon and often on such a day, and little else goes wrong."""
    chance = Random(f"directed {drawn.seed}")
    habits = replace(
        drawn.habits,
        pause=chance.choice((8.0, 12.0, 20.0)),
        buys=0.9,
        halts=0.0,
        cancels=course.cancels,
        looks=course.looks,
    )
    return replace(
        drawn,
        day=REGULAR,
        begins=chance.choice((time(9, 31), time(9, 36), time(11, 0))),
        lasts=600.0,
        book=course.book,
        fills=course.fills,
        habits=habits,
        faults=tuple(sorted(_few(drawn, course), key=lambda fault: fault.at)),
    )


def _few(drawn: Plan, course: Course) -> Iterable[Fault]:
    yield from course.faults
    yield from (fault for fault in drawn.faults[:2] if fault.at > drawn.lasts / 2)
