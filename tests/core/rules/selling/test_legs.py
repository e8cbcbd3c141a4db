"""What a card that sells a holding shows of it, and what it does not sell."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.market import Freshness
from core.model.money import Price, Shares
from core.model.portfolio import Position
from core.model.proposal import Leg
from core.rules.selling.legs import left_out, sale_leg
from tests.builders import FDMX, QRVX, a_position, a_quote, price


def leg_of(position: Position, shares: int = 100, **named: Any) -> Leg | None:
    asked = {"number": 1, "quote": None, "orders": (), **named}
    return sale_leg(position, Shares(shares), **asked)


def left(*held: Position, sold: tuple[Leg, ...] = (), free: int = 100) -> str:
    shares = {each.instrument.con_id: Shares(free) for each in held}
    return left_out(held, sold, free=shares)


@pytest.mark.parametrize(
    ("quote", "mark", "cost", "reference"),
    [
        (a_quote(last=price("4.83"), bid=price("4.81")), "4.61", "4.84", "4.83"),
        (a_quote(last=None, bid=price("4.81")), "4.61", "4.84", "4.81"),
        (a_quote(last=price("4.83"), bid=None), "4.61", "4.84", "4.83"),
        (a_quote(last=None, bid=None), "4.61", "4.84", "4.61"),
        (None, "4.61", "4.84", "4.61"),
        (None, None, "4.84", "4.84"),
    ],
)
def test_a_holding_is_sold_at_what_is_known_best_of_its_price(
    quote: Any, mark: str | None, cost: str, reference: str
) -> None:
    position = a_position(price=mark and price(mark), average_cost=price(cost))
    leg = leg_of(position, quote=quote)

    assert leg is not None
    assert leg.reference == price(reference)
    assert (leg.bid, leg.ask) == ((quote.bid, quote.ask) if quote else (None, None))


def test_without_any_price_there_is_no_leg() -> None:
    assert leg_of(a_position(price=None, average_cost=None)) is None


@pytest.mark.parametrize(
    ("halted", "said"), [(True, True), (False, False), (None, False)]
)
def test_a_leg_says_that_its_stock_is_halted(halted: Any, *, said: bool) -> None:
    leg = leg_of(
        a_position(), quote=a_quote(halted=halted, freshness=Freshness.DELAYED)
    )

    assert leg is not None
    assert leg.halted is said
    assert leg.freshness is Freshness.DELAYED


TAKEN = (
    "being sold already, sold just now, or in an order that you closed by word today"
)
NO_PRICE: dict[str, Price | None] = {"price": None, "average_cost": None}


@pytest.mark.parametrize(
    ("position", "free", "said"),
    [
        (a_position(kind="OPT"), 0, "100 QRVX (no stock: sell it in TWS)"),
        (
            a_position(instrument=replace(QRVX, currency="CAD")),
            100,
            "100 QRVX (in CAD: /sell QRVX asks about it)",
        ),
        (
            a_position(),
            40,
            f"100 QRVX ({TAKEN})",
        ),
        (a_position(**NO_PRICE), 100, "100 QRVX (no price known: sell it in TWS)"),
        (a_position(shares=Decimal("0.5"), **NO_PRICE), 0, "0.5 QRVX"),
        (a_position(shares=Decimal(1)), 1, "1 QRVX"),
        (a_position(shares=Decimal(-50)), 0, "-50 QRVX"),
    ],
    ids=["an option", "abroad", "being sold", "no price", "a part", "one", "short"],
)
def test_what_is_not_sold_is_named_and_why(
    position: Position, free: int, said: str
) -> None:
    assert left(position, free=free) == f"Not in this sale: {said}."


def test_a_share_of_which_nothing_is_free_is_being_sold() -> None:
    assert "being sold already" in left_out(
        [a_position(shares=Decimal(1))], (), free={}
    )


def test_what_a_leg_sells_is_not_left() -> None:
    other = a_position(instrument=FDMX, shares=Decimal("12.5"))
    legs = tuple(filter(None, (leg_of(a_position()), leg_of(other, 12))))

    assert left(a_position(), sold=legs) == ""
    assert left(a_position(), other, sold=legs) == "Not in this sale: 0.5 FDMX."
