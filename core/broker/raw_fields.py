"""Corrects messages whose fields ib_async's decoder would misread."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from core.broker.texts import execution_moment, utc_text


EXECUTION, COMMISSION = 11, 59
"""The numbers of execDetails and commissionReport on the wire."""

_log: Final = logging.getLogger(__name__)

_TIME: Final = 15
_AMOUNT: Final = 3

Fields = Sequence[str]
Decode = Callable[[Any], None]


def mend(decoder: Any, *, now: Callable[[], datetime]) -> None:
    """Make ib_async's *decoder* read these messages correctly; *now* (UTC) is used for
    a fill without a readable time."""
    handlers = decoder.handlers
    handlers[EXECUTION] = _with_its_moment(handlers[EXECUTION], now)
    handlers[COMMISSION] = _if_it_is_known(handlers[COMMISSION])


def _with_its_moment(decode: Decode, now: Callable[[], datetime]) -> Decode:
    """A time with a hyphen is UTC, but ib_async takes it for New York time. A fill
    whose time cannot be read would be lost: it gets the current time."""

    def decode_execution(fields: Fields) -> None:
        moment = execution_moment(fields[_TIME])
        if moment is None:
            _log.warning("an execution's time cannot be read: %r", fields[_TIME])
            moment = utc_text(now())
        decode([*fields[:_TIME], moment, *fields[_TIME + 1 :]])

    return decode_execution


def _if_it_is_known(decode: Decode) -> Decode:
    """An empty commission is not known yet; ib_async would read it as 0.00."""

    def decode_commission(fields: Fields) -> None:
        if fields[_AMOUNT].strip():
            decode(fields)

    return decode_commission
