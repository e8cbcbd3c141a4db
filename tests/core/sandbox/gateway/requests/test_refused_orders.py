"""Orders that a TWS refuses: each refusal has its code on the order's id, and nothing
trades that a TWS would not let trade."""

from typing import Any, Final

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.protocol.placing import FIRST
from core.sandbox.protocol.wire import Fields
from core.sandbox.trading.holdings import AccountSpec
from tests.core.sandbox.talking import (
    AAPL,
    MORNING,
    SPY,
    Talker,
    a_gateway,
    an_order,
    contract,
    of_kind,
)
from tests.core.sandbox.trading.published import is_as_published


APPLE: Final = contract(AAPL)
RESTS: Final[dict[str, Any]] = {"orderType": "LMT", "lmtPrice": 10.0}
OUT_OF_REACH: Final[dict[str, Any]] = {
    "action": "SELL",
    "orderType": "LMT",
    "lmtPrice": 1000.0,
}
TRAILS: Final[dict[str, Any]] = {"action": "SELL", "orderType": "TRAIL"}


def placed(*orders: tuple[str, ...]) -> tuple[Talker, list[Fields]]:
    """The client that placed those orders, and all it heard within a minute."""
    talker = Talker(a_gateway()).start()
    talker.received.clear()
    for order in orders:
        talker.ask(*order)
        talker.wait(2)
    talker.wait(60)
    return talker, talker.received


def refusals(found: list[Fields], order_id: int = 1) -> list[str]:
    return [each[3] for each in of_kind(found, 4) if each[2] == str(order_id)]


def fills(found: list[Fields]) -> list[Fields]:
    return of_kind(found, 11)


def named(**changes: str) -> tuple[str, ...]:
    names = ("conId", "symbol", "secType", "expiry", "strike", "right", "multiplier")
    last = ("exchange", "primary", "currency", "local", "class")
    plain = dict(zip((*names, *last), APPLE, strict=True)) | {"symbol": "AAPL"}
    return tuple((plain | changes).values())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (dict.fromkeys(("conId", "symbol", "secType", "exchange"), ""), "200"),
        ({"exchange": ""}, "321"),
        ({"conId": "", "exchange": ""}, "321"),
        ({"exchange": "NOWHERE"}, "200"),
        ({"conId": "", "exchange": "NOWHERE"}, "200"),
        ({"exchange": "IDEALPRO"}, "200"),
        ({"conId": "", "symbol": "aapl"}, "200"),
        ({"conId": "", "symbol": " AAPL"}, "200"),
        ({"secType": "OPT"}, "200"),
        ({"conId": "", "secType": "FOO"}, "200"),
        ({"conId": "", "secType": "BAG"}, "200"),
        ({"conId": "", "currency": "usd"}, "200"),
        ({"conId": "", "currency": ""}, "200"),
        ({"conId": "", "primary": "NYSE"}, "200"),
        ({"conId": "99999999999"}, "320"),
        ({"conId": "2147483647"}, "200"),
        ({"conId": "-1"}, "200"),
    ],
)
def test_what_names_no_stock_is_not_bought(changes: dict[str, str], code: str) -> None:
    _, found = placed(an_order(1, named(**changes)))

    assert refusals(found) == [code]
    assert not fills(found)


