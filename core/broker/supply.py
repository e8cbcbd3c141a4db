"""What one conversation has shown of the gateway's data and of its settings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.broker.codes import code
from core.model.market import Freshness


NO_DATA: Final = frozenset({354, 10168, 10186, 10197})
"""Codes that speak of the login's data, not of one stock: not subscribed, or somebody
else is logged in and receives it."""

INVALID: Final = 321
_READ_ONLY: Final = "read-only"


@dataclass(slots=True)
class SupplySigns:
    """The newest sign of each kind: a quote ends what a code had said of the data, and
    a code what a quote had."""

    data: Freshness | None = None
    heard_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    _lists_nothing: bool = False

    def hear_code(self, number: int, text: str, *, of_order: bool = False) -> None:
        """A code came, for whatever request or order. What is missing for an order is
        said of its stock alone: IB lets some be bought without market data (354)."""
        if number in NO_DATA and not of_order:
            self.no_data = code(number).words
        elif number == INVALID and _READ_ONLY in text.lower():
            self.read_only = True

    def hear_refusal(self, number: int, text: str) -> bool:
        """Whether a code without a request's number refuses the listing that was asked
        for: in Read-Only mode some gateways list no orders either."""
        is_refusal = number == INVALID and _READ_ONLY in text.lower()
        self._lists_nothing = self._lists_nothing or is_refusal
        return is_refusal

    def hear_listing(self) -> None:
        """A listing came to its end: whatever refused the ones before is over."""
        if self._lists_nothing:
            self.read_only = self._lists_nothing = False

    def hear_data(self, freshness: Freshness, at: datetime | None) -> None:
        """A quote was renewed at *at* (UTC); None where nothing has come yet."""
        if at is not None and freshness is not Freshness.UNKNOWN:
            self.data, self.no_data = freshness, None
            self.heard_at = max(at, self.heard_at or at)
