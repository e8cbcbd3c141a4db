"""Directed days on which evidence of an order contradicts the journal: its files are
old, the owner said that it is not there, or a message of IB was wrong.
"""

from datetime import time
from functools import partial
from typing import Final

from core.model.points import W1, W2
from tests.simulation.aimed_courses import COMES
from tests.simulation.courses import Course, at
from tests.simulation.plan import (
    FALSELY_CANCELLED,
    FALSELY_REFUSED,
    Fault,
    Kind,
)


_SOON: Final = partial(at, Kind.SOON)
_OLD: Final = at(Kind.OLD_COPY, "tap", 15, after=0.15)
_CANCELLED_BY_HAND: Final = _SOON("order hand CANCEL", after=3)
_DARK: Final = _SOON("tap dark", 60, after=8)
_TAKEN_BACK: Final = _SOON("tap cancel", after=35)
_JUDGED_BY: Final = 62.5
"""Seconds from an order that is lost with its line to the verdict of two passes, which are a
minute apart then."""

_LATE: Final = at(Kind.ORDER, "delay and cut", COMES)
_DEAD_WHEN_IT_COMES: Final = _SOON("order crash", 30, after=COMES - 2)
_CANCELLED_THEN: Final = _SOON("order hand CANCEL", after=COMES + 2)
_DENIED: Final = _SOON("order deny", after=_JUDGED_BY)
_DENIED_LATER: Final = _SOON("order deny", after=75)
_BY_HAND: Final = _SOON("order hand BUY", after=5)
"""So that the position has moved by the second pass: it fills late, as all orders then."""

_AGAIN: Final = Fault(at=450.0, kind=Kind.CUT)
Of: Final = partial(Course, exits=(), protects=0.0, cancels=0.0, sells=0.0, looks=0.0)
Waits: Final = partial(Of, pause=45.0, one=True)

EVIDENCE: Final = (
    # the journal has it as planned
    Of(faults=(_OLD, _CANCELLED_BY_HAND), fills="never"),
    # or as taken back before it was sent
    Of(faults=(_OLD, _DARK, _TAKEN_BACK)),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK), fills="never"),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK, _CANCELLED_BY_HAND), fills="never"),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK), book="refused"),
    # the owner was told that it never arrived, and it comes; or while nobody can see it
    Waits(faults=(_LATE,), fills="never", meets="absent Acked"),
    Waits(
        faults=(_LATE, _DEAD_WHEN_IT_COMES, _CANCELLED_THEN),
        fills="never",
        meets="absent Cancelled",
    ),
    Waits(
        faults=(_LATE, _DEAD_WHEN_IT_COMES),
        meets="absent Filled",
        aims=("a ghost is nothing special",),
    ),
    # he said that it is not there
    Waits(faults=(_LATE, _BY_HAND, _DENIED), fills="late"),
    Waits(
        faults=(_LATE, _BY_HAND, _DENIED, _DEAD_WHEN_IT_COMES),
        meets="closed by human Filled",
    ),
    Waits(
        faults=(_LATE, _BY_HAND, _DENIED, _DEAD_WHEN_IT_COMES, _CANCELLED_THEN),
        fills="late",
        meets="closed by human Cancelled",
    ),
    Of(
        faults=(
            *(at(Kind.WORD, "commissionReport delay", 150, nth=n) for n in (1, 2, 3)),
            *(_SOON("order blind", 8, after=2), _DENIED_LATER, _AGAIN),
        ),
        book="thin",
        meets="closed by human Charged",
    ),
    # IB takes a word back, of a part too
    Of(faults=(at(Kind.CODE, FALSELY_CANCELLED, 5), _AGAIN), book="thin"),
    Of(faults=(at(Kind.CODE, FALSELY_CANCELLED, 5), _AGAIN), book="trickles"),
    Of(faults=(at(Kind.CODE, "placeOrder note 201", 5), _AGAIN), fills="never"),
    Of(faults=(_SOON("order hand CANCEL", after=4), _AGAIN), book="trickles"),
)
"""All of them."""

