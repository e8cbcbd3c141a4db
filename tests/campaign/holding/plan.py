"""What each trial of a holding is: its scene, where the bot dies, what the gateway does."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from core.model import points
from core.model.points import CARD, EXITS, PANIC, PANIC_OVER, W1, W2, W3, W4, W5
from tests.campaign.dying_bot import ONE_TICK_LATER, KillPoint
from tests.campaign.plan import Behaviour


class Scene(StrEnum):
    """What is done to a holding, from the moment on at which the bot may die."""

    ENTRY = "entry with exits"
    FALL = "stop fires while dead"
    RISE = "target fires while dead"
    SELL = "sale by command"
    BUTTON = "sale by button"
    PANIC = "panic"
    MOVE = "exits moved"
    OFF = "exits taken off"
    TIMED = "timed exit"


AT_YES: Final = frozenset({Scene.ENTRY, Scene.FALL, Scene.RISE})
"""Scenes that begin with the Yes to the purchase; before the others the exits stand."""

_EVERYWHERE: Final = (
    points.W0,
    *W1,
    points.ANSWER,
    *W2,
    points.SENT,
    ONE_TICK_LATER,
    *W3,
    *W4,
    *W5,
    *EXITS,
    points.OUTBOX_SEND,
    points.OUTBOX_SENT,
)
_AT_A_QUESTION: Final = frozenset(Scene) - AT_YES
LABELS: Final = (*_EVERYWHERE, *CARD, *PANIC, *PANIC_OVER)

GRID: Final = (
    *((label, scene) for label in _EVERYWHERE for scene in Scene),
    *((label, scene) for label in CARD for scene in Scene if scene in _AT_A_QUESTION),
    *((label, Scene.PANIC) for label in (*PANIC, *PANIC_OVER)),
)

_OFTEN: Final = {
    points.W0: 3,
    points.ANSWER: 3,
    points.OUTBOX_SEND: 6,
    points.OUTBOX_SENT: 6,
    **dict.fromkeys((*W2, points.SENT, ONE_TICK_LATER, *W3, *W4, *W5), 3),
}
"""Up to which passing of a label the bot may live; 1 for all others."""

_TWICE: Final = 0.25
_QUIET: Final = 0.4
"""How often the gateway does nothing unusual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingPlan:
    """One trial of 100 shares, or of 40 of them where ``part``: a purchase is filled so far.

    ``deaths`` are those of the bot's lives, counted from the beginning of the ``scene``
    on. ``order`` is which order from then on meets ``behaviour``; ``late`` and
    ``rollback`` are as in a trial of a card. ``insists``: while the bot is dead the owner
    says again what he said. ``answers``: he says what he sees of an order in doubt.
    ``agrees``: he says Yes to a sale, and else No. ``all``: of a sale that is not a panic.
    """

    seed: int
    number: int
    label: str
    scene: Scene
    deaths: tuple[KillPoint, ...]
    behaviour: Behaviour
    part: bool
    order: int
    late: bool
    rollback: int
    insists: bool
    answers: bool
    agrees: bool
    all: bool

    def __str__(self) -> str:
        return f"holding {self.number} ({self.label}, {self.scene}, {self.behaviour})"


def holding_plan(number: int, *, seed: int) -> HoldingPlan:
    """Trial *number* of *seed*: the grid in an order of its own, again and again."""
    chance = Random(f"holding {seed} {number}")
    around, place = divmod(number, len(GRID))
    order = Random(f"holding {seed} {around}").sample(GRID, len(GRID))
    label, scene = order[place]
    quiet = chance.random() < _QUIET
    return HoldingPlan(
        seed=seed,
        number=number,
        label=label,
        scene=scene,
        deaths=_deaths(label, chance),
        behaviour=Behaviour.OK if quiet else chance.choice(list(Behaviour)),
        part=scene not in {Scene.SELL, Scene.BUTTON} and chance.random() < 0.3,
        order=chance.randint(1, 3),
        late=chance.random() < 0.5,
        rollback=chance.randint(1, 3),
        insists=chance.random() < 0.5,
        answers=chance.random() < 0.5,
        agrees=chance.random() < 0.75,
        all=chance.random() < 0.5,
    )


def _deaths(label: str, chance: Random) -> tuple[KillPoint, ...]:
    death = KillPoint(label=label, nth=chance.randint(1, _OFTEN.get(label, 1)))
    if chance.random() < _TWICE:
        return (death, KillPoint(label=chance.choice(_EVERYWHERE)))
    return (death,)
