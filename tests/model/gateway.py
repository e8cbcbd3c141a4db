"""What the model's IB knows of the one order, and what its listings show of it."""

from datetime import timedelta
from enum import Enum, auto
from functools import cache
from typing import Final, NamedTuple

from core.model.evidence import CompletedOrder, Evidence, FillHeard, HeldPosition
from tests.builders import (
    ACCOUNT,
    NOW,
    ORDER_ID,
    QRVX,
    a_completed_order,
    a_fill,
    a_fill_heard,
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


SHARES: Final = 100
DAY: Final = timedelta(days=1)
NAMES: Final = some_names()


class Gateway(NamedTuple):
    """``ended_on`` is the day of the fill or cancellation: listings forget it at
    midnight. ``counted`` is whether nextValidId is beyond our order id. ``orders``
    counts every order that ever was in the book. ``held`` are shares of the stock."""

    book: Book = Book.NOTHING
    ended_on: int = 0
    counted: bool = False
    orders: int = 0
    held: int = 0


@cache
def listings(gateway: Gateway, *, day: int, epoch: int) -> Evidence:
    """One complete pass, as the product reads it."""
    today = gateway.ended_on == day
    filled = gateway.book is Book.FILLED and today
    over = today and gateway.book in {Book.FILLED, Book.CANCELLED}
    moment = NOW + day * DAY + timedelta(seconds=30)
    return an_evidence(
        at=moment,
        gateway_time=moment,
        epoch=epoch,
        next_valid_id=ORDER_ID + 1 if gateway.counted else ORDER_ID,
        open_orders=(an_open_order(),) if gateway.book is Book.OPEN else (),
        completed=(_completed(gateway),) if over else (),
        fills=(fill_heard(),) if filled else (),
        positions=(_position(gateway.held),),
    )


def _completed(gateway: Gateway) -> CompletedOrder:
    filled = gateway.book is Book.FILLED
    return a_completed_order(
        status="Filled" if filled else "Cancelled", filled=SHARES if filled else 0
    )


def _position(held: int) -> HeldPosition:
    return a_held_position(account=ACCOUNT, con_id=QRVX.con_id, shares=held)


def fill_heard() -> FillHeard:
    """The execution of the whole order, as IB says it."""
    return a_fill_heard(names=NAMES, fill=a_fill())
