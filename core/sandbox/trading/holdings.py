"""What an account is opened with, what it holds, and the rows of its window."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """An account as it is opened; positions are (symbol, shares, average cost).

    It is kept in ``currency``, of which one dollar is ``per_dollar``; ``cash`` is in
    dollars all the same.
    """

    account: str = "DU1234567"
    cash: float = 100_000.0
    kind: str = "MARGIN"  # or "CASH"
    positions: tuple[tuple[str, float, float], ...] = ()
    currency: str = "USD"
    per_dollar: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A holding."""

    account: str
    con_id: int
    quantity: float
    avg_cost: float  # dollars a share, commissions included, as IB counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioItem:
    """A holding with its price and profit, dollars; realized since today's start."""

    position: Position
    market_price: float
    market_value: float
    unrealized_pnl: float
    realized_pnl: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountValue:
    """One row of the account window; ``currency`` is empty for words and counts."""

    account: str
    tag: str
    value: str
    currency: str = ""
