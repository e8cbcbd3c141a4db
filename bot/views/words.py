"""The words that every message is made of: money, moves, moments and columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from textwrap import wrap
from typing import Final, TypeVar

from core.model.money import Price
from core.model.proposal import Mode
from core.model.ranking import Change
from core.rules.new_york import local


Item = TypeVar("Item")

WIDTH: Final = 34
"""The widest monospace row that a phone shows in one line."""

DASH: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
UNKNOWN: Final = DASH

LONGEST: Final = 240
"""The longest text from outside that is shown."""
CENT: Final = Decimal("0.01")
TENTH: Final = Decimal("0.1")
HUNDRED: Final = 100
THOUSAND: Final = 1_000
MILLION: Final = 1_000_000
FOUR: Final = Decimal("0.0001")


# numbers


def rounded(number: Decimal, to: Decimal) -> Decimal:
    """*number* as people round: halves away from zero, and never minus zero."""
    return number.quantize(to, rounding=ROUND_HALF_UP) + 0


def dollars(amount: Decimal | None) -> str:
    """Whole dollars: ``$2,823``."""
    if amount is None:
        return UNKNOWN
    whole = rounded(amount, Decimal(1))
    return f"{MINUS if whole < 0 else ''}${abs(whole):,}"


def exact(amount: Decimal | None) -> str:
    """Dollars and cents: ``1,234.50``."""
    return UNKNOWN if amount is None else f"{rounded(amount, CENT):,}"


def price(amount: Price | Decimal | None) -> str:
    """A price as it is quoted: cents, and four decimals below a dollar."""
    if amount is None:
        return UNKNOWN
    return f"{rounded(amount, CENT if amount >= 1 else FOUR):,}"


def short_price(amount: Price | Decimal | None) -> str:
    """A price for a narrow column: from ten thousand dollars on without cents."""
    if amount is None or amount < 10 * THOUSAND:
        return price(amount)
    return f"{rounded(amount, Decimal(1)):,}"


def signed(amount: Decimal | None) -> str:
    """Dollars and cents with their sign: ``+3.10``, and the minus is a real one."""
    if amount is None:
        return UNKNOWN
    cents = rounded(amount, CENT)
    return f"{_sign(cents)}{abs(cents):,}"


def percent(share: Decimal | None) -> str:
    """Percent with its sign: ``+14.8%``."""
    if share is None:
        return UNKNOWN
    tenths = rounded(share, TENTH)
    return f"{_sign(tenths)}{abs(tenths):,}%"


def _sign(number: Decimal) -> str:
    return "+" if number > 0 else MINUS if number < 0 else ""


def arrow(share: Decimal | None) -> str:
    """Percent with the marker that colour would give: ``▲ 14.8%``."""
    if share is None:
        return UNKNOWN
    tenths = rounded(share, TENTH)
    if abs(tenths) >= THOUSAND:
        tenths = rounded(share, Decimal(1))
    marker = "▲ " if tenths > 0 else "▼ " if tenths < 0 else "  "
    return f"{marker}{abs(tenths):,}%"


def moved(share: Decimal | None) -> str:
    """Percent with marker and sign, in at most seven letters: ``▲+14.8%``."""
    if share is None:
        return UNKNOWN
    exact = rounded(share, TENTH)
    number = exact if abs(exact) < HUNDRED else rounded(share, Decimal(1))
    marker = "▲" if number > 0 else "▼" if number < 0 else ""
    if abs(number) >= 10 * THOUSAND:
        return f"{marker}>9999%"
    return f"{marker}{_sign(number)}{abs(number)}%"


def percent_of(change: Change | None) -> Decimal | None:
    return None if change is None else change.percent


def volume(shares: int | None) -> str:
    """Shares traded, shortened: ``1.2M``, ``830k``."""
    if shares is None:
        return UNKNOWN
    if shares >= MILLION:
        return f"{rounded(Decimal(shares) / MILLION, TENTH)}M"
    return f"{shares // THOUSAND}k" if shares >= 10 * THOUSAND else f"{shares:,}"


def size(count: int) -> str:
    """Bytes, shortened: ``840 kB``, ``12.3 MB``."""
    if count >= MILLION:
        return f"{rounded(Decimal(count) / MILLION, TENTH):,} MB"
    return f"{count // THOUSAND} kB"


# moments


def clock_time(at: datetime) -> str:
    """``09:41:07 ET``, in New York."""
    return f"{local(at):%H:%M:%S} ET"


def minute(at: datetime) -> str:
    """``09:51 ET``, in New York."""
    return f"{local(at):%H:%M} ET"


def short_day(day: date) -> str:
    """``20 Nov``."""
    return f"{day.day} {day:%b}"


def long_day(day: date) -> str:
    """``Mon 23 Nov``."""
    return f"{day:%a} {short_day(day)}"


def weekday_time(at: datetime) -> str:
    """``Mon 09:30``, in New York: what a button can say."""
    return f"{local(at):%a %H:%M}"


def day_time(at: datetime) -> str:
    """``Mon 23 Nov 09:30 ET``."""
    there = local(at)
    return f"{long_day(there.date())} {there:%H:%M} ET"


def moment(at: datetime) -> str:
    """``09:51 ET`` as HTML; a tap on it shows the reader's own time."""
    return _told(at, minute(at))


