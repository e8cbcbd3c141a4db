"""A state of the model of exits: the journal, IB's book, and what may still happen."""

from enum import Enum
from typing import Final, NamedTuple

from core.model.exits.plan import ExitKind
from core.model.order import OrderState as S


class Exit(NamedTuple):
    """One exit order for ``shares``, in its OCA ``group``. ``state`` and ``known`` fills
    are the journal's, ``open`` and ``filled`` IB's; ``asked`` is whether its cancel is
    wanted. A frame is at IB at once or never: what an exit sells on the milliseconds
    between the guard's question and the arrival of another is told in docs/safety.md."""

    group: int
    kind: ExitKind
    shares: int
    state: S = S.PLANNED
    known: int = 0
    open: bool = False
    filled: int = 0
    asked: bool = False


class Sale(NamedTuple):
    """The owner's own sale, approved; None of it is at IB before it is ``done``."""

    shares: int
    done: bool = False
    over: bool = False


class Panic(Enum):
    """How far /panic has come, on disk: its halt and the wanted cancels are one write
    with it, and a card is owed; the card stands; it was answered."""

    NONE = "none"
    OWED = "owed"
    ASKED = "asked"
    OVER = "over"


class FaultBudget(NamedTuple):
    """What may still happen so many times."""

    crashes: int = 1
    losses: int = 1
    by_hand: int = 1
    sales: int = 1
    panics: int = 0


class State(NamedTuple):
    """``bought`` are shares that IB has filled of the purchase, ``known`` those of them
    that the journal holds. ``off`` is whether the
    exits were taken off by somebody, ``told`` whether the owner knows, ``hands`` whether
    shares were sold by hand. ``panicked`` is whether the owner
    was told that all is stopped, ``entry_over`` whether IB has cancelled the purchase."""

    held: int = 0
    bought: int = 0
    known: int = 0
    exits: tuple[Exit, ...] = ()
    sale: Sale | None = None
    runs: bool = True
    off: bool = False
    told: bool = False
    hands: bool = False
    panic: Panic = Panic.NONE
    panicked: bool = False
    entry_over: bool = False
    budget: FaultBudget = FaultBudget()


class Rules(NamedTuple):
    """The rules of exits; a removal names what is left out."""

    waits_for_evidence: bool = True
    """An exit counts as selling until evidence ends it."""
    asks_what_is_held: bool = True
    """What an exit may sell is asked of IB, and not taken from the journal."""
    ends_what_is_too_much: bool = True
    """Exits that cover more than is held are cancelled."""
    looks_at_the_start: bool = True
    """What lacks exits is found from the journal, not from a fill that is heard."""
    whole_groups: bool = True
    """A group that lacks one of its exits ends, and comes anew."""
    target_waits: bool = True
    """A target leaves once IB is known to hold its stop."""
    group_is_whole: bool = True
    """An exit is not sent once another of its group has sold."""
    panic_is_one_write: bool = True
    """The halt of a panic, the cancels that it wants and the card that it owes are on
    disk together."""
    panic_is_on_disk: bool = True
    """The card that a panic owes is asked for by the next start, too."""
    panic_places_none: bool = True
    """While a panic halts, no exit is placed."""
    sale_waits: bool = True
    """The owner's sale waits for the end of the exits of its shares."""


SIZE: Final = 2
"""Shares of the purchase: they come one by one."""

KINDS: Final = (ExitKind.STOP, ExitKind.TARGET)

Step = tuple[str, State]
