"""Older clients: which field came into the protocol with which server version.

Messages are made as of version 178. A client that speaks an older version gets them
without what came later. The versions are those of ``ibapi.server_versions``.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final, NamedTuple

from core.sandbox.protocol.replies import number
from core.sandbox.protocol.wire import Fields


SERVER_VERSION: Final = 178
OLDEST_VERSION: Final = 157
LOT: Final = 100
FA_PROFILE_GONE: Final = 177
SAMPLE_FIELDS: Final = 8
BAR_FIELDS: Final = 8


class VersionChange(NamedTuple):
    """A change of one message: what it was like before *since*."""

    since: int
    message: str
    before: Callable[[Fields], Fields]
    until: int = OLDEST_VERSION  # the oldest version that this is about


def agreed(lowest: int, highest: int) -> int | None:
    """The version to speak with a client that offers these; None: it is too old.

    A client whose oldest version is newer than ours is told ours, and says itself that
    this is too old for it.
    """
    if highest < OLDEST_VERSION:
        return None
    return SERVER_VERSION if lowest > SERVER_VERSION else min(SERVER_VERSION, highest)


def as_of(version: int, message: Fields) -> Fields:
    """The message as a client of that version reads it."""
    if version < SERVER_VERSION:
        for gate in GATES.get(message[0], ()):
            if gate.until <= version < gate.since:
                message = gate.before(message)
    return message


def _without_last(count: int) -> Callable[[Fields], Fields]:
    return lambda message: message[:-count]


def _with_empty(place: int) -> Callable[[Fields], Fields]:
    """A field that was dropped since."""
    return lambda message: (*message[:place], "", *message[place:])


def _details_before_size_rules(message: Fields) -> Fields:
    """Until then: a version in front, and a size multiplier after the price step."""
    return (message[0], "8", *message[1:14], "100", *message[14:])


def _with_one_size(message: Fields) -> Fields:
    return (*message, "1")


def _samples_before_issuers(message: Fields) -> Fields:
    rows = range(3, len(message), SAMPLE_FIELDS)
    kept = [part for at in rows for part in message[at : at + SAMPLE_FIELDS - 2]]
    return (*message[:3], *kept)


def _in_lots(place: int) -> Callable[[Fields], Fields]:
    """Until that version, sizes of US stocks were in lots of a hundred shares."""

    def told(message: Fields) -> Fields:
        lots = number(float(message[place] or 0) // LOT)
        return (*message[:place], lots, *message[place + 1 :])

    return told


def _bars_in_lots(message: Fields) -> Fields:
    told = list(message)
    for place in range(5 + 5, len(told), BAR_FIELDS):
        told[place] = _lots(told[place])
    return tuple(told)


def _lots(text: str) -> str:
    size = float(text or 0)
    return text if size < 0 else number(size // LOT)


GATES: Final = MappingProxyType[str, tuple[VersionChange, ...]](
    {
        "1": (VersionChange(159, "tickPrice", _in_lots(5)),),
        "2": (VersionChange(159, "tickSize", _in_lots(4)),),
        "4": (VersionChange(166, "error: advanced reject", _without_last(1)),),
        "5": (
            VersionChange(177, "openOrder: advisor's profile", _with_empty(34)),
            VersionChange(170, "openOrder: offsets of pegged orders", _without_last(5)),
            VersionChange(
                162, "openOrder: cancelled with its parent", _without_last(1)
            ),
            VersionChange(160, "openOrder: post to ATS", _without_last(1)),
            VersionChange(158, "openOrder: duration", _without_last(1)),
        ),
        "10": (
            VersionChange(164, "contractDetails: three sizes", _without_last(3)),
            VersionChange(164, "contractDetails: one size", _with_one_size, until=163),
            VersionChange(
                164, "contractDetails: multiplier", _details_before_size_rules
            ),
        ),
        "11": (VersionChange(178, "execDetails: price revision", _without_last(1)),),
        "17": (VersionChange(175, "historicalData: volumes", _bars_in_lots),),
        "79": (VersionChange(176, "symbolSamples: issuers", _samples_before_issuers),),
        "90": (VersionChange(175, "historicalDataUpdate: volume", _in_lots(9)),),
        "101": (
            VersionChange(177, "completedOrder: advisor's profile", _with_empty(31)),
            VersionChange(
                170, "completedOrder: offsets of pegged orders", _without_last(5)
            ),
        ),
    },
)
