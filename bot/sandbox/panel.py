"""What the panel beside the chat shows. All of it is optional."""

from typing import Literal, Protocol, TypedDict


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


class StoryStep(TypedDict):
    """Something that happens at a moment, in Unix seconds."""

    at: float
    text: str
    done: bool


class Story(TypedDict):
    """What is being played, and its steps."""

    name: str
    text: str
    steps: list[StoryStep]


class Speed(TypedDict):
    """How many times as fast as the wall's the chat's clock runs, what else can be
    chosen, and the next open (Unix seconds), to which one can jump."""

    speed: float
    choices: list[float]
    next_open: float


class Steered(Protocol):
    """What the buttons of the panel reach."""

    def jump(self) -> None:
        """To the next open."""

    def pace(self, speed: float) -> None:
        """Run so many times as fast as the wall.

        Raises:
            ValueError: it cannot run at that speed.
        """


class Panel(TypedDict, total=False):
    """Words, the market's hours, what runs, what is played, and what to try."""

    title: str
    note: str
    market: Market
    pace: Speed
    story: Story
    running: list[Part]
    tries: list[Try]
