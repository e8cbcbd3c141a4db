"""What a setting says of itself beside its type: whether the chat may choose it, and
which way it loosens a limit. Marks stand in the field's annotation.

A field without a mark can be chosen, but for those of the connection: nobody has to
remember to add it. In trading any change of it counts as one that loosens.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, get_args

import pydantic_settings  # noqa: F401  its models look for plugins on disk, not ours
from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.model.chosen.setting import Loosens


class Reach(Enum):
    """Whether the chat may choose a setting."""

    FROM_CHAT = "from the chat"
    FILE_ONLY = "from .env only"


FROM_CHAT: Final = Reach.FROM_CHAT
FILE_ONLY: Final = Reach.FILE_ONLY


def reach_of(field: FieldInfo) -> Reach | None:
    """What its mark says; None without one. A secret is never from the chat."""
    marks = [*_marks(field)]
    if any(mark is SecretStr for mark in marks):
        return FILE_ONLY
    found = [mark for mark in marks if isinstance(mark, Reach)]
    return found[0] if found else None


def loosens_of(field: FieldInfo) -> Loosens | None:
    """What its mark says; None without one."""
    found = [mark for mark in _marks(field) if isinstance(mark, Loosens)]
    return found[0] if found else None


def bounds_of(field: FieldInfo) -> str:
    """From where to where its value may lie; "" without bounds."""
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
    """The field's own, and those of the types that its annotation is made of."""
    yield from field.metadata
    yield from _within(field.annotation)


def _within(annotation: Any) -> Iterator[Any]:
    yield annotation
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _within(part)
