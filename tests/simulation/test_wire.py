"""What the auditor reads off the wire, however the bytes were packed."""

from typing import Any, Final

import pytest
from ib_async import Contract, Order
from ib_async.client import Client

from tests.simulation.wire import Frames, Placed, order_of


def frame(*fields: str) -> bytes:
    body = "".join(f"{each}\0" for each in fields).encode()
    return len(body).to_bytes(4) + body


def placing(number: int, stock: tuple[int, str], **order: Any) -> bytes:
    """What the bot's own client writes."""
    written: list[bytes] = []
    made: Any = Client  # it has no types
    client = made(None)
    client.connState, client._serverVersion = Client.CONNECTED, 178
    client.sendMsg = lambda text: written.append(text.encode())
    con_id, symbol = stock
    contract = Contract(conId=con_id, symbol=symbol, secType="STK", exchange="SMART")
    client.placeOrder(number, contract, Order(**order))
    return len(written[0]).to_bytes(4) + written[0]


APPLE, MICROSOFT = (265598, "AAPL"), (272093, "MSFT")
BUY: Final[dict[str, Any]] = {"action": "BUY", "orderType": "MKT", "tif": "GTC"}
SELL: Final[dict[str, Any]] = BUY | {"action": "SELL"}
BOUGHT = placing(41, APPLE, **BUY, totalQuantity=100, orderRef="tb-abc-1")
SOLD = placing(42, MICROSOFT, **SELL, totalQuantity=7, orderRef="tb-abc-2")
SAID = b"API\0" + frame("71", "2", "17") + BOUGHT + frame("49", "1") + SOLD


def orders(frames: Frames, connection: int, piece: bytes) -> list[Placed]:
    found = map(order_of, frames.read(connection, piece))
    return [order for order in found if order is not None]


def read(*pieces: bytes) -> list[tuple[str, str, float, str]]:
    frames = Frames()
    placed = [order for piece in pieces for order in orders(frames, 1, piece)]
    return [(each.ref, each.name, each.shares, each.exit) for each in placed]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_every_order_is_read_once(size: int) -> None:
    pieces = [SAID[at : at + size] for at in range(0, len(SAID), size)]

    assert read(*pieces) == [
        ("tb-abc-1", "AAPL", 100, ""),
        ("tb-abc-2", "SELL MSFT", 7, ""),
    ]


def test_two_connections_do_not_mix() -> None:
    frames = Frames()

    first = orders(frames, 1, BOUGHT[:5])
    second = [order.ref for order in orders(frames, 2, BOUGHT)]
    rest = [order.ref for order in orders(frames, 1, BOUGHT[5:])]

    assert (first, second, rest) == ([], ["tb-abc-1"], ["tb-abc-1"])


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        ({"orderType": "STP", "auxPrice": 4.5}, "stop"),
        ({"orderType": "TRAIL", "trailingPercent": 5}, "trailing stop"),
        ({"orderType": "LMT", "lmtPrice": 5.5}, "target"),
        ({"orderType": "MKT", "tif": "DAY"}, "timed exit"),
    ],
)
def test_an_exit_is_known_by_its_terms_and_not_by_its_group(
    order: dict[str, Any], kind: str
) -> None:
    told = SELL | {"totalQuantity": 9, "orderRef": "tb-abc-12"} | order

    placed = placing(43, APPLE, **told, ocaGroup="tb-abc-11", ocaType=2)

    assert read(placed) == [("tb-abc-12", "EXIT AAPL", 9, kind)]


@pytest.mark.parametrize("asks", [False, True])
def test_a_question_what_an_order_would_do_is_told_from_an_order(*, asks: bool) -> None:
    told = placing(44, APPLE, **BUY, totalQuantity=100, whatIf=asks)

    assert [each.ticket.what_if for each in orders(Frames(), 1, told)] == [asks]