def test_a_contract_number_and_an_exchange_are_enough() -> None:
    only = (AAPL, *[""] * 6, "SMART", *[""] * 4)

    assert fills(placed(an_order(1, only))[1])
    assert fills(placed(an_order(1, named(exchange="NASDAQ")))[1])


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"totalQuantity": -5}, "321"),
        ({"totalQuantity": 0}, "434"),
        ({"totalQuantity": ""}, "434"),
        ({"totalQuantity": "1.7976931348623157E308"}, "434"),
        ({"totalQuantity": 0.5}, "10243"),
        ({"totalQuantity": "1_0"}, "320"),
        ({"totalQuantity": "nan"}, "320"),
        ({"totalQuantity": "Infinity"}, "320"),
        ({"totalQuantity": 1e15}, "320"),
        ({"totalQuantity": 1e9}, "201"),
        ({"action": "buy"}, "321"),
        ({"action": ""}, "321"),
        ({"orderType": "mkt"}, "321"),
        ({"orderType": ""}, "321"),
        ({"tif": "day"}, "321"),
        ({"orderType": "LMT", "lmtPrice": 0}, "321"),
        ({"orderType": "LMT", "lmtPrice": -1}, "321"),
        ({"orderType": "LMT", "lmtPrice": 10.001}, "110"),
        ({"orderType": "LMT", "lmtPrice": 1e-9}, "110"),
        ({"orderType": "LMT"}, "321"),
        ({**TRAILS, "auxPrice": 1, "trailingPercent": 2}, "321"),
        ({**TRAILS, "trailingPercent": 100}, "321"),
        ({**TRAILS, "trailingPercent": -5}, "321"),
        ({**TRAILS, "auxPrice": -5}, "321"),
        ({**TRAILS, "auxPrice": 1, "trailStopPrice": -5}, "321"),
        ({**TRAILS, "auxPrice": 1, "trailStopPrice": 100.003}, "110"),
        ({**TRAILS, "auxPrice": 1, "parentId": 1}, "10006"),
        ({"tif": "GTD"}, "334"),
        ({"tif": "GTD", "goodTillDate": "20200101 10:00:00"}, "334"),
        ({"tif": "GTD", "goodTillDate": "20260731"}, "337"),
        ({"tif": "GTD", "goodTillDate": "99991231 23:59:59 US/Eastern"}, "337"),
        ({"tif": "GTD", "goodTillDate": "00010101 00:00:00 Asia/Tokyo"}, "337"),
        ({"goodTillDate": "20260731 10:00:00"}, "334"),
        ({"minQty": -1}, "321"),
        ({"minQty": "\u0663"}, "321"),
        ({"faGroup": "everybody"}, "344"),
        ({"sharesAllocation": "a/10,b/20"}, "344"),
        ({"account": "DU7654321"}, "321"),
        ({"account": "du1234567"}, "321"),
        ({"whatIf": 1, "transmit": 0}, "413"),
        ({"ocaGroup": "one", "ocaType": 9}, "321"),
        ({"parentId": 99}, "10006"),
        ({"parentId": "x"}, "320"),
        ({"ocaType": "2147483648"}, "320"),
    ],
)
def test_what_no_order_can_say_is_refused_and_does_not_trade(
    terms: dict[str, Any], code: str
) -> None:
    _, found = placed(an_order(1, **terms))

    assert refusals(found) == [code]
    assert not fills(found)


@pytest.mark.parametrize("exempt", ["ocaGroup", "ocaType"])
def test_an_oca_group_of_one_trades_as_a_plain_order(exempt: str) -> None:
    terms: dict[str, Any] = {"ocaGroup": "one", "ocaType": 1, exempt: ""}

    _, found = placed(an_order(1, **terms))

    assert not refusals(found)
    assert len(fills(found)) == 1


@pytest.mark.parametrize("order_id", [0, -5])
def test_an_order_id_below_the_first_is_103(order_id: int) -> None:
    _, found = placed(an_order(order_id))

    assert refusals(found, order_id) == ["103"]
    assert not fills(found)


def test_an_order_id_is_of_32_bits() -> None:
    _, found = placed(an_order(2**31), an_order(2**31 - 1))

    assert [each[2:4] for each in of_kind(found, 4)] == [("-1", "320")]
    assert [each[2] for each in fills(found)] == [str(2**31 - 1)]


def test_an_id_is_not_used_again_nor_a_lower_one() -> None:
    _, found = placed(an_order(10), an_order(10), an_order(5), an_order(10, **RESTS))

    assert refusals(found, 10) == ["104", "104"]
    assert refusals(found, 5) == ["103"]
    assert len(fills(found)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({**OUT_OF_REACH, "lmtPrice": 10.0}, "105"),
        ({"named": contract(SPY), **RESTS}, "105"),
        ({**RESTS, "account": "DU7654321"}, "105"),
        ({**RESTS, "totalQuantity": 0}, "434"),
        ({**RESTS, "totalQuantity": -1}, "321"),
        ({**RESTS, "totalQuantity": 1_000_000}, "201"),
        ({**RESTS, "lmtPrice": 10.001}, "110"),
        ({**RESTS, "lmtPrice": 1000.0, "transmit": 0}, "321"),
        ({"orderType": "REL"}, "387"),
        ({"tif": "OPG"}, "321"),
    ],
)
def test_a_change_that_a_tws_refuses_leaves_the_order_as_it_was(
    change: dict[str, Any], code: str
) -> None:
    talker, found = placed(an_order(1, **RESTS), an_order(1, **change))

    assert refusals(found) == [code]
    assert not fills(found)
    (order,) = talker.gateway.exchange.open_orders()
    assert (order.ticket.quantity, order.ticket.limit_price) == (10, 10.0)
    assert order.status == "Submitted"


