"""Five-second bars, one every five seconds."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import the_stock
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.data import BarsRequest, HistoryRejected
from core.sandbox.market.permission import DataPermission
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.refusal import RequestRefused, refuse_second


SECONDS: Final = 5
KINDS: Final = frozenset({"TRADES", "MIDPOINT", "BID", "ASK"})
NO_PERMISSION: Final = "Invalid Real-time Query:No market data permissions for"


class LiveBars(ClientState):
    """The five-second bar subscriptions of one client by request id."""

    def __init__(self) -> None:
        self.open: set[int] = set()

    def lose(self) -> None:
        """Forget every subscription, as after 1101."""
        self.open.clear()


def subscribe(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """50: a bar of the last five seconds, every five seconds.

    Raises:
        RequestRefused: 321, such bars are not known; 420, the account has no live data;
            322, the request id is in use; 200 or 321, as ``the_stock``.
    """
    read.version()
    req_id, asked = read.integer(), read.contract()
    read.skip(1)  # the size of the bars: always five seconds
    what, use_rth = read.text(), read.flag()
    stock = the_stock(gateway, asked)
    if what not in KINDS:
        text = "Error validating request.-'bT' : cause - What to show is incorrect"
        raise RequestRefused(321, text)
    if gateway.config.permission is not DataPermission.LIVE:
        text = f"{NO_PERMISSION} {stock.primary_exchange} STK"
        raise RequestRefused(420, text)
    followed = session.state(LiveBars).open
    refuse_second(req_id, followed)
    followed.add(req_id)
    request = BarsRequest(
        con_id=stock.con_id,
        duration="60 S",
        bar_size="5 secs",
        what=what,
        use_rth=use_rth,
    )
    begin = (
        SECONDS - session.now.timestamp() % SECONDS + session.takes(AnswerKind.QUOTE)
    )
    _show_in(gateway, session, req_id, request, begin)


def _show_in(
    gateway: Gateway,
    session: ClientSession,
    req_id: int,
    request: BarsRequest,
    seconds: float,
) -> None:
    def show() -> None:
        if req_id not in session.state(LiveBars).open:
            return
        if gateway.farm_up("market"):
            with suppress(HistoryRejected):  # no bar while the market is closed
                _show(gateway, session, req_id, request)
        _show_in(gateway, session, req_id, request, SECONDS)

    session.later(seconds, show, key=("live bars", req_id))


def _show(
    gateway: Gateway, session: ClientSession, req_id: int, request: BarsRequest
) -> None:
    whole = int(session.now.timestamp()) // SECONDS * SECONDS
    end = session.now - timedelta(seconds=session.now.timestamp() - whole)
    bar = gateway.exchange.newest_bar(replace(request, end=end), session.now)
    if bar.time is not None and end - bar.time <= timedelta(seconds=SECONDS):
        prices = (
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.wap,
            bar.count,
        )
        moment = int(bar.time.timestamp())
        session.say(replies.fields(50, 3, req_id, moment, *prices))


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """51: end this subscription."""
    read.version()
    req_id, followed = read.integer(), session.state(LiveBars).open
    session.forget(("live bars", req_id))
    if req_id not in followed:
        session.error(req_id, 300, f"Can't find EId with tickerId:{req_id}")
    followed.discard(req_id)


HANDLERS: Final = MappingProxyType[int, RequestHandler]({50: subscribe, 51: cancel})
