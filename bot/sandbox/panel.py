"""What the panel beside the chat shows. All of it is optional."""

from typing import Literal, TypedDict


class Part(TypedDict):
    """Something that runs, or should. The part called "Bot" is watched by its polls."""

    name: str
    detail: str
    state: Literal["up", "waiting", "down"]


class Market(TypedDict):
    """The session of today or the next one, in Unix seconds."""

    opens: float
    closes: float


class Try(TypedDict):
    """A suggestion: what a press on it sends, and why one would."""

    send: str
    text: str


class Panel(TypedDict, total=False):
    """Words, the market's hours, what runs, and what to try."""

    title: str
    note: str
    market: Market
    running: list[Part]
    tries: list[Try]
