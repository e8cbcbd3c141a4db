"""Corrects messages whose fields ib_async's decoder would misread."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from core.broker.texts import execution_moment, utc_text


STATUS, EXECUTION, COMMISSION, POSITION = 3, 11, 59, 61
"""The numbers of orderStatus, execDetails, commissionReport and position on the wire."""

_log: Final = logging.getLogger(__name__)

_TIME: Final = 15
_CLOCKS_APART: Final = timedelta(minutes=10)
"""How far the gateway's clock may be ahead of ours; no two zones are as near."""

_AMOUNT: Final = 3
_COUNTS: Final = slice(3, 5)
"""What is filled of an order, and what remains."""

_NEEDED: Final = MappingProxyType({EXECUTION: (19, 20), POSITION: (14,)})
"""Shares and price of an execution, shares of a position: ib_async reads 0 if they are
missing, which takes a trade back, or means that nothing is held."""

Fields = Sequence[str]
Decode = Callable[[Any], None]


def mend(decoder: Any, *, now: Callable[[], datetime]) -> None:
    """Make ib_async's *decoder* read these messages correctly; *now* (UTC) is used for
    a fill without a readable time."""
    handlers = decoder.handlers
    handlers[EXECUTION] = _with_its_moment(handlers[EXECUTION], now)
    handlers[STATUS] = _with_its_counts(handlers[STATUS])
    for number, needed in _NEEDED.items():
        handlers[number] = _if_told(handlers[number], needed)
    handlers[COMMISSION] = _if_it_is_known(handlers[COMMISSION])


def _with_its_moment(decode: Decode, now: Callable[[], datetime]) -> Decode:
    """A time with a hyphen is UTC, but ib_async takes it for New York time. A fill
    whose time cannot be read would be lost: it gets the current time."""

    def decode_execution(fields: Fields) -> None:
        moment = execution_moment(fields[_TIME], latest=now() + _CLOCKS_APART)
        if moment is None:
            _log.warning("an execution's time cannot be read: %r", fields[_TIME])
            moment = utc_text(now())
        decode([*fields[:_TIME], moment, *fields[_TIME + 1 :]])

    return decode_execution


def _with_its_counts(decode: Decode) -> Decode:
    """A count that is missing is no number; ib_async would read it as 0."""

    def decode_status(fields: Fields) -> None:
        counts = (each.strip() or "nan" for each in fields[_COUNTS])
        decode([*fields[: _COUNTS.start], *counts, *fields[_COUNTS.stop :]])

    return decode_status


def _if_told(decode: Decode, needed: Sequence[int]) -> Decode:
    """A message in which one of these fields is missing cannot be read.

    Raises:
        ValueError: one is missing.
    """

    def decode_if_told(fields: Fields) -> None:
        if not all(fields[each].strip() for each in needed):
            raise ValueError(f"message {fields[0]} tells too little")
        decode(fields)

    return decode_if_told


def _if_it_is_known(decode: Decode) -> Decode:
    """An empty commission is not known yet; ib_async would read it as 0.00."""

    def decode_commission(fields: Fields) -> None:
        if fields[_AMOUNT].strip():
            decode(fields)

    return decode_commission
