"""What one conversation has shown about the gateway's data and settings."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.broker.codes import code
from core.model.market import Freshness


NO_DATA: Final = frozenset({354, 10168, 10186, 10197})
"""Codes that speak of the login's data, not of one stock: not subscribed, or somebody
else is logged in and receives it."""

INVALID: Final = 321
_READ_ONLY: Final = re.compile(r"read[\s_-]?only", re.IGNORECASE)


@dataclass(slots=True)
class SupplySigns:
    """The newest sign of each kind: a quote overrides what a code said about the data,
    and a code what a quote showed."""

    data: Freshness | None = None
    received_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    _lists_nothing: bool = False

    def note_code(self, number: int, text: str, *, of_order: bool = False) -> None:
        """Process a code for any request or order. Missing data for an order (354) only
        concerns its stock: IB lets some stocks be bought without market data."""
        if number in NO_DATA and not of_order:
            self.no_data = code(number).words
        elif number == INVALID and _is_read_only(text):
            self.read_only = True

    def note_refusal(self, number: int, text: str) -> bool:
        """Whether a code without a request number refuses a listing: in Read-Only mode
        some gateways do not list orders either."""
        is_refusal = number == INVALID and _is_read_only(text)
        self._lists_nothing = self._lists_nothing or is_refusal
        return is_refusal

    def note_listing(self) -> None:
        """A listing was completed: earlier refusals are over."""
        if self._lists_nothing:
            self.read_only = self._lists_nothing = False

    def note_data(self, freshness: Freshness, at: datetime | None) -> None:
        """A quote was updated at *at* (UTC); None if nothing has come yet."""
        if at is not None and freshness is not Freshness.UNKNOWN:
            self.data, self.no_data = freshness, None
            self.received_at = max(at, self.received_at or at)


def _is_read_only(text: str) -> bool:
    return _READ_ONLY.search(text) is not None
