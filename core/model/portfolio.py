"""What the account holds and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.model.market import ConId, Instrument, TrailingDistance
from core.model.money import DOLLARS, Money, Price, Shares


LISTING_LAG: Final = timedelta(minutes=3)
"""IB renews the account window at least this often: newer fills may be missing in it."""

STOCK: Final = "STK"
"""IB's security type for stocks, and for funds that trade like stocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Shares held of one stock (negative: short), including fractions. A value that IB
    has not sent is None.

    The prices of a share are in the stock's own currency, all other amounts in dollars;
    ``rate`` is what one unit of that currency is in dollars, by IB, and None for the
    dollar, or while IB has not said. ``price`` is IB's mark, ``average_cost`` the cost
    of a share with commission, ``open_profit`` the profit since the purchase,
    ``prior_close`` the previous session's close. For anything that is not a stock
    (``kind`` is IB's security type), only ``market_value`` and ``open_profit`` are
    known; for a stock in another currency nothing of the day. ``listed_on`` is its
    primary exchange, as far as IB names it. ``is_unadjusted``: IB's prior close is still
    in the shares of before a split, so nothing is known of the day.

    ``day_profit`` is the profit since that close, or since the purchase for shares
    bought today, less the fees known so far. ``day_basis`` is the amount that it is a
    percentage of: the shares of the morning at that close, plus what was paid today.
    ``traded_today`` is whether any of it was bought or sold today.
    """

    instrument: Instrument
    shares: Decimal
    average_cost: Price | None
    price: Price | None
    market_value: Money | None
    open_profit: Money | None
    day_profit: Money | None = None
    prior_close: Price | None = None
    day_basis: Money | None = None
    traded_today: bool = False
    kind: str = STOCK
    rate: Decimal | None = None
    listed_on: str = ""
    is_unadjusted: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether it is a stock, in any currency: it can be sold."""
        return self.kind == STOCK

    @property
    def is_dollar_stock(self) -> bool:
        """Whether it is a stock priced in dollars: it can be bought, and have exits."""
        return self.is_stock and self.instrument.currency == DOLLARS

    @property
    def whole_shares(self) -> Shares:
        """The part that an order can sell: IB's API refuses fractions (10243)."""
        return Shares(int(self.shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFigures:
    """IB's figures of an account that is not kept in dollars, in its ``currency``. One
    dollar is ``per_dollar`` of it, by IB's rate; while that is None, nothing is known
    in dollars."""

    currency: str
    per_dollar: Decimal | None
    net_liquidation: Decimal | None
    available_funds: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """The account's figures in dollars. IB renews them at least every 3 minutes.

    ``available_funds`` can open new positions. ``at`` (UTC) is when the newest figure
    arrived, ``funds_at`` when the available funds did. ``base`` has the figures in the
    account's own currency if that is not the dollar. ``rates`` is what one unit of each
    other currency is in dollars, as far as IB has told.
    """

    account: str
    at: datetime
    net_liquidation: Money | None
    available_funds: Money | None
    buying_power: Money | None
    cash: Money | None
    open_profit: Money | None
    day_profit: Money | None
    funds_at: datetime | None = None
    base: BaseFigures | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """A working order in an account of the login, whoever placed it.

    ``ref`` is its orderRef ("" for a manual order); ``order_id`` is 0 for orders that
    this client cannot cancel. ``shares`` may have a fraction, which other tools can
    order, and is 0 where IB does not say it. ``account`` is "" where IB does not name
    it; ``limit``, ``stop`` (of a stop order) and ``distance`` (of a trailing one) are
    None where it has none.
    """

    instrument: Instrument
    ref: str
    order_id: int
    client_id: int
    perm_id: int
    side: str
    order_type: str
    tif: str
    shares: Decimal
    filled: Decimal
    status: str
    account: str = ""
    limit: Price | None = None
    stop: Price | None = None
    distance: TrailingDistance | None = None

    @property
    def is_inactive(self) -> bool:
        """Whether IB does not work it: it was refused, or is held and may come back.
        Gateways from 10.48 on list among the open orders what was refused, too."""
        return self.status == "Inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """IB's listings at one request, as opposed to its running updates: every working
    order of the account, whoever placed it, and the shares held of each stock."""

    open_orders: tuple[OpenOrder, ...]
    shares: Mapping[ConId, Decimal]


NOTHING_LISTED: Final = Inventory(open_orders=(), shares={})
"""For an account that IB does not list: nothing can be sold."""
