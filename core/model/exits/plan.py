"""How what was bought is to be sold again without another question: an exit plan."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class ExitKind(StrEnum):
    """What an exit order of a plan is for."""

    STOP = "stop"
    TRAIL = "trailing stop"
    TARGET = "target"
    CLOSE = "timed exit"


class Unit(StrEnum):
    """What a distance is measured in."""

    PERCENT = "%"  # of the price that was paid
    DOLLARS = "$"
    ATR = "atr"  # average true ranges, of daily bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far from the price paid, above zero."""

    amount: Decimal
    unit: Unit

    def __str__(self) -> str:
        if self.unit is Unit.DOLLARS:
            return f"${self.amount:f}"
        return f"{self.amount:f}{'%' if self.unit is Unit.PERCENT else ' ATR'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPlan:
    """The exits of one stock; each may be missing, and all of them.

    ``stop`` lies below the price paid, ``target`` above it, ``trail`` below the best
    price since. ``sessions``: what is left is sold before the close of that session,
    counted from the one of the purchase, which is 1.
    """

    stop: Distance | None = None
    trail: Distance | None = None
    target: Distance | None = None
    sessions: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == NO_EXITS


NO_EXITS: Final = ExitPlan()
