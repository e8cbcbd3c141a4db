"""Every number that IB has published as a message code, or that users have seen."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.broker.codes import CODES


SEEN: Final = frozenset(
    {
        *(0, 100, 101, 103, 104, 105, 106, 107, 109, 110, 111, 133, 135, 154, 161, 162),
        *(163, 165, 200, 201, 202, 203, 300, 317, 320, 321, 322, 326, 354, 365, 366),
        *(382, 383, 385, 386, 387, 388, 399, 404, 412, 434, 435, 451, 460, 463, 481),
        *(492, 502, 503, 504, 507, 1100, 1101, 1102, 1300, 2100, 2101, 2103, 2104),
        *(2105, 2106, 2107, 2108, 2109, 2110, 2119, 2137, 2157, 2158, 2161, 2168, 2169),
        *(10015, 10089, 10090, 10091, 10147, 10148, 10167, 10168, 10182, 10186, 10197),
        *(10225, *range(10243, 10253), 10268, 10269, 10274, 10289, 10293, 10311, 10318),
        *(10328, 10335, 10347, 10349),
    }
)
"""Codes that a bot can meet: IB's table and what captures of live gateways add."""

NOBODYS: Final = 99_999
"""A code that nobody has heard of."""

PUBLISHED: Final = tuple(sorted({*SEEN, *CODES, NOBODYS}))

RANGES: Final = (
    *(range(100, 170), range(200, 204), range(300, 450), range(500, 586)),
    *(range(1100, 1103), range(2100, 2175), range(10000, 10360)),
)
"""Where all numbers of IB's table lie, with the holes between them."""

EVERYTHING: Final = tuple(sorted({*PUBLISHED, *(n for each in RANGES for n in each)}))

_TEXTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        399: "Order Message:\nWarning: your order will not be placed at the exchange"
        " until 2026-11-24 09:30:00 US/Eastern",
        10148: "OrderId that needs to be cancelled cannot be cancelled, state: Filled.",
    }
)
"""Where the words matter."""


def text_of(code: int) -> str:
    return _TEXTS.get(code, f"words of code {code}")


def in_parts(codes: Iterable[int], parts: int) -> list[tuple[int, ...]]:
    """*codes* dealt out: each part has some of every kind."""
    every = tuple(codes)
    return [every[part::parts] for part in range(parts)]
