"""The account values of one account."""

from collections.abc import Iterator

from core.sandbox.market.abroad import currency_of, dollars_of
from core.sandbox.trading.accounts import Account, Figures
from core.sandbox.trading.holdings import AccountValue


_UNLIMITED = "-1"
_WORTHS = (
    "EquityWithLoanValue",
    "NetLiquidation",
    "NetLiquidationByCurrency",
    "RegTEquity",
)


def rows(account: Account, figures: Figures) -> list[AccountValue]:
    """Every account value: text and counts without a currency, amounts in the account's
    base currency with two decimals, and the exchange rate of each currency.
    """
    words = [
        AccountValue(account=account.name, tag=tag, value=value)
        for tag, value in _words(account, figures)
    ]
    own = account.currency
    amounts = [
        AccountValue(
            account=account.name,
            tag=tag,
            value=f"{value * account.per_dollar:.2f}",
            currency=own,
        )
        for tag, value in _dollars(figures)
    ]
    names = [
        AccountValue(account=account.name, tag=tag, value=own, currency=own)
        for tag in ("Currency", "RealCurrency")
    ]
    return [*words, *amounts, *names, *_rates(account)]


def _rates(account: Account) -> Iterator[AccountValue]:
    """One row for each currency that the account is kept in or has held something in: its
    value in the account's base currency.
    """
    worth = {
        currency_of(con_id): account.per_dollar * dollars_of(con_id)
        for con_id in account.holdings
    }
    worth |= {"BASE": 1.0, account.currency: 1.0}
    if account.currency != "USD":
        worth["USD"] = account.per_dollar
    for currency, rate in worth.items():
        yield AccountValue(
            account=account.name,
            tag="ExchangeRate",
            value=f"{rate:.4f}",
            currency=currency,
        )


def _words(account: Account, figures: Figures) -> Iterator[tuple[str, str]]:
    net = figures.net_liquidation
    cushion = figures.excess / net if net > 0 else 0.0
    leverage = figures.gross_value / net if net > 0 else 0.0
    yield "AccountCode", account.name
    yield "AccountReady", "true"
    yield "AccountType", "INDIVIDUAL"
    yield "TradingType-S", "STKCASH" if account.cash_account else "STKMRGN"
    yield "Cushion", f"{max(0.0, min(1.0, cushion)):.4f}"
    yield "DayTradesRemaining", _UNLIMITED
    yield "Leverage", f"{leverage:.2f}"
    yield "LookAheadNextChange", "0"


def _dollars(figures: Figures) -> Iterator[tuple[str, float]]:
    net = figures.net_liquidation
    first, later = figures.initial_margin, figures.maintenance_margin
    yield "AccruedCash", 0.0
    yield "AvailableFunds", figures.available
    yield "BuyingPower", figures.buying_power
    yield "CashBalance", figures.cash
    yield "ExcessLiquidity", figures.excess
    yield "FullAvailableFunds", figures.available
    yield "FullExcessLiquidity", figures.excess
    yield "FullInitMarginReq", first
    yield "FullMaintMarginReq", later
    yield "GrossPositionValue", figures.gross_value
    yield "InitMarginReq", first
    yield "LookAheadAvailableFunds", figures.available
    yield "LookAheadExcessLiquidity", figures.excess
    yield "LookAheadInitMarginReq", first
    yield "LookAheadMaintMarginReq", later
    yield "MaintMarginReq", later
    yield "PreviousDayEquityWithLoanValue", net - figures.realized_today
    yield "RealizedPnL", figures.realized_today
    for tag in _WORTHS:
        yield tag, net
    yield "RegTMargin", first
    yield "SMA", figures.available
    yield "StockMarketValue", figures.stock_value
    for tag in ("SettledCash", "TotalCashBalance", "TotalCashValue"):
        yield tag, figures.cash
    yield "UnrealizedPnL", figures.unrealized
