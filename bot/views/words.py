"""The words that every message is made of: money, moves, moments and columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from textwrap import wrap
from types import MappingProxyType
from typing import Final, TypeVar

from core.model.order import REF_PREFIX
from core.model.proposal import Mode
from core.rules.figures.in_words import (
    CENT,
    DASH,
    FOUR,
    HUNDRED,
    MILLION,
    MINUS,
    TENTH,
    THOUSAND,
    UNKNOWN,
    age,
    alike,
    arrow,
    cents,
    clock,
    clock_time,
    day_time,
    dollar_rate,
    dollars,
    exact,
    hundredth,
    lead,
    long_day,
    minute,
    money,
    money_exact,
    moved,
    order_price,
    percent,
    percent_of,
    price,
    rounded,
    short_day,
    short_price,
    signed,
    size,
    spread,
    tenth,
    thousandth,
    volume,
    weekday,
    weekday_time,
    whole,
    year_time,
)


__all__ = [
    "CENT",
    "DASH",
    "FOUR",
    "HUNDRED",
    "MILLION",
    "MINUS",
    "TENTH",
    "THOUSAND",
    "UNKNOWN",
    "age",
    "alike",
    "arrow",
    "cents",
    "clock",
    "clock_time",
    "day_time",
    "dollar_rate",
    "dollars",
    "exact",
    "hundredth",
    "lead",
    "long_day",
    "minute",
    "money",
    "money_exact",
    "moved",
    "order_price",
    "percent",
    "percent_of",
    "price",
    "rounded",
    "short_day",
    "short_price",
    "signed",
    "size",
    "spread",
    "tenth",
    "thousandth",
    "volume",
    "weekday",
    "weekday_time",
    "whole",
    "year_time",
]

Item = TypeVar("Item")

WIDTH: Final = 34
"""The widest monospace row that a phone shows in one line."""

LONGEST: Final = 240
"""The longest text from outside that is shown."""


# moments that the reader's client knows, too


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


# text


def safe(text: str) -> str:
    """*text* from outside, fit to stand in HTML."""
    return escape(" ".join(text.split()), quote=False)


def together(text: str) -> str:
    """*text* on one line: no word of it stands alone on the next."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def at_its_price(text: str) -> str:
    """*text* for a view, in which no line ends between an "@" and its price."""
    return text.replace("@ ", "@\N{NO-BREAK SPACE}")


def sentence(text: str) -> str:
    """*text* from outside as escaped sentences: a capital first, a stop last, and not
    longer than a person reads on a phone. An order's ref stays as it is searched for, and
    a value as .env has it is told as it is chosen in the chat. A command with words is
    code."""
    plain = " ".join(text.split())
    words = safe(fit(plain, LONGEST))
    if not words:
        return ""
    is_ref = plain.startswith(REF_PREFIX)
    first = words[0] if is_ref else words[0].upper()
    told = f"{first}{words[1:]}{'' if words[-1] in '.!?…' else '.'}"
    return _IN_ENV.sub(_in_the_chat, coded(told))


def coded(html: str) -> str:
    """*html* with each command and its words as code: a tap on a link sends the name
    alone."""
    return _WITH_WORDS.sub(r"<code>\g<0></code>", html)


_WITH_WORDS: Final = re.compile(
    r"/(sell|exits|cancel|buy|quote|chart) [A-Z]{1,5}(\.[A-Z])?\b"
    r"|/mute 2h|/help scan|/keyboard (on|off)|/settings offer minutes"
)


def strong(html: str) -> str:
    """*html* in bold, but for its code, which cannot stand within bold words."""
    parted = html.replace("<code>", "</b><code>").replace("</code>", "</code><b>")
    return f"<b>{parted}</b>".replace("<b></b>", "")


_IN_ENV: Final = re.compile(r"OPENBELL_([A-Z_]+)=(\w+)")
SWITCH: Final[Mapping[str, str]] = MappingProxyType({"true": "on", "false": "off"})
"""A switch's values in .env, and as a person says them."""


def _in_the_chat(found: re.Match[str]) -> str:
    name, value = found[1].lower().replace("_", " "), SWITCH.get(found[2], found[2])
    return f"<code>/settings {name} {value}</code>"


def shares(number: Decimal) -> str:
    """A count of shares, with its fraction if it has one; a short's has a minus."""
    whole = number.to_integral_value()
    exact = whole if whole == number else number.normalize()
    return f"{MINUS if exact < 0 else ''}{abs(exact):,f}"


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


def company(name: str) -> str:
    """A company's name as IB writes it, in a line of a phone."""
    return safe(fit(name))


def beside(label: str, words: str, *, width: int) -> list[str]:
    """*words* wrapped into a column beside *label*, which takes *width*."""
    lines = wrap(words, WIDTH - width) or [""]
    heads = [
        fit(label, max(width - 1, 0)).ljust(width),
        *[" " * width] * (len(lines) - 1),
    ]
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
