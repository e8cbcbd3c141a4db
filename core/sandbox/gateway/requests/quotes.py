"""Market data: streaming quotes and snapshots, four times a second."""

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import the_contract
from core.sandbox.gateway.requests.generic_ticks import generic_ticks, wanted
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.data import MarketQuote
from core.sandbox.market.hours import TradingPhase
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.ticks import is_silent, option_tick, ticks
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused, refuse_second


AGGREGATION: Final = 0.25  # seconds, IB's figure for stocks
SNAPSHOT_SECONDS: Final = 11.0
DELAY: Final = timedelta(minutes=15)
LIVE, FROZEN, DELAYED, DELAYED_FROZEN = 1, 2, 3, 4
NOT_SUBSCRIBED: Final = (
    "Requested market data is not subscribed. Check API status by selecting the"
    " Account menu then under Management choose Market Data Subscription Manager"
    " and/or availability of delayed data."
)
NO_DELAYED: Final = (
    "Requested market data is not subscribed. Delayed market data is not enabled."
)
SHOWING_DELAYED: Final = (
    "Requested market data is not subscribed. Displaying delayed market data."
)
NEEDS_MORE: Final = (
    "Requested market data requires additional subscription for API. See link in"
    " 'Market Data Connections' dialog for more details."
    "Delayed market data is available."
)
COMPETING: Final = "No market data during competing live session"


@dataclass(slots=True, kw_only=True)
class QuoteSubscription:
    """One market data line: a contract that a client is sent, and the quote last sent."""

    req_id: int
    stock: Stock
    delayed: bool
    generic: frozenset[int] = frozenset()
    told: MarketQuote | None = None
    told_generic: frozenset[Fields] = frozenset()
    begun: bool = False


class QuoteSubscriptions(ClientState):
    """The market data lines of one client by request id."""

    def __init__(self) -> None:
        self.open: dict[int, QuoteSubscription] = {}
        self.wanted = LIVE

    def lose(self) -> None:
        """Forget every line, as after 1101."""
        self.open.clear()


