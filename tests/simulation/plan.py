"""The plan of a simulated day: its market, its owner, its faults; all from one seed.

Faults are a list of values, each drawn by a generator of its own, so that leaving one
out does not change the others, as the shrinker needs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from random import Random
from typing import Final

from core.model import points
from core.model.points import (
    CARD,
    CHOICE,
    EXITS,
    NOTE,
    PANIC,
    PANIC_OVER,
    W1,
    W2,
    W3,
    W4,
    W5,
)
from core.sandbox.trouble.faults import Trouble


ALL_ROWS: Final = 50


class Kind(StrEnum):
    """What goes wrong. ``what`` and ``amount`` of a Fault say more."""

    CRASH = "crash"  # the process ends; the system keeps what it had handed over
    POWER = "power loss"  # and with it what was on its way, and what was not synced
    OLD_COPY = "old copy"  # killed; what begins then has the files of a while before
    CRASH_AT = "crash at"  # at a write-ahead point
    CRASH_STEPS = "crash in"  # so many turns of the loop after a tap
    ORDER = "order"  # something happens to the next order's bytes
    WORD = "word"  # a message of IB's is late, comes twice, or changes its place
    RESTART = "gateway restart"
    CUT = "gateway cut"
    FREEZE = "gateway frozen"
    LINE = "line"  # 1100, and then 1101 or 1102
    FARM = "farm"
    DARK = "gateway dark"  # nothing passes, nothing is refused
    CHAT_STATUS = "chat status"  # 429, 5xx, 400, 401, 409
    CHAT_CUT = "chat cut"  # before the request is obeyed, or after
    CHAT_SLOW = "chat slow"
    CHAT_AGAIN = "chat redelivers"
    CHAT_OUT = "chat out"  # refused or dark
    NETWORK = "network quality"  # late and split packets on all wires
    STEP = "clock step"
    SLEEP = "suspension"
    LOGIN = "other login"  # it names another set of accounts for a while
    NAMESAKE = "namesake"  # another tool's order, its ref like ours
    HAND = "hand order"  # somebody trades the same stocks by another tool
    STRANGER = "stranger"
    ELSEWHERE = "elsewhere"  # a button's data on another message
    LATE_TAP = "late tap"  # a Yes on the oldest offer, as the owner's phone had it
    SOON = "soon after"  # a tap or an order's bytes: something happens right then
    SCENARIO = "scenario"  # one of the gateway's own, by name
    CODE = "code"  # IB says something of an order, or refuses a cancel
    SETTING = "setting"  # the owner changes one in the chat
    DISK = "disk full"  # the journal cannot grow for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, *at* that many seconds after the day's start."""

    at: float
    kind: Kind
    what: str = ""
    amount: float = 0.0
    nth: int = 1
    after: float = 0.0
    """Seconds between what it waits for and what happens."""

    def __str__(self) -> str:
        parts = f"{self.kind} {self.what}".strip()
        return f"{parts} {self.amount:.3g} ({self.nth})" if self.amount else parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the owner acts: probabilities of each act, and seconds between two."""

    pause: float
    buys: float
    twice: float
    stale: float
    second_phone: float
    curious: float
    cancels: float
    halts: float
    sells: float
    looks: float
    """How soon he looks at IB when he is asked what is there."""

    protects: float = 0.0
    """How often he chooses exits, and asks for others."""

    one: bool = False
    """He buys one of the two that a card offers, never both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of one seed's day. ``lasts`` is in seconds; then all faults end, and a
    calm follows after which everything must be right.
    """

    seed: int
    day: date
    begins: time
    lasts: float
    book: str
    fills: str
    habits: Habits
    faults: tuple[Fault, ...]
    rows: int = ALL_ROWS
    """How many rows a scan asks for."""

    settles: bool = False
    """Whether no order may be in doubt in the end, and nothing keeps an exit back."""

    exits: tuple[tuple[str, str], ...] = ()
    """The exits that a card begins with, as the settings name them."""

    settings: tuple[tuple[str, str], ...] = ()
    """Other settings of that day, by name."""

    edited: tuple[tuple[str, str], ...] = ()
    """What the owner changes of them in the file: so the second life finds it."""

    halts: bool | None = None
    """Whether something of it is a reason to halt; None where it may be."""

    lost: tuple[Trouble, ...] = ()
    """What of IB's messages is lost or changed all day long."""

    is_master: bool = False
    """Whether the bot's client id is the gateway's master id, and hears of all orders."""

    def without(self, left_out: frozenset[int]) -> "Plan":
        """The same day without the faults with those numbers."""
        kept = tuple(f for n, f in enumerate(self.faults) if n not in left_out)
        return replace(self, faults=kept)


