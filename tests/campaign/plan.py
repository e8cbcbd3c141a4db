"""What each trial of the campaign is: where the bot dies, and what else goes wrong."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from random import Random
from typing import Final

from core.model import points
from core.model.points import W1, W2, W3, W4, W5
from tests.campaign.dying_bot import ONE_TICK_LATER, KillPoint


class Behaviour(StrEnum):
    """What the gateway does to one of the orders."""

    OK = "ok"
    LOST = "lost"  # the line dies before the order is read
    ACK_LOST = "ack lost"  # the line dies right behind it
    MUTE = "mute"  # swallowed, its id counted
    RESTART = "restart"  # before or after the order; order ids go back
    UNLISTED = "unlisted"  # a restart right behind the order, and a list without it
    CUT_OFF = "1100"  # the order waits in the gateway until 1102


class Twist(StrEnum):
    """What else goes wrong in a trial, whatever the gateway does to its orders."""

    NONE = "none"
    CANCEL_FIRST = "cancel before the send"
    OTHER_CLIENT = "other client id"  # a later life is started under one
    OTHER_TOOL = "other tool"  # it is given the id of an order that did not arrive
    SILENT = "silent quotes"  # and the price is 20 % higher
    SUSPENDED = "suspension"  # SIGSTOP for some seconds around W2
    RESTORED = "restored folder"  # the next life finds the one from before the Yes
    HALTED = "already halted"  # by the owner, when something worse is found
    LOST_SENDS = "lost sends"  # Telegram's answers are cut
    ELSEWHERE = "other gateway or login"  # a later life is connected to it


class Fills(StrEnum):
    """How much of each order is filled."""

    NONE = "none"
    PART = "part"
    ALL = "all"


_TWICE: Final = 0.25
"""How often a second life has its end, too."""

LABELS: Final = (
    points.W0,
    *W1,
    points.ANSWER,
    *W2,
    points.SENT,
    ONE_TICK_LATER,
    *W3,
    *W4,
    *W5,
    points.RECOVER_ADOPT,
    points.RECOVER_ABSENT,
    points.RECOVER_ASK,
    points.OUTBOX_SEND,
    points.OUTBOX_SENT,
    points.REPORT_CLAIM,
    points.REPORT_SENT,
)

RANDOM: Final = "at random"
"""The bot is killed from outside, at any moment."""

_AT_RECOVERY: Final = {
    points.RECOVER_ADOPT: (points.SENT, ONE_TICK_LATER, W3.before, W3.inside),
    points.RECOVER_ABSENT: (W2.after,),
    points.RECOVER_ASK: (points.SENT, ONE_TICK_LATER),
}
"""Labels of a second life, and where the first has to end for them."""

_OFTEN: Final = {
    points.W0: 3,
    points.ANSWER: 3,
    points.OUTBOX_SEND: 9,
    points.OUTBOX_SENT: 9,
    **dict.fromkeys((*W2, points.SENT, ONE_TICK_LATER, *W3, *W4), 2),
}
"""Up to which passing of a label the bot may live; 1 for all others."""

_ORDER_IS_LOST: Final = frozenset({Behaviour.LOST, Behaviour.MUTE, Behaviour.RESTART})

_AT_A_REPORT: Final = frozenset({points.REPORT_CLAIM, points.REPORT_SENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One trial.

    ``deaths`` are those of the bot's lives, in order. ``order`` is which of the two
    orders meets ``behaviour``; ``late`` whether a gateway restarts behind it rather
    than before. ``second_tap`` is what the double tap says, empty for a single one, and
    whether Telegram delivers the taps again is ``redelivered``. ``insists``: while the bot is dead the
    owner goes on tapping; else his first tap has to be enough. ``morning``: the card comes with the
    morning report. ``refused``: IB refuses that order; ``cancels``: the owner cancels
    what works; ``answers``: he says what he sees of an order in doubt. ``twist`` is
    what goes wrong besides.
    """

    seed: int
    number: int
    label: str
    deaths: tuple[KillPoint, ...]
    behaviour: Behaviour
    fills: Fills
    order: int
    late: bool
    rollback: int
    second_tap: str
    redelivered: bool
    insists: bool
    morning: bool
    refused: bool
    cancels: bool
    answers: bool
    kill_after: float | None
    twist: Twist = Twist.NONE

    def __str__(self) -> str:
        return (
            f"{self.number} ({self.label}, {self.behaviour}, fills {self.fills}, "
            f"{self.twist})"
        )


_TWISTED: Final = 0.5
"""How often something else goes wrong, too."""

_RESTARTS: Final = frozenset({Behaviour.RESTART, Behaviour.UNLISTED})

GRID: Final = tuple(product(LABELS, Behaviour, Fills))


def plan(number: int, *, seed: int, at_random: bool) -> Plan:
    """Trial *number* of *seed*: the grid in an order of its own, again and again."""
    chance = Random(f"{seed} {number} {at_random}")
    around, place = divmod(number, len(GRID))
    label, behaviour, fills = Random(f"{seed} {around}").sample(GRID, len(GRID))[place]
    if at_random:
        label = RANDOM
    ending = label in {*W5, RANDOM}
    return Plan(
        seed=seed,
        number=number,
        label=label,
        deaths=_deaths(label, chance),
        behaviour=behaviour,
        fills=fills,
        order=_order(label, behaviour, chance),
        late=chance.random() < 0.5,
        rollback=chance.randint(1, 3),
        second_tap=chance.choice(("", "", "Yes", "Yes", "Yes", "Only", "No")),
        redelivered=chance.random() < 0.5,
        insists=chance.random() < 0.5,
        morning=label in _AT_A_REPORT or chance.random() < 0.15,
        refused=ending and fills is Fills.ALL and chance.random() < 0.7,
        cancels=ending or chance.random() < 0.2,
        answers=chance.random() < 0.5,
        kill_after=chance.uniform(0.0, 2.5) if at_random else None,
        twist=_twist(behaviour, chance),
    )


def _twist(behaviour: Behaviour, chance: Random) -> Twist:
    """Drawn last, so that the rest of a trial is what it was before there were any.

    A gateway that forgets ids and leaves its orders out of a list looks to a restored
    journal as if nothing had been sent: that nobody can notice."""
    if chance.random() >= _TWISTED:
        return Twist.NONE
    twist = chance.choice([each for each in Twist if each is not Twist.NONE])
    if twist is Twist.RESTORED and behaviour in _RESTARTS:
        return Twist.OTHER_TOOL
    return twist


def _deaths(label: str, chance: Random) -> tuple[KillPoint, ...]:
    if label == RANDOM:
        return ()
    death = KillPoint(label=label, nth=chance.randint(1, _OFTEN.get(label, 1)))
    if label in _AT_RECOVERY:
        return (KillPoint(label=chance.choice(_AT_RECOVERY[label])), death)
    if chance.random() < _TWICE:
        return (death, KillPoint(label=chance.choice(LABELS)))
    return (death,)


def _order(label: str, behaviour: Behaviour, chance: Random) -> int:
    """Only an order that IB has can be adopted: there the second one meets trouble."""
    if label == points.RECOVER_ADOPT and behaviour in _ORDER_IS_LOST:
        return 2
    return 1 if label in _AT_RECOVERY else chance.randint(1, 2)
