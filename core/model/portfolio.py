"""What the account holds and what it is worth."""

from dataclasses import dataclass
from datetime import datetime

from core.model.market import Instrument
from core.model.money import Money, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Shares held of one stock (negative: short). A value IB has not sent is None.

    ``price`` is IB's mark, ``average_cost`` dollars a share with commission,
    ``day_profit`` dollars since the previous close, ``open_profit`` dollars since
    bought, ``prior_close`` the previous session's close.
    """

    instrument: Instrument
    shares: int
    average_cost: Price | None
    price: Price | None
    market_value: Money | None
    open_profit: Money | None
    day_profit: Money | None = None
    prior_close: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary:
    """The account's figures in dollars. IB renews them at least every 3 minutes.

    ``at`` (UTC) is when the newest of them arrived; ``available_funds`` is what can
    open new positions.
    """

    account: str
    at: datetime
    net_liquidation: Money | None
    available_funds: Money | None
    buying_power: Money | None
    cash: Money | None
    open_profit: Money | None
    day_profit: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """A working order in the account, whoever placed it.

    ``ref`` is the orderRef it carries ("" for a manual one); ``order_id`` is 0 for
    orders that this client cannot cancel.
    """

    instrument: Instrument
    ref: str
    order_id: int
    client_id: int
    perm_id: int
    side: str
    order_type: str
    tif: str
    shares: int
    filled: int
    status: str
