"""What protects each holding, at one moment.

Tested by tests/core/flows/exits/test_cards.py.
"""

from dataclasses import dataclass
from datetime import timedelta

from core.model.exits.protection import Protection
from core.model.market import Instrument
from core.model.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedHolding:
    """``shares`` are the whole ones that are held, ``naked`` those of them that neither
    a stop nor a trailing stop of ours covers. ``exits`` live, ours alone; ``closed`` are
    those that the owner said are or are not there, and that count for their session.
    ``protection`` is what was approved, None where nothing was. ``bare_for`` is the
    longest that what was bought stood without the stop that lives, None where no stop
    lives, or where that is not known."""

    instrument: Instrument
    shares: int
    naked: int
    exits: tuple[Order, ...]
    protection: Protection | None
    closed: tuple[Order, ...] = ()
    bare_for: timedelta | None = None
