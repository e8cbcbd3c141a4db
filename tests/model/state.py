"""A state of the model: the journal, the process, IB, and what fate may still do."""

from datetime import tzinfo
from enum import Enum, auto
from typing import Final, NamedTuple

from core.model.order import Order
from core.rules.listings.absence import DAY_ZONES
from tests.model.gateway import Gateway, Session


class Phase(Enum):
    """Where the bot's process is."""

    DEAD = auto()
    ALONE = auto()  # it runs, without a line
    COMPARING = auto()  # there is a line; no pass yet
    SETTLING = auto()  # a first pass has left the order open
    READY = auto()  # reconciled
    COMMITTED = auto()  # W2 is on disk, the bytes have not left
    WAITING = auto()  # sent; IB's first word is awaited


CONNECTED: Final = frozenset(
    {
        Phase.COMPARING,
        Phase.SETTLING,
        Phase.READY,
        Phase.COMMITTED,
        Phase.WAITING,
    }
)
RECEIVES: Final = CONNECTED - {Phase.COMMITTED}


class Judged(Enum):
    """That the guards have said yes to the order, and what has happened since."""

    JUST_NOW = auto()
    LONG_AGO = auto()  # the machine slept, or stood still
    ON_ANOTHER_LINE = auto()


class FaultBudget(NamedTuple):
    """What fate and the owner may still do. ``visits`` are sessions in another name,
    ``losses`` are requests to cancel that are lost on their way. Taps on Yes and on
    Cancel are without limit."""

    crashes: int = 2
    restarts: int = 1
    midnights: int = 1
    trades: int = 1
    visits: int = 1
    losses: int = 1
    sleeps: int = 1
    halts: int = 1


ALL: Final = FaultBudget()


class State(NamedTuple):
    """``order`` is the journal's, None before the first Yes. ``wire`` is whether its
    frame is on its way; ``epoch`` counts the handshakes; ``earlier`` is what the first
    pass saw; ``told`` is whether the owner has been asked about a doubt. ``wanted`` is
    whether he was told that his cancel is accepted, whatever the journal holds of it;
    ``asked`` whether IB was asked to cancel since the last pass. ``wrong`` is a promise
    that the step to this state has broken."""

    order: Order | None = None
    phase: Phase = Phase.DEAD
    session: Session = Session.OWN
    wire: bool = False
    epoch: int = 0
    earlier: Gateway | None = None
    earlier_day: int = 0
    judged: Judged | None = None
    halted: bool = False
    gateway: Gateway = Gateway()
    day: int = 0
    told: bool = False
    wanted: bool = False
    asked: bool = False
    wrong: str = ""
    budget: FaultBudget = ALL


class Rules(NamedTuple):
    """The protocol's rules; a removal names what is left out."""

    one_winner: bool = True
    """W1 is compare-and-set: only the first Yes makes an order."""
    reads_again: bool = True
    """W2 reads order, halt, line and the judgement's age in its own transaction."""
    looks_at_the_clock: bool = True
    """The judgement's age is looked at once more before the bytes leave."""
    fence: bool = True
    """A handshake ends only when the old socket has been read to its end."""
    identity: bool = True
    """Only a session in the order's own name speaks of it."""
    by_id_alone: bool = False
    """Whatever has the order's ids is taken for it."""
    cancels_what_works: bool = True
    """Only an order that IB has shown to be ours is cancelled."""
    keeps_cancels: bool = True
    """A wanted cancel is on disk."""
    asks_again: bool = True
    """Each pass asks once more for a cancel that is not confirmed."""
    zones: tuple[tzinfo, ...] = DAY_ZONES
    """Whose midnights make listings worthless."""
    never_resend: bool = True


Step = tuple[str, State]
