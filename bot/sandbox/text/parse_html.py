"""The HTML of the Bot API, parsed as its server parses it, with its error texts."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiRefused
from bot.sandbox.text.entities import Entity


KINDS: Final = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]+)|#(\d+)|([A-Za-z]+));?")
LAST_CODE_POINT: Final = 0x10FFFF
TIME_FORMAT: Final = re.compile(r"r|[tTdDwW]*")


class Unparsable(ApiRefused):
    """The markup is wrong; *at* is the byte offset of the error, if it has one."""

    def __init__(self, what: str, *, at: int | None = None) -> None:
        place = "" if at is None else f" at byte offset {at}"
        super().__init__(f"can't parse entities: {what}{place}")


class _Open:
    """A start tag without its end tag so far."""

    __slots__ = ("attributes", "start", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], start: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.start = start


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """The plain text and its entities.

    Raises:
        Unparsable: with the real server's text.
    """
    return _HtmlReader(source).read()


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        while self._here:
            if self._here == "&":
                self._write(self._reference())
            elif self._here != "<":
                self._write(self._until(r"[&<]"))
            elif self._source.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            tag = self._open[-1].tag
            msg = f'Can\'t find end tag corresponding to start tag "{tag}"'
            raise Unparsable(msg)
        return "".join(self._text), tuple(_with_languages(self._entities))

    @property
    def _here(self) -> str:
        """The character under the cursor; empty at the end."""
        return self._source[self._at : self._at + 1]

    def _write(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _until(self, stop: str) -> str:
        """Take everything up to the first character of the class *stop*."""
        match = re.compile(stop).search(self._source, self._at)
        begin, self._at = self._at, match.start() if match else len(self._source)
        return self._source[begin : self._at]

    def _skip_space(self) -> None:
        self._until(r"\S")

    def _byte(self, place: int) -> int:
        return len(self._source[:place].encode())

    def _reference(self) -> str:
        """Take a character reference; anything else is taken as it is."""
        match = REFERENCE.match(self._source, self._at)
        taken = match.group() if match else "&"
        self._at += len(taken)
        if match is None:
            return taken
        hexadecimal, decimal, name = match.groups()
        if name:
            return NAMED.get(name, taken)
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if "\ud800" <= chr(min(code, LAST_CODE_POINT)) <= "\udfff":
            raise Unparsable(
                "Text contains invalid Unicode characters after decoding HTML "
                "entities, check for unmatched surrogate code units"
            )
        return chr(code) if 0 < code < LAST_CODE_POINT else taken

    def _start_tag(self) -> None:
        begin = self._byte(self._at)
        self._at += 1
        tag = self._until(r"[\s>]").lower()
        if not self._here:
            raise Unparsable("Unclosed start tag", at=begin)
        if tag not in KINDS:
            msg = f'Unsupported start tag "{tag}"'
            raise Unparsable(msg, at=begin)
        attributes: dict[str, str] = {}
        while self._here != ">":
            self._skip_space()
            if self._here == ">":
                break
            if not self._here:
                raise Unparsable("Unclosed start tag", at=begin)
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        self._at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            msg = 'Tag "span" must have class "tg-spoiler"'
            raise Unparsable(msg, at=begin)
        self._open.append(_Open(tag, attributes, self._length))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._until(r"[\s=>]").lower()
        if not name:
            msg = f'Empty attribute name in the tag "{tag}"'
            raise Unparsable(msg, at=begin)
        self._skip_space()
        if self._here == "=":
            self._at += 1
            self._skip_space()
            if self._here:
                return name, self._value(begin)
        if not self._here:
            msg = f'Unclosed start tag "{tag}"'
            raise Unparsable(msg, at=begin)
        return name, ""

    def _value(self, begin: int) -> str:
        quote = self._here
        if quote not in "'\"":
            token = self._byte(self._at)
            value = self._until(r"[^A-Za-z0-9.\-]").lower()
            if not self._here or not (self._here.isspace() or self._here == ">"):
                raise Unparsable("Unexpected end of name token", at=token)
            return value
        self._at += 1
        parts: list[str] = []
        while self._here and self._here != quote:
            parts.append(
                self._reference() if self._here == "&" else self._until(f"[&{quote}]")
            )
        self._at += 1
        if not self._here:
            raise Unparsable("Unclosed start tag", at=begin)
        return "".join(parts)

    def _end_tag(self) -> None:
        begin = self._byte(self._at)
        if not self._open:
            raise Unparsable("Unexpected end tag", at=begin)
        self._at += 2
        tag = self._until(r"[\s>]").lower()
        self._skip_space()
        if self._here != ">":
            raise Unparsable("Unclosed end tag", at=begin)
        self._at += 1
        opened = self._open.pop()
        if tag and tag != opened.tag:
            msg = f"Unmatched end tag at byte offset {begin}, expected "
            raise Unparsable(f'{msg}"</{opened.tag}>", found "</{tag}>"')
        if opened.start < self._length:
            self._entities.extend(self._entity(opened))

    def _entity(self, opened: _Open) -> list[Entity]:
        kind, values = KINDS[opened.tag], opened.attributes
        entity = Entity(kind=kind, start=opened.start, end=self._length)
        match kind:
            case "text_link":
                shown = "".join(self._text)[opened.start :]
                url = web_address(values.get("href") or shown)
                return [replace(entity, url=url)] if url else []
            case "blockquote" if "expandable" in values:
                return [replace(entity, kind="expandable_blockquote")]
            case "code" if values.get("class", "").startswith("language-"):
                language = values["class"].removeprefix("language-")
                return [replace(entity, language=language or None)]
            case "date_time":
                return [_moment(entity, values)]
            case "custom_emoji":
                # Shown as the plain emoji: ordinary bots may not send custom ones.
                if not re.fullmatch(r"\d+", values.get("emoji-id", "")):
                    raise Unparsable("Invalid custom emoji identifier specified")
                return []
            case _:
                return [entity]


def _moment(entity: Entity, values: dict[str, str]) -> Entity:
    form = values.get("format", "")
    if not re.fullmatch(r"\d{1,10}", values.get("unix", "")):
        raise Unparsable("Invalid date specified")
    if not TIME_FORMAT.fullmatch(form):
        raise Unparsable("Invalid date format used")
    return replace(entity, unix_time=int(values["unix"]), date_time_format=form or None)


def _with_languages(entities: list[Entity]) -> list[Entity]:
    """Give a `pre` the language of the `code` that fills it, and drop the `code`."""
    spoken = {
        (e.start, e.end): e.language
        for e in entities
        if e.kind == "code" and e.language
    }
    pres = {(e.start, e.end) for e in entities if e.kind == "pre"}
    kept = [e for e in entities if not (e.kind == "code" and (e.start, e.end) in pres)]
    return [
        replace(e, language=spoken.get((e.start, e.end)))
        if e.kind == "pre"
        else replace(e, language=None)
        if e.kind == "code"
        else e
        for e in kept
    ]


def web_address(url: str) -> str | None:
    """*url* completed if it can be opened from a chat, else nothing."""
    url = url.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme == "tg":
        return url
    if parts.scheme not in {"http", "https"} or "." not in host or " " in url:
        return None
    return url if parts.path or parts.query else f"{url}/"
