"""Accounts: cash, holdings, margin and profit, kept from the fills booked here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.sandbox.market.abroad import dollars_of
from core.sandbox.trading.holdings import AccountSpec, Position


MarkOf = Callable[[int], float]
"""Today's price of a stock, in the currency that it trades in."""

_INITIAL: Final = 0.5
_MAINTENANCE: Final = 0.25
_CHEAP: Final = 5.0
_INTRADAY_LEVERAGE: Final = 4.0


def margin_rates(price: float, *, cash_account: bool) -> tuple[float, float]:
    """The initial and the maintenance margin, as fractions of a holding's value.

    Regulation T's half and FINRA 4210's quarter; all of it for stocks under $5 and in a
    cash account. IB's house rates are higher for some stocks: an assumption.
    """
    if cash_account or price < _CHEAP:
        return 1.0, 1.0
    return _INITIAL, _MAINTENANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pnl:
    """Profit since the previous close, unrealized, and realized today: of an account in its
    base currency, of a holding in the currency that the stock trades in."""

    daily: float
    unrealized: float
    realized: float


@dataclass(slots=True)
class AccountHolding:
    """A holding: shares and the average cost of one, commission included, in the
    currency that it trades in.

    ``realized_today`` and ``spent_today`` (cash paid, commissions included), in that
    currency, are of the New York day that the account was last used on.
    """

    quantity: float = 0.0
    avg_cost: float = 0.0
    realized_today: float = 0.0
    spent_today: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An account at a moment, dollars."""

    cash: float
    stock_value: float
    gross_value: float
    initial_margin: float
    maintenance_margin: float
    unrealized: float
    realized_today: float
    leverage: float

    @property
    def net_liquidation(self) -> float:
        """What the account is worth, dollars: cash and holdings."""
        return self.cash + self.stock_value

    @property
    def available(self) -> float:
        """Available funds, dollars: what may be used to open positions."""
        return self.net_liquidation - self.initial_margin

    @property
    def excess(self) -> float:
        """Excess liquidity, dollars: below 0 IB liquidates positions."""
        return self.net_liquidation - self.maintenance_margin

    @property
    def buying_power(self) -> float:
        """What can be bought with the available funds at the account's leverage, dollars."""
        return max(0.0, self.leverage * self.available)


@dataclass(slots=True)
class Morning:
    """What the account held when the New York day began, for the day's profit."""

    day: date
    cash: float
    quantities: dict[int, float]


