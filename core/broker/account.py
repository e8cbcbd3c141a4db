"""The account as its subscription tells it: figures and positions."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from ib_async import Contract

from core.broker import translate
from core.model.market import ConId
from core.model.money import Money
from core.model.portfolio import AccountSummary, Position
from core.ports.market import Clock


_FIELDS: Final = MappingProxyType(
    {
        "NetLiquidation": "net_liquidation",
        "AvailableFunds": "available_funds",
        "BuyingPower": "buying_power",
        "TotalCashValue": "cash",
        "UnrealizedPnL": "open_profit",
    }
)
"""IB's tags in the account window
(interactivebrokers.github.io/tws-api/interfaceIBApi_1_1EWrapper.html)."""

_DOLLARS: Final = "USD"


@dataclass(slots=True)
class AccountBook:
    """One account's figures in dollars; what is in another currency is not known."""

    account: str
    clock: Clock
    _at: datetime | None = None
    _ready: bool = True
    _figures: dict[str, Any] = field(default_factory=dict)
    _positions: dict[ConId, Position] = field(default_factory=dict)

    def learn(self, message: str, *values: Any) -> None:
        """Take one message of the subscription."""
        if message == "value":
            self._value(*values)
        elif message == "portfolio":
            self._portfolio(*values)
        elif message == "pnl":
            self._figure("day_profit", translate.money(values[0]))

    def summary(self) -> AccountSummary | None:
        """The figures; None before the first, and while IB resets them."""
        if self._at is None or not self._ready:
            return None
        blank = AccountSummary(
            account=self.account,
            at=self._at,
            net_liquidation=None,
            available_funds=None,
            buying_power=None,
            cash=None,
            open_profit=None,
            day_profit=None,
        )
        return replace(blank, **self._figures)

    def positions(self) -> tuple[Position, ...]:
        """What the account holds."""
        return tuple(self._positions.values())

    def _value(self, tag: str, text: str, currency: str, account: str) -> None:
        if account != self.account:
            return
        if tag == "AccountReady":
            self._ready = text.lower() != "false"
        elif tag in _FIELDS and currency == _DOLLARS:
            self._figure(_FIELDS[tag], translate.money_in(text))

    def _figure(self, name: str, dollars: Money | None) -> None:
        self._figures[name] = dollars
        self._at = self.clock.now()

    def _portfolio(self, contract: Contract, shares: float, *rest: Any) -> None:
        mark, value, cost, open_profit, _realized, account = rest
        if account != self.account:
            return
        instrument = translate.instrument_of(contract)
        if not translate.count(shares):
            self._positions.pop(instrument.con_id, None)
            return
        self._positions[instrument.con_id] = Position(
            instrument=instrument,
            shares=translate.count(shares),
            average_cost=translate.price(cost),
            price=translate.price(mark),
            market_value=translate.money(value),
            open_profit=translate.money(open_profit),
        )