def countdown(at: datetime, static: str) -> str:
    """How far away *at* is, as HTML that the reader's client keeps counting; a client
    that cannot count shows *static*, which must stay true."""
    return f'<tg-time unix="{int(at.timestamp())}" format="r">{static}</tg-time>'


def day_moment(at: datetime) -> str:
    """``Mon 23 Nov 09:30 ET`` as HTML; a tap on it shows the reader's own time."""
    return _told(at, day_time(at))


def _told(at: datetime, text: str) -> str:
    return f'<tg-time unix="{int(at.timestamp())}">{text}</tg-time>'


def age(seconds: float) -> str:
    """How long something has lasted: ``12 ms``, ``40 s``, ``5 min``, ``3 h``."""
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))} ms"
    for limit, unit, word in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // unit)} {word}"
    return f"{int(seconds // 86_400)} days"


# text


def safe(text: str) -> str:
    """*text* from outside, fit to stand in HTML."""
    return escape(" ".join(text.split()), quote=False)


def sentence(text: str) -> str:
    """*text* from outside as escaped sentences: a capital first, a stop last, and not
    longer than a person reads on a phone."""
    words = safe(fit(" ".join(text.split()), LONGEST))
    if not words:
        return ""
    return f"{words[0].upper()}{words[1:]}{'' if words[-1] in '.!?…' else '.'}"


def bold(text: str) -> str:
    return f"<b>{safe(text)}</b>"


def pre(rows: Iterable[str]) -> str:
    """Monospace rows; what is wider than a phone is cut."""
    return "<pre>" + "\n".join(escape(fit(row), quote=False) for row in rows) + "</pre>"


def details(lines: Iterable[str]) -> str:
    """HTML lines that open at a tap."""
    return "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def first(items: Sequence[Item], most: int) -> tuple[Sequence[Item], str]:
    """At most *most* of them, and a line that counts the others; "" for none."""
    left = len(items) - most
    return items[:most], f"… and {left} more" if left > 0 else ""


def fit(text: str, width: int = WIDTH) -> str:
    """*text* in at most *width* characters."""
    text = text.rstrip()
    return text if len(text) <= width else f"{text[: width - 1]}…"


def beside(label: str, words: str, *, width: int) -> list[str]:
    """*words* wrapped into a column beside *label*, which takes *width*."""
    lines = wrap(words, WIDTH - width) or [""]
    heads = [fit(label, width).ljust(width), *[" " * width] * (len(lines) - 1)]
    return [f"{head}{line}" for head, line in zip(heads, lines, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its width, and whether its cells stand at the right."""

    width: int
    right: bool = True


def row(cells: Sequence[str], columns: Sequence[Column]) -> str:
    """One row of a table; a cell that is too wide is cut, its column stays."""
    return "".join(
        fit(cell, column.width).rjust(column.width)
        if column.right
        else fit(cell, column.width).ljust(column.width)
        for cell, column in zip(cells, columns, strict=True)
    )


def paragraphs(*parts: str) -> str:
    """The parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str) -> str:
    """The parts that say something, each on its own line."""
    return "\n".join(part for part in parts if part)


def mode_word(mode: Mode) -> str:
    return mode.name
