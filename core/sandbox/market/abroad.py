"""Stocks of other exchanges: where, when and in which currency they trade.

IB quotes London's stocks in pence and accounts for them in pounds; its contract details
say so with a price magnifier of 100. Hours are the published ones; holidays are not
kept, but for Toronto's, which are taken to be New York's: assumptions. So are the rates.
"""

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import Final, NamedTuple

from core.sandbox.market.hours import Hours
from core.sandbox.market.others.hours import WeekdayHours


class ExchangeAbroad(NamedTuple):
    """An exchange outside of the US. ``dollars`` is what one unit of its currency is
    worth, ``zone`` IB's name of its time zone, ``rule`` IB's number of its price steps
    (assumed), ``magnifier`` how many of the units that it quotes in make one of its
    currency, ``step`` the one price step, in what it quotes in, ``zone_here`` the IANA
    name of its time zone. Hours None: New York's."""

    currency: str
    dollars: float
    hours: Hours | None
    zone: str
    zone_here: str
    rule: int
    step: float
    magnifier: int = 1


EXCHANGES: Final[Mapping[str, ExchangeAbroad]] = MappingProxyType(
    {
        "TSE": ExchangeAbroad(
            "CAD", 0.71, None, "US/Eastern", "America/New_York", 32, 0.01
        ),
        "IBIS": ExchangeAbroad(
            "EUR",
            1.16,
            WeekdayHours(time(9), time(17, 30), "Europe/Berlin"),
            *("MET", "Europe/Berlin", 1939, 0.02),
        ),
        "LSE": ExchangeAbroad(
            "GBP",
            1.32,
            WeekdayHours(time(8), time(16, 30), "Europe/London"),
            *("GB-Eire", "Europe/London", 1940, 0.05, 100),
        ),
        "LSEETF": ExchangeAbroad(
            "USD",
            1.0,
            WeekdayHours(time(8), time(16, 30), "Europe/London"),
            *("GB-Eire", "Europe/London", 1941, 0.01),
        ),
    }
)


class Listing(NamedTuple):
    """A real company with an invented conId; ``price`` is roughly what it costs, in the
    unit that its exchange quotes. Shares in millions, volume in shares a day."""

    con_id: int
    symbol: str
    name: str
    exchange: str
    price: float
    shares_millions: int
    average_volume: float


LISTINGS: Final = (
    Listing(890_000_001, "RY", "ROYAL BANK OF CANADA", "TSE", 205.0, 1410, 3.1e6),
    Listing(890_000_002, "SAP", "SAP SE", "IBIS", 238.0, 1170, 1.6e6),
    Listing(890_000_003, "IBM", "INTL BUSINESS MACHINES CORP", "IBIS", 256.0, 935, 9e3),
    Listing(890_000_004, "VOD", "VODAFONE GROUP PLC", "LSE", 92.0, 23900, 55e6),
    Listing(890_000_005, "QQQ", "INVESCO NASDAQ-100 UCITS", "LSEETF", 48.0, 210, 4e5),
)
"""IBM is listed in New York, too: its symbol alone does not say which is meant. QQQ is
in dollars at both: an assumption, as SMH is at IB (VanEck's fund at NASDAQ, and another
of theirs in London)."""

_OF: Final = MappingProxyType({each.con_id: each.exchange for each in LISTINGS})


def hours_at(exchange: str, usual: Hours) -> Hours:
    """The hours of that exchange; *usual* where it has none of its own."""
    there = EXCHANGES.get(exchange)
    return usual if there is None or there.hours is None else there.hours


def dollars_of(con_id: int) -> float:
    """What one unit of the currency that the contract trades in is worth in dollars."""
    exchange = _OF.get(con_id)
    return 1.0 if exchange is None else EXCHANGES[exchange].dollars


def magnifier_of(con_id: int) -> int:
    """How many of the units that it is quoted in make one of its currency."""
    exchange = _OF.get(con_id)
    return 1 if exchange is None else EXCHANGES[exchange].magnifier


def currency_of(con_id: int) -> str:
    """The currency that the contract trades in."""
    exchange = _OF.get(con_id)
    return "USD" if exchange is None else EXCHANGES[exchange].currency