_LOSES_ANSWERS: Final = frozenset(
    {
        *(Kind.CRASH, Kind.POWER, Kind.OLD_COPY, Kind.CRASH_AT, Kind.CRASH_STEPS),
        *(Kind.CHAT_CUT, Kind.CHAT_SLOW, Kind.CHAT_OUT, Kind.NETWORK, Kind.SLEEP),
        *(Kind.STEP, Kind.DISK, Kind.CHAT_STATUS),
    }
)
_LOSING_WORDS: Final = frozenset({"crash", "chat", "sleep"})


def loses_answers(plan: Plan) -> bool:
    """Whether answers of Telegram's may not reach the bot on that day, or it dies."""
    return any(
        fault.kind in _LOSES_ANSWERS or _LOSING_WORDS & {*fault.what.split()}
        for fault in plan.faults
    )


_FEW_ROWS: Final = 12
"""A quarter of a day's processor time is spent on the other rows, which nobody buys."""

WIRE: Final = "wire"
"""As a point: the bytes of an order leave."""

FALSELY_CANCELLED: Final = "placeOrder note 202"
"""IB says that an order is cancelled, and works it."""

FALSELY_REFUSED: Final = "falsely refused"
"""As a fate of an order: IB says that it has refused it, and has it a while later."""

NO_BUTTON: Final = "no button"
"""So begins what is counted when a course has the owner press what no message has."""

PRESSES: Final = frozenset({"yes", "press", "stale", "deny"})
"""What a fault may have the owner press: see ``Troublemaker``."""

STEADY: Final = 480.0
"""Seconds after the last fault."""

POINTS: Final = (
    points.W0,
    *W1,
    points.ANSWER,
    *W2,
    points.SENT,
    *W3,
    *W4,
    *W5,
    *NOTE,
    *EXITS,
    *CARD,
    *CHOICE,
    *PANIC,
    *PANIC_OVER,
    points.RECOVER_ADOPT,
    points.RECOVER_ABSENT,
    points.RECOVER_ASK,
    points.OUTBOX_SEND,
    points.OUTBOX_SENT,
    points.REPORT_CLAIM,
    points.REPORT_SENT,
)

_ABOUT_ORDERS: Final = (*[WIRE] * 6, *[points.SENT] * 3, *W1, *W2, *W2, *W3)
"""Where a death is dearest: these are drawn more often than the others."""

