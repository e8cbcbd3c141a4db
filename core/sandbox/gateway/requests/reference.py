"""Contract details, symbol search, market rules: what is known about a stock apart from its price."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, Handler
from core.sandbox.gateway.requests.contract_lookup import NO_DEFINITION, matches
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import Step
from core.sandbox.market.hours import NEW_YORK, TradingSession
from core.sandbox.market.universe import A_DOLLAR, BELOW_A_DOLLAR, HALF_A_CENT, Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields


ORDER_TYPES: Final = (  # those that are served here, in IB's words
    "ACTIVETIM,ALGO,AON,COND,CONDORDER,DAY,FOK,GAT,GTC,GTD,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT"
    ",MOC,MTL,OCA,OPENCLOSE,OPG,STP,STPLMT,TRAIL,TRAILLMT,WHATIF"
)
CENTS, HALF_CENTS = 26, 5001  # market rules: 26 as captured, 5001 our own number
RULES: Final = MappingProxyType({CENTS: 0.01, HALF_CENTS: HALF_A_CENT})
DAYS_AHEAD: Final = 7


def details(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """9: every contract that the request can mean, then the end marker; or 200."""
    read.version()
    req_id, asked = read.integer(), read.contract()
    wait = session.takes(Step.REFERENCE)
    found = matches(gateway, asked)
    if not found:
        session.error(req_id, 200, NO_DEFINITION, delay=wait)
        return
    exchange = asked.exchange or "SMART"
    for stock in found:
        message = _details(gateway, session.now, req_id, stock, exchange)
        session.say(message, delay=wait)
    session.say(replies.end(52, req_id), delay=wait)


def _details(
    gateway: Gateway, now: datetime, req_id: int, stock: Stock, exchange: str
) -> Fields:
    names = (stock.symbol, stock.market_name, stock.trading_class)
    rule = HALF_CENTS if stock.min_tick == HALF_A_CENT else CENTS
    return replies.fields(
        10,
        req_id,
        *(stock.symbol, "STK", "", 0, "", exchange, stock.currency, *names),
        *(stock.con_id, stock.min_tick, "", ORDER_TYPES),
        f"SMART,{stock.primary_exchange}",
        *(1, 0, stock.name, stock.primary_exchange, ""),
        *(stock.industry, stock.category, stock.category, "US/Eastern"),
        *_hours(gateway, now),
        *("", "", 1, "ISIN", f"US{stock.con_id:09d}0"),
        *(1, "", "", f"{rule},{rule}", "", stock.stock_type),
        *("0.0001", "0.0001", "100"),
    )


def _hours(gateway: Gateway, now: datetime) -> tuple[str, str]:
    """Return trading and liquid hours of today and the days that follow."""
    today = now.astimezone(NEW_YORK).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    sessions = [gateway.exchange.hours.session(day) for day in days]
    closed = [f"{day:%Y%m%d}:CLOSED" for day in days]
    wide = ";".join(_spans(sessions, closed, wide=True))
    return wide, ";".join(_spans(sessions, closed, wide=False))


def _spans(
    sessions: list[TradingSession | None], closed: list[str], *, wide: bool
) -> Iterator[str]:
    for day, shut in zip(sessions, closed, strict=True):
        if day is None:
            yield shut
        elif wide:
            yield f"{_clock(day.pre_open)}-{_clock(day.post_close)}"
        else:
            yield f"{_clock(day.open)}-{_clock(day.close)}"


def _clock(moment: datetime) -> str:
    return moment.astimezone(NEW_YORK).strftime("%Y%m%d:%H%M")


def symbols(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """81: up to sixteen stocks that begin with a pattern."""
    req_id, pattern = read.integer(), read.text()
    found = gateway.exchange.universe.matching(pattern)
    rows = [part for stock in found for part in _sample(stock)]
    message = replies.fields(79, req_id, len(found), *rows)
    session.say(message, delay=session.takes(Step.REFERENCE))


def _sample(stock: Stock) -> tuple[object, ...]:
    listed = (stock.primary_exchange, stock.currency)
    return (stock.con_id, stock.symbol, "STK", *listed, 0, stock.name, "")


def market_rule(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """91: the price steps, from the lowest price on."""
    rule = read.integer()
    if rule not in RULES:
        session.error(replies.NOT_TIED, 321, "Error validating request: no such rule")
        return
    steps = (0, BELOW_A_DOLLAR, A_DOLLAR, RULES[rule])
    session.say(replies.fields(93, rule, len(steps) // 2, *steps))


HANDLERS: Final = MappingProxyType[int, Handler](
    {9: details, 81: symbols, 91: market_rule},
)
