"""The data of the panel beside the chat. Every part is optional."""

from typing import Literal, Protocol, TypedDict


class ProcessPanel(TypedDict):
    """A process that runs, or should. The one called "Bot" is judged by its polls."""

    name: str
    detail: str
    state: Literal["up", "waiting", "down"]


class MarketPanel(TypedDict):
    """The session of today or the next one, in Unix seconds."""

    opens: float
    closes: float


class Try(TypedDict):
    """A suggestion: the text that a press on it sends, and its purpose."""

    send: str
    text: str


class ScenarioStep(TypedDict):
    """A step of the scenario at a moment, in Unix seconds."""

    at: float
    text: str
    done: bool


class ScenarioPanel(TypedDict):
    """The scenario that is played, and its steps."""

    name: str
    text: str
    steps: list[ScenarioStep]


class Speed(TypedDict):
    """How many times as fast as real time the chat's clock runs, the other speeds to
    choose from, and the next open (Unix seconds), to which one can jump.
    """

    speed: float
    choices: list[float]
    next_open: float


class ClockControl(Protocol):
    """What the panel's buttons control."""

    def jump(self) -> None:
        """Set the clock to the next open."""

    def pace(self, speed: float) -> None:
        """Set the clock to run *speed* times as fast as real time.

        Raises:
            ValueError: it cannot run at that speed.
        """


class Panel(TypedDict, total=False):
    """The text, the market's hours, the processes, the scenario, and the suggestions.
    ``starting`` says what the bot's first poll is waited for with, and goes with it."""

    title: str
    note: str
    starting: str
    market: MarketPanel
    pace: Speed
    story: ScenarioPanel
    running: list[ProcessPanel]
    tries: list[Try]
