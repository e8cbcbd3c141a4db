"""Gateway to client: one function per message, returning its fields.

Field orders are those that the released decoders of ib_async 2.1.0, the official
client 10.50.2 and @stoqey/ib 1.6.10 agree on at server version 178.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from core.sandbox.protocol.reading import UNSET_DOUBLE
from core.sandbox.protocol.wire import Fields


UNSET: Final = "1.7976931348623157E308"  # how the gateway writes "no such number"
DIGITS: Final = 8  # behind the point
NOT_TIED: Final = -1  # the request id of news that belongs to no request


@lru_cache(maxsize=1 << 14)
def number(value: float | None) -> str:
    """Write a number as the gateway does: plain digits, empty when there is none."""
    if value is None:
        return ""
    if abs(value) >= UNSET_DOUBLE:
        return UNSET
    text = repr(round(value, DIGITS))
    if "e" in text:  # very small or very large: never in powers of ten on the wire
        text = f"{value:.{DIGITS}f}".rstrip("0")
    return text.removesuffix(".0").removesuffix(".")


def flag(value: object) -> str:
    """Write yes or no."""
    return "1" if value else "0"


def fields(*values: object) -> Fields:
    """Return *values* as text fields: numbers plain, None empty, bools 1 or 0."""
    return tuple(
        [
            value if type(value) is str else WRITERS.get(type(value), str)(value)
            for value in values
        ]
    )


WRITERS: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {bool: flag, float: number, type(None): number},
)


def error(req_id: int, code: int, text: str, details: str = "") -> Fields:
    """4: an error, a warning or a notice, told apart by *code*. *details* is JSON or
    empty.
    """
    return fields(4, 2, req_id, code, text, details)


def tick_price(
    req_id: int, tick: int, price: float, size: float, *, auto: bool = False
) -> Fields:
    """1: a price in dollars with its size; *auto*: the quote can be executed at once."""
    what = (number(price), number(size), "1" if auto else "0")
    return ("1", "6", str(req_id), str(tick), *what)


def tick_size(req_id: int, tick: int, size: float) -> Fields:
    """2: a size without a price."""
    return ("2", "6", str(req_id), str(tick), number(size))


def tick_generic(req_id: int, tick: int, value: float) -> Fields:
    """45: a number that is neither price nor size, such as the halted mark."""
    return fields(45, 6, req_id, tick, value)


def tick_string(req_id: int, tick: int, value: str) -> Fields:
    """46: a text tick, such as the time of the last trade."""
    return fields(46, 6, req_id, tick, value)


def tick_req_params(req_id: int, min_tick: float) -> Fields:
    """81: the smallest price step and the snapshot permissions of the ticks that
    follow.
    """
    return fields(81, req_id, min_tick, "9c0001", 3)


def market_data_type(req_id: int, kind: int) -> Fields:
    """58: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen."""
    return fields(58, 1, req_id, kind)


def snapshot_end(req_id: int) -> Fields:
    """57: no more ticks for this snapshot."""
    return fields(57, 1, req_id)


def next_valid_id(order_id: int) -> Fields:
    """9: the lowest order id the gateway takes from this client."""
    return fields(9, 1, order_id)


def managed_accounts(accounts: Iterable[str]) -> Fields:
    """15: the accounts of this login."""
    return fields(15, 1, ",".join(accounts))


def account_value(key: str, value: str, currency: str, account: str) -> Fields:
    """6: one value of the account (the row *key* of TWS's account window)."""
    return fields(6, 2, key, value, currency, account)


def account_time(clock: str) -> Fields:
    """8: when the account values were last refreshed, HH:MM as *clock* has it."""
    return fields(8, 1, clock)


def account_end(account: str) -> Fields:
    """54: all values of the account have been sent."""
    return fields(54, 1, account)


def end(message: int, req_id: int | None = None) -> Fields:
    """Return an end marker: 52, 53, 55, 62, 64, 72 and 74 with a version field, 102
    without one.
    """
    if message == 102:  # noqa: PLR2004  the one marker without a version
        return fields(102)
    if req_id is None:
        return fields(message, 1)
    return fields(message, 1, req_id)
