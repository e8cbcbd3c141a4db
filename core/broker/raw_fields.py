"""Messages whose fields ib_async's decoder would misread, put right before it does."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from core.broker.texts import execution_moment


EXECUTION, COMMISSION = 11, 59
"""The numbers of execDetails and commissionReport on the wire."""

_TIME: Final = 15
_AMOUNT: Final = 3

Fields = Sequence[str]
Decode = Callable[[Any], None]


def mend(decoder: Any) -> None:
    """Let ib_async's *decoder* see these messages as they are meant."""
    handlers = decoder.handlers
    handlers[EXECUTION] = _with_its_moment(handlers[EXECUTION])
    handlers[COMMISSION] = _if_it_is_known(handlers[COMMISSION])


def _with_its_moment(decode: Decode) -> Decode:
    """A moment with a hyphen is UTC; ib_async takes it for New York's."""

    def decode_execution(fields: Fields) -> None:
        moment = execution_moment(fields[_TIME])
        decode([*fields[:_TIME], moment, *fields[_TIME + 1 :]])

    return decode_execution


def _if_it_is_known(decode: Decode) -> Decode:
    """An empty commission is not known yet; ib_async makes 0.00 of it."""

    def decode_commission(fields: Fields) -> None:
        if fields[_AMOUNT].strip():
            decode(fields)

    return decode_commission