_REGULAR: Final = date(2026, 11, 23)
_DAYS: Final = (
    *[_REGULAR] * 8,
    date(2026, 11, 27),  # closes at 13:00
    date(2026, 11, 26),  # Thanksgiving: closed
    date(2026, 11, 28),  # a Saturday
    date(2026, 11, 2),  # New York has just turned its clocks back
    date(2026, 3, 9),  # and forward
    date(2026, 3, 20),  # London's have not been turned yet
)
_BEGINS: Final = (
    *[time(9, 31)] * 4,
    *[time(9, 27)] * 3,
    time(9, 36),
    time(11, 0),
    time(12, 40),
    time(15, 40),
    time(23, 35),
    time(3, 50),
    time(8, 0),
)
_ORDER_FATES: Final = (
    *("cut", "cut before", "swallow", "drop", "delay", "refuse", "swallow and cut"),
)
_LONG: Final = "for hours"
_SOON: Final = (
    *("tap cancel", "tap halt", "tap panic", "tap sleep", "tap cut", "tap hand SELL"),
    *("order cancel", "order halt", "order panic", "order sleep", "order cut"),
    *("order restart", "order line", "order freeze", "order hand BUY"),
    *("order hand SELL", "order hand CANCEL", "order blind", "order sleep for hours"),
    *("exit cut", "exit hand SELL", "exit hand FLAT", "exit hand CANCEL", "exit panic"),
)
_CODES: Final = (
    *("placeOrder note 399", "placeOrder note 404", "placeOrder note 2109"),
    *("placeOrder note 10349", "placeOrder note 99999", "placeOrder note 103"),
    *("placeOrder note 161", "placeOrder refuse 103", "placeOrder refuse 104"),
    *("placeOrder refuse 110", "placeOrder refuse 201", "placeOrder refuse 100"),
    *("cancelOrder refuse 10147", "cancelOrder refuse 10148", "cancelOrder refuse 161"),
    *("cancelOrder note 10148", "cancelOrder drop 0", "cancelOrder note 202"),
)
_WORDS: Final = (
    *("openOrder", "orderStatus", "execDetails", "commissionReport", "error"),
    *("tickPrice", "scannerData", "historicalData", "position", "updateAccountValue"),
    *("openOrderEnd", "completedOrdersEnd", "execDetailsEnd", "currentTime"),
)
_STATUSES: Final = ("429", "500", "502", "504", "400", "409")
_METHODS: Final = (
    *("sendMessage", "editMessageText", "getUpdates", "answerCallbackQuery", "*"),
)
_BOOKS: Final = ("deep", "deep", "thin", "moving", "refused", "drops", "jumps")
_EXITS: Final = (
    *[()] * 4,
    (("exit_stop", "5%"),),
    (("exit_stop", "5%"), ("exit_target", "10%")),
    (("exit_trail", "3%"), ("exit_target", "0.50")),
)
_OFTEN: Final = (
    (Kind.CRASH, 2),
    (Kind.POWER, 1),
    (Kind.OLD_COPY, 1),
    (Kind.CRASH_AT, 5),
    (Kind.CRASH_STEPS, 4),
    (Kind.ORDER, 5),
    (Kind.WORD, 4),
    (Kind.RESTART, 2),
    (Kind.CUT, 2),
    (Kind.FREEZE, 2),
    (Kind.LINE, 2),
    (Kind.FARM, 1),
    (Kind.DARK, 1),
    (Kind.CHAT_STATUS, 3),
    (Kind.CHAT_CUT, 3),
    (Kind.CHAT_SLOW, 2),
    (Kind.CHAT_AGAIN, 2),
    (Kind.CHAT_OUT, 2),
    (Kind.NETWORK, 2),
    (Kind.STEP, 1),
    (Kind.SLEEP, 1),
    (Kind.HAND, 1),
    (Kind.LOGIN, 1),
    (Kind.NAMESAKE, 1),
    (Kind.STRANGER, 1),
    (Kind.ELSEWHERE, 1),
    (Kind.LATE_TAP, 1),
    (Kind.DISK, 1),
    (Kind.SOON, 5),
    (Kind.CODE, 4),
)


def at_will(seed: int) -> Plan:
    """A day on which everything is drawn."""
    chance = Random(f"day {seed}")
    lasts = chance.choice((600.0, 900.0, 1500.0))
    number = chance.choice((0, 1, 2, 2, 3, 3, 4, 6, 8))
    faults = [_fault(Random(f"fault {seed} {n}"), lasts) for n in range(number)]
    return Plan(
        seed=seed,
        day=chance.choice(_DAYS),
        begins=chance.choice(_BEGINS),
        lasts=lasts,
        book=chance.choice(_BOOKS),
        fills=chance.choice(("soon", "soon", "soon", "late", "never")),
        habits=_habits(Random(f"owner {seed}")),
        faults=tuple(sorted(faults, key=lambda fault: fault.at)),
        exits=Random(f"exits {seed}").choice(_EXITS),
        rows=Random(f"rows {seed}").choice((ALL_ROWS, _FEW_ROWS, _FEW_ROWS)),
    )


def _habits(chance: Random) -> Habits:
    return Habits(
        pause=chance.choice((8.0, 20.0, 45.0, 90.0)),
        buys=chance.choice((0.3, 0.6, 0.9)),
        twice=chance.choice((0.0, 0.2, 0.6)),
        stale=chance.choice((0.0, 0.1, 0.3)),
        second_phone=chance.choice((0.0, 0.0, 0.4)),
        curious=chance.choice((0.1, 0.3, 0.6)),
        cancels=chance.choice((0.0, 0.1, 0.4)),
        halts=chance.choice((0.0, 0.0, 0.05, 0.2)),
        sells=chance.choice((0.0, 0.1, 0.3)),
        looks=chance.choice((0.3, 0.3, 0.02)),
        protects=chance.choice((0.0, 0.1, 0.4)),
    )


def _fault(chance: Random, lasts: float) -> Fault:
    kinds, weights = zip(*_OFTEN, strict=True)
    [kind] = chance.choices(kinds, weights)
    at = round(chance.uniform(5, lasts), 3)
    return replace(_DRAWN[kind](chance), at=at, kind=kind)


