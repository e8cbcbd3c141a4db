"""Messages whose fields ib_async's decoder would misread, put right before it does."""

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
    """Let ib_async's *decoder* see these messages as they are meant; *now* (UTC) is the
    moment of a fill that does not tell its own."""
    handlers = decoder.handlers
    handlers[EXECUTION] = _with_its_moment(handlers[EXECUTION], now)
    handlers[COMMISSION] = _if_it_is_known(handlers[COMMISSION])


def _with_its_moment(decode: Decode, now: Callable[[], datetime]) -> Decode:
    """A moment with a hyphen is UTC; ib_async takes it for New York's. One that nobody
    can read would cost the fill: it counts as heard now."""

    def decode_execution(fields: Fields) -> None:
        moment = execution_moment(fields[_TIME])
        if moment is None:
            _log.warning("an execution's time cannot be read: %r", fields[_TIME])
            moment = utc_text(now())
        decode([*fields[:_TIME], moment, *fields[_TIME + 1 :]])

    return decode_execution


def _if_it_is_known(decode: Decode) -> Decode:
    """An empty commission is not known yet; ib_async makes 0.00 of it."""

    def decode_commission(fields: Fields) -> None:
        if fields[_AMOUNT].strip():
            decode(fields)

    return decode_commission
