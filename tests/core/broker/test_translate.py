"""Their objects become our values, exactly; what IB leaves unset becomes None."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from ib_async import (
    CommissionReport,
    Contract,
    Execution,
    Order as IbOrder,
    OrderState as IbOrderState,
)
from ib_async.util import UNSET_DOUBLE, UNSET_INTEGER

from core.broker import translate
from core.broker.incoming.executions import charge_message, fill_message
from core.broker.reference.order_words import order_of
from core.model.market import (
    ConId,
    Instrument,
    OrderType,
    Side,
    TrailingDistance,
)
from core.model.money import Price
from tests.builders import ACCOUNT, CLIENT_ID, FDMX, an_exit, an_order, price
from tests.harness.connection import GAINERS


FDMX_CONTRACT = Contract(conId=FDMX.con_id, symbol="FDMX", currency="USD")


@given(st.decimals(min_value="0.0001", max_value="99999", places=4))
def test_a_price_keeps_every_digit(exact: Decimal) -> None:
    assert translate.price(float(exact)) == exact


@pytest.mark.parametrize(
    "value", [0.0, -1.0, UNSET_DOUBLE, float("nan"), float("inf"), float("-inf")]
)
def test_what_is_no_price_is_none(value: float) -> None:
    assert translate.price(value) is None


def test_a_figure_may_be_nought_or_below() -> None:
    assert translate.known(0.0) == 0
    assert translate.known(-12.5) == Decimal("-12.5")
    assert translate.known(UNSET_DOUBLE) is None


@pytest.mark.parametrize("text", ["", "n/a", "1.7976931348623157E308"])
def test_a_text_that_is_no_amount_is_none(text: str) -> None:
    assert translate.decimal_in(text) is None


def test_a_size_is_whole_and_none_where_it_is_unset_or_below_zero() -> None:
    assert translate.size(100.7) == 100
    assert translate.size(0.0) == 0
    assert translate.size(UNSET_DOUBLE) is None
    assert translate.size(-1.0) is None
    assert translate.size(float("nan")) is None


def test_an_order_says_everything_that_a_preset_could_fill_in() -> None:
    order = an_order(order_id=41, client_id=CLIENT_ID)

    words = order_of(order)

    assert (words.action, words.orderType, words.totalQuantity) == ("BUY", "MKT", 100)
    assert (words.tif, words.account, words.orderRef) == ("GTC", ACCOUNT, order.ref)
    assert (words.orderId, words.clientId) == (41, CLIENT_ID)
    assert (words.transmit, words.outsideRth, words.whatIf) == (True, False, False)


def test_a_limit_order_says_its_limit_and_a_market_order_none() -> None:
    limit = an_order(
        order_type=OrderType.LIMIT, limit=price("5.075"), outside_hours=True
    )

    words = order_of(limit)

    assert (words.orderType, words.lmtPrice, words.outsideRth) == ("LMT", 5.075, True)
    assert order_of(an_order()).lmtPrice == UNSET_DOUBLE


def test_every_order_is_an_object_of_its_own() -> None:
    order = an_order()

    assert order_of(order) is not order_of(order)


def test_an_exit_says_its_stop_its_trail_and_its_group() -> None:
    stop = order_of(an_exit())
    assert (stop.orderType, stop.auxPrice, stop.lmtPrice) == ("STP", 4.5, UNSET_DOUBLE)
    assert (stop.ocaGroup, stop.ocaType) == ("tb-group", 2)

    trail = an_exit(stop=None, order_type=OrderType.TRAIL)
    percent = order_of(replace(trail, trail_percent=Decimal("2.5")))
    assert (percent.trailingPercent, percent.auxPrice) == (2.5, UNSET_DOUBLE)
    dollars = order_of(replace(trail, trail_amount=price("0.25")))
    assert (dollars.trailingPercent, dollars.auxPrice) == (UNSET_DOUBLE, 0.25)
    assert (order_of(an_order()).ocaGroup, order_of(an_order()).ocaType) == ("", 0)


def test_an_instrument_survives_the_way_there_and_back() -> None:
    there = translate.contract_of(FDMX)

    assert there.secType == "STK"
    assert translate.instrument_of(there) == FDMX


def test_orders_for_what_was_found_go_to_smart() -> None:
    found = Contract(conId=5, symbol="X", exchange="NASDAQ", currency="")

    assert translate.instrument_of(found) == Instrument(con_id=ConId(5), symbol="X")


def test_a_scan_is_asked_for_by_its_own_tags_in_order() -> None:
    asked = translate.scan_of(GAINERS)
    filters = translate.filters_of(GAINERS)

    assert (asked.instrument, asked.locationCode) == ("STK", "STK.US.MAJOR")
    assert (asked.scanCode, asked.numberOfRows) == ("TOP_PERC_GAIN", 50)
    assert [(each.tag, each.value) for each in filters] == list(GAINERS.filters)


def an_ib_order() -> IbOrder:
    return IbOrder(
        orderId=41,
        clientId=CLIENT_ID,
        permId=900_041,
        action="BUY",
        totalQuantity=100.0,
        orderType="MKT",
        tif="DAY",
        account=ACCOUNT,
        orderRef="tb-x-1",
    )


@pytest.mark.parametrize(
    ("order_type", "aux_price", "stop"),
    [
        ("STP", 3.0, price("3")),
        ("STP LMT", 3.0, price("3")),
        ("STP", UNSET_DOUBLE, None),
        ("TRAIL", 0.25, None),
        ("LMT", 0.0, None),
    ],
)
def test_only_a_stop_order_has_its_stop_in_the_aux_price(
    order_type: str, aux_price: float, stop: Price | None
) -> None:
    order = an_ib_order()
    order.orderType, order.auxPrice = order_type, aux_price
    state = IbOrderState(status="PreSubmitted")

    received = translate.open_order_message(FDMX_CONTRACT, order, state)
    listed = translate.open_order_of(FDMX_CONTRACT, order, state, client_id=CLIENT_ID)
    assert (received.stop, listed.stop) == (stop, stop)


@pytest.mark.parametrize(
    ("order_type", "percent", "aux_price", "distance"),
    [
        ("TRAIL", 3.0, UNSET_DOUBLE, TrailingDistance(percent=Decimal(3))),
        ("TRAIL", 3.0, 0.14, TrailingDistance(percent=Decimal(3))),
        ("TRAIL", UNSET_DOUBLE, 0.25, TrailingDistance(amount=price("0.25"))),
        ("TRAIL LIMIT", 0.0, 0.25, TrailingDistance(amount=price("0.25"))),
        ("TRAIL", UNSET_DOUBLE, 0.0, None),
        ("STP", 3.0, 4.5, None),
    ],
)
def test_a_trailing_stop_has_its_distance_in_percent_or_else_in_the_aux_price(
    order_type: str,
    percent: float,
    aux_price: float,
    distance: TrailingDistance | None,
) -> None:
    order = an_ib_order()
    order.orderType, order.auxPrice = order_type, aux_price
    order.trailingPercent = percent
    state = IbOrderState(status="PreSubmitted")

    received = translate.open_order_message(FDMX_CONTRACT, order, state)
    listed = translate.open_order_of(FDMX_CONTRACT, order, state, client_id=CLIENT_ID)
    assert (received.distance, listed.distance) == (distance, distance)


def test_an_open_order_carries_its_echo_and_its_warning() -> None:
    state = IbOrderState(status="PreSubmitted", warningText="capped")

    received = translate.open_order_message(FDMX_CONTRACT, an_ib_order(), state)

    assert (received.tif, received.account, received.warning) == (
        "DAY",
        ACCOUNT,
        "capped",
    )
    assert (received.names.ref, received.names.perm_id) == ("tb-x-1", 900_041)
    assert (received.status, received.shares, received.filled) == (
        "PreSubmitted",
        Decimal(100),
        None,
    )


def test_only_our_own_orders_can_be_cancelled_from_here() -> None:
    state = IbOrderState(status="Submitted")
    ours = translate.open_order_of(
        FDMX_CONTRACT, an_ib_order(), state, client_id=CLIENT_ID
    )
    theirs = translate.open_order_of(
        FDMX_CONTRACT, an_ib_order(), state, client_id=CLIENT_ID + 1
    )

    assert (ours.order_id, theirs.order_id) == (41, 0)
    assert ours.instrument == FDMX


def test_a_completed_order_has_neither_order_nor_client_id() -> None:
    order = an_ib_order()
    order.filledQuantity = 40.0
    state = IbOrderState(status="Cancelled", completedStatus="Cancelled by Trader")

    done = translate.completed_of(order, state)

    assert (done.names.order_id, done.names.client_id) == (0, 0)
    assert (done.filled, done.reason) == (40, "Cancelled by Trader")


def an_execution(side: str = "BOT") -> Execution:
    return Execution(
        execId="0001f4e8.6741a201.01.01",
        time=datetime(2026, 11, 23, 14, 41, 8, tzinfo=UTC),
        side=side,
        shares=30.0,
        price=14.59,
        permId=900_041,
        clientId=CLIENT_ID,
        orderId=41,
        orderRef="tb-x-1",
    )


def test_an_execution_is_a_fill_with_its_price_to_the_digit() -> None:
    received = fill_message(FDMX_CONTRACT, an_execution())

    assert (received.fill.shares, received.fill.price) == (30, Decimal("14.59"))
    assert (received.side, received.con_id) == (Side.BUY, FDMX.con_id)
    assert received.fill.stem == "0001f4e8.6741a201.01"
    assert received.names.order_id == 41


@pytest.mark.attack(20)
@pytest.mark.parametrize(
    ("shares", "whole", "fraction"),
    [(0.75, 0, "0.75"), (57.68, 57, "0.68"), (30.0, 30, "0")],
)
def test_an_execution_keeps_its_fraction_and_its_account(
    shares: float, whole: int, fraction: str
) -> None:
    execution = an_execution()
    execution.shares, execution.acctNumber = shares, ACCOUNT

    received = fill_message(FDMX_CONTRACT, execution)

    assert (received.fill.shares, received.fraction) == (whole, Decimal(fraction))
    assert received.account == ACCOUNT


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("price", each) for each in (UNSET_DOUBLE, float("nan"), float("inf"))),
        *(("shares", each) for each in (UNSET_DOUBLE, float("nan"), -100.0)),
        ("price", -1.0),
        *(("price", each) for each in (0.0, -0.0)),
        *(("side", each) for each in ("", "BORROWED")),
        *(("execId", each) for each in ("", " ")),
    ],
)
def test_an_execution_that_tells_too_little_is_never_booked(
    field: str, value: object
) -> None:
    execution = an_execution()
    setattr(execution, field, value)

    with pytest.raises(ValueError, match=r"too little|cannot be"):
        fill_message(FDMX_CONTRACT, execution)


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("told", "counted"),
    [(30.0, 30), (90.0, 90), (0.0, None), (29.0, 29), (-1.0, None)]
    + [(each, None) for each in (UNSET_DOUBLE, float("nan"), float("inf"))],
)
def test_what_ib_counts_as_filled_comes_with_a_fill_unless_it_cannot_be(
    told: float, counted: int | None
) -> None:
    execution = an_execution()
    execution.cumQty = told

    received = fill_message(FDMX_CONTRACT, execution)

    assert received.fill.cumulative == counted


@pytest.mark.attack(23)
def test_an_execution_of_no_stock_that_is_named_is_never_booked() -> None:
    with pytest.raises(ValueError, match="too little"):
        fill_message(Contract(secType="STK", symbol="FDMX"), an_execution())


@pytest.mark.attack(23)
def test_a_trade_that_is_taken_back_needs_no_price() -> None:
    execution = an_execution()
    execution.shares, execution.price = 0.0, 0.0

    assert fill_message(FDMX_CONTRACT, execution).fill.shares == 0


def test_a_sale_is_a_sale() -> None:
    received = fill_message(FDMX_CONTRACT, an_execution("SLD"))

    assert received.side is Side.SELL


def test_an_execution_of_a_manual_order_has_no_order_id() -> None:
    execution = an_execution()
    execution.orderId = UNSET_INTEGER

    assert fill_message(FDMX_CONTRACT, execution).names.order_id == 0


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("told", "perm_id"),
    [(900_041, 900_041), (0, 0), (-1, 0), (UNSET_INTEGER, 0), (2**63 - 1, 0)],
)
def test_a_perm_id_that_is_none_names_no_order(told: int, perm_id: int) -> None:
    execution = an_execution()
    execution.permId = told

    assert fill_message(FDMX_CONTRACT, execution).names.perm_id == perm_id


@pytest.mark.parametrize("pending", [-1.0, UNSET_DOUBLE])
def test_a_pending_commission_is_not_one(pending: float) -> None:
    report = CommissionReport(execId="e.1", commission=pending, currency="USD")

    assert charge_message(report) is None


@pytest.mark.attack(23)
def test_a_commission_without_a_currency_is_not_known() -> None:
    """It was read as dollars."""
    report = CommissionReport(execId="e.1", commission=0.92, currency="")

    assert charge_message(report) is None


@pytest.mark.attack(23)
def test_a_rebate_is_negative_and_a_currency_is_said() -> None:
    rebate = CommissionReport(execId="e.1", commission=-0.35, currency="USD")
    euros = CommissionReport(execId="e.1", commission=0.92, currency="EUR")

    received = [charge_message(report) for report in (rebate, euros)]

    assert [(each.commission, each.currency) for each in received if each] == [
        (Decimal("-0.35"), "USD"),
        (Decimal("0.92"), "EUR"),
    ]


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("filled", "remaining", "total"),
    [(100, 0, None), (40, 0, None), (0, 0, None), (40, 60, 100), (0, 200, 200)],
)
def test_a_status_with_nothing_remaining_tells_no_size(
    filled: int, remaining: int, total: int | None
) -> None:
    assert translate.total(filled, remaining) == total


def test_a_commission_is_exact() -> None:
    charge = charge_message(
        CommissionReport(execId="e.1", commission=1.05, currency="USD")
    )

    assert charge is not None
    assert charge.commission == Decimal("1.05")


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("told", "shares"),
    [(-100.0, "-100"), (57.68, "57.68"), (0.75, "0.75"), (-0.5, "-0.5"), (0.0, "0")],
)
def test_a_position_is_all_the_shares_in_one_account(told: float, shares: str) -> None:
    held = translate.held_of(ACCOUNT, FDMX_CONTRACT, told, 4.84)

    assert (held.account, held.con_id) == (ACCOUNT, FDMX.con_id)
    assert str(held.shares) == shares


@pytest.mark.attack(27)
@pytest.mark.parametrize("currency", ["USD", "EUR", ""])
def test_a_scanned_row_keeps_what_tells_it_from_a_stock(currency: str) -> None:
    row = translate.scanned_row_of(
        Contract(
            conId=7,
            symbol="QRVX",
            secType="WAR",
            localSymbol="QRVX WS",
            currency=currency,
        )
    )

    assert (row.instrument.con_id, row.instrument.currency) == (7, currency)
    assert (row.kind, row.local_symbol) == ("WAR", "QRVX WS")


@pytest.mark.attack(7)
@pytest.mark.attack(23)
def test_an_order_for_a_fraction_is_not_taken_for_its_whole_part() -> None:
    order = an_ib_order()
    order.totalQuantity = 100.5  # somebody else's: ours are whole

    state = IbOrderState(status="Submitted")
    received = translate.open_order_message(FDMX_CONTRACT, order, state)
    listed = translate.open_order_of(FDMX_CONTRACT, order, state, client_id=CLIENT_ID)

    assert received.terms is not None
    assert received.terms.shares == listed.shares == Decimal("100.5")


ABSURD = [UNSET_DOUBLE, float("nan"), float("inf"), -float("inf")]


@pytest.mark.attack(20)
@pytest.mark.parametrize("shares", ABSURD)
def test_a_holding_of_no_number_is_no_empty_one(shares: float) -> None:
    with pytest.raises(ValueError, match="too little"):
        translate.held_of(ACCOUNT, FDMX_CONTRACT, shares, 4.83)


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [*ABSURD, 0.0, -1.0, -100.0])
def test_a_size_that_is_none_is_not_known(shares: float) -> None:
    order, state = IbOrder(totalQuantity=shares), IbOrderState(status="Submitted")

    told = translate.open_order_message(FDMX_CONTRACT, order, state)
    row = translate.open_order_of(FDMX_CONTRACT, order, state, client_id=CLIENT_ID)
    ended = translate.completed_of(order, IbOrderState(status="Cancelled"))

    assert (told.shares, row.shares, ended.shares) == (None, Decimal(0), None)


@pytest.mark.attack(23)
def test_an_end_without_a_status_is_none() -> None:
    with pytest.raises(ValueError, match="too little"):
        translate.completed_of(IbOrder(), IbOrderState(status=" "))


@pytest.mark.attack(10)
@pytest.mark.parametrize("filled", [*ABSURD, -1.0])
def test_a_status_counts_only_what_can_be(filled: float) -> None:
    assert translate.counted(filled) is None
    assert translate.total(filled, 40.0) is None
    assert translate.total(60.0, filled) is None
    assert translate.counted(60.0) == Decimal(60)
    assert translate.total(60.0, 40.0) == Decimal(100)
