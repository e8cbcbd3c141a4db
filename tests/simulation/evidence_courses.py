"""Directed days on which evidence of an order meets a state that knew nothing of it: the
journal is one of before, the owner has said that it is not there, a word of IB's was wrong.
"""

from functools import partial
from typing import Final

from tests.simulation.courses import Course, at
from tests.simulation.plan import FALSELY_CANCELLED, Fault, Kind


_SOON: Final = partial(at, Kind.SOON)
_OLD: Final = at(Kind.OLD_COPY, "tap", 15, after=0.15)
_CANCELLED_BY_HAND: Final = _SOON("order hand CANCEL", after=3)
_DARK: Final = _SOON("tap dark", 60, after=8)
_TAKEN_BACK: Final = _SOON("tap cancel", after=35)
_LATE: Final = at(Kind.ORDER, "delay and cut", 60)
_DARK_WHEN_IT_COMES: Final = _SOON("order dark", 25, after=55)
_DENIED: Final = _SOON("order deny", after=50)
_AGAIN: Final = Fault(at=450.0, kind=Kind.CUT)
Of: Final = partial(Course, exits=(), protects=0.0, cancels=0.0, sells=0.0, looks=0.0)

EVIDENCE: Final = (
    # the journal has it as planned
    Of(faults=(_OLD, _CANCELLED_BY_HAND), fills="never"),
    # or as taken back before it was sent
    Of(faults=(_OLD, _DARK, _TAKEN_BACK)),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK), fills="never"),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK, _CANCELLED_BY_HAND), fills="never"),
    Of(faults=(_OLD, _DARK, _TAKEN_BACK), book="refused"),
    # the owner was told that it never arrived, and it comes while nobody can see it
    Of(
        faults=(_LATE, _DARK_WHEN_IT_COMES, _SOON("order hand CANCEL", after=68)),
        fills="never",
    ),
    Of(faults=(_LATE, _DARK_WHEN_IT_COMES), book="refused"),
    # he said that it is not there
    Of(
        faults=(
            at(Kind.ORDER, "cut"),
            _SOON("order blind", 8, after=1),
            _DENIED,
            _AGAIN,
        ),
        fills="never",
    ),
    Of(
        faults=(
            at(Kind.ORDER, "cut"),
            _SOON("order blind", 8, after=1),
            _DENIED,
            _AGAIN,
        ),
        fills="late",
    ),
    Of(
        faults=(
            *(at(Kind.ORDER, "cut"), _SOON("order blind", 8, after=1), _DENIED),
            *(_SOON("order hand CANCEL", after=80), _AGAIN),
        ),
        fills="never",
    ),
    Of(
        faults=(
            at(Kind.WORD, "commissionReport delay", 150),
            *(_SOON("order blind", 8, after=2), _DENIED, _AGAIN),
        ),
        book="thin",
    ),
    # IB takes a word back, of a part too
    Of(faults=(at(Kind.CODE, FALSELY_CANCELLED, 5), _AGAIN), book="thin"),
    Of(faults=(at(Kind.CODE, FALSELY_CANCELLED, 5), _AGAIN), book="trickles"),
    Of(faults=(at(Kind.CODE, "placeOrder note 201", 5), _AGAIN), fills="never"),
    Of(faults=(_SOON("order hand CANCEL", after=4), _AGAIN), book="trickles"),
)
"""All of them."""
