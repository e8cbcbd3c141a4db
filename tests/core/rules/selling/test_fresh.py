"""Where the account window lags behind what IB lists if it is asked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.market import ConId
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.portfolio import LISTING_LAG, Inventory, Position
from core.rules.selling.fresh import Holdings, holdings_now, listed_otherwise
from tests.builders import FDMX, NOW, QRVX, a_fill, a_position, a_sent_order
from tests.core.rules.selling.sales import an_earlier_sale


JUST_NOW = NOW - LISTING_LAG + timedelta(seconds=1)
BEFORE = NOW - LISTING_LAG


def bought(shares: int, **named: object) -> Order:
    fills = (a_fill(shares=Shares(shares), at=named.pop("at", JUST_NOW)),)
    return a_sent_order(state=OrderState.FILLED, fills=fills, **named)


def sold(shares: int) -> Order:
    fills = (a_fill(shares=Shares(shares), at=JUST_NOW),)
    return an_earlier_sale(shares, state=OrderState.FILLED, fills=fills)


def now(
    *ours: Order, window: tuple[Position, ...] = (), listed: dict[ConId, str]
) -> Holdings:
    shares = {con_id: Decimal(each) for con_id, each in listed.items()}
    return holdings_now(window, Inventory(open_orders=(), shares=shares), ours, NOW)


def listed_in(holdings: Holdings) -> list[tuple[str, int]]:
    return [(each.instrument.symbol, int(each.shares)) for each in holdings.listed]


@pytest.mark.parametrize("shares", [1, 40])
def test_a_purchase_that_the_window_lacks_is_held_as_ib_lists_it(shares: int) -> None:
    order = bought(shares)
    [position] = now(order, listed={QRVX.con_id: str(shares)}).listed

    assert (position.instrument, position.shares) == (QRVX, Decimal(shares))
    assert position.average_cost == order.average_price


@pytest.mark.parametrize("listed", ["0", "-40", None])
def test_a_purchase_that_ib_does_not_list_is_not_held_yet(listed: str | None) -> None:
    found = now(bought(40), listed={} if listed is None else {QRVX.con_id: listed})

    assert found.listed == ()
    assert found.in_words() == "Bought just now and not listed by IB yet: 40 QRVX."


def test_a_holding_of_which_more_was_bought_is_as_large_as_ib_lists_it() -> None:
    window = (a_position(), a_position(instrument=FDMX))
    listed = {QRVX.con_id: "140", FDMX.con_id: "7"}

    found = now(bought(40), window=window, listed=listed)

    assert listed_in(found) == [("QRVX", 140), ("FDMX", 100)]
    assert found.in_words() == ""


def test_a_holding_of_which_more_was_bought_stays_where_ib_does_not_list_it() -> None:
    assert listed_in(now(bought(40), window=(a_position(),), listed={})) == [
        ("QRVX", 100)
    ]


@pytest.mark.parametrize("order", [bought(40, at=BEFORE), sold(40)])
def test_without_a_purchase_of_the_last_minutes_the_window_counts(order: Order) -> None:
    found = now(order, window=(a_position(),), listed={QRVX.con_id: "60"})

    assert listed_in(found) == [("QRVX", 100)]
    assert found.in_words() == ""


def test_what_nobody_has_named_is_told_by_its_number() -> None:
    listed = {QRVX.con_id: "10", FDMX.con_id: "1.5", ConId(4): "0", ConId(5): "20"}

    found = now(bought(20, instrument=FDMX), window=(a_position(),), listed=listed)

    assert found.nameless == {ConId(5): 20}
    assert found.in_words() == (
        "Bought just now and not listed by IB yet: 18 FDMX."
        " Held, and not named by IB yet: 20 of contract 5."
    )


@pytest.mark.parametrize(
    ("window", "listed", "lacking"),
    [("0", "30", 20), ("30", "10", 20), ("10", "30", 20), ("0", "50", 0)],
)
def test_of_what_was_bought_the_larger_listing_counts(
    window: str, listed: str, lacking: int
) -> None:
    """80 bought, and 30 of them sold again."""
    held = (a_position(shares=Decimal(window)),) if window != "0" else ()
    found = now(bought(80), sold(30), window=held, listed={QRVX.con_id: listed})

    assert found.unlisted == ({"QRVX": lacking} if lacking else {})


def test_a_holding_that_only_the_window_names_is_listed_otherwise() -> None:
    window = [a_position(instrument=FDMX)]

    found = listed_otherwise(window, Inventory(open_orders=(), shares={}), [])

    assert found == {"FDMX": 0}


@pytest.mark.parametrize(
    ("shown", "listed", "said"),
    [
        ("100", "100", {}),
        ("100", "0", {"QRVX": Decimal(0)}),  # a purchase that was taken back
        ("0", "100", {"QRVX": Decimal(100)}),  # a purchase of a moment ago
        ("100", "40", {"QRVX": Decimal(40)}),
        ("0.5", "0.5", {}),
        ("0", "1", {"QRVX": Decimal(1)}),
    ],
)
def test_what_ib_lists_otherwise_is_named(
    shown: str, listed: str, said: dict[str, Decimal]
) -> None:
    held = a_position(instrument=QRVX, shares=Decimal(shown))
    window = [held] if held.shares else []
    shares = {QRVX.con_id: Decimal(listed)} if listed != "0" else {}
    inventory = Inventory(open_orders=(), shares=shares)

    assert listed_otherwise(window, inventory, [a_sent_order()]) == said
