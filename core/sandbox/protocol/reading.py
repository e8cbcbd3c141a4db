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
SMALLEST_INTEGER: Final = -(2**31)
LARGEST_INTEGER: Final = 2**31 - 1
NUMBER: Final = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)
WHOLE: Final = re.compile(r"-?[0-9]{1,10}")


class UnreadableField(ValueError):
    """A field does not have the type that the message needs there (TWS error 320)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAsked:
    """A contract as a client names it; most fields may be empty."""

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
            UnreadableField: the message ends here.
        """
        if self._at >= len(self._fields):
            raise UnreadableField(
                f"message {self._fields[:1]} ends at field {self._at}"
            )
        self._at += 1
        return self._fields[self._at - 1]

    def integer(self) -> int:
        """Return the next field as a whole number of 32 bits, as IB's are; empty is 0.

        Raises:
            UnreadableField: it is something else.
        """
        text = self.text()
        value = whole_number(text or "0")
        if value is None:
            raise UnreadableField(f"not a whole number: {text[:40]!r}")
        return value

    def real(self) -> float | None:
        """Return the next field as a number: ``math.inf`` for IB's "Infinity", None when
        it is not set.

        Raises:
            UnreadableField: it is something else.
        """
        text = self.text()
        if text in {"", "Infinite", "Infinity"}:
            return math.inf if text else None
        if not NUMBER.fullmatch(text):
            raise UnreadableField(f"not a number: {text[:40]!r}")
        value = float(text)
        return None if value == UNSET_DOUBLE else value

    def flag(self) -> bool:
        """Return the next field as yes or no; unset is no."""
        return self.text() not in {"", "0", "false"}

    def skip(self, count: int) -> None:
        """Pass over *count* fields."""
        for _ in range(count):
            self.text()

    def version(self) -> None:
        """Skip the message's own version number, which the server does not use."""
        self.skip(1)

    def contract(self, *, has_primary: bool = True) -> ContractAsked:
        """Read the twelve fields of a contract, or eleven without the primary exchange."""
        con_id, symbol, sec_type = self.integer(), self.text(), self.text()
        expiry, strike = self.text(), self.real() or 0.0
        right, multiplier = self.text(), self.text()
        exchange = self.text()
        primary, currency = self.text() if has_primary else "", self.text()
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


def whole_number(text: str) -> int | None:
    """The 32-bit integer that *text* is; None where it is not one."""
    value = int(text) if WHOLE.fullmatch(text) else None
    fits = value is not None and SMALLEST_INTEGER <= value <= LARGEST_INTEGER
    return value if fits else None
