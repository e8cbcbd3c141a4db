"""The contracts other than stocks: three indices, a currency pair, a future, option
chains.

The contract numbers of indices and the pair are IB's; those of futures and options are
computed from their terms, so that none needs to be stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from core.sandbox.market.universe import Stock, Universe


class TradingVenue(StrEnum):
    """Which market's hours and prices a contract follows."""

    STOCKS = "stocks"
    CURRENCIES = "currencies"
    FUTURES = "futures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A contract that is not a stock. Its prices are those of ``source`` in ``market``,
    times ``scale``; an option's are computed from them.
    """

    contract: Stock
    source: Stock
    market: TradingVenue
    scale: float = 1.0


OPTIONS_ON: Final = "AAPL"
STRIKE_STEP: Final = 5
WEEKS: Final = 4
MONTHS: Final = 6
QUARTERS: Final = 5
MONTH_LETTERS: Final = "FGHJKMNQUVXZ"
_FUTURE_IDS = 551_600_000
_OPTION_IDS = 1_000_000_000
_EPOCH = date(2020, 1, 1)
_STRIKES = 1000
_FRIDAY = 4
_QUARTER = 3


def _listed(con_id: int, symbol: str, name: str, **more: Any) -> Stock:
    plain: dict[str, Any] = {
        "primary_exchange": "",
        "market_name": symbol,
        "trading_class": symbol,
        "stock_type": "",
        "industry": "",
        "category": "",
        "price": 1.0,
        "shares_millions": 1.0,
        "average_volume": 1e6,
        "volatility": 0.006,
        "large_cap": True,
    }
    return Stock(con_id=con_id, symbol=symbol, name=name, **(plain | more))


EURO_SOURCE: Final = _listed(
    12087792, "EUR", "European Monetary Union Euro", price=11_600.0, volatility=0.004
)
FUTURE_SOURCE: Final = _listed(
    551_600_000, "ES", "E-mini S&P 500", price=6_590.0, volatility=0.007
)
VIX_SOURCE: Final = _listed(
    13455763, "VIX", "CBOE Volatility Index", price=17.5, volatility=0.05
)


def fixed(universe: Universe) -> dict[int, Other]:
    """The indices and the currency pair, by contract number."""
    found = (
        *(
            Other(
                contract=_index(*named),
                source=universe.by_symbol[of],
                market=TradingVenue.STOCKS,
                scale=scale,
            )
            for named, of, scale in (
                ((416904, "SPX", "S&P 500 Stock Index", "CBOE"), "SPY", 10.0),
                ((416843, "NDX", "NASDAQ 100 Stock Index", "NASDAQ"), "QQQ", 41.0),
            )
        ),
        Other(
            contract=_index(13455763, "VIX", "CBOE Volatility Index", "CBOE"),
            source=VIX_SOURCE,
            market=TradingVenue.STOCKS,
        ),
        Other(
            contract=_pair(),
            source=EURO_SOURCE,
            market=TradingVenue.CURRENCIES,
            scale=0.0001,
        ),
    )
    return {each.contract.con_id: each for each in found}


def _index(con_id: int, symbol: str, name: str, exchange: str) -> Stock:
    return _listed(con_id, symbol, name, sec_type="IND", primary_exchange=exchange)


def _pair() -> Stock:
    return _listed(
        12087792,
        "EUR",
        "European Monetary Union Euro",
        sec_type="CASH",
        primary_exchange="IDEALPRO",
        local_symbol="EUR.USD",
        trading_class="EUR.USD",
        market_name="EUR.USD",
        min_tick=0.00005,
    )


# futures


def futures(today: date) -> Iterator[Other]:
    """The quarterly contracts that have not expired, the nearest first."""
    month = today.replace(day=1)
    found = 0
    while found < QUARTERS:
        if month.month % _QUARTER == 0 and third_friday(month) >= today:
            found += 1
            yield future(month.year, month.month)
        month = (month + timedelta(days=31)).replace(day=1)


def future(year: int, month: int) -> Other:
    """The contract of that month."""
    code = f"ES{MONTH_LETTERS[month - 1]}{year % 10}"
    contract = _listed(
        _FUTURE_IDS + 100 * (year - 2000) + month,
        "ES",
        "E-mini S&P 500",
        sec_type="FUT",
        primary_exchange="CME",
        local_symbol=code,
        multiplier="50",
        expiry=f"{third_friday(date(year, month, 1)):%Y%m%d}",
        min_tick=0.25,
    )
    return Other(contract=contract, source=FUTURE_SOURCE, market=TradingVenue.FUTURES)


def third_friday(day: date) -> date:
    """The third Friday of that day's month."""
    first = day.replace(day=1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


# options


def expiries(today: date) -> tuple[date, ...]:
    """The option expiries: the next Fridays, and the third Fridays of the next months."""
    friday = today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    weekly = {friday + timedelta(weeks=week) for week in range(WEEKS)}
    month, monthly = today.replace(day=1), set[date]()
    while len(monthly) < MONTHS:
        if third_friday(month) >= today:
            monthly.add(third_friday(month))
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(sorted(weekly | monthly))


def strikes(underlying: Stock) -> tuple[int, ...]:
    """The strikes of an option chain, dollars: from half to one and a half of the
    stock's usual price.
    """
    low, high = 0.5 * underlying.price, 1.5 * underlying.price
    first = int(low // STRIKE_STEP + 1) * STRIKE_STEP
    return tuple(range(first, int(high) + 1, STRIKE_STEP))


def option(underlying: Stock, expiry: date, strike: int, right: str) -> Other:
    """The contract of one option; *right* is C or P."""
    number = (expiry - _EPOCH).days * _STRIKES + strike * 2 + (right == "P")
    symbol = underlying.symbol
    contract = _listed(
        _OPTION_IDS + number,
        symbol,
        underlying.name,
        sec_type="OPT",
        primary_exchange="SMART",
        local_symbol=f"{symbol:6}{expiry:%y%m%d}{right}{strike * 1000:08d}",
        multiplier="100",
        expiry=f"{expiry:%Y%m%d}",
        strike=float(strike),
        right=right,
    )
    return Other(contract=contract, source=underlying, market=TradingVenue.STOCKS)


def by_number(con_id: int, underlying: Stock) -> Other | None:
    """The future or option with that contract number."""
    if con_id >= _OPTION_IDS:
        days, rest = divmod(con_id - _OPTION_IDS, _STRIKES)
        expiry = _EPOCH + timedelta(days=days)
        known = rest // 2 in strikes(underlying) and expiry.weekday() == _FRIDAY
        return option(underlying, expiry, rest // 2, "CP"[rest % 2]) if known else None
    year, month = divmod(con_id - _FUTURE_IDS, 100)
    known = 0 <= year < 100 and month in {3, 6, 9, 12}  # noqa: PLR2004  the quarters of a century
    return future(2000 + year, month) if known else None
