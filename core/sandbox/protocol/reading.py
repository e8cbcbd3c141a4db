"""Reads the fields of one client message from left to right.

Every client writes "not set" in its own way: empty, 1.7976931348623157e+308,
2147483647; infinity is ``Infinity`` or ``Infinite``. All of them are understood.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from core.sandbox.protocol.wire import Fields


UNSET_DOUBLE: Final = 1.7976931348623157e308
UNSET_INTEGER: Final = 2147483647


class Unreadable(ValueError):
    """A field does not hold what its place demands (TWS error 320)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAsked:
    """A contract as a client names it: often only partly."""

    con_id: int
    symbol: str
    sec_type: str
    exchange: str
    primary_exchange: str
    currency: str
    local_symbol: str
    trading_class: str
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""


class Reader:
    """A cursor over the fields behind the message id."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._at = 1

    def text(self) -> str:
        """Return the next field as it is.

        Raises:
            Unreadable: the message ends here.
        """
        if self._at >= len(self._fields):
            raise Unreadable(f"message {self._fields[:1]} ends at field {self._at}")
        self._at += 1
        return self._fields[self._at - 1]

    def integer(self) -> int:
        """Return the next field as a whole number; unset is 0."""
        text = self.text()
        if text in {"", str(UNSET_INTEGER)}:
            return 0
        if len(text) > 20 or not re.fullmatch(r"-?[0-9]+", text):  # noqa: PLR2004  no id has 20 digits
            raise Unreadable(f"not a whole number: {text[:40]!r}")
        return int(text)

    def real(self) -> float | None:
        """Return the next field as a number, None when it is not set."""
        text = self.text()
        if text in {"", "Infinite", "Infinity"}:
            return math.inf if text else None
        try:
            value = float(text)
        except ValueError:
            raise Unreadable(f"not a number: {text[:40]!r}") from None
        if math.isnan(value):
            raise Unreadable("not a number: nan")
        return None if value == UNSET_DOUBLE else value

    def flag(self) -> bool:
        """Return the next field as yes or no; unset is no."""
        return self.text() not in {"", "0", "false"}

    def skip(self, count: int) -> None:
        """Pass over *count* fields."""
        for _ in range(count):
            self.text()

    def version(self) -> None:
        """Pass over the message's own version, a relic of older protocols."""
        self.skip(1)

    def contract(self) -> ContractAsked:
        """Read the twelve fields of a contract."""
        con_id, symbol, sec_type = self.integer(), self.text(), self.text()
        expiry, strike = self.text(), self.real() or 0.0
        right, multiplier = self.text(), self.text()
        exchange, primary, currency = self.text(), self.text(), self.text()
        return ContractAsked(
            con_id=con_id,
            symbol=symbol,
            sec_type=sec_type,
            exchange=exchange,
            primary_exchange=primary,
            currency=currency,
            local_symbol=self.text(),
            trading_class=self.text(),
            expiry=expiry,
            strike=strike,
            right=right if right not in {"?", "0"} else "",
            multiplier=multiplier,
        )

    @property
    def left(self) -> int:
        """How many fields were not read yet."""
        return len(self._fields) - self._at
