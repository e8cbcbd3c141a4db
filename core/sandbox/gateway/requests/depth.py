"""Market depth: invented rows around the quote, renewed every second."""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import the_stock
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import UNSET_INTEGER, Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused, refuse_second


MOST_BOOKS: Final = 3
MOST_ROWS: Final = 5
ASK_SIDE, BID_SIDE = 0, 1
INSERT, UPDATE = 0, 1
REFRESH: Final = 1.0  # assumed, seconds
EXCHANGES: Final = ("NASDAQ", "NYSE", "ARCA", "BATS", "IEX")


class Books(ClientState):
    """The depth subscriptions of one client by request id, with the rows last sent."""

    def __init__(self) -> None:
        self.open: dict[int, int] = {}

    def lose(self) -> None:
        """Forget every subscription, as after 1101."""
        self.open.clear()


def subscribe(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """10: the first rows of a book, and their changes.

    Raises:
        RequestRefused: 10092, the account has no live data; 309, three books are open;
            322, the request id is in use; 200 or 321, as ``the_stock``.
    """
    read.version()
    req_id, asked = read.integer(), read.contract()
    rows = min(max(read.integer(), 1), MOST_ROWS)
    stock, books = the_stock(gateway, asked), session.state(Books).open
    if gateway.config.permission is not DataPermission.LIVE:
        text = "Deep market data is not supported for this combination of security type"
        raise RequestRefused(10092, f"{text}/exchange")
    refuse_second(req_id, books)
    if len(books) >= MOST_BOOKS:
        text = f"Max number ({MOST_BOOKS}) of market depth requests has been reached."
        raise RequestRefused(309, text)
    books[req_id] = 0
    _show_in(gateway, session, (req_id, stock, rows), session.takes(AnswerKind.QUOTE))


def _show_in(
    gateway: Gateway,
    session: ClientSession,
    book: tuple[int, Stock, int],
    seconds: float,
) -> None:
    def show() -> None:
        if book[0] not in session.state(Books).open:
            return
        if gateway.farm_up("market"):
            _show(gateway, session, book)
        _show_in(gateway, session, book, REFRESH)

    session.later(seconds, show, key=("depth", book[0]))


def _show(
    gateway: Gateway, session: ClientSession, book: tuple[int, Stock, int]
) -> None:
    req_id, stock, rows = book
    quote = gateway.exchange.quote(stock.con_id, session.now)
    if min(quote.bid, quote.ask) <= 0:
        return
    told = session.state(Books).open
    sides = (
        (BID_SIDE, quote.bid, quote.bid_size),
        (ASK_SIDE, quote.ask, quote.ask_size),
    )
    for row in range(rows):
        for side, price, size in sides:
            away = stock.step(price) * row * (1 if side == ASK_SIDE else -1)
            what = UPDATE if row < told[req_id] else INSERT
            session.say(
                _row(req_id, row, (what, side), (price + away, size * (row + 1)))
            )
    told[req_id] = rows


def _row(
    req_id: int, row: int, what: tuple[int, int], level: tuple[float, float]
) -> Fields:
    price, size = level
    return replies.fields(12, 1, req_id, row, *what, round(price, 4), size)


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """11: end this subscription."""
    read.version()
    req_id = read.integer()
    session.forget(("depth", req_id))
    if session.state(Books).open.pop(req_id, None) is None:
        text = f"Can't find the subscribed market depth with tickerId:{req_id}"
        session.error(req_id, 310, text)


def exchanges(_gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """82: the exchanges that offer market depth."""
    rows = [
        part for name in EXCHANGES for part in (name, "STK", "", "Deep", UNSET_INTEGER)
    ]
    session.say(replies.fields(80, len(EXCHANGES), *rows))


def components(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """83: the exchanges behind a SMART quote, with the letters that stand for them."""
    req_id = read.integer()
    letters = "QNPZV"
    rows = [
        part
        for bit, (name, letter) in enumerate(zip(EXCHANGES, letters, strict=True))
        for part in (bit, name, letter)
    ]
    session.say(replies.fields(82, req_id, len(EXCHANGES), *rows))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {10: subscribe, 11: cancel, 82: exchanges, 83: components},
)
