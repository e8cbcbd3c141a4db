"""Which figures, days, times and symbols of a message its state does not hold."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from itertools import permutations
from typing import Any, Final

from core.model.card import Card
from core.model.market import Quote
from core.model.order import Order
from core.model.portfolio import Position
from core.model.report import MorningReport
from core.rules.new_york import local
from tests.bot.views.hands import read
from tests.source_tree import python_files, tree_of


_WEEKDAY: Final = r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
_DAY: Final = re.compile(
    rf"(?:{_WEEKDAY} )?\b\d{{1,2}} [A-Z][a-z]{{2}}\b(?: \d{{4}}\b)?"
)
_TIME: Final = re.compile(rf"(?:{_WEEKDAY} )?\b\d{{2}}:\d{{2}}(?::\d{{2}})?\b")
_FIGURE: Final = re.compile(
    r"([-+\N{MINUS SIGN}\u25b2\u25bc]*) *\$?(\d++(?:,\d{3})*+(?:\.\d++)?)(?![\d,.]*\u2026)"
)
_SYMBOL: Final = re.compile(r"\b[A-Z]{2,}\b")
_STEPS: Final = tuple(Decimal(each) for each in ("1", "0.1", "0.01", "0.001", "0.0001"))
_WIDE: Final = Context(prec=99)
_LISTED: Final = (3, 6, 8, 12, 20)
"""So many of a sequence are shown; the others are counted."""


def foreign(html: str, state: object, *derived: object) -> list[str]:
    """What a person reads in *html* that is neither of *state*, nor *derived* from it by
    the test, nor a word of the views themselves."""
    leaves = list(_leaves([state, *derived]))
    told = [each for each in leaves if isinstance(each, str)]
    text = _any_of(_own_words()).sub(" ", read(html))
    words = [*told, *(word for each in told for word in each.split())]
    text = _any_of(tuple(filter(_has_digit, words))).sub(" ", text)
    moments = _moments(leaves)
    found = [each for each in _TIME.findall(text) if each not in moments]
    text = _TIME.sub(" ", text)
    found += [each for each in _DAY.findall(text) if each not in moments]
    text = _DAY.sub(" ", text)
    known = f"{' '.join(told)} {' '.join(_own_capitals())}".upper()
    found += [each for each in _SYMBOL.findall(text) if each not in known]
    numbers = _numbers(leaves)
    return found + [
        f"{sign}{figure}"
        for sign, figure in _FIGURE.findall(text)
        if not _is_held(sign, numbers.get(figure, frozenset()))
    ]


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


@cache
def _any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    """Each of *texts* where no figure begins before it or goes on after it."""
    longest = sorted({text for text in texts if text}, key=len, reverse=True)
    each = "|".join(map(re.escape, longest)) or "(?!)"
    return re.compile(rf"(?<![\d.,])(?:{each})(?![.,]?\d)", re.IGNORECASE)


def _is_held(sign: str, signs: frozenset[int]) -> bool:
    if set(sign) & {"+", "▲"}:
        return 1 in signs
    if set(sign) & {"\N{MINUS SIGN}", "▼"}:
        return -1 in signs
    return bool(signs) and "-" not in sign  # a minus is no hyphen


# the state


def _leaves(value: object, *, deep: bool = True) -> Iterator[object]:
    """Every value within *value*, what its properties make of it, and how many of each."""
    if isinstance(value, str | bool | int | float | Decimal | date | time | timedelta):
        yield value
    elif isinstance(value, Mapping):
        yield from _leaves([*value, *value.values()])
    elif isinstance(value, Iterable):
        members = list(value)
        yield from (len(members), *(len(members) - most for most in _LISTED))
        for each in members:
            yield from _leaves(each)
    elif is_dataclass(value):
        yield from _made_of(value)
        for name in _attributes(value, deep=deep):
            yield from _leaves(getattr(value, name), deep=name in _names(value))


def _made_of(value: object) -> Iterator[object]:
    """What a view may reckon of one value alone."""
    match value:
        case Order(shares=shares, filled=filled, fills=fills):
            fees = sum((fill.commission or Decimal(0) for fill in fills), Decimal(0))
            paid = _paid(value)
            yield from (shares - filled, fees, paid, paid - fees, paid + fees)
        case Card(orders=orders):
            yield sum(map(_paid, orders))
        case Position():
            yield from _moves(value)
        case Quote():
            yield from _of_a_quote(value)
        case MorningReport(overnight=change, account=account) if change and account:
            worth = account.net_liquidation
            if worth is not None and worth != change:
                yield change / (worth - change) * 100


def _of_a_quote(quote: Quote) -> Iterator[Decimal]:
    if quote.bid and quote.ask:
        yield (quote.ask - quote.bid) / quote.ask * 100
    if quote.volume and quote.average_volume:
        yield Decimal(quote.volume) / quote.average_volume
    for before in (quote.open, quote.close):
        if before and quote.last:
            yield (quote.last - before) / before * 100


def _paid(order: Order) -> Decimal:
    return sum((fill.shares * fill.price for fill in order.fills), Decimal(0))


def _moves(of: Position) -> Iterator[Decimal]:
    """Of the day and since it was bought, in percent; a short's the other way round."""
    if of.day_profit is not None and of.day_basis:
        yield of.day_profit / of.day_basis * 100
    if of.price is not None and of.average_cost:
        moved = (of.price - of.average_cost) / of.average_cost * 100
        yield moved if of.shares > 0 else -moved