_WORDS_LOST: Final = (
    at(Kind.CODE, "placeOrder note 161", 4),
    _SOON("order hide", 4, after=3),
)
_REFUSED_ANYWAY: Final = at(Kind.ORDER, FALSELY_REFUSED, 0.3)
"""It has it before the next order leaves, and after the pass that does not show it."""

_CANCELLED_ANYWAY: Final = at(Kind.CODE, FALSELY_CANCELLED, 2, nth=2)
_TURNED_DOWN: Final = _SOON("order event turn down", after=5)
_TURNED_DOWN_THEN: Final = _SOON("order event turn down", after=COMES + 2)
_DEAD_BEFORE_ITS_ANSWER: Final = _SOON("order crash", 60, after=0.03)
_OTHER_SIZE: Final = partial(_SOON, "order hand SIZE", 250)
_TO_TOMORROW: Final = 15 * 3600.0

LATE: Final = (
    # the price has moved since the card
    Of(faults=(_SOON("tap jump", after=0.02),), meets="planned PriceMoved"),
    # it was being sent when the bot died
    Of(faults=(at(Kind.CRASH_AT, W2.after, 1),), meets="sending FoundAbsent"),
    Of(
        faults=(
            _DEAD_BEFORE_ITS_ANSWER,
            _SOON("order hand CANCEL", after=5),
        ),
        fills="never",
        meets="sending Cancelled",
    ),
    # the day ends before anybody can look
    Of(
        faults=(
            _DEAD_BEFORE_ITS_ANSWER,
            _SOON("order sleep", _TO_TOMORROW, after=25),
        ),
        looks=0.5,
        begins=time(11, 0),
        meets="unknown FilledByWord",
    ),
    # the journal has it as taken back before it was sent, whenever that was
    Of(
        faults=(
            at(Kind.OLD_COPY, W1.after, 15),
            *(_DARK, _TAKEN_BACK, _CANCELLED_BY_HAND),
        ),
        fills="never",
        meets="lapsed Cancelled",
    ),
    # in doubt, and then IB speaks of it
    Of(
        faults=(*_WORDS_LOST, at(Kind.CODE, "placeOrder note 399", 90)),
        fills="never",
        meets="unknown Held",
    ),
    Of(
        faults=(*_WORDS_LOST, at(Kind.CODE, "placeOrder note 2109", 90)),
        fills="never",
        meets="unknown Noted",
    ),
    Waits(
        faults=(_LATE, _BY_HAND, _DEAD_WHEN_IT_COMES, _TURNED_DOWN_THEN),
        fills="late",
        meets="unknown Rejected",
    ),
    Waits(
        faults=(_LATE, _BY_HAND, _DENIED, _DEAD_WHEN_IT_COMES, _TURNED_DOWN_THEN),
        fills="late",
        meets="closed by human Rejected",
    ),
    Waits(
        faults=(_LATE, _DEAD_WHEN_IT_COMES, _TURNED_DOWN_THEN),
        fills="never",
        meets="absent Rejected",
    ),
    # IB refuses what it has, or has had
    Of(faults=(_REFUSED_ANYWAY,), fills="never", meets="rejected Acked"),
    Of(faults=(_REFUSED_ANYWAY,), meets="rejected Filled"),
    Of(faults=(_TURNED_DOWN,), fills="never", meets="acked Rejected"),
    Of(faults=(_TURNED_DOWN,), book="thin", meets="partial Rejected"),
    Of(
        faults=(
            _CANCELLED_ANYWAY,
            _SOON("order event turn down", after=5, nth=2),
            _AGAIN,
        ),
        fills="never",
        meets="cancelled Rejected",
    ),
    Of(
        faults=(at(Kind.CODE, FALSELY_CANCELLED, 2), _TURNED_DOWN, _AGAIN),
        book="thin",
        meets="partial done Rejected",
    ),
    # somebody changes its size in TWS
    Of(faults=(_OTHER_SIZE(after=3),), fills="late", meets="acked Amended"),
    Of(faults=(_OTHER_SIZE(after=4),), book="thin", meets="partial Amended"),
    Of(
        faults=(_OTHER_SIZE(after=4), _SOON("order crash", 60, after=2)),
        fills="late",
        meets="filled Amended",
    ),
)
"""And more of them, which came later: the days of the others stay as they are."""