def test_an_order_on_close_cannot_be_made_in_the_last_ten_minutes_by_a_change() -> None:
    gateway = a_gateway()
    gateway.now = MORNING.replace(hour=19, minute=55)  # 15:55 in New York
    talker = Talker(gateway).start()
    talker.ask(*an_order(1, **RESTS))
    talker.wait(2)
    talker.ask(*an_order(1, orderType="MOC"))

    assert refusals(talker.received) == ["201"]
    assert not fills([*talker.received, *talker.wait(600)])


def test_a_change_of_more_than_the_account_carries_counts_what_is_filled() -> None:
    cash = AccountSpec(cash=4_000.0, kind="CASH")
    gateway = a_gateway(GatewayConfig(profile=Profile.INSTANT, accounts=(cash,)))
    talker = Talker(gateway).start()
    talker.ask(*an_order(1, **RESTS, totalQuantity=5))
    talker.wait(2)
    talker.ask(*an_order(1, **RESTS, totalQuantity=8))
    talker.ask(*an_order(1, **RESTS, totalQuantity=5000))

    assert refusals(talker.received) == ["201"]
    (order,) = gateway.exchange.open_orders()
    assert order.ticket.quantity == 8


def test_a_child_before_its_parent_has_none() -> None:
    _, found = placed(an_order(2, **OUT_OF_REACH, parentId=1), an_order(1))

    assert refusals(found, 2) == ["10006"]
    assert len(fills(found)) == 1


def test_a_parent_that_is_transmitted_late_sets_its_children_free() -> None:
    waits: dict[str, Any] = {"transmit": 0}
    parked = (an_order(1, **waits), an_order(2, **OUT_OF_REACH, parentId=1, **waits))
    talker, found = placed(*parked)
    assert not found

    talker.ask(*an_order(1))
    talker.wait(5)

    assert len(fills(talker.received)) == 1
    (child,) = talker.gateway.exchange.open_orders()
    assert child.status == "Submitted"


def test_a_child_is_not_larger_than_its_parent() -> None:
    larger = {**OUT_OF_REACH, "totalQuantity": 11, "parentId": 1}
    talker, found = placed(an_order(1, transmit=0), an_order(2, **larger))

    assert refusals(found, 2) == ["405"]
    assert not fills(found)
    assert not talker.gateway.exchange.open_orders()


def test_the_cancel_of_what_waits_for_its_transmission_is_confirmed() -> None:
    talker, found = placed(an_order(1, transmit=0), ("4", "1", "1", ""))

    assert refusals(found) == ["202"]
    assert not talker.gateway.exchange.open_orders()
    talker.ask(4, 1, 1, "")
    assert refusals(talker.received) == ["202", "10147"]


def test_a_second_cancel_and_that_of_nothing_are_told_apart() -> None:
    cancel = ("4", "1", "1", "")
    talker, found = placed(an_order(1, **RESTS), cancel, cancel, ("4", "1", "9", ""))

    assert refusals(found) == ["202", "10148"]
    assert refusals(found, 9) == ["10147"]
    assert not talker.gateway.exchange.open_orders()


def test_every_text_is_ibs_where_ib_has_one() -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"totalQuantity": 0},
        {"tif": "GTD"},
        {"faGroup": "x"},
        {"parentId": 99},
    )
    for terms in wrong:
        (refused,) = of_kind(placed(an_order(1, **terms))[1], 4)

        assert is_as_published(int(refused[3]), refused[4])
    _, large = placed(
        an_order(1, transmit=0), an_order(2, totalQuantity=11, parentId=1)
    )
    assert all(is_as_published(int(e[3]), e[4]) for e in of_kind(large, 4))


@pytest.mark.parametrize("place", range(2, 2 + 12 + len(FIRST)))
def test_an_order_that_is_cut_short_is_320(place: int) -> None:
    _, found = placed(an_order(1)[:place])

    assert refusals(found) == ["320"]
