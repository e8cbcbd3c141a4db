"""Marks in a field's annotation: whether the chat may change the setting, and in which
direction it loosens a limit.

A field without a mark can be changed in the chat, except those of the connection, so
that none is forgotten. In the trading group any change of it counts as one that
loosens."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.model.chosen.setting import Loosens


class ChatMark(Enum):
    """Whether the chat may change a setting."""

    FROM_CHAT = "from the chat"
    FILE_ONLY = "from .env only"


FROM_CHAT: Final = ChatMark.FROM_CHAT
FILE_ONLY: Final = ChatMark.FILE_ONLY


def chat_mark_of(field: FieldInfo) -> ChatMark | None:
    """Whether the chat may change the setting, by its mark; None without one. A secret
    can never be changed in the chat."""
    marks = [*_marks(field)]
    if any(mark is SecretStr for mark in marks):
        return FILE_ONLY
    found = [mark for mark in marks if isinstance(mark, ChatMark)]
    return found[0] if found else None


def loosens_of(field: FieldInfo) -> Loosens | None:
    """In which direction the setting loosens a limit, by its mark; None without one."""
    found = [mark for mark in _marks(field) if isinstance(mark, Loosens)]
    return found[0] if found else None


def bounds_of(field: FieldInfo) -> str:
    """The range of its values as text; "" without bounds."""
    words = [_bound(mark) for mark in _marks(field)]
    return ", ".join(word for word in words if word)


def _bound(mark: object) -> str:
    match mark:
        case Ge(ge=least):
            return f"{least:,} or more"
        case Gt(gt=below):
            return f"above {below:,}"
        case Le(le=most):
            return f"up to {most:,}"
        case Lt(lt=above):
            return f"below {above:,}"
        case _:
            return ""


def _marks(field: FieldInfo) -> Iterator[Any]:
    """The field's own marks, and those of the types in its annotation."""
    yield from field.metadata
    yield from _within(field.annotation)


def _within(annotation: Any) -> Iterator[Any]:
    yield annotation
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _within(part)
