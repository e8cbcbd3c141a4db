"""What is encoded here has the bytes that ib_async's encoder gives the same request."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st
from ib_async import Client, Contract, ScannerSubscription, Stock, TagValue
from ib_async.util import UNSET_DOUBLE, UNSET_INTEGER

from core.broker import translate
from core.broker.lines import GENERIC_TICKS
from core.broker.outgoing.encoding import encode_ourselves
from core.broker.reference.order_words import order_of
from core.model.market import OrderType
from core.sandbox.protocol.versions import SERVER_VERSION
from tests.builders import CLIENT_ID, FDMX, an_exit, an_order, price


STOCK = translate.contract_of(FDMX)
ORDERS = (
    an_order(order_id=41, client_id=CLIENT_ID),
    an_order(order_id=41, order_type=OrderType.LIMIT, limit=price("5.075")),
    an_exit(order_id=41, client_id=CLIENT_ID),
)

Ask = Callable[[Any], object]

REQUESTS: dict[str, Ask] = {
    "quote": lambda c: c.reqMktData(7, STOCK, GENERIC_TICKS, False, False, []),
    "clock": lambda c: c.reqCurrentTime(),
    "cancel": lambda c: c.cancelOrder(41, ""),
    "bars": lambda c: c.reqHistoricalData(
        7, STOCK, "", "1 D", "1 day", "TRADES", True, 1, False, []
    ),
    "scan": lambda c: c.reqScannerSubscription(
        7,
        ScannerSubscription(numberOfRows=50, scanCode="TOP_PERC_GAIN"),
        [],
        [TagValue("priceAbove", "5"), TagValue("volumeAbove", "1000")],
    ),
}

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from([UNSET_INTEGER, UNSET_DOUBLE, float(UNSET_INTEGER), math.inf]),
    st.just([TagValue("a", "b"), TagValue("c", "")]),
    st.just([]),
    st.builds(Contract),
    st.builds(Stock, st.just("FDMX"), st.just("SMART"), st.just("USD")),
    st.just(OrderType.LIMIT),
)


def sent(ask: Ask, *, ours: bool) -> list[str]:
    """The texts that *ask* has a connected client put on the wire."""
    make: Any = Client  # it has no types
    client, texts = make(None), list[str]()
    client.connState, client._serverVersion = Client.CONNECTED, SERVER_VERSION
    client.sendMsg = texts.append
    if ours:
        encode_ourselves(client)
    ask(client)
    return texts


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_has_the_bytes_of_ib_asyncs(name: str) -> None:
    assert sent(REQUESTS[name], ours=True) == sent(REQUESTS[name], ours=False)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.order_type)
def test_an_order_has_the_bytes_of_ib_asyncs(order: Any) -> None:
    def ask(client: Any) -> None:
        client.placeOrder(41, STOCK, order_of(order))

    assert sent(ask, ours=True) == sent(ask, ours=False)


@given(fields=st.lists(values, min_size=1), make_empty=st.booleans())
def test_every_value_has_its_text(fields: list[Any], *, make_empty: bool) -> None:
    def ask(client: Any) -> None:
        client.send(*fields, makeEmpty=make_empty)

    assert sent(ask, ours=True) == sent(ask, ours=False)


@pytest.mark.parametrize("ours", [True, False])
def test_nothing_is_sent_without_a_connection(*, ours: bool) -> None:
    def ask(client: Any) -> None:
        client.connState = Client.DISCONNECTED
        client.reqCurrentTime()

    with pytest.raises(ConnectionError):
        sent(ask, ours=ours)
