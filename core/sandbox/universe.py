"""The stocks of the simulated market: invented small companies and a few real giants."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A listed stock. ``price`` is about what it costs, in dollars; caps in millions."""

    con_id: int
    symbol: str
    name: str
    primary_exchange: str
    market_name: str
    trading_class: str
    stock_type: str
    industry: str
    category: str
    price: float
    shares_millions: float
    average_volume: float
    volatility: float
    currency: str = "USD"
    min_tick: float = 0.01

    @property
    def market_cap_millions(self) -> float:
        """Capitalisation at the stock's usual price, millions of dollars."""
        return self.price * self.shares_millions


class Universe:
    """All stocks there are; looked up by conId, by contract fields, by pattern."""

    def __init__(self, stocks: tuple[Stock, ...]) -> None:
        self.stocks = stocks
        self.by_con_id: Mapping[int, Stock] = {s.con_id: s for s in stocks}
        self.by_symbol: Mapping[str, Stock] = {s.symbol: s for s in stocks}

    def find(
        self,
        *,
        con_id: int = 0,
        symbol: str = "",
        sec_type: str = "",
        currency: str = "",
        exchange: str = "",
        primary_exchange: str = "",
        trading_class: str = "",
    ) -> tuple[Stock, ...]:
        """The stocks that a contract request means; empty fields match everything."""
        raise NotImplementedError

    def matching(self, pattern: str) -> tuple[Stock, ...]:
        """Up to 16 stocks whose symbol or name begins with the pattern, symbols first."""
        raise NotImplementedError


def universe(seed: int) -> Universe:
    """The market of that seed."""
    raise NotImplementedError
