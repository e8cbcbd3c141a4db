"""Contract details, symbol search and market rules: reference data of a contract."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import NO_DEFINITION, matches
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import AnswerKind
from core.sandbox.market.abroad import EXCHANGES, magnifier_of
from core.sandbox.market.hours import NEW_YORK, TradingSession
from core.sandbox.market.universe import (
    A_DOLLAR,
    BELOW_A_DOLLAR,
    HALF_A_CENT,
    Stock,
)
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields


ORDER_TYPES: Final = (  # those that are served here, in IB's words
    "ACTIVETIM,ALGO,AON,COND,CONDORDER,DAY,FOK,GAT,GTC,GTD,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT"
    ",MOC,MTL,OCA,OPENCLOSE,OPG,STP,STPLMT,TRAIL,TRAILLMT,WHATIF"
)
CENTS, SMALL_CENTS, HALVES = 26, 5000, 5001  # market rules
RULES: Final = MappingProxyType(  # lowest price and step, in pairs; IB's up to 2806
    {
        CENTS: (0, 0.01),
        32: (0, 0.01),
        67: (0, 0.25),
        239: (0, 0.00005),
        635: (0, 0.0001),
        2806: (0, 0.25),
        SMALL_CENTS: (0, BELOW_A_DOLLAR, A_DOLLAR, 0.01),
        HALVES: (0, BELOW_A_DOLLAR, A_DOLLAR, HALF_A_CENT),
        **{each.rule: (0, each.step) for each in EXCHANGES.values()},
    }
)
OF_STEPS: Final = MappingProxyType({0.01: CENTS, 0.25: 67, 0.00005: 239})
DAYS_AHEAD: Final = 7


def details(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """9: every contract that matches, then the end marker; or 200 if none does."""
    read.version()
    req_id, asked = read.integer(), read.contract()
    wait = session.takes(AnswerKind.REFERENCE)
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
    local = stock.local_symbol or stock.symbol
    names = (local, stock.market_name, stock.trading_class)
    isin = (1, "ISIN", f"US{stock.con_id:09d}0")
    ids: tuple[object, ...] = isin if stock.sec_type == "STK" else (0,)
    under = gateway.exchange.underlying(stock)
    return replies.fields(
        10,
        req_id,
        *(stock.symbol, stock.sec_type, stock.expiry, stock.strike, stock.right),
        *(_exchange(stock, exchange), stock.currency, *names),
        *(stock.con_id, stock.min_tick, stock.multiplier, ORDER_TYPES),
        *(_where(stock), magnifier_of(stock.con_id), under, stock.name),
        stock.primary_exchange,
        stock.expiry[:6],
        *(stock.industry, stock.category, stock.category, _zone(stock)),
        *_hours(gateway, now, stock),
        *("", "", *ids, 1, "", "", _rule(stock), stock.expiry, stock.stock_type),
        *(("0.0001", "0.0001", "100") if stock.sec_type == "STK" else (1, 1, 1)),
    )


def _rule(stock: Stock) -> str:
    """The market rule numbers of its price steps, one for each exchange."""
    there = EXCHANGES.get(stock.primary_exchange)
    if there is not None:
        return ",".join([str(there.rule)] * (1 + _where(stock).count(",")))
    rule = OF_STEPS.get(stock.min_tick, HALVES)
    if stock.sec_type == "STK" and rule == CENTS and not stock.large_cap:
        rule = SMALL_CENTS  # it can fall below a dollar
    return ",".join([str(rule)] * (1 + _where(stock).count(",")))


def _where(stock: Stock) -> str:
    """The exchanges at which it is traded."""
    if stock.sec_type == "STK":
        return ",".join(("SMART", *stock.venues))
    return stock.primary_exchange


def _exchange(stock: Stock, asked: str) -> str:
    return asked if stock.sec_type in {"STK", "OPT"} else stock.primary_exchange


def _hours(gateway: Gateway, now: datetime, stock: Stock) -> tuple[str, str]:
    """Return trading and liquid hours of today and the days that follow."""
    zone = _zone_here(stock)
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    hours = gateway.exchange.hours_of(stock)
    sessions = [hours.session(day) for day in days]
    closed = [f"{day:%Y%m%d}:CLOSED" for day in days]
    wide = ";".join(_spans(sessions, closed, zone, wide=True))
    return wide, ";".join(_spans(sessions, closed, zone, wide=False))


def _zone(stock: Stock) -> str:
    """IB's name of the time zone that its hours are in."""
    there = EXCHANGES.get(stock.primary_exchange)
    return "US/Eastern" if there is None else there.zone


def _zone_here(stock: Stock) -> ZoneInfo:
    there = EXCHANGES.get(stock.primary_exchange)
    return NEW_YORK if there is None else ZoneInfo(there.zone_here)


def _spans(
    sessions: list[TradingSession | None],
    closed: list[str],
    zone: ZoneInfo,
    *,
    wide: bool,
) -> Iterator[str]:
    for day, shut in zip(sessions, closed, strict=True):
        if day is None:
            yield shut
        elif wide:
            yield f"{_clock(day.pre_open, zone)}-{_clock(day.post_close, zone)}"
        else:
            yield f"{_clock(day.open, zone)}-{_clock(day.close, zone)}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y%m%d:%H%M")


def symbols(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """81: up to sixteen stocks that begin with a pattern."""
    req_id, pattern = read.integer(), read.text()
    found = gateway.exchange.universe.matching(pattern)
    rows = [part for stock in found for part in _sample(stock)]
    message = replies.fields(79, req_id, len(found), *rows)
    session.say(message, delay=session.takes(AnswerKind.REFERENCE))


def _sample(stock: Stock) -> tuple[object, ...]:
    listed = (stock.primary_exchange, stock.currency)
    return (stock.con_id, stock.symbol, "STK", *listed, 0, stock.name, "")


def market_rule(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """91: the minimum price variations of a market rule, from the lowest price on."""
    rule = read.integer()
    if rule not in RULES:
        session.error(replies.NOT_TIED, 321, "Error validating request: no such rule")
        return
    steps = RULES[rule]
    session.say(replies.fields(93, rule, len(steps) // 2, *steps))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {9: details, 81: symbols, 91: market_rule},
)
