"""What an account is opened with, its holdings, and its values as IB lists them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """An account as it is opened; positions are (symbol, shares, average cost in
    dollars), of a stock abroad (symbol@exchange, shares, average cost in its currency).

    ``currency`` is the account's base currency; one dollar is ``per_dollar`` of it.
    ``cash`` is in dollars whatever the base currency.
    """

    account: str = "DU1234567"
    cash: float = 100_000.0
    kind: str = "MARGIN"  # or "CASH"
    positions: tuple[tuple[str, float, float], ...] = ()
    currency: str = "USD"
    per_dollar: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One holding: shares, and the average cost of one in the currency it trades in."""

    account: str
    con_id: int
    quantity: float
    avg_cost: float  # of a share, commissions included, as IB counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioItem:
    """A holding with its value and profit in the currency that it trades in, and its
    market price in the unit that it is quoted in; realized profit is today's.
    """

    position: Position
    market_price: float
    market_value: float
    unrealized_pnl: float
    realized_pnl: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountValue:
    """One account value; ``currency`` is empty for text and counts."""

    account: str
    tag: str
    value: str
    currency: str = ""
