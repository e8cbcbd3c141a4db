"""Checks the answers of the Bot API before they are parsed.

python-telegram-bot raises arbitrary errors (KeyError, TypeError) for an answer that
does not follow the Bot API. So every answer is checked first: one that Telegram cannot
have written, as "ok" without a result of the method, counts as no answer, and of a sent
or edited message only its id is read.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from pydantic_core import from_json
from telegram.error import TelegramError, TimedOut


JsonObject: TypeAlias = dict[str, Any]

LARGEST: Final = 2**53
"""No id of Telegram's is larger (Bot API, "52 significant bits")."""


UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,  # a date that the platform's clock cannot tell
    RecursionError,
    TypeError,
    ValueError,
)
"""What python-telegram-bot raises over JSON that is not what it should be."""

LARGEST_ANSWER: Final = 2_000_000
"""Bytes. No single update has more, and what has more would hold everything up while it
is parsed."""

LONGEST_WAIT: Final = 3600
"""The longest wait in seconds; if Telegram asks for more, we try again after this."""

_PAST_ERRORS: Final = 600
_OF_THE_REQUEST: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.REQUEST_URI_TOO_LONG: "Request URI Too Long",
}
"""Statuses by which a server in front of the Bot API refuses a request; another try
would be refused as well, as with a 400."""
_HALVES: Final = re.compile(
    rb"\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}"
    rb"|(\\u[dD][89a-fA-F][\da-fA-F]{2})"
)
"""Half of a pair of surrogates, as the only group; whole pairs and backslashes besides."""
_FIRST_UPDATE: Final = re.compile(
    rb'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\[\s*\{\s*"update_id"\s*:\s*(\d{1,16})\b'
)
"""How updates begin, as Telegram writes them; the number is the only group."""
_DONE: Final = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
"""How an answer begins if its request was carried out."""


class UnreadableAnswer(TelegramError):
    """The request was carried out ("ok": true), but its result cannot be read."""


class VastAnswer(UnreadableAnswer):
    """Updates that are too large to be parsed; ``first`` is the number of the first."""

    def __init__(self, first: int) -> None:
        super().__init__("More was sent than can be read")
        self.first = first


class UnfinishedAnswer(TimedOut):
    """The answer began, and did not come to its end, or not in time."""


class Body(bytes):
    """An answer's bytes, with ``said``, what they were found to say when they were
    checked: python-telegram-bot asks for that a moment later."""

    said: JsonObject


def readable(method: str, code: int, payload: bytes) -> tuple[int, bytes]:
    """The status and body of *method*'s answer, in a form that can be parsed, without
    halves of letters, which could be neither kept nor sent.

    An answer that is not the Bot API's becomes a 502, a bad gateway on the way.

    Raises:
        UnreadableAnswer: the request was carried out, but the result cannot be read.
        UnfinishedAnswer: updates were cut off on the way.
    """
    payload, answer = _said(payload.removeprefix(BOM_UTF8))
    if code in _OF_THE_REQUEST:
        return HTTPStatus.BAD_REQUEST, _refusal(_OF_THE_REQUEST[HTTPStatus(code)])
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        if _is_success(code) and _DONE.match(payload):
            raise _damaged(method)
        return _no_answer(code)
    if not answer["ok"]:
        return _refused(code, answer)
    read = _reader(method.casefold())
    if not _is_success(code) or (result := read(answer.get("result"))) is None:
        return _no_answer(code)
    return code, _body(payload, answer, result)


def _body(payload: bytes, answer: JsonObject, result: object) -> bytes:
    """What is read of the *result*, in the form of an answer."""
    if result is not answer["result"]:
        return json.dumps({"ok": True, "result": result}).encode()
    body = Body(payload)
    body.said = answer
    return body


def _damaged(method: str) -> TelegramError:
    """Nothing is wrong with updates that come in half: the rest is to be asked for."""
    if method.casefold() == "getupdates":
        return UnfinishedAnswer("The updates were cut off on the way")
    return UnreadableAnswer("It was done, but its answer is damaged")


