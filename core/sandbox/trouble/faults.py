"""Scripted troubles: what a scenario does to the messages, the connection and the
market.

A scenario is data. The same seed and the same scenario give the same conversation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from core.sandbox.market.shapes import Shape
from core.sandbox.protocol.message_names import REPLIES, REQUESTS
from core.sandbox.protocol.wire import Fields


class Action(StrEnum):
    """What is done to a message that a trouble applies to."""

    DROP = "drop"  # it never existed
    DELAY = "delay"  # it comes *seconds* late
    REPEAT = "repeat"  # it comes twice
    SWAP = "swap"  # it changes places with the next message
    REPLACE = "replace"  # its field number *field* reads *text*
    CORRUPT = "corrupt"  # a number in it turns into text that means nothing
    SHORTEN = "shorten"  # its last field is missing
    EXTEND = "extend"  # it has one field more than anybody knows
    CORRECT = "correct"  # executions: it comes again as its own correction
    WILD_LENGTH = "wild length"  # it passes, then a length comes that is none
    REFUSE = "refuse"  # requests: not done, answered with *code* and *text*
    NOTE = "note"  # it passes, and *code* and *text* come *seconds* later
    SWALLOW = "swallow"  # orders: not placed, not answered, but the id is counted
    CUT = "cut"  # it passes, and the line is lost right behind it
    CUT_BEFORE = "cut before"  # the line is lost before it can pass
    HAPPEN = "happen"  # *happening* comes about: before a request, behind a reply


class LineEvent(StrEnum):
    """What a happening does: to the gateway, to its connection to the broker, or at the
    exchange.
    """

    LOST = "1100"
    BACK_DATA_LOST = "1101"
    BACK = "1102"
    BROKEN = "2110"
    MARKET_FARM_DOWN = "2103"
    MARKET_FARM_UP = "2104"
    HISTORY_FARM_DOWN = "2105"
    HISTORY_FARM_UP = "2106"
    DEFINITIONS_FARM_DOWN = "2157"
    DEFINITIONS_FARM_UP = "2158"
    RESTART = "restart"
    FREEZE = "freeze"
    THAW = "thaw"
    CUT = "cut"
    SILENCE = "silence"  # quotes that run say nothing any more, and no code says so
    BUST = "bust"  # the exchange takes the newest execution back
    CORRECT = "correct"  # it corrects the shares or the price of the newest execution
    TURN_DOWN = "turn down"  # it rejects the newest live order that it had accepted
    SPLIT = "split"  # a stock's shares become more or fewer, its orders end


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event, *after* so many seconds.

    Counted from the first startApi, or from the message that brings it about.
    """

    after: float
    event: LineEvent
    rollback: int = 0  # restart: by how much the order ids go back
    down: float = 0.0  # restart: for how long nobody is let in
    blind: int = 0  # restart: how many lists of open orders it gives before it has them
    symbol: str = ""  # split: of this stock; empty: of the one traded last
    ratio: float = 1.0  # split: new shares for each old one; 0.1 is 1 for 10
    shares: int | None = None  # correct: so many; None: as many as before
    price: float | None = None  # correct: at this price each; None: as before

    def __post_init__(self) -> None:
        if (self.shares or 0) < 0 or (self.price is not None and self.price <= 0):
            raise ScenarioError(f"a trade of {self.shares} at {self.price} cannot be")
        if self.ratio <= 0:
            raise ScenarioError(f"a split into {self.ratio} shares cannot be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One fault in messages of one name."""

    message: str
    action: Action
    nth: int = 1  # counted over the gateway's life, from 1
    times: int = 1  # how many in a row; 0 means all from then on
    containing: str = ""  # only messages with exactly this text in one of the fields
    field: int = 0  # in this one (the message id is 0); or the one to replace
    seconds: float = 0.0
    code: int = 0
    text: str = ""
    untied: bool = False  # the code comes with request id -1
    happening: Happening | None = None

    def __post_init__(self) -> None:
        if self.message not in KNOWN_MESSAGES:
            raise ScenarioError(f"no message is called {self.message!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named set of troubles and happenings; ``seen`` says where such a thing was
    seen.
    """

    name: str
    seen: str
    troubles: tuple[Trouble, ...] = ()
    line: tuple[Happening, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)  # GatewayConfig fields
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # by symbol
    renamed: Mapping[str, str] = field(default_factory=dict)  # symbols, old and new


class ScenarioError(ValueError):
    """A field of a scenario has a value that is not possible."""


KNOWN_MESSAGES: Final = frozenset((*REQUESTS.values(), *REPLIES.values()))
EVERY_STOCK: Final = "*"
QUIET_DAY: Final = Scenario(name="quiet-day", seen="Nothing goes wrong.")


class Passed(NamedTuple):
    """The messages that result from one message, and the troubles applied to it."""

    messages: tuple[tuple[float, Fields], ...]  # extra seconds, and the fields
    applied: tuple[Trouble, ...] = ()


class Troubles:
    """Counts the messages and applies the scenario's troubles to them."""

    def __init__(self, scenario: Scenario) -> None:
        self._waiting: dict[str, list[Trouble]] = {}
        for trouble in scenario.troubles:
            self._waiting.setdefault(trouble.message, []).append(trouble)
        self._seen: dict[Trouble, int] = {}
        self._held: dict[tuple[object, str], list[Fields]] = {}

    def add(self, trouble: Trouble) -> None:
        """Add *trouble*; its count of messages starts now, unless an equal one was added
        before, whose count goes on."""
        self._waiting.setdefault(trouble.message, []).append(trouble)

    def request(self, message: Fields, *, client: object) -> Passed:
        """Apply the troubles to a message from *client*."""
        if not self._waiting:
            return Passed(messages=((0.0, message),))
        held = self._held.setdefault((client, "in"), [])
        return self._pass(message, name=_name(message, REQUESTS), held=held)

    def reply(self, message: Fields, *, client: object) -> Passed:
        """Apply the troubles to a message to *client*."""
        if not self._waiting:
            return Passed(messages=((0.0, message),))
        held = self._held.setdefault((client, "out"), [])
        return self._pass(message, name=_name(message, REPLIES), held=held)

    def forget(self, client: object) -> None:
        """Forget the messages held back for a client that has gone."""
        self._held.pop((client, "in"), None)
        self._held.pop((client, "out"), None)

    def _pass(self, message: Fields, *, name: str, held: list[Fields]) -> Passed:
        if name not in self._waiting and not held:
            return Passed(messages=((0.0, message),))
        applied = tuple(
            t for t in self._waiting.get(name, ()) if self._applies(t, message)
        )
        messages = [(0.0, message)]
        for trouble in applied:
            messages = _altered_by(messages, trouble)
        if any(t.action is Action.SWAP for t in applied):
            held.append(message)
            return Passed(messages=(), applied=applied)
        messages += [(0.0, late) for late in held]
        held.clear()
        return Passed(messages=tuple(messages), applied=applied)

    def _applies(self, trouble: Trouble, message: Fields) -> bool:
        anywhere = trouble.field == 0 or trouble.action is Action.REPLACE
        look_at = message if anywhere else message[trouble.field :][:1]
        if trouble.containing and trouble.containing not in look_at:
            return False
        count = self._seen[trouble] = self._seen.get(trouble, 0) + 1
        behind = count - trouble.nth
        return behind >= 0 and (trouble.times == 0 or behind < trouble.times)


Messages = list[tuple[float, Fields]]
"""The messages that come of one, each with its extra seconds."""

GONE: Final = frozenset(
    {Action.DROP, Action.REFUSE, Action.SWALLOW, Action.CUT_BEFORE},
)
EXEC_ID: Final = re.compile(r"([0-9a-f]+\.[0-9a-f]+\.[0-9a-f]+)\.(\d\d)")


def _altered_by(messages: Messages, trouble: Trouble) -> Messages:
    if trouble.action in GONE:
        return []
    if trouble.action is Action.DELAY:
        return [(late + trouble.seconds, each) for late, each in messages]
    if trouble.action is Action.REPEAT:
        return messages * 2
    if trouble.action is Action.CORRECT:
        return messages + [(late, _correction(each)) for late, each in messages]
    return [(late, _altered(each, trouble)) for late, each in messages]


def _altered(message: Fields, trouble: Trouble) -> Fields:
    at = trouble.field
    match trouble.action:
        case Action.REPLACE:
            return (*message[:at], trouble.text, *message[at + 1 :])
        case Action.CORRUPT:
            return _corrupted(message)
        case Action.SHORTEN:
            return message[:-1]
        case Action.EXTEND:
            return (*message, "unheard-of")
        case _:
            return message


def _correction(message: Fields) -> Fields:
    """Repeat an execution with only the digits after the last dot changed."""
    return tuple(EXEC_ID.sub(r"\1.02", each) for each in message)


def _corrupted(message: Fields) -> Fields:
    """Make the first field that holds a number unreadable."""
    spot = next((i for i in range(2, len(message)) if message[i].isdecimal()), 0)
    return tuple("#?" if i == spot else each for i, each in enumerate(message))


def _name(message: Fields, names: Mapping[int, str]) -> str:
    number = message[0] if message else ""
    return names.get(int(number), "") if number.isdecimal() else ""


def for_every_stock(
    shapes: Mapping[str, Shape], symbols: Iterable[str]
) -> dict[str, Shape]:
    """The shapes by symbol: the one called "*" is given to each of *symbols* that has none
    of its own."""
    named = {symbol: each for symbol, each in shapes.items() if symbol != EVERY_STOCK}
    common = shapes.get(EVERY_STOCK)
    return named if common is None else {**dict.fromkeys(symbols, common), **named}
