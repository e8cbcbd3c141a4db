"""What one conversation has shown about the gateway's data and settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.broker.codes import LOGGED_IN_ELSEWHERE, code
from core.model.market import Freshness
from core.rules.codes.read_only import INVALID, says_read_only


NO_DATA: Final = frozenset({354, 10168, 10186, LOGGED_IN_ELSEWHERE})
"""Codes that speak of the login's data, not of one stock: not subscribed, or somebody
else is logged in and receives it."""

_WAY_OUT: Final = (
    ". End that session (TWS, IB's app), or give the bot a user name of its own"
)


@dataclass(slots=True)
class SupplySigns:
    """The newest sign of each kind: a quote overrides what a code said about the data,
    and a code what a quote showed.

    ``data`` is how fresh the newest quote was, ``received_at`` (UTC) when its price came;
    ``no_data`` says why no data comes, None if it does. ``read_only``: the gateway takes
    no orders. ``is_unsure``: the end of a listing that seemed refused could still come."""

    data: Freshness | None = None
    received_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    _lists_nothing: bool = False
    _lists_orders: bool = False
    is_unsure: bool = False

    def note_code(
        self,
        number: int,
        text: str,
        *,
        of_order: bool = False,
        of_request: bool = False,
    ) -> None:
        """Process a code for any request or order. Missing data for an order (354) only
        concerns its stock: IB lets some stocks be bought without market data. A request
        with a number is not one that Read-Only mode refuses."""
        if number in NO_DATA and not of_order:
            way_out = _WAY_OUT if number == LOGGED_IN_ELSEWHERE else ""
            self.no_data = f"{code(number).words}{way_out}"
        elif not of_request and says_read_only(number, text):
            self.read_only = True

    @contextmanager
    def listing_orders(self) -> Iterator[None]:
        """While the block is open, IB is asked for the orders. These requests have no
        field that could be invalid."""
        self._lists_orders = True
        try:
            yield
        finally:
            self._lists_orders = False

    def note_refusal(self, number: int, text: str) -> bool:
        """Whether a code without a request number refuses a listing: in Read-Only mode
        some gateways do not list orders either. They may say so in words that nobody
        here reads (a gateway on Windows writes Chinese as question marks); then the
        listing is abandoned as well, and ``is_unsure`` is set, because its end could
        still come."""
        is_said = says_read_only(number, text)
        is_refusal = is_said or (self._lists_orders and number == INVALID)
        if is_refusal:
            self.read_only = self._lists_nothing = True
            self.is_unsure = self.is_unsure or not is_said
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
