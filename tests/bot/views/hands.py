"""How the tests of the views look at them: as Telegram parses them."""

import re
from typing import Final
from unicodedata import east_asian_width

from bot.sandbox.text.entities import Entity
from bot.sandbox.text.parse_html import parse_html


LONGEST: Final = 4096
WIDEST: Final = 34

_LOST: Final = re.compile(
    r"/(sell|exits|cancel|buy|quote|chart|history|filled|people|mute|settings|schedule|keyboard|help|log) "
    r"([A-Z]{2,5}\b|\$?\d|add\b|remove\b|until\b|off\b|scan\b|reset\b|all\b|on\b|2h\b|errors\b|spread\b|offer\b)"
)
"""A command with words that Telegram's link would leave out."""


def read(html: str) -> str:
    """The view as a person reads it, without spaces at the ends of lines."""
    text, _ = parse_html(html)
    spaced = text.replace("\N{NO-BREAK SPACE}", " ")
    return "\n".join(line.rstrip() for line in spaced.splitlines())


def monospace_rows(html: str) -> list[str]:
    text, entities = parse_html(html)
    blocks = [_of(text, entity) for entity in entities if entity.kind == "pre"]
    return [row for block in blocks for row in block.splitlines()]


def check(html: str) -> None:
    """It parses, fits into a message, and no monospace row wraps on a phone.

    Raises:
        AssertionError: it does not.
        Unparsable: Telegram would refuse it.
    """
    text, _ = parse_html(html)
    assert 0 < len(text) <= LONGEST, len(text)
    assert text.strip() == text.rstrip(), "a space at the start"
    assert not _LOST.search(_outside_code(html)), "a tap on it sends the name alone"
    wide = [row for row in monospace_rows(html) if columns(row) > WIDEST]
    assert not wide, wide


def _outside_code(html: str) -> str:
    text, entities = parse_html(html)
    for each in entities:
        if each.kind in {"code", "pre"}:
            text = (
                f"{text[: each.start]}{'·' * (each.end - each.start)}{text[each.end :]}"
            )
    return text


def columns(row: str) -> int:
    """How wide *row* is in monospace: an emoji takes two columns."""
    return sum(2 if east_asian_width(each) in {"W", "F"} else 1 for each in row)


def _of(text: str, entity: Entity) -> str:
    return text[entity.start : entity.end]