def _names(value: Any) -> set[str]:
    return {each.name for each in fields(value)}


def _attributes(value: object, *, deep: bool) -> Iterator[str]:
    yield from _names(value)
    if deep:
        kind = type(value)
        yield from (n for n in dir(kind) if isinstance(getattr(kind, n), property))


def _moments(leaves: Iterable[object]) -> set[str]:
    """Each day and time as it can be written, in New York."""
    found: set[str] = set()
    for each in leaves:
        if isinstance(each, datetime):
            there = local(each)
            clocks = {f"{there:%H:%M}", f"{there:%H:%M:%S}"}
            found |= clocks | {f"{there:%a} {clock}" for clock in clocks}
            found |= _written_days(there.date())
        elif isinstance(each, date):
            found |= _written_days(each)
        elif isinstance(each, time):
            found |= {f"{each:%H:%M}", f"{each:%H:%M:%S}"}
    return found


def _written_days(day: date) -> set[str]:
    short = f"{day.day} {day:%b}"
    return {
        f"{weekday}{short}{year}"
        for weekday in ("", f"{day:%a} ")
        for year in ("", f" {day:%Y}")
    }


def _numbers(leaves: Iterable[object]) -> Mapping[str, frozenset[int]]:
    """Each number as it can be written, with the signs that it can have."""
    found: dict[str, set[int]] = {}
    for number in _amounts(list(leaves)):
        for written, sign in _written(number):
            found.setdefault(written, set()).add(sign)
    return {written: frozenset(signs) for written, signs in found.items()}


def _amounts(leaves: list[object]) -> Iterator[Decimal]:
    for each in leaves:
        if isinstance(each, int | float | Decimal) and not isinstance(each, bool):
            yield from (Decimal(each), Decimal(str(each)))
            yield from (Decimal(each) / 1_000, Decimal(each) / 1_000_000)
            if isinstance(each, int):
                yield Decimal(each // 1_000)
        elif isinstance(each, date):
            yield Decimal(each.year)
    for lasted in _lasted(leaves):
        yield from map(Decimal, (lasted // n for n in (1, 60, 3_600, 86_400)))
        yield Decimal(round(lasted * 1_000))


def _lasted(leaves: list[object]) -> Iterator[float]:
    """Seconds between any two moments, and of any time that something took."""
    moments = list(dict.fromkeys(e for e in leaves if isinstance(e, datetime)))
    for one, other in permutations(moments, 2):
        if one <= other:
            yield (other - one).total_seconds()
    for each in leaves:
        if isinstance(each, timedelta):
            yield each.total_seconds()
        elif isinstance(each, float):
            yield each


def _written(number: Decimal) -> Iterator[tuple[str, int]]:
    for step in _STEPS:
        shown = number.quantize(step, rounding=ROUND_HALF_UP, context=_WIDE)
        sign = (shown > 0) - (shown < 0)
        yield from ((f"{abs(shown):,}", sign), (f"{abs(shown)}", sign))
    exact = abs(number.normalize())
    yield from ((f"{exact:,f}", (number > 0) - (number < 0)), (f"{exact:f}", 0))


# the words of the views


@cache
def _literals() -> tuple[str, ...]:
    """Each text in the source of a view, but for docstrings, as a person reads it."""
    files = python_files("bot/views", "core/rules/figures")
    nodes = [node for path in files for node in ast.walk(tree_of(path))]
    about = {node.value for node in nodes if isinstance(node, ast.Expr)}
    return tuple(
        {
            re.sub(r"<[^<>]*>", "", node.value)
            for node in nodes
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in about
        }
    )


@cache
def _own_words() -> tuple[str, ...]:
    """Those with a figure and a word in them."""
    lines = {line.strip() for each in _literals() for line in each.splitlines()}
    return tuple(e for e in lines if _has_digit(e) and re.search("[a-z%]{2}|%", e))


@cache
def _own_capitals() -> frozenset[str]:
    return frozenset(word for each in _literals() for word in _SYMBOL.findall(each))
