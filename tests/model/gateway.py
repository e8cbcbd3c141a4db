"""What the model's IB knows of the one order, and what its listings show of it."""

from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from core.model.evidence import CompletedOrder, Evidence, FillMessage, HeldPosition
from core.model.identity import Identity
from core.model.portfolio import OpenOrder
from tests.builders import (
    ACCOUNT,
    CLIENT_ID,
    IDENTITY,
    NOW,
    ORDER_ID,
    QRVX,
    a_completed_order,
    a_fill,
    a_fill_message,
    a_held_position,
    an_evidence,
    an_open_order,
    some_names,
)


class Book(Enum):
    """How the order stands in IB's own book."""

    NOTHING = auto()
    OPEN = auto()
    FILLED = auto()
    CANCELLED = auto()


class Tool(Enum):
    """The order of another tool under our client id, which IB gave our order's id."""

    NONE = auto()
    NAMELESS = auto()  # it carries no ref
    ALIKE = auto()  # its ref begins as ours do
    FILLED = auto()
    CANCELLED = auto()


class Session(Enum):
    """In whose name a session is held. OWN is the name that the order is sent in:
    which of them that is makes no difference to the rules."""

    OWN = auto()
    OTHER_CLIENT = auto()
    OTHER_GATEWAY = auto()
    OTHER_LOGIN = auto()


IDENTITIES: Final = {
    Session.OWN: IDENTITY,
    Session.OTHER_CLIENT: replace(IDENTITY, client_id=CLIENT_ID + 1),
    Session.OTHER_GATEWAY: replace(IDENTITY, gateway="localhost:4001"),
    Session.OTHER_LOGIN: replace(IDENTITY, accounts=("DU7654321",)),
}

SHARES: Final = 100
OF_THE_TOOL: Final = 40
"""Shares of the other tool's order, in the same stock."""

DAY: Final = timedelta(days=1)
NAMES: Final = some_names()
ALIKE: Final = "tb-scalper-7"


class Gateway(NamedTuple):
    """``ended_on`` is the day of the fill or cancellation: listings forget it at
    midnight. ``counted`` is whether nextValidId is beyond our order id. ``orders``
    counts every order of ours that ever was in the book. ``held`` are shares of the
    stock."""

    book: Book = Book.NOTHING
    ended_on: int = 0
    counted: bool = False
    orders: int = 0
    held: int = 0
    tool: Tool = Tool.NONE

    @property
    def id_is_taken(self) -> bool:
        """Whether another tool's order has our order's id."""
        return self.tool is not Tool.NONE

    @property
    def tool_works(self) -> bool:
        return self.tool in {Tool.NAMELESS, Tool.ALIKE}


class Pass(NamedTuple):
    """What decides what one pass over the listings shows. ``by_id_alone``: whatever
    has our order's ids is read as ours. ``as_one``: every session is read as held in
    the order's own name."""

    gateway: Gateway
    day: int
    epoch: int
    session: Session
    by_id_alone: bool = False
    as_one: bool = False


@cache
def listings(at: Pass) -> Evidence:
    """One complete pass, as the product reads it. Another login lists other orders;
    another client id is given ids of its own."""
    gateway = at.gateway if at.session is not Session.OTHER_LOGIN else Gateway()
    today = gateway.ended_on == at.day
    filled = gateway.book is Book.FILLED and today
    over = today and gateway.book in {Book.FILLED, Book.CANCELLED}
    counted = gateway.counted and at.session is Session.OWN
    moment = NOW + at.day * DAY + timedelta(seconds=30)
    return an_evidence(
        at=moment,
        gateway_time=moment,
        identity=_identity(at),
        epoch=at.epoch,
        next_valid_id=ORDER_ID + 1 if counted else ORDER_ID,
        open_orders=_open_orders(gateway, by_id_alone=at.by_id_alone),
        completed=(_completed(gateway),) if over else (),
        fills=(fill_message(),) if filled else (),
        positions=(_position(gateway.held),),
    )


def _identity(at: Pass) -> Identity:
    return IDENTITY if at.as_one else IDENTITIES[at.session]


def _open_orders(gateway: Gateway, *, by_id_alone: bool) -> tuple[OpenOrder, ...]:
    ours = (an_open_order(),) if gateway.book is Book.OPEN else ()
    if not gateway.tool_works:
        return ours
    return (*ours, an_open_order() if by_id_alone else _of_the_tool(gateway.tool))


def _of_the_tool(tool: Tool) -> OpenOrder:
    ref = ALIKE if tool is Tool.ALIKE else ""
    return an_open_order(ref=ref, perm_id=555, shares=OF_THE_TOOL)


def _completed(gateway: Gateway) -> CompletedOrder:
    filled = gateway.book is Book.FILLED
    return a_completed_order(
        status="Filled" if filled else "Cancelled", filled=SHARES if filled else 0
    )


def _position(held: int) -> HeldPosition:
    return a_held_position(account=ACCOUNT, con_id=QRVX.con_id, shares=held)


def fill_message() -> FillMessage:
    """The execution of the whole order, as IB says it."""
    return a_fill_message(names=NAMES, fill=a_fill())
