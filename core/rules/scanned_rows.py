"""The scanner's rows: several answers as one list, and what of it cannot be a stock that
is bought in dollars.

The top gainers are full of what only looks like a stock: its warrants, rights and units
move much more, and do not rank beside it. Their symbols tell: a suffix (WS, RT, U after
a space, dot, dash or slash, or one of ``+^=``), or the fifth letter that Nasdaq gives
them: W, R, U (nasdaqtrader.com, "Fifth Character Symbol Suffixes").
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import Final

from core.model.market import ConId, ScannedRow
from core.model.money import DOLLARS


_STOCK: Final = "STK"
_KINDS: Final = MappingProxyType(
    {
        "WAR": "a warrant",
        "OPT": "an option",
        "FOP": "an option",
        "FUT": "a future",
        "BOND": "a bond",
        "FUND": "a fund",
        "IND": "an index",
        "CASH": "a currency",
        "CFD": "a contract for difference",
        "CRYPTO": "a coin",
    }
)
"""IB's security types (interactivebrokers.github.io/tws-api/basic_contracts.html)."""

_SUFFIXES: Final = tuple(
    (what, re.compile(suffix))
    for what, suffix in (
        ("a warrant", r"[ ./-](?:W|WAR|W[ST](?:[ ./-]?[A-Z])?)$|\+[A-Z]?$|^[A-Z]{4}W$"),
        ("a right", r"[ ./-](?:R|RTS?)$|\^[A-Z]?$|^[A-Z]{4}R$"),
        ("a unit", r"[ ./-](?:U|UNT?|UT)$|=[A-Z]?$|^[A-Z]{4}U$"),
    )
)

_WITH_A_FIFTH: Final = 5
"""Letters of a symbol whose last one is Nasdaq's suffix."""

_UNSET: Final = 2**31 - 1
"""IB's word for "no number"."""


def merged(answers: Sequence[Sequence[ScannedRow]]) -> tuple[ScannedRow, ...]:
    """The firsts of all answers, then the seconds, and so on; an earlier answer's row
    comes before a later one's. A stock that several found keeps its best place."""
    abreast = chain.from_iterable(zip_longest(*answers))
    found: dict[tuple[int, str], ScannedRow] = {}
    for row in abreast:
        if row is not None:
            found.setdefault((row.instrument.con_id, row.instrument.symbol), row)
    return tuple(found.values())


def unfit(row: ScannedRow, *, twice: frozenset[ConId]) -> str | None:
    """Why *row* is not bought, in a few words; None for an ordinary stock. *twice* are
    the contract numbers that are not one stock's alone."""
    instrument, kind = row.instrument, row.kind.strip().upper()
    currency = instrument.currency.strip().upper()
    if not 0 < instrument.con_id < _UNSET:
        return "without a contract number"
    if instrument.con_id in twice:
        return "listed twice"
    if kind != _STOCK:
        return _KINDS.get(kind, f"of the kind {kind or 'unknown'}")
    if currency != DOLLARS:
        return f"priced in {currency}" if currency else "without a currency"
    return _told_by(instrument.symbol) or _told_by(row.local_symbol)


def _told_by(symbol: str) -> str | None:
    """What a symbol says of itself, if it is no stock's."""
    name = " ".join(symbol.upper().split())
    if name.isalpha() and len(name) != _WITH_A_FIFTH:
        return None  # most of them: no suffix of any kind
    fitting = (what for what, suffix in _SUFFIXES if suffix.search(name))
    return next(fitting, None)


def doubled(answers: Iterable[Sequence[ScannedRow]]) -> frozenset[ConId]:
    """The contract numbers that one answer has twice, or that stand for two symbols:
    nobody can tell which is meant. Several answers may well have the same stock."""
    symbols: dict[ConId, set[str]] = defaultdict(set)
    twice: set[ConId] = set()
    for answer in answers:
        counts = Counter(row.instrument.con_id for row in answer)
        twice |= {con_id for con_id, count in counts.items() if count > 1}
        for row in answer:
            symbols[row.instrument.con_id].add(row.instrument.symbol)
    return frozenset(
        twice | {each for each, names in symbols.items() if len(names) > 1}
    )
