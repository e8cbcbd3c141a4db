"""Each term of an order is obeyed as IB does, or refused with IB's words: never ignored."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.sandbox.trading.events import Notice, OrderChanged
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.refusals import SERVED_BY_IB_ALONE as TYPES_OF_IB
from core.sandbox.trading.terms.attributes import IN_IBS_WORDS, SERVED_BY_IB_ALONE
from core.sandbox.trading.tickets import Condition
from tests.core.sandbox.trading.published import is_as_published
from tests.harness.exchange import (
    LATER,
    NOW,
    a_limit,
    a_ticket,
    an_exchange,
    codes,
    fills,
    ny,
    shaped,
    statuses,
    the_order,
    the_stock,
)


HIGHER = ny("09:40:00")
"""When the jumping market jumps."""


def jumping(to: float) -> Exchange:
    """A market in which QKTZ goes from 11.00 to that price at 09:40."""
    return shaped(jump_at=HIGHER, jump_to=to)


def passed(exchange: Exchange, until: datetime, **changes: Any) -> list[Any]:
    """Everything that happens to one such order by then."""
    placed = exchange.place(a_ticket(exchange, **changes), NOW)
    return [*placed, *exchange.advance(until)]


# refused


@pytest.mark.parametrize("name", [*IN_IBS_WORDS, *SERVED_BY_IB_ALONE])
def test_an_attribute_that_is_not_served_is_refused_and_nothing_trades(
    name: str,
) -> None:
    events = passed(an_exchange(), LATER, raw={name: "1"})

    assert codes(events) == [IN_IBS_WORDS.get(name, (321, ""))[0]]
    assert not fills(events)
    assert all(is_as_published(e.code, e.text) for e in events if isinstance(e, Notice))


@pytest.mark.parametrize("order_type", sorted(TYPES_OF_IB))
def test_a_type_that_ib_alone_serves_is_387(order_type: str) -> None:
    events = passed(an_exchange(), LATER, order_type=order_type, limit_price=12.0)

    assert codes(events) == [387]
    assert not fills(events)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_type": "FEELINGS"}, 321),
        ({"order_type": "MIDPRICE", "outside_rth": True}, 321),
        ({"order_type": "LIT", "aux_price": 10.0}, 321),
        ({"order_type": "MIT"}, 321),
        ({"order_type": "TRAIL LIMIT", "aux_price": 0.5}, 321),
        ({"order_type": "MIT", "aux_price": 10.0, "tif": "IOC"}, 111),
        ({"order_type": "LOC", "limit_price": 11.0, "tif": "GTC"}, 113),
        ({"tif": "OPG"}, 321),  # not before the open
        ({"tif": "OVERNIGHT"}, 321),
        ({"tif": "GTD"}, 334),
        ({"tif": "GTD", "raw": {"goodTillDate": "20261123 09:00:00"}}, 334),
        ({"tif": "GTD", "raw": {"goodTillDate": "tomorrow"}}, 337),
        ({"raw": {"goodTillDate": "20261123 15:00:00"}}, 334),
        ({"tif": "GTC", "raw": {"goodTillDate": "tomorrow"}}, 334),
        ({"raw": {"exemptCode": "1"}}, 321),
        ({"order_type": "LMT", "limit_price": 12.0, "trail_percent": 5.0}, 321),
        ({"raw": {"goodAfterTime": "20261123 25:00:00"}}, 337),
        ({"raw": {"displaySize": "100"}}, 10020),
        ({"raw": {"minQty": "101"}}, 321),
        ({"raw": {"blockOrder": "1"}, "quantity": 49}, 117),
        ({"raw": {"triggerMethod": "5"}}, 146),
        ({"raw": {"shortSaleSlot": "1", "action": "BUY"}}, 348),
        ({"raw": {"clearingIntent": "Away"}}, 346),
        ({"oca_group": "one", "oca_type": 4}, 321),
        ({"algo": "Magic"}, 439),
        ({"algo": "DarkIce"}, 442),
        ({"algo": "Twap", "order_type": "STP", "aux_price": 12.0}, 442),
        ({"algo": "Adaptive", "algo_params": {"speed": "1"}}, 443),
        ({"algo": "Adaptive", "algo_params": {"adaptivePriority": "Soon"}}, 145),
        ({"algo": "Vwap", "algo_params": {"maxPctVol": "7"}}, 441),
        ({"algo": "Twap", "algo_params": {"startTime": "noon"}}, 10314),
    ],
)
def test_what_cannot_be_obeyed_is_refused_with_ibs_code(
    changes: dict[str, Any], code: int
) -> None:
    events = passed(an_exchange(), LATER, **changes)

    assert codes(events) == [code]
    assert not fills(events)
    assert [
        e
        for e in events
        if isinstance(e, Notice) and not is_as_published(e.code, e.text)
    ] == []


# types that are obeyed


@pytest.mark.parametrize(
    ("side", "to", "price"),
    [("BUY", 9.0, 9.01), ("SELL", 13.0, 12.99)],
)
@pytest.mark.parametrize("order_type", ["MIT", "LIT"])
def test_an_if_touched_order_waits_for_a_better_price(
    order_type: str, side: str, to: float, price: float
) -> None:
    exchange, touch = jumping(to), 10.0 if side == "BUY" else 12.0
    wanted = {"action": side, "order_type": order_type, "aux_price": touch}

    before = passed(
        exchange, HIGHER - timedelta(seconds=1), limit_price=touch, **wanted
    )
    after = exchange.advance(HIGHER + timedelta(minutes=1))

    assert not fills(before)
    assert fills(after) == [(100, price)]


def test_a_trailing_limit_follows_and_then_keeps_its_limit() -> None:
    exchange = jumping(9.0)
    events = passed(
        exchange,
        HIGHER + timedelta(minutes=5),
        action="SELL",
        order_type="TRAIL LIMIT",
        aux_price=0.5,
        trail_stop=10.5,
        limit_offset=0.1,
    )

    assert not fills(events)  # the market went past 10.40 at once
    assert the_order(exchange).triggered


def test_a_market_to_limit_order_rests_at_the_price_of_its_first_fill() -> None:
    exchange = shaped(refill_seconds=3600.0)

    events = passed(exchange, LATER, order_type="MTL", quantity=600)

    assert fills(events) == [(500, 11.01)]
    ticket = the_order(exchange).ticket
    assert (ticket.order_type, ticket.limit_price) == ("LMT", 11.01)


def test_a_midprice_order_trades_in_the_middle_and_not_beyond_its_cap() -> None:
    assert fills(passed(an_exchange(), LATER, order_type="MIDPRICE")) == [(100, 11.0)]
    capped = passed(an_exchange(), LATER, order_type="MIDPRICE", limit_price=10.99)
    assert not fills(capped)


@pytest.mark.parametrize(("limit", "filled"), [(11.5, True), (10.5, False)])
def test_a_limit_on_close_trades_at_the_close_or_not_at_all(
    limit: float, *, filled: bool
) -> None:
    exchange = an_exchange()
    events = passed(
        exchange, ny("16:01"), order_type="LOC", limit_price=limit, tif="DAY"
    )

    assert fills(events) == ([(100, 11.0)] if filled else [])
    assert statuses(events)[-1] == ("Filled" if filled else "Cancelled")


@pytest.mark.parametrize(("limit", "filled"), [(10.5, True), (9.5, False)])
def test_a_limit_on_open_trades_at_the_open_or_not_at_all(
    limit: float, *, filled: bool
) -> None:
    exchange, early = an_exchange(), ny("08:00")
    exchange.place(a_limit(exchange, limit, tif="OPG"), early)

    assert not fills(exchange.advance(ny("09:29:59")))
    events = exchange.advance(ny("09:31"))
    assert fills(events) == ([(100, 10.0)] if filled else [])
    assert statuses(events)[-1] == ("Filled" if filled else "Cancelled")


# sizes that are obeyed


@pytest.mark.parametrize("yes", ["1", "true", "True"])
def test_all_or_none_never_trades_a_part(yes: str) -> None:
    exchange = shaped(refill_seconds=1.0)

    events = passed(exchange, LATER, quantity=600, raw={"allOrNone": yes})

    assert not fills(events)


@pytest.mark.parametrize("no", ["", "0", "false", "False"])
def test_what_is_not_all_or_none_trades_a_part(no: str) -> None:
    exchange = shaped(refill_seconds=3600.0)

    events = passed(exchange, LATER, quantity=600, raw={"allOrNone": no})

    assert fills(events) == [(500, 11.01)]


@pytest.mark.parametrize(("least", "filled"), [("501", False), ("500", True)])
def test_the_first_fill_has_the_minimum_quantity(least: str, *, filled: bool) -> None:
    exchange = shaped(refill_seconds=3600.0)

    events = passed(exchange, LATER, quantity=600, raw={"minQty": least})

    assert bool(fills(events)) is filled


# times that are obeyed


def test_good_after_time_trades_no_earlier() -> None:
    exchange = an_exchange()

    before = passed(
        exchange, ny("09:44:59"), raw={"goodAfterTime": "20261123 09:45:00 US/Eastern"}
    )
    after = exchange.advance(ny("09:46"))

    assert not fills(before)
    assert fills(after) == [(100, 11.01)]


def test_good_till_date_ends_an_order_that_rests() -> None:
    exchange = an_exchange()
    limit = a_limit(exchange, 5.0, tif="GTD", raw={"goodTillDate": "20261124-15:00:00"})

    exchange.place(limit, NOW)

    assert "Cancelled" not in statuses(exchange.advance(ny("16:30")))
    assert the_order(exchange).remaining
    assert statuses(exchange.advance(ny("10:01", NOW.date() + timedelta(days=1)))) == [
        "Cancelled"
    ]


def test_a_twap_order_trades_in_parts_within_its_window() -> None:
    window = {"startTime": "09:40:00", "endTime": "09:42:00"}

    events = passed(an_exchange(), ny("10:00"), algo="Twap", algo_params=window)

    parts = fills(events)
    assert [shares for shares, _ in parts] == [10.0] * len(parts)
    assert 2 <= len(parts) < 10
    assert statuses(events)[-1] == "Cancelled"


def test_an_adaptive_order_trades_like_a_plain_one() -> None:
    params = {"adaptivePriority": "Urgent"}

    assert fills(passed(an_exchange(), LATER, algo="Adaptive", algo_params=params)) == [
        (100, 11.01)
    ]


# triggers and conditions that are obeyed


@pytest.mark.parametrize(("method", "trips"), [("2", False), ("4", True), ("7", True)])
def test_the_trigger_method_says_which_price_triggers(
    method: str, *, trips: bool
) -> None:
    events = passed(
        an_exchange(),
        LATER,
        order_type="STP",
        aux_price=11.01,  # the ask; the last price is 11.00
        raw={"triggerMethod": method},
    )

    assert bool(fills(events)) is trips


def test_a_stop_says_that_a_trigger_holds_it_until_it_is_triggered() -> None:
    exchange = jumping(13.0)
    placed = exchange.place(a_ticket(exchange, order_type="STP", aux_price=12.0), NOW)
    triggered = exchange.advance(HIGHER + timedelta(minutes=1))

    held = [e.order.why_held for e in placed if isinstance(e, OrderChanged)]
    then = [e.order.why_held for e in triggered if isinstance(e, OrderChanged)]
    assert set(held) == {"trigger"}
    assert set(then) == {""}


def a_condition(exchange: Exchange, kind: int, value: str, **changes: Any) -> Condition:
    return Condition(
        **{
            "kind": kind,
            "joined": "a",
            "value": value,
            "con_id": the_stock(exchange).con_id,
            "echo": ("a", "1", value),
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("kind", "value", "more"),
    [
        (1, "12.5", True),
        (3, "20261123 09:40:30", True),
        (7, "30", True),
    ],
)
def test_a_condition_holds_the_order_until_it_is_true(
    kind: int, value: str, *, more: bool
) -> None:
    exchange = jumping(13.0)
    condition = a_condition(exchange, kind, value, more=more)

    before = passed(exchange, HIGHER - timedelta(seconds=1), conditions=(condition,))
    after = exchange.advance(HIGHER + timedelta(minutes=1))

    assert not fills(before)
    assert fills(after) == [(100, 13.01)]


def test_conditions_that_cancel_take_a_resting_order_off() -> None:
    exchange = jumping(13.0)
    condition = a_condition(exchange, 1, "12.5")
    limit = a_limit(exchange, 5.0, conditions=(condition,), conditions_cancel=True)

    exchange.place(limit, NOW)

    assert "Cancelled" not in statuses(exchange.advance(HIGHER - timedelta(seconds=1)))
    assert statuses(exchange.advance(HIGHER + timedelta(minutes=2)))[-1] == "Cancelled"


def test_and_binds_closer_than_or() -> None:
    exchange = an_exchange()
    never, always = ("99", "0.01")
    conditions = (
        a_condition(exchange, 1, never, joined="a"),
        a_condition(exchange, 1, always, joined="o"),
        a_condition(exchange, 1, always),
    )

    assert fills(passed(exchange, LATER, conditions=conditions))


def test_an_execution_elsewhere_starts_an_order() -> None:
    exchange = an_exchange()
    waits = a_condition(exchange, 5, "QKTZ", con_id=0)
    exchange.place(a_ticket(exchange, order_id=1, conditions=(waits,)), NOW)
    assert not fills(exchange.advance(LATER))

    first = exchange.place(a_ticket(exchange, order_id=2), LATER)
    then = exchange.advance(LATER + timedelta(seconds=5))

    assert len(fills(first)) == len(fills(then)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kind": 2}, 398), ({"con_id": 5}, 147), ({"value": "high"}, 321)],
)
def test_a_condition_that_means_nothing_is_refused(
    changes: dict[str, Any], code: int
) -> None:
    exchange = an_exchange()
    condition = a_condition(exchange, 1, "12.0")
    plain = {name: getattr(condition, name) for name in condition.__slots__}

    events = passed(exchange, LATER, conditions=(Condition(**{**plain, **changes}),))

    assert codes(events) == [code]
    assert not fills(events)
    assert [
        e
        for e in events
        if isinstance(e, Notice) and not is_as_published(e.code, e.text)
    ] == []


def test_terms_survive_a_restart_of_the_gateway() -> None:
    exchange, again = jumping(13.0), jumping(13.0)
    condition = a_condition(exchange, 1, "12.5")
    exchange.place(a_ticket(exchange, conditions=(condition,), algo="Adaptive"), NOW)
    exchange.advance(LATER)

    again.restore(exchange.snapshot())

    assert the_order(again) == the_order(exchange)
    assert fills(again.advance(HIGHER + timedelta(minutes=1))) == [(100, 13.01)]
