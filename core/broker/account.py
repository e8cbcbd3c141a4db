"""The account's figures and positions, from IB's account subscription."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from ib_async import Contract

from core.broker import translate
from core.broker.exchange_rates import BASE, DOLLAR, ExchangeRates
from core.model.market import ConId
from core.model.money import Money
from core.model.portfolio import STOCK, AccountSummary, BaseFigures, Position
from core.ports.market import Clock


NET, FUNDS, POWER, CASH, OPEN_PROFIT = (
    "NetLiquidation",
    "AvailableFunds",
    "BuyingPower",
    "TotalCashValue",
    "UnrealizedPnL",
)
"""IB's tags in the account window
(interactivebrokers.github.io/tws-api/interfaceIBApi_1_1EWrapper.html)."""

TAGS: Final = frozenset({NET, FUNDS, POWER, CASH, OPEN_PROFIT})
RATE: Final = "ExchangeRate"
LEDGER: Final = "$LEDGER-"
"""What gateways from 10.47 on put before the tags that they tell by currency, as their
API settings can say and do say for new users. Of these the row BASE is the sum."""

WHOLE: Final = (NET, FUNDS, POWER, CASH)
"""Tags that IB sends in the account's base currency only: they show which one it is."""

FIGURES_LIFE: Final = timedelta(minutes=10)
"""IB renews the account window every 3 minutes, changed or not. After three missed
renewals its figures may be of any age."""


@dataclass(frozen=True, slots=True)
class _Row:
    amount: Decimal
    at: datetime


