"""Formatted text as Telegram stores it: plain text, and entities that mark parts of it.

Offsets are code points in here and UTF-16 units in JSON, as the Bot API counts them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final


TAGS: Final = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
    "date_time": "tg-time",
}
CODE: Final = frozenset({"pre", "code"})
QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
LINKS: Final = frozenset({"text_link", "date_time"})
FAMILIES: Final = {kind: family for family in (CODE, QUOTES, LINKS) for kind in family}
# Of two that cover the same words, the one further left is the outer one.
ORDER: Final = (
    "expandable_blockquote",
    "blockquote",
    "pre",
    "code",
    "text_link",
    "date_time",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
)

# What the server finds by itself in a text, in order of precedence.
FOUND: Final = (
    ("url", re.compile(r"(?<![\w@/])https?://[^\s<>\"]*[^\s<>\".,;:!?)]", re.ASCII)),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{2,31}(?!\w)", re.ASCII)),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A part of the text with a format or a meaning: code points from *start* up to
    *end*.
    """

    kind: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    def to_json(self, text: str) -> dict[str, Any]:
        """Return the Bot API's MessageEntity; offsets count UTF-16 units."""
        body = {
            "type": self.kind,
            "offset": units(text[: self.start]),
            "length": units(text[self.start : self.end]),
            "url": self.url,
            "language": self.language,
            "unix_time": self.unix_time,
            "date_time_format": self.date_time_format,
        }
        return {key: value for key, value in body.items() if value is not None}


def units(text: str) -> int:
    """Return the length of *text* in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def from_json(text: str, raw: Iterable[dict[str, Any]]) -> tuple[Entity, ...]:
    """Read the entities that a bot sent; those outside the text are dropped."""
    index = [0] * (units(text) + 1)
    place = 0
    for number, character in enumerate(text):
        place += 1 + (character > "\uffff")
        index[place] = number + 1
    found = []
    for item in raw:
        begin, end = int(item["offset"]), int(item["offset"]) + int(item["length"])
        if not 0 <= begin < end < len(index):
            continue
        found.append(
            Entity(
                kind=str(item["type"]),
                start=index[begin],
                end=index[end],
                url=item.get("url"),
                language=item.get("language"),
                unix_time=item.get("unix_time"),
                date_time_format=item.get("date_time_format"),
            )
        )
    return tuple(found)


def clean(text: str) -> str:
    """*text* as the server stores it: control characters but line feeds become spaces;
    carriage returns and Unicode's line and direction marks are removed.
    """
    text = re.sub("[\r\u2028-\u202e]", "", text)
    return re.sub("[\x00-\x09\x0b-\x1f]", " ", text)


def tidy(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Trim, nest and complete a formatted text as the server does before storing it.

    White space goes from the end, and from the start up to the first entity.
    """
    text = text.rstrip()
    first = min((entity.start for entity in entities), default=len(text))
    head = text[:first]
    cut = len(head) - len(head.lstrip(" \n"))
    text = text[cut:]
    kept = _nested(
        [
            replace(e, start=e.start - cut, end=min(e.end - cut, len(text)))
            for e in entities
            if e.start - cut < min(e.end - cut, len(text))
        ]
    )
    return text, tuple(sorted([*kept, *_found(text, kept)], key=_outermost_first))


def to_html(text: str, entities: Sequence[Entity]) -> str:
    """Return HTML that parses back into the same text and entities."""
    tagged = sorted((e for e in entities if e.kind in TAGS), key=_outermost_first)
    borders = sorted({0, len(text), *(b for e in tagged for b in (e.start, e.end))})
    parts: list[str] = []
    opened: list[Entity] = []
    for place, upto in zip(borders, [*borders[1:], len(text)], strict=True):
        again = []
        while any(e.end == place for e in opened):
            inner = opened.pop()
            parts.append(f"</{TAGS[inner.kind]}>")
            if inner.end != place:
                again.append(inner)
        for entity in [*reversed(again), *(e for e in tagged if e.start == place)]:
            parts.append(_start_tag(entity))
            opened.append(entity)
        parts.append(escape(text[place:upto], quote=False))
    return "".join(parts)


def _start_tag(entity: Entity) -> str:
    tag = TAGS[entity.kind]
    match entity.kind:
        case "text_link":
            return f'<a href="{escape(entity.url or "")}">'
        case "expandable_blockquote":
            return "<blockquote expandable>"
        case "date_time" if entity.date_time_format:
            form = escape(entity.date_time_format)
            return f'<tg-time unix="{entity.unix_time}" format="{form}">'
        case "date_time":
            return f'<tg-time unix="{entity.unix_time}">'
        case _:
            return f"<{tag}>"


def _outermost_first(entity: Entity) -> tuple[int, int, int]:
    rank = ORDER.index(entity.kind) if entity.kind in ORDER else len(ORDER)
    return (entity.start, -entity.end, rank)


def _nested(entities: Sequence[Entity]) -> list[Entity]:
    """Keep what may overlap: one of a family, and nothing inside code."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=_outermost_first):
        family = FAMILIES.get(entity.kind, frozenset({entity.kind}))
        if not _touches(entity, (e for e in kept if e.kind in family)):
            kept.append(entity)
    code = [e for e in kept if e.kind in CODE]
    blocks = [e for e in kept if e.kind in CODE | QUOTES]
    styles = [e for e in kept if e.kind not in CODE | QUOTES]
    return [*blocks, *(part for e in styles for part in _without(e, code))]


def _without(entity: Entity, holes: Sequence[Entity]) -> list[Entity]:
    """What is left of *entity* without the *holes* (in order)."""
    parts = []
    start = entity.start
    for hole in holes:
        if hole.end <= start or entity.end <= hole.start:
            continue
        if start < hole.start:
            parts.append(replace(entity, start=start, end=hole.start))
        start = hole.end
    if start < entity.end:
        parts.append(replace(entity, start=start))
    return parts


def _touches(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(e.start < entity.end and entity.start < e.end for e in others)


def _found(text: str, taken: Sequence[Entity]) -> list[Entity]:
    """The commands, addresses and tags that the server finds outside code and links."""
    busy = [e for e in taken if e.kind in CODE | LINKS]
    found: list[Entity] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            entity = Entity(kind=kind, start=match.start(), end=match.end())
            if not _touches(entity, [*busy, *found]):
                found.append(entity)
    return found
