"""What the demo can play: a day at the exchange, and what goes wrong on it.

Each story says in the panel what happens and when. Beside these, every scenario of the
simulated gateway can be named (``python -m bot gateway --scenario list``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final, Protocol

from bot.sandbox.faults import ANY_METHOD, Fault
from bot.sandbox.server import BotApiServer
from core.sandbox.server import GatewayServer
from core.sandbox.trouble.faults import (
    QUIET_DAY,
    Action,
    Happening,
    LineEvent,
    Scenario,
    Trouble,
)
from core.sandbox.trouble.scenarios import BY_NAME


class SimulatedParts(Protocol):
    """What a story acts on."""

    gateway: GatewayServer
    chat: BotApiServer

    def suspend(self, seconds: float) -> None:
        """The computer sleeps for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that happens *at* a time of day in New York."""

    at: time
    text: str
    do: Callable[[SimulatedParts], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A day, named; *gateway* is a scenario that is in force from its beginning."""

    name: str
    text: str
    day: date | None = None
    acts: tuple[Act, ...] = ()
    gateway: Scenario = QUIET_DAY


DAY: Final = date(2026, 11, 23)
"""Where no day is asked for: a Monday with nothing special about it."""

_MANY: Final = 100_000
"""Requests: more than a bot makes in an outage."""

_GONE: Final = Fault(status=502)
_HALF_AN_HOUR: Final = timedelta(minutes=30).total_seconds()


def _flap(code: str) -> Callable[[SimulatedParts], object]:
    return lambda stage: stage.gateway.flap(int(code))


def _restart(stage: SimulatedParts) -> None:
    stage.gateway.happen(
        Happening(after=0, event=LineEvent.RESTART, down=90.0, rollback=2)
    )


def _swallow(stage: SimulatedParts) -> None:
    stage.gateway.add_trouble(Trouble(message="placeOrder", action=Action.SWALLOW))


STORIES: Final = (
    Story(name="usual-day", text="Nothing goes wrong."),
    Story(
        name="holiday",
        text="Thanksgiving: the exchange is closed, and there is no report.",
        day=date(2026, 11, 26),
    ),
    Story(
        name="early-close",
        text="The day after Thanksgiving: the exchange closes at 13:00.",
        day=date(2026, 11, 27),
    ),
    Story(
        name="ib-outage",
        text="IB's servers are out of the gateway's reach for eight minutes.",
        acts=(
            Act(at=time(9, 41), text="the gateway loses IB (1100)", do=_flap("1100")),
            Act(at=time(9, 49), text="it is back (1102)", do=_flap("1102")),
        ),
    ),
    Story(
        name="gateway-restart",
        text="The gateway restarts in mid-session, and its order ids go back.",
        acts=(Act(at=time(9, 45), text="it is away for 90 s", do=_restart),),
    ),
    Story(
        name="telegram-outage",
        text="Telegram answers nothing from before the report on. What you send waits.",
        acts=(
            Act(
                at=time(9, 33),
                text="every answer is 502",
                do=lambda stage: stage.chat.faults.next(ANY_METHOD, _GONE, times=_MANY),
            ),
            Act(
                at=time(9, 43),
                text="Telegram is back",
                do=lambda stage: stage.chat.faults.clear(),
            ),
        ),
    ),
    Story(
        name="order-swallowed",
        text="The first order that you approve gets no answer from IB, ever.",
        acts=(Act(at=time(9, 26), text="from now on", do=_swallow),),
    ),
    Story(
        name="laptop-sleeps",
        text="The computer that the bot runs on sleeps for half an hour.",
        acts=(
            Act(
                at=time(10, 0),
                text="it sleeps until 10:30",
                do=lambda stage: stage.suspend(_HALF_AN_HOUR),
            ),
        ),
    ),
)


def story(name: str) -> Story:
    """The story of that name, or one of a scenario of the gateway.

    Raises:
        ValueError: there is neither; says which there are.
    """
    for each in STORIES:
        if each.name == name:
            return each
    if name in BY_NAME:
        scenario = BY_NAME[name]
        return Story(name=name, text=scenario.seen, gateway=scenario)
    raise ValueError(
        f"there is no scenario {name!r}; there are: "
        f"{_listed(each.name for each in STORIES)}; and those of the gateway: "
        f"{_listed(BY_NAME)}"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
