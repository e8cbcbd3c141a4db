"""What the account holds and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.model.market import ConId, Instrument
from core.model.money import DOLLARS, Money, Price, Shares


STOCK: Final = "STK"
"""IB's security type of stocks and funds that trade like them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Shares held of one stock (negative: short), with fractions where the account has
    them. A value IB has not sent is None.

    All amounts are dollars. Of a stock in another currency, and of what is no stock
    (``kind``, IB's security type), only ``market_value`` and ``open_profit`` are known. ``price`` is IB's mark, ``average_cost`` dollars a share with commission,
    ``open_profit`` dollars since bought, ``prior_close`` the previous session's close.
    ``day_profit`` is dollars since that close, of what was bought today since it was
    bought, with its fees as far as they are told; ``day_basis`` the dollars that it is
    a part of: the morning's shares at that close, and what was put in today.
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

    @property
    def is_dollar_stock(self) -> bool:
        """Whether it is what this program trades: a stock that is priced in dollars."""
        return self.kind == STOCK and self.instrument.currency == DOLLARS

    @property
    def whole_shares(self) -> Shares:
        """The part that an order can sell: IB's API takes no fractions (10243)."""
        return Shares(int(self.shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseFigures:
    """The figures of an account that is not kept in dollars, as IB tells them: in
    ``currency``, of which one dollar is ``per_dollar`` by IB's own rate; None while IB
    has not told it, and then nothing is known in dollars."""

    currency: str
    per_dollar: Decimal | None
    net_liquidation: Decimal | None
    available_funds: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """The account's figures in dollars. IB renews them at least every 3 minutes.

    ``at`` (UTC) is when the newest of them arrived, ``funds_at`` when the
    ``available_funds`` did, which are what can open new positions. ``base`` has the
    figures in the account's own currency when that is not the dollar.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """A working order in the account, whoever placed it.

    ``ref`` is the orderRef it carries ("" for a manual one); ``order_id`` is 0 for
    orders that this client cannot cancel. ``shares`` have their fractions: others can
    order them. ``account`` is "" where IB does not say whose it is.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What IB lists when it is asked, and not by and by: every working order of the
    account, whoever placed it, and the shares that it holds of each stock."""

    open_orders: tuple[OpenOrder, ...]
    shares: Mapping[ConId, Decimal]


NOTHING_LISTED: Final = Inventory(open_orders=(), shares={})
"""Of an account that IB says nothing of: nothing can be sold."""
