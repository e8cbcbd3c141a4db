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
    """One holding and its exits.

    ``shares`` are the whole shares held, ``naked`` those that no stop or trailing stop
    of ours covers. ``exits`` are our working exit orders; ``closed`` are exits in doubt
    that the owner has answered for and that still count for their session, and
    ``elsewhere`` those that were sent through another gateway, login or client id: what
    became of them is not known here.
    ``protection`` is what was approved, None if nothing was. ``bare_for`` is the
    longest time that bought shares were without the stop that now works, None if no
    stop works or the time is not known."""

    instrument: Instrument
    shares: int
    naked: int
    exits: tuple[Order, ...]
    protection: Protection | None
    closed: tuple[Order, ...] = ()
    elsewhere: tuple[Order, ...] = ()
    bare_for: timedelta | None = None
