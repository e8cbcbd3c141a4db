"""Directed days on which the bot dies at a write-ahead point that few days pass: when a
setting is changed in the chat, a card is made, and at /panic and its card.
"""

from typing import Final

from core.model.points import ANSWER, CARD, CHOICE, PANIC, PANIC_OVER, SENT, W0, W1
from tests.simulation.courses import Course, at
from tests.simulation.plan import Fault, Kind


_REST: Final = 20.0
_SETS: Final = Fault(at=60.0, kind=Kind.SETTING, what="scan_rows 30")
_SETS_AGAIN: Final = Fault(at=200.0, kind=Kind.SETTING, what="scan_rows 20")
_PANICS: Final = at(Kind.SOON, "order panic", after=2)

POINTED: Final = (
    *(
        Course(faults=(at(Kind.CRASH_AT, point, _REST), _SETS, _SETS_AGAIN))
        for point in CHOICE
    ),
    *(Course(faults=(at(Kind.CRASH_AT, point, _REST, nth=2),)) for point in CARD),
    *(
        Course(faults=(at(Kind.CRASH_AT, point, _REST), _PANICS), fills="never")
        for point in (*PANIC, *PANIC_OVER)
    ),
)
"""All of them."""

UNSYNCED: Final = tuple(
    Course(faults=tuple(at(Kind.POWER, point, _REST, nth=nth) for nth in (1, 3)))
    for point in (W0, W1.after, SENT, ANSWER)
)
"""The power fails behind a tap and its order, and takes what was not synced yet."""
