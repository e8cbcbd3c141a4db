"""The parameters of a request, sent as JSON, a form, or multipart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiRefused
from bot.sandbox.text.entities import Entity, clean, from_json, tidy
from bot.sandbox.text.parse_html import parse_html


YES = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a multipart request."""

    name: str
    mime: str
    data: bytes


class Params:
    """Reads parameters as the server does: numbers and JSON may be strings. What cannot
    be read raises ApiRefused (400)."""

    def __init__(
        self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> None:
        self.values = dict(values)
        self.uploads = uploads or {}

    def raw(self, name: str) -> Any:
        """The parameter as it was sent, or nothing."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a string; empty if it is missing."""
        value = self.raw(name)
        return "" if value is None else str(value)

    def number(self, name: str, *, default: int) -> int:
        """An integer; *default* if it is missing or is not an integer."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A truth value; false if it is missing."""
        return self.text(name).lower() in YES

    def json(self, name: str, *, what: str) -> Any:
        """A structure, which may be sent as JSON text; or nothing.

        Raises:
            ApiRefused: *what* could not be parsed.
        """
        value = self.raw(name)
        if value is None or value == "":
            return None
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError as error:
            msg = f"can't parse {what} JSON object"
            raise ApiRefused(msg) from error

    def chat_id(self) -> int:
        """The chat's id.

        Raises:
            ApiRefused: there is none in the request.
        """
        if not self.text("chat_id"):
            raise ApiRefused("chat_id is empty")
        number = self.number("chat_id", default=0)
        if not number:
            raise ApiRefused("chat not found")
        return number

    def message_id(self) -> int:
        """The message's id.

        Raises:
            ApiRefused: there is none in the request.
        """
        number = self.number("message_id", default=0)
        if number <= 0:
            raise ApiRefused("message identifier is not specified")
        return number


def formatted(
    source: str, params: Params, *, entities: str = "entities"
) -> tuple[str, tuple[Entity, ...]]:
    """*source* as plain text and entities, by the parse mode in *params*.

    Raises:
        ApiRefused: an unknown parse mode.
        Unparsable: markup that cannot be parsed.
    """
    source = clean(source)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, found = parse_html(source)
    elif mode in {"", "none"}:
        given = params.json(entities, what="message entities") or []
        text, found = source, from_json(source, given)
    else:
        # Markdown is not spoken here; a bot that needs it gets a clear refusal.
        raise ApiRefused("unsupported parse_mode")
    return tidy(text, found)