def _soon(chance: Random) -> Fault:
    return _soon_after(chance.choice(_SOON), chance)


def _soon_after(what: str, chance: Random) -> Fault:
    """A fault during the handling of a tap or an order."""
    after = round(chance.choice((0.0, chance.random(), 3 * chance.random())), 3)
    amount = round(chance.uniform(1.0, 30.0), 3)
    hours = round(chance.uniform(7, 18) * 3600)
    return Fault(
        at=0.0,
        kind=Kind.SOON,
        what=what,
        amount=hours if what.endswith(_LONG) else amount,
        nth=chance.randint(1, 2),
        after=after,
    )


def _code(chance: Random) -> Fault:
    """A code that IB sends about an order that it has, or has not, or about a cancel."""
    number = chance.choice(_CODES)
    late = round(chance.choice((0.0, 5 * chance.random(), 25 * chance.random())), 3)
    return Fault(
        at=0.0, kind=Kind.CODE, what=number, amount=late, nth=chance.randint(1, 2)
    )


_Drawer = Callable[[Random], Fault]


def _some(
    *whats: str, least: float = 0.0, most: float = 0.0, times: int = 1
) -> _Drawer:
    def draw(chance: Random) -> Fault:
        return Fault(
            at=0.0,
            kind=Kind.CUT,
            what=chance.choice(whats) if whats else "",
            amount=round(chance.uniform(least, most), 3) if most else 0.0,
            nth=chance.randint(1, times),
        )

    return draw


def _word(chance: Random) -> Fault:
    what = f"{chance.choice(_WORDS)} {chance.choice(('delay', 'repeat', 'swap'))}"
    return _some(what, least=0.2, most=15.0, times=4)(chance)


def _status(chance: Random) -> Fault:
    what = f"{chance.choice(_METHODS)} {chance.choice(_STATUSES)}"
    return _some(what, least=1.0, most=30.0, times=6)(chance)


def _on_chat(*whats: str) -> _Drawer:
    def draw(chance: Random) -> Fault:
        what = f"{chance.choice(_METHODS)} {chance.choice(whats)}"
        return _some(what, least=0.5, most=40.0, times=3)(chance)

    return draw


_DRAWN: Final = {
    Kind.CRASH: _some(least=0.5, most=60.0),
    Kind.POWER: _some(least=5.0, most=90.0),
    Kind.OLD_COPY: _some(least=2.0, most=120.0),
    Kind.CRASH_AT: _some(*POINTS, *_ABOUT_ORDERS, least=0.5, most=20.0, times=3),
    Kind.CRASH_STEPS: _some(least=0.5, most=20.0, times=120),
    Kind.ORDER: _some(*_ORDER_FATES, least=0.5, most=30.0, times=2),
    Kind.WORD: _word,
    Kind.RESTART: _some("", "rollback", "blind", least=0.5, most=120.0),
    Kind.CUT: _some(),
    Kind.FREEZE: _some(least=1.0, most=90.0),
    Kind.LINE: _some("1101", "1102", least=1.0, most=200.0),
    Kind.FARM: _some("2103", "2105", "2157", least=1.0, most=100.0),
    Kind.DARK: _some(least=2.0, most=150.0),
    Kind.CHAT_STATUS: _status,
    Kind.CHAT_CUT: _on_chat("before", "after"),
    Kind.CHAT_SLOW: _on_chat("delay"),
    Kind.CHAT_AGAIN: _some(times=3),
    Kind.CHAT_OUT: _some("shut", "dark", least=2.0, most=400.0),
    Kind.NETWORK: _some(least=0.05, most=3.0),
    Kind.STEP: _some("forward", "back", least=0.5, most=4000.0),
    Kind.SLEEP: _some("", "cut", least=3.0, most=4000.0),
    Kind.LOGIN: _some(least=20.0, most=300.0),
    Kind.NAMESAKE: _some("tb-abcdefgh2j-1", "tb-robot-7", times=3),
    Kind.HAND: _some("BUY", "SELL", times=3),
    Kind.STRANGER: _some(times=3),
    Kind.ELSEWHERE: _some(),
    Kind.LATE_TAP: _some(),
    Kind.DISK: _some(least=1.0, most=60.0),
    Kind.SOON: _soon,
    Kind.CODE: _code,
}
