"""The scanner's rows: merging several answers, and finding rows that are not stocks in
dollars.

Among the top gainers are many warrants, rights and units, which move much more than
stocks and must not rank beside them. Their symbols show it: a suffix (WS, RT, CVR, U
after a space, dot, dash or slash, or one of ``+^=``), or Nasdaq's fifth letter W, R or U
(nasdaqtrader.com, "Fifth Character Symbol Suffixes").
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

_APART: Final = "[ ./_:-]"
_SUFFIXES: Final = tuple(
    (what, re.compile(suffix))
    for what, suffix in (
        (
            "a warrant",
            (
                rf"{_APART}(?:W|WAR|WRT|WARRANTS?|W[ST]S?(?:{_APART}?[A-Z\d])?)$"
                r"|\+\.?[A-Z]?$|^[A-Z]{4}W$"
            ),
        ),
        ("a right", rf"{_APART}(?:R|RT[SW]?|RIGHTS?|CVR)$|\^\.?[A-Z]?$|^[A-Z]{{4}}R$"),
        (
            "a unit",
            (
                rf"{_APART}(?:U|UNT?|UTS?|UNITS?)(?:{_APART}[A-Z]{{1,2}})?$"
                r"|=\.?[A-Z]?$|^[A-Z]{4}U$"
            ),
        ),
    )
)
_WHEN_ISSUED: Final = re.compile(rf"(?:{_APART}?WI|#)$")
"""Stands behind the suffix of what is traded before it is issued (NYSE: RTWI, WSWI;
Nasdaq: ^#, +#)."""

_WITH_A_FIFTH: Final = 5
"""The length of a symbol whose last letter is Nasdaq's suffix."""

_UNSET: Final = 2**31 - 1
"""IB's value for "not set"."""


def merged(answers: Sequence[Sequence[ScannedRow]]) -> tuple[ScannedRow, ...]:
    """The first rows of all answers, then the second rows, and so on, each time in the
    order of the answers. A stock in several answers keeps its best place."""
    interleaved = chain.from_iterable(zip_longest(*answers))
    found: dict[tuple[int, str], ScannedRow] = {}
    for row in interleaved:
        if row is not None:
            found.setdefault((row.instrument.con_id, row.instrument.symbol), row)
    return tuple(found.values())


def unfit(row: ScannedRow, *, twice: frozenset[ConId]) -> str | None:
    """Why *row* is not bought, in a few words; None for an ordinary stock. *twice* are
    the contract numbers that do not identify one stock."""
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
    """What kind of security *symbol* shows, if it is not a stock's."""
    name = _WHEN_ISSUED.sub("", " ".join(symbol.upper().split()))
    if name.isalpha() and len(name) != _WITH_A_FIFTH:
        return None  # most of them: no suffix of any kind
    fitting = (what for what, suffix in _SUFFIXES if suffix.search(name))
    return next(fitting, None)


def doubled(answers: Iterable[Sequence[ScannedRow]]) -> frozenset[ConId]:
    """The contract numbers that occur twice in one answer, or with two symbols, so that
    it is not clear which stock is meant. The same stock in several answers is fine."""
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