@dataclass(slots=True)
class AccountBook:
    """One account's figures, converted to dollars by IB's rate.

    Figures and positions are unknown until IB has sent all of them once
    (accountDownloadEnd).
    """

    account: str
    clock: Clock
    _ready: bool = True
    _complete: bool = False
    _renewed: datetime | None = None
    _rows: dict[tuple[str, str], _Row] = field(default_factory=dict)
    _rates: ExchangeRates = field(default_factory=ExchangeRates)
    _day_profit: Decimal | None = None
    _positions: dict[ConId, Position] = field(default_factory=dict)
    _told: AccountSummary | None = None
    _base: str = BASE
    """The currency that the account is kept in; BASE while no row names it."""

    def learn(self, message: str, *values: Any) -> None:
        """Process one message of the subscription: its name in Listeners.account, and the
        values as ib_async decodes them.

        Raises:
            ValueError: how many shares are held is no number.
        """
        self._told = None
        match message:
            case "value":
                self._value(*values)
            case "portfolio":
                self._portfolio(*values)
            case "pnl":
                self._day_profit = translate.known(values[0])
            case "time":
                self._renewed = self.clock.now()
            case "end" if values[0] in {self.account, ""}:
                self._complete, self._renewed = True, self.clock.now()
            case _:
                pass

    def forget(self) -> None:
        """The subscription has ended: nothing is known until the next one is
        complete."""
        self._complete, self._renewed, self._day_profit = False, None, None
        self._told = None
        self._rows.clear()
        self._base = BASE
        self._positions.clear()
        self._rates = ExchangeRates()

    def summary(self) -> AccountSummary | None:
        """The figures; None until all were sent, while IB resets them, and if they were
        not renewed for FIGURES_LIFE."""
        if not (self._complete and self._ready and self._is_followed()):
            return None
        if self._told is None:
            self._told = self._summary()
        return self._told

    def _summary(self) -> AccountSummary | None:
        rows = {tag: self._row(tag) for tag in TAGS}
        told = [row.at for row in rows.values() if row is not None]
        if not told:
            return None
        funds = rows[FUNDS]
        return AccountSummary(
            account=self.account,
            at=max(told),
            net_liquidation=self._dollars(rows[NET]),
            available_funds=self._dollars(funds),
            funds_at=funds.at if funds else None,
            buying_power=self._dollars(rows[POWER]),
            cash=self._dollars(rows[CASH]),
            open_profit=self._dollars(rows[OPEN_PROFIT]),
            day_profit=self._of_the_base(self._day_profit),
            base=self._base_figures(),
            rates=self._rates.in_dollars(base=self._base),
        )

    def positions(self) -> tuple[Position, ...] | None:
        """What the account holds; None before IB has listed it all."""
        return tuple(self._positions.values()) if self._complete else None

    def _is_followed(self) -> bool:
        return (
            self._renewed is not None
            and abs(self.clock.now() - self._renewed) <= FIGURES_LIFE
        )

    # figures

    def _value(self, tag: str, text: str, currency: str, account: str) -> None:
        if account not in {self.account, ""}:
            return
        by_currency = tag.removeprefix(LEDGER)
        if tag == "AccountReady":
            self._ready = text.lower() != "false"
        elif by_currency == RATE:
            self._rates.learn(currency, translate.decimal_in(text))
        elif tag in TAGS or (by_currency, currency) == (OPEN_PROFIT, BASE):
            self._keep(by_currency, currency, translate.decimal_in(text))

    def _keep(self, tag: str, currency: str, amount: Decimal | None) -> None:
        if amount is None:
            self._rows.pop((tag, currency), None)
        else:
            self._rows[tag, currency] = _Row(amount, self.clock.now())
        named = (
            currency
            for tag in WHOLE
            for each, currency in self._rows
            if each == tag and currency not in {BASE, ""}
        )
        self._base = next(named, BASE)

    def _row(self, tag: str) -> _Row | None:
        """In the base currency: where a tag is told by currency, BASE is the sum; of
        what is told as a whole, under either name, the newest counts."""
        rows = (self._rows.get((tag, BASE)), self._rows.get((tag, self._base)))
        told = [row for row in rows if row is not None]
        if tag in WHOLE:
            told.sort(key=lambda row: row.at, reverse=True)
        return told[0] if told else None

    def _dollars(self, row: _Row | None) -> Money | None:
        return None if row is None else self._of_the_base(row.amount)

    def _of_the_base(self, amount: Decimal | None) -> Money | None:
        return self._rates.dollars(amount, DOLLAR if self._base == DOLLAR else BASE)

    def _base_figures(self) -> BaseFigures | None:
        currency, rate = self._base, self._rates.per_dollar
        if currency == DOLLAR or (currency == BASE and rate in {None, 1}):
            return None
        net, funds = self._row(NET), self._row(FUNDS)
        return BaseFigures(
            currency=currency,
            per_dollar=rate,
            net_liquidation=net.amount if net else None,
            available_funds=funds.amount if funds else None,
        )

    # positions

    def _portfolio(self, contract: Contract, shares: float, *rest: Any) -> None:
        """A row of the window. IB's mark is in the unit that the exchange quotes, which
        in London is the penny; value and cost are in the stock's currency.

        Raises:
            ValueError: how many shares are held is no number.
        """
        mark, value, cost, open_profit, _realized, account = rest
        if account != self.account:
            return
        instrument = translate.instrument_of(contract)
        if translate.known(shares) is None:
            raise ValueError(f"a holding that tells too little: {contract}")
        held = translate.shares_in(shares)
        if not held:
            self._positions.pop(instrument.con_id, None)
            return
        kind = contract.secType or STOCK
        is_stock, is_in_dollars = kind == STOCK, instrument.currency == DOLLAR
        self._positions[instrument.con_id] = Position(
            instrument=instrument,
            kind=kind,
            listed_on=contract.primaryExchange,
            shares=held,
            average_cost=translate.price(cost) if is_stock else None,
            price=translate.price(mark if is_in_dollars else value / shares)
            if is_stock
            else None,
            market_value=self._worth(value, instrument.currency),
            open_profit=self._worth(open_profit, instrument.currency),
            rate=None
            if is_in_dollars
            else self._rates.dollars(Decimal(1), instrument.currency, base=self._base),
        )

    def _worth(self, value: float, currency: str) -> Money | None:
        """A holding's value in dollars; IB sends it in the stock's own currency."""
        known = translate.known(value)
        return self._rates.dollars(known, currency, base=self._base)