@dataclass(slots=True)
class Account:
    """One account: its cash (that of all currencies) and its realized profit in dollars,
    and its holdings. One dollar is ``per_dollar`` of its base ``currency``.
    """

    name: str
    kind: str
    cash: float
    holdings: dict[int, AccountHolding] = field(default_factory=dict)
    realized_total: float = 0.0
    morning: Morning | None = None
    currency: str = "USD"
    per_dollar: float = 1.0

    @classmethod
    def opened(cls, spec: AccountSpec, con_ids: dict[str, int]) -> "Account":
        """The account as specified.

        Raises:
            KeyError: a holding in a symbol that is not listed.
        """
        held = {
            con_ids[symbol]: AccountHolding(quantity, cost)
            for symbol, quantity, cost in spec.positions
        }
        return cls(
            name=spec.account,
            kind=spec.kind,
            cash=spec.cash,
            holdings=held,
            currency=spec.currency,
            per_dollar=spec.per_dollar,
        )

    @property
    def cash_account(self) -> bool:
        """Whether it borrows nothing and sells nothing short."""
        return self.kind == "CASH"

    def quantity(self, con_id: int) -> float:
        """The shares it holds; negative if they are sold short."""
        holding = self.holdings.get(con_id)
        return 0.0 if holding is None else holding.quantity

    def coverable(self, con_id: int, shares: float) -> float:
        """How many of *shares* the account may sell: all in a margin account, no more
        than it holds in a cash account.
        """
        if not self.cash_account:
            return shares
        return min(shares, max(0.0, self.quantity(con_id)))

    def begin(self, day: date) -> None:
        """Record cash and holdings at the start of *day*, once a day."""
        if self.morning is not None and self.morning.day >= day:
            return
        held = {con_id: h.quantity for con_id, h in self.holdings.items()}
        self.morning = Morning(day, self.cash, held)
        for holding in self.holdings.values():
            holding.realized_today = holding.spent_today = 0.0

    def fill(
        self, con_id: int, shares: float, *, price: float, fee: float
    ) -> float | None:
        """Book a fill of signed shares. *price*, *fee* and the realized profit that it
        returns (None if it only opens) are in the currency that the stock trades in.

        Commissions are part of the cost of what is opened and taken from the profit of
        what is closed, as IB does.
        """
        holding = self.holdings.setdefault(con_id, AccountHolding())
        self.cash -= (shares * price + fee) * dollars_of(con_id)
        holding.spent_today += shares * price + fee
        before = holding.quantity
        closing = min(abs(shares), abs(before)) if shares * before < 0 else 0.0
        opening = abs(shares) - closing
        realized = None
        if closing:
            direction = 1 if before > 0 else -1
            share_of_fee = fee * closing / abs(shares)
            gain = closing * (price - holding.avg_cost) * direction
            realized = gain - share_of_fee
            holding.realized_today += realized
            self.realized_total += realized * dollars_of(con_id)
        holding.quantity = before + shares
        if opening:
            sign = 1 if shares > 0 else -1
            kept = abs(before) - closing
            paid = opening * price + sign * fee * opening / abs(shares)
            worth = kept * holding.avg_cost + paid
            holding.avg_cost = worth / (kept + opening)
        if holding.quantity == 0:
            holding.avg_cost = 0.0
        return realized

    def split(self, con_id: int, ratio: float, *, price: float) -> None:
        """Turn each share into *ratio* shares at a cost divided by it; a fraction of a
        share is paid out in cash at *price*, which is that after the split, in the
        currency that the stock trades in.
        """
        holding = self.holdings.get(con_id)
        if holding is None or not holding.quantity:
            return
        shares = round(holding.quantity * ratio, 6)
        rest = shares - int(shares)
        holding.quantity, holding.avg_cost = shares - rest, holding.avg_cost / ratio
        self.cash += rest * price * dollars_of(con_id)
        holding.spent_today -= rest * price
        if self.morning is not None and con_id in self.morning.quantities:
            self.morning.quantities[con_id] *= ratio

    def move(self, con_id: int, shares: float) -> None:
        """Signed *shares* come or leave at what they cost, and no trade is behind it: a
        transfer, or an option that was exercised."""
        holding = self.holdings.setdefault(con_id, AccountHolding())
        holding.quantity += shares
        if holding.quantity == 0:
            holding.avg_cost = 0.0
        if self.morning is not None:
            quantities = self.morning.quantities
            quantities[con_id] = quantities.get(con_id, 0.0) + shares

    def positions(self, *, with_closed: bool = False) -> list[Position]:
        """Holdings that are not zero; *with_closed* also those closed today."""
        return [
            Position(
                account=self.name,
                con_id=con_id,
                quantity=h.quantity,
                avg_cost=h.avg_cost,
            )
            for con_id, h in self.holdings.items()
            if h.quantity or (with_closed and h.spent_today)
        ]

    def figures(
        self, mark: MarkOf, *, extra: dict[int, float] | None = None
    ) -> Figures:
        """The account at the prices that *mark* gives, as if ``extra`` signed shares by
        conId had been bought at them.
        """
        extra = extra or {}
        value = gross = initial = maintenance = unrealized = 0.0
        for con_id in self.holdings.keys() | extra.keys():
            rate = dollars_of(con_id)
            price = mark(con_id) * rate
            held = self.quantity(con_id)
            worth = (held + extra.get(con_id, 0.0)) * price
            first, later = margin_rates(price, cash_account=self.cash_account)
            value += held * price
            gross += abs(held * price)
            initial += first * abs(worth)
            maintenance += later * abs(worth)
            unrealized += held * (price - self._cost(con_id) * rate)
        return Figures(
            cash=self.cash,
            stock_value=value,
            gross_value=gross,
            initial_margin=initial,
            maintenance_margin=maintenance,
            unrealized=unrealized,
            realized_today=sum(
                h.realized_today * dollars_of(each) for each, h in self.holdings.items()
            ),
            leverage=1.0 if self.cash_account else _INTRADAY_LEVERAGE,
        )

    def _cost(self, con_id: int) -> float:
        holding = self.holdings.get(con_id)
        return 0.0 if holding is None else holding.avg_cost

    def pnl(self, mark: MarkOf, previous: MarkOf, *, con_id: int = 0) -> Pnl:
        """Profit of the account in its own currency, or of one holding in the currency
        that it trades in; daily against the previous closes.

        What cash changed by since the morning and what the shares are worth now, less
        what the morning's shares were worth at the close before.
        """
        morning = self.morning or Morning(date.min, self.cash, {})
        wanted = {con_id} if con_id else self.holdings.keys() | morning.quantities
        held = {each: self.holdings.get(each, AccountHolding()) for each in wanted}
        rates = {each: 1.0 if con_id else dollars_of(each) for each in wanted}
        marks = {each: mark(each) for each in wanted}

        def total(of: MarkOf) -> float:
            return sum(rates[each] * of(each) for each in wanted)

        spent = self.cash - morning.cash if not con_id else -held[con_id].spent_today
        worth = total(lambda each: held[each].quantity * marks[each])
        was = total(lambda each: morning.quantities.get(each, 0.0) * previous(each))
        gain = total(
            lambda each: held[each].quantity * (marks[each] - held[each].avg_cost)
        )
        rate = 1.0 if con_id else self.per_dollar
        return Pnl(
            daily=rate * (spent + worth - was),
            unrealized=rate * gain,
            realized=rate * total(lambda each: held[each].realized_today),
        )
