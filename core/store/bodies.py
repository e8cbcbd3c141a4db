"""Converts values to JSON and back without loss of digits or microseconds.

A card, a recorded scan and what became of it are wide and alike, and there are many:
their JSON is kept deflated (RFC 1950), in a fifth of the space."""

import zlib
from functools import cache, lru_cache
from typing import Final, get_args

from pydantic import TypeAdapter

from core.model.chosen.setting import SettingQuestion
from core.model.errors import StoreError
from core.model.exits.protection import Protection
from core.model.news import News
from core.model.proposal import Proposal
from core.model.scoring.following import Followed
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score


_KINDS: Final[dict[str, type[News]]] = {kind.__name__: kind for kind in get_args(News)}


@cache
def _proposals() -> TypeAdapter[Proposal]:
    return TypeAdapter(Proposal)


@cache
def _recordings() -> TypeAdapter[Recording]:
    return TypeAdapter(Recording)


@cache
def _followed() -> TypeAdapter[Followed]:
    return TypeAdapter(Followed)


@cache
def _questions() -> TypeAdapter[SettingQuestion]:
    return TypeAdapter(SettingQuestion)


@cache
def _scores() -> TypeAdapter[Score]:
    return TypeAdapter(Score)


@cache
def _protections() -> TypeAdapter[tuple[Protection, ...]]:
    return TypeAdapter(tuple[Protection, ...])


def warm_up() -> None:
    """Build the adapters now; it takes about 50 ms at first use."""
    _proposals()


@cache
def _news(kind: str) -> TypeAdapter[News]:
    return TypeAdapter(_KINDS[kind])


def packed(text: str) -> bytes:
    """A body as the journal keeps it."""
    return zlib.compress(text.encode())


def unpacked(body: bytes | str) -> str:
    """The text of a kept *body*; a journal from before step 0020 has the text itself.

    Raises:
        StoreError: it was altered.
    """
    if isinstance(body, str):
        return body
    try:
        return zlib.decompress(body).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise StoreError(f"A row of the journal cannot be read: {error}.") from error


def proposal_to_json(proposal: Proposal) -> str:
    return _proposals().dump_json(proposal).decode()


def proposal_from_json(body: str) -> Proposal:
    return _proposals().validate_json(body)


@lru_cache(maxsize=8)
def proposal_from_body(body: bytes) -> Proposal:
    """Of a packed one. Cached: a tap reads its card several times, and the value is
    immutable.

    Raises:
        StoreError: the body cannot be unpacked.
    """
    return proposal_from_json(unpacked(body))


def kind_of(news: News) -> str:
    """The name of the kind of *news*, which may have the same fields as another."""
    return type(news).__name__


def news_to_json(news: News) -> str:
    return _news(kind_of(news)).dump_json(news).decode()


def news_from_json(kind: str, body: str) -> News:
    return _news(kind).validate_json(body)


def recording_to_json(recording: Recording) -> str:
    return _recordings().dump_json(recording, exclude_defaults=True).decode()


def recording_from_json(body: str) -> Recording:
    return _recordings().validate_json(body)


def followed_to_json(followed: Followed) -> str:
    return _followed().dump_json(followed, exclude_defaults=True).decode()


def followed_from_json(body: str) -> Followed:
    return _followed().validate_json(body)


def question_to_json(question: SettingQuestion) -> str:
    return _questions().dump_json(question).decode()


def question_from_json(body: str) -> SettingQuestion:
    return _questions().validate_json(body)


def score_to_json(score: Score) -> str:
    return _scores().dump_json(score).decode()


@lru_cache(maxsize=1)
def score_from_json(body: str) -> Score:
    """Cached, since every card shows a line of it."""
    return _scores().validate_json(body)


def protections_to_json(protections: tuple[Protection, ...]) -> str:
    return _protections().dump_json(protections).decode()


@lru_cache(maxsize=2)
def protections_from_json(body: str) -> tuple[Protection, ...]:
    """Cached, since they are read every second."""
    return _protections().validate_json(body)