def unread(method: str, code: int, payload: bytes) -> tuple[int, bytes]:
    """As ``readable`` for an answer of more than LARGEST_ANSWER, which is not parsed.

    Raises:
        VastAnswer: it is of updates, and the first is known.
        UnreadableAnswer: the request was carried out.
    """
    if not _is_success(code) or not _DONE.match(payload):
        return _no_answer(code)
    found = _FIRST_UPDATE.match(payload) if method.casefold() == "getupdates" else None
    first = number(int(found[1])) if found else None
    if first is not None:
        raise VastAnswer(first)
    raise UnreadableAnswer("It was done, but its answer is too large")


def _said(payload: bytes) -> tuple[bytes, object]:
    """*payload* without halves of letters, and what it says; None if it is no JSON.
    pydantic reads it sooner than json, and refuses halves."""
    try:
        return payload, from_json(payload, cache_strings=False)
    except ValueError:
        answer = _parsed(payload)
    if _has_halves(answer):
        payload = _HALVES.sub(_whole, payload)
        answer = _parsed(payload)
    return payload, answer


def _has_halves(answer: object) -> bool:
    """Whether a letter in it is half of one. It is written out to see that."""
    try:
        json.dumps(answer, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return True
    return False


def _whole(found: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if found[1] else found[0]


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _is_success(code: int) -> bool:
    return HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES


def _no_answer(code: int) -> tuple[int, bytes]:
    words = f"HTTP {code} with something that is no answer of the Bot API's"
    return HTTPStatus.BAD_GATEWAY, _refusal(words)


def _refused(code: int, answer: JsonObject) -> tuple[int, bytes]:
    """A refusal with Telegram's own text and wait, as far as they are valid."""
    if _is_success(code):
        named = number(answer.get("error_code")) or 0
        known = HTTPStatus.BAD_REQUEST <= named < _PAST_ERRORS
        code = named if known else HTTPStatus.BAD_GATEWAY
    words = answer.get("description")
    said = words if isinstance(words, str) else ""
    return code, _refusal(said, _parameters(answer.get("parameters")))


def _parameters(about: object) -> JsonObject:
    """Telegram's wait, at most an hour, and the new id of a migrated chat."""
    numbers = about if isinstance(about, dict) else {}
    wait = number(numbers.get("retry_after"))
    chat = number(numbers.get("migrate_to_chat_id"))
    waits = {} if wait is None else {"retry_after": min(max(wait, 1), LONGEST_WAIT)}
    return waits if chat is None else waits | {"migrate_to_chat_id": chat}


def _refusal(words: str, parameters: JsonObject | None = None) -> bytes:
    body = {"ok": False, "description": words, "parameters": parameters or {}}
    return json.dumps(body).encode()


def number(value: object) -> int | None:
    """*value* if it is a valid id, else None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < LARGEST else None


# what is read of a result, by method: None if the method cannot have it


def _done(result: object) -> object:
    return result if result is True else None


def _told(result: object) -> object:
    return result if isinstance(result, dict | list) and result != {} else None


def _message(result: object) -> object:
    """The message with its id alone, so that no entity in it can be invalid. An id of 0
    is of a message that Telegram only scheduled (Bot API, Message)."""
    if not isinstance(result, dict) or "message_id" not in result:
        return None
    message = number(result["message_id"])
    if message is None or message < 1:
        raise UnreadableAnswer("It was done, but the message's number is not told")
    return {"message_id": message, "date": 0, "chat": {"id": 0, "type": "private"}}


def _edited(result: object) -> object:
    return _done(result) or _message(result)


def _me(result: object) -> object:
    if not isinstance(result, dict) or number(result.get("id")) is None:
        return None
    return {
        "id": result["id"],
        "is_bot": True,
        "first_name": str(result.get("first_name")),
        "username": str(result.get("username")),
    }


def _updates(result: object) -> object:
    """The updates; one without an id could be neither kept nor confirmed."""
    if not isinstance(result, list):
        return None
    if not all(map(_is_update, result)):
        raise UnreadableAnswer("An update has no number")
    return result


def _is_update(each: object) -> bool:
    return isinstance(each, dict) and number(each.get("update_id")) is not None


def _reader(method: str) -> Callable[[object], object]:
    if method in _READERS:
        return _READERS[method]
    starts = {"send": _message, "edit": _edited, "get": _told}
    return next((starts[each] for each in starts if method.startswith(each)), _done)


_READERS: Final[dict[str, Callable[[object], object]]] = {
    "getme": _me,
    "getupdates": _updates,
    "sendchataction": _done,
}
"""Others answer True."""
