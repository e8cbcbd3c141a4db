"""What both Python drivers share: orders in, happenings out, one JSON object a line.

An order is ``{"line": "2", "do": "reqPnL", "with": [7, "DU1234567", ""]}``: on that
connection, call that method. A happening is ``{"line": "2", "name": ..., "args": ...}``:
that callback was called. Objects of the API come and go as dictionaries; ``"a"`` names
the class that an argument has to become.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from threading import Lock
from typing import Any, Final


OPENED: Final = "opened"  # args: the server version
CLOSED: Final = "closed"
BROKEN: Final = "broken"  # args: what the client could not make sense of

_unit: Final = Lock()  # the official client speaks from threads of its own


def say(line: str, name: str, *args: object) -> None:
    """Tell the suite that *name* happened on *line*."""
    text = json.dumps({"line": line, "name": name, "args": [plain(a) for a in args]})
    with _unit:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def plain(value: object) -> object:
    """Turn an object of the API into what JSON knows."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Enum | type):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return _taken_apart(value)


def _taken_apart(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    if hasattr(value, "__dict__"):
        return {name: plain(each) for name, each in vars(value).items()}
    return str(value)


def grown(value: object, classes: Mapping[str, type]) -> Any:
    """Turn a described argument into an object of the API."""
    if isinstance(value, list):
        return [grown(each, classes) for each in value]
    if not isinstance(value, dict):
        return value
    wishes = dict(value)
    made = classes[wishes.pop("a")]()
    for name, wish in wishes.items():
        setattr(made, name, grown(wish, classes))
    return made
