"""The exit plan: how bought shares are to be sold again without another question."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class ExitKind(StrEnum):
    """The kinds of exit order in a plan."""

    STOP = "stop"
    TRAIL = "trailing stop"
    TARGET = "target"
    CLOSE = "timed exit"


class Unit(StrEnum):
    """The unit of a distance."""

    PERCENT = "%"  # of the price that was paid
    DOLLARS = "$"
    ATR = "atr"  # average true ranges, of daily bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A distance from the price paid, above zero."""

    amount: Decimal
    unit: Unit

    def __str__(self) -> str:
        if self.unit is Unit.DOLLARS:
            return f"${self.amount:f}"
        return f"{self.amount:f}{'%' if self.unit is Unit.PERCENT else ' ATR'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPlan:
    """The exits of one stock; each of them may be None.

    ``stop`` is below the price paid, ``target`` above it, ``trail`` below the best
    price since. ``sessions`` is the session before whose close the rest is sold; the
    session of the purchase is 1."""

    stop: Distance | None = None
    trail: Distance | None = None
    target: Distance | None = None
    sessions: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == NO_EXITS


NO_EXITS: Final = ExitPlan()
