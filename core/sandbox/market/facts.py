"""What generic ticks say of a stock besides its quote."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from core.sandbox.market import rng
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.stockday import StockDay
from core.sandbox.market.universe import Stock


EASY, LOCATE, NONE = 3.0, 2.0, 1.0  # IB: above 2.5, above 1.5, below
_HARD: Final = 0.2  # assumed: so many of the small stocks cannot be borrowed,
_LOCATED: Final = 0.5  # and up to here they must be located
_LENT: Final = 0.02  # of all shares, assumed
_USUAL_TRADE: Final = 120  # shares
_PAYOUT: Final = 0.0015  # of the price, a quarter: assumed


@dataclass(frozen=True, slots=True)
class Facts:
    """The generic-tick figures of one stock at one moment (UTC); computed when asked
    for.
    """

    stock: Stock
    today: StockDay
    now: datetime

    @property
    def average_volume(self) -> int:
        """Average volume, shares a day."""
        return round(self.stock.average_volume)

    @property
    def vwap(self) -> float:
        """The regular session's average price by volume, dollars; 0 before any print."""
        return self.today.vwap(self.now)

    @property
    def trades(self) -> int:
        """The number of trades in the regular session so far."""
        return self.today.regular_volume(self.today.seconds(self.now)) // _USUAL_TRADE

    @property
    def last_regular(self) -> float:
        """The last price of a regular session, dollars."""
        return self.today.last_regular(self.now)

    @property
    def shortable(self) -> float:
        """IB's figure for how easily the stock can be borrowed (tick 46)."""
        return _shortable(self.stock.con_id, large_cap=self.stock.large_cap)

    @property
    def shortable_shares(self) -> int:
        """How many shares can be borrowed now; 0 unless it is easy to borrow."""
        return _lendable(self.stock) if self.shortable == EASY else 0

    @property
    def dividends(self) -> tuple[float, float, date, float] | None:
        """Dollars a share of the last and of the next twelve months, the next payment's
        day and amount; None for a stock that pays none.
        """
        return _dividends(self.stock, self.now) if self.stock.large_cap else None


@lru_cache(maxsize=4096)
def _shortable(con_id: int, *, large_cap: bool) -> float:
    drawn = rng.uniform(con_id, 0x5407)
    if large_cap or drawn >= _LOCATED:
        return EASY
    return NONE if drawn < _HARD else LOCATE


def _lendable(stock: Stock) -> int:
    return int(_LENT * stock.shares_millions * 1e6)


def _dividends(stock: Stock, now: datetime) -> tuple[float, float, date, float]:
    quarterly = round(_PAYOUT * stock.price, 2)
    today = now.astimezone(NEW_YORK).date()
    years = (today.year, today.year + 1)
    paid = [date(year, month, 15) for year in years for month in (3, 6, 9, 12)]
    following = next(day for day in paid if day > today)
    return 4 * quarterly, 4 * quarterly, following, quarterly
