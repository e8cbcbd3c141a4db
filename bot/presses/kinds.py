"""What a button can be about, where there are few: the letters travel in its data.

Tested by tests/bot/test_callback_data.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.model.proposal import OrderTerms, Token


class Overview(StrEnum):
    """Answers that can be refreshed."""

    POSITIONS = "positions"
    ORDERS = "orders"
    ACCOUNT = "account"
    STATUS = "status"
    EXITS = "exits"


class Extra(StrEnum):
    """What else can be shown of a card's scan."""

    TABLE = "t"  # every row
    CHARTS = "c"  # the five over two sessions


class DoubtAnswer(StrEnum):
    """What the owner says of an order in doubt."""

    FILLED = "f"
    THERE = "y"
    NOT_THERE = "n"
    LATER = "l"


class Halting(StrEnum):
    """How much is to be stopped."""

    ALL = "a"  # as /panic does
    NEW = "n"  # as /halt does


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Stop at once: under the question whether that was meant."""

    what: Halting


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOutLeg:
    """Leave one stock out of what /panic asks, or put it back."""

    number: int
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenTerms:
    """Show the card with its purchases priced so."""

    terms: OrderTerms
    token: Token
