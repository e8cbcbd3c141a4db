"""Audit lines for people: who did what, when, and why.

A line's payload is the new state and the event, in Python's notation. The last column
has it unchanged; the other columns are extracted from it, and empty if it has no such
value."""

import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from core.model.money import DOLLARS
from core.rules.new_york import local
from core.store.trail import TrailLine


COLUMNS: Final = (
    *("date", "symbol", "side", "shares", "price", "fee", "order", "who", "why"),
    *("event", "seq", "at_utc", "hash_before", "raw"),
)
"""The header. ``date`` is New York's; amounts are dollars, except for a fee that names
its currency; ``order`` is the orderRef or the card's id."""


class Ordered(NamedTuple):
    """What an order was for."""

    symbol: str
    side: str
    shares: int


@dataclass(frozen=True, slots=True)
class Told:
    """The values in one payload, "" for those it does not have."""

    shares: str = ""
    price: str = ""
    fee: str = ""
    who: str = ""
    why: str = ""


_FILL: Final = re.compile(r"shares=(\d+), price=Decimal\('([^']+)'\)")
_FEE: Final = re.compile(
    r"commission=Decimal\('([^']+)'\)(?:, currency='([^']*)')?"  # older: dollars
)
_TEXT: Final = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_BY: Final = re.compile(rf"\bby={_TEXT}")
_REASON: Final = re.compile(rf"\b(?:reason|text)={_TEXT}")
_FORMULA: Final = re.compile(r"\s*[=+@\uff1d\uff0b\uff20-]|\t")
_SAID: Final = re.compile(r"^by (.+?): (.*)$", re.DOTALL)


def row(line: TrailLine, orders: Mapping[str, Ordered]) -> tuple[str, ...]:
    """*line* under the columns; *orders* are all that the journal has, by their ref."""
    order, told = orders.get(line.ref), _told(line.payload, of_order=line.ref in orders)
    return (
        _date(line.at),
        order.symbol if order else "",
        order.side if order else "",
        told.shares or (str(order.shares) if order else ""),
        *(told.price, told.fee, line.ref),
        *(_no_formula(told.who), _no_formula(told.why), line.kind),
        *(str(line.seq), line.at, line.prev_hash, line.payload),
    )


def _no_formula(text: str) -> str:
    """*text* behind an apostrophe where a spreadsheet would take it for a formula and
    work it out: a name is what its owner chooses."""
    return f"'{text}" if _FORMULA.match(text) else text


def _told(payload: str, *, of_order: bool) -> Told:
    if not of_order:
        said = _SAID.match(payload)
        return Told(who=said[1], why=said[2]) if said else Told(why=payload)
    filled, charged = _FILL.search(payload), _FEE.search(payload)
    return Told(
        shares=filled[1] if filled else "",
        price=filled[2] if filled else "",
        fee=_fee(*charged.groups()) if charged else "",
        who=_quoted(_BY, payload),
        why=_quoted(_REASON, payload),
    )


def _fee(amount: str, currency: str | None) -> str:
    return amount if currency in {None, DOLLARS} else f"{amount} {currency}"


def _quoted(pattern: re.Pattern[str], payload: str) -> str:
    found = pattern.search(payload)
    return str(literal_eval(found[1])) if found else ""


def _date(at: str) -> str:
    """The New York date and time; the text itself if somebody has altered it."""
    try:
        return f"{local(datetime.fromisoformat(at)):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at