def choose_type(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """59: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen; for the whole client."""
    read.version()
    wanted = read.integer()
    if LIVE <= wanted <= DELAYED_FROZEN:
        session.state(QuoteSubscriptions).wanted = wanted


def subscribe(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """1: stream a contract's quote, or send a snapshot of it."""
    read.version()
    req_id, asked = read.integer(), read.contract()
    if asked.sec_type == "BAG":
        session.error(req_id, 200, "Combinations are not traded here")
        return
    if read.flag():
        read.skip(3)  # a delta-neutral contract
    generic, snapshot = read.text(), read.flag()
    try:
        stock = the_contract(gateway, asked)
        numbers = wanted(generic, snapshot=snapshot)
        _room_for(gateway, session, req_id)
        delayed = _permitted(gateway, session, req_id)
    except RequestRefused as refusal:
        wait = session.takes(AnswerKind.QUOTE)
        session.error(req_id, refusal.code, refusal.text, delay=wait)
        return
    line = QuoteSubscription(
        req_id=req_id, stock=stock, delayed=delayed, generic=numbers
    )
    _open(gateway, session, line)
    if snapshot:
        session.later(SNAPSHOT_SECONDS, lambda: _end(session, req_id))


def _room_for(gateway: Gateway, session: ClientSession, req_id: int) -> None:
    refuse_second(req_id, session.state(QuoteSubscriptions).open)
    in_use = sum(len(each.state(QuoteSubscriptions).open) for each in gateway.sessions)
    if in_use >= gateway.config.lines:
        raise RequestRefused(101, "Max number of tickers has been reached")


def _permitted(gateway: Gateway, session: ClientSession, req_id: int) -> bool:
    """Whether only delayed data may be sent."""
    late = session.state(QuoteSubscriptions).wanted >= DELAYED
    match gateway.config.permission:
        case DataPermission.LIVE:
            return False
        case DataPermission.COMPETING:
            raise RequestRefused(10197, COMPETING)
        case DataPermission.NONE if late:
            raise RequestRefused(10168, NO_DELAYED)
        case DataPermission.NONE:
            raise RequestRefused(354, NOT_SUBSCRIBED)
        case DataPermission.DELAYED if late:
            session.error(req_id, 10167, SHOWING_DELAYED)
            return True
        case DataPermission.DELAYED:
            raise RequestRefused(10089, NEEDS_MORE)


def _open(
    gateway: Gateway, session: ClientSession, subscription: QuoteSubscription
) -> None:
    session.state(QuoteSubscriptions).open[subscription.req_id] = subscription

    def begin() -> None:
        if (
            session.state(QuoteSubscriptions).open.get(subscription.req_id)
            is not subscription
        ):
            return
        subscription.begun = True
        kind = _kind(gateway, session, subscription)
        session.say(
            replies.tick_req_params(subscription.req_id, subscription.stock.min_tick)
        )
        session.say(replies.market_data_type(subscription.req_id, kind))
        if gateway.farm_up("market"):
            _tell(gateway, session, subscription)
        _keep_going(gateway, session)

    session.later(session.takes(AnswerKind.QUOTE), begin)


def _kind(
    gateway: Gateway, session: ClientSession, subscription: QuoteSubscription
) -> int:
    frozen = session.state(QuoteSubscriptions).wanted in {FROZEN, DELAYED_FROZEN}
    closed = (
        gateway.exchange.hours_of(subscription.stock).state(session.now)
        is TradingPhase.CLOSED
    )
    if subscription.delayed:
        return DELAYED_FROZEN if frozen and closed else DELAYED
    return FROZEN if frozen and closed else LIVE


def _tell(
    gateway: Gateway, session: ClientSession, subscription: QuoteSubscription
) -> None:
    moment = session.now - DELAY if subscription.delayed else session.now
    quote = gateway.quote_cache.quote(subscription.stock.con_id, moment)
    if quote is subscription.told:
        return
    session.say_all(
        ticks(
            subscription.req_id, quote, subscription.told, delayed=subscription.delayed
        )
    )
    news = not is_silent(quote)
    subscription.told = quote
    if (
        subscription.generic
        and news
        and not subscription.delayed
        and subscription.stock.sec_type == "STK"
    ):
        _tell_generic(gateway, session, subscription, quote)
    if news and subscription.stock.sec_type == "OPT":
        known, spot = gateway.exchange.greeks(subscription.stock.con_id, moment)
        session.say(option_tick(subscription.req_id, known, spot, price=quote.last))


def _tell_generic(
    gateway: Gateway,
    session: ClientSession,
    subscription: QuoteSubscription,
    quote: MarketQuote,
) -> None:
    known = gateway.exchange.facts(subscription.stock.con_id, session.now)
    messages = generic_ticks(subscription.req_id, subscription.generic, known, quote)
    for each in messages:
        if each not in subscription.told_generic:
            session.say(each)
    subscription.told_generic = frozenset(messages)


def _keep_going(gateway: Gateway, session: ClientSession) -> None:
    def beat() -> None:
        lines = session.state(QuoteSubscriptions).open
        if gateway.config.permission is DataPermission.COMPETING:
            _end_for_competing_session(session)
        elif gateway.farm_up("market"):
            for line in tuple(lines.values()):
                if line.begun:
                    _tell(gateway, session, line)
        if lines:
            session.later(AGGREGATION, beat, key="quotes")

    if not session.planned("quotes"):
        session.later(AGGREGATION, beat, key="quotes")


def _end_for_competing_session(session: ClientSession) -> None:
    """Someone else has logged in: every running line gets 10197 and no more quotes."""
    lines = session.state(QuoteSubscriptions).open
    for req_id in tuple(lines):
        del lines[req_id]
        session.error(req_id, 10197, COMPETING)


def _end(session: ClientSession, req_id: int) -> None:
    if session.state(QuoteSubscriptions).open.pop(req_id, None) is not None:
        session.say(replies.snapshot_end(req_id))


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """2: end this market data line."""
    read.version()
    req_id = read.integer()
    if session.state(QuoteSubscriptions).open.pop(req_id, None) is None:
        session.error(req_id, 300, f"Can't find EId with tickerId:{req_id}")


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {1: subscribe, 2: cancel, 59: choose_type},
)
