"""Single ticks: streamed, historical, and as a histogram of prices."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import the_stock
from core.sandbox.gateway.requests.history import end_time
from core.sandbox.gateway.requests.ignored import ignore
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.data import MarketQuote
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.prints import Print
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused, refuse_second


KINDS: Final = MappingProxyType({"Last": 1, "AllLast": 2, "BidAsk": 3, "MidPoint": 4})
MOST_STREAMS: Final = 5  # five in a hundred lines
REFRESH: Final = 1.0  # a stock of this market prints once a second at most
MOST_TICKS: Final = 1000
VENUE: Final = "NASDAQ"
INVALID: Final = "Error validating request.-'bT' : cause"
REPLIES: Final = MappingProxyType({"MIDPOINT": 96, "BID_ASK": 97, "TRADES": 98})


class Streams(ClientState):
    """The tick subscriptions of one client by request id, with the time each is sent up
    to.
    """

    def __init__(self) -> None:
        self.open: dict[int, datetime] = {}

    def lose(self) -> None:
        """Forget every subscription, as after 1101."""
        self.open.clear()


# as they come


def subscribe(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """97: every trade, quote or midpoint of one stock.

    Raises:
        RequestRefused: 321, such ticks are not known; 10189, the account has no live
            data; 10190, five streams are open; 322, the request id is in use; 200 or
            321, as ``the_stock``.
    """
    req_id, asked = read.integer(), read.contract()
    kind = KINDS.get(read.text())
    stock, streams = the_stock(gateway, asked), session.state(Streams).open
    if kind is None:
        text = f"{INVALID} - Tick-by-tick data type is incorrect/not set."
        raise RequestRefused(321, text)
    _permit(gateway)
    refuse_second(req_id, streams)
    if len(streams) >= MOST_STREAMS:
        raise RequestRefused(
            10190, "Max number of tick-by-tick requests has been reached."
        )
    streams[req_id] = session.now
    _tell_in(gateway, session, (req_id, stock, kind), session.takes(AnswerKind.QUOTE))


def _permit(gateway: Gateway) -> None:
    if gateway.config.permission is not DataPermission.LIVE:
        text = (
            "Failed to request tick-by-tick data.No market data permissions for"
            " tick-by-tick requests."
        )
        raise RequestRefused(10189, text)


def _tell_in(
    gateway: Gateway,
    session: ClientSession,
    stream: tuple[int, Stock, int],
    seconds: float,
) -> None:
    def tell() -> None:
        if stream[0] not in session.state(Streams).open:
            return
        if gateway.farm_up("market"):
            for message in _news(gateway, session, stream):
                session.say(message)
        _tell_in(gateway, session, stream, REFRESH)

    session.later(seconds, tell, key=("ticks", stream[0]))


def _news(
    gateway: Gateway, session: ClientSession, stream: tuple[int, Stock, int]
) -> Iterable[Fields]:
    req_id, stock, kind = stream
    since, now = session.state(Streams).open[req_id], session.now
    session.state(Streams).open[req_id] = now
    if kind in {KINDS["Last"], KINDS["AllLast"]}:
        for each in gateway.exchange.prints(stock.con_id, since, now):
            what = (each.price, each.size, 0, VENUE, "")
            yield replies.fields(99, req_id, kind, int(each.time.timestamp()), *what)
        return
    quote = gateway.exchange.quote(stock.con_id, now)
    if min(quote.bid, quote.ask) > 0:
        head = (99, req_id, kind, int(now.timestamp()))
        yield replies.fields(*head, *_quoted(quote, kind))


def _quoted(quote: MarketQuote, kind: int) -> tuple[float, ...]:
    if kind == KINDS["MidPoint"]:
        return (round((quote.bid + quote.ask) / 2, 4),)
    return (quote.bid, quote.ask, quote.bid_size, quote.ask_size, 0)


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """98: end this subscription."""
    req_id = read.integer()
    session.forget(("ticks", req_id))
    if session.state(Streams).open.pop(req_id, None) is None:
        session.error(req_id, 300, f"Can't find EId with tickerId:{req_id}")


# of the past


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTicksRequest:
    """A request for historical ticks: before ``until``, or from ``since`` on (UTC)."""

    req_id: int
    stock: Stock
    what: str
    since: datetime | None
    until: datetime | None
    most: int


def historical(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """96: at most a thousand ticks before a moment, or after one.

    Raises:
        RequestRefused: 321, such ticks are not known, or not exactly one of the times
            is named and legal; 200 or 321, as ``the_stock``.
    """
    req_id, asked = read.integer(), read.contract()
    read.skip(1)  # expired contracts
    since, until = read.text(), read.text()
    most, what = read.integer(), read.text()
    stock = the_stock(gateway, asked)
    if what not in REPLIES:
        raise RequestRefused(321, f"{INVALID} - What to show is incorrect")
    if bool(since) is bool(until):
        raise RequestRefused(321, f"{INVALID} - Either start or end time is needed")
    past = PastTicksRequest(
        req_id=req_id,
        stock=stock,
        what=what,
        since=end_time(since, req_id=req_id),
        until=end_time(until, req_id=req_id),
        most=min(max(most, 1), MOST_TICKS),
    )
    session.say(_past(gateway, session, past), delay=session.takes(AnswerKind.BARS))


def _past(gateway: Gateway, session: ClientSession, past: PastTicksRequest) -> Fields:
    found = _trades(gateway, session, past)
    rows: list[object] = []
    for each in found:
        rows += _row(gateway, past, each)
    return replies.fields(
        REPLIES[past.what], past.req_id, len(found), *rows, replies.flag(True)
    )


def _trades(
    gateway: Gateway, session: ClientSession, past: PastTicksRequest
) -> list[Print]:
    con_id, now = past.stock.con_id, session.now
    if past.until is not None:
        until = min(past.until, now)
        opened = gateway.exchange.hours.current(until).open - timedelta(seconds=1)
        return gateway.exchange.prints(con_id, opened, until, past.most)
    since = past.since or now
    hours = gateway.exchange.hours
    trading = hours.current(since)
    if since >= trading.close:  # from a night or a holiday on: the next one's
        trading = hours.next(trading.day)
    closed = min(trading.close, now)
    every = gateway.exchange.prints(con_id, since, closed, MOST_TICKS * MOST_TICKS)
    return every[: past.most]


def _row(gateway: Gateway, past: PastTicksRequest, each: Print) -> tuple[object, ...]:
    moment = int(each.time.timestamp())
    if past.what == "TRADES":
        return (moment, 0, each.price, each.size, VENUE, "")
    quote = gateway.exchange.quote(past.stock.con_id, each.time)
    if past.what == "BID_ASK":
        return (moment, 0, quote.bid, quote.ask, quote.bid_size, quote.ask_size)
    return (moment, 0, round((quote.bid + quote.ask) / 2, 4), 0)


# counted by price


def histogram(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """88: how many shares traded at each price in the last session.

    Raises:
        RequestRefused: 200 or 321, as ``the_stock``.
    """
    req_id, asked = read.integer(), read.contract()
    stock, now = the_stock(gateway, asked), session.now
    opened = gateway.exchange.hours.current(now).open - timedelta(seconds=1)
    counted: Counter[float] = Counter()
    for each in gateway.exchange.prints(stock.con_id, opened, now, MOST_TICKS * 24):
        counted[each.price] += int(each.size)
    rows = [part for pair in sorted(counted.items()) for part in pair]
    message = replies.fields(89, req_id, len(counted), *rows)
    session.say(message, delay=session.takes(AnswerKind.BARS))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {88: histogram, 89: ignore, 96: historical, 97: subscribe, 98: cancel},
)
