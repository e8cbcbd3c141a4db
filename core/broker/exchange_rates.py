"""IB's exchange rates, as the account window tells them.

A row ``ExchangeRate 0.8314 USD`` of an account kept in euros means that one dollar is
0.8314 euros: "the exchange rate of the currency to your base currency" (tag list of
reqAccountUpdates, interactivebrokers.github.io/tws-api/interfaceIBApi_1_1EWrapper.html).
Accounts that were published with their rows bear it out: one in euros has 1.00 BASE,
1.00 EUR, 0.8314 USD in 2021, one in Hong Kong dollars 7.7863 USD. Dollars are therefore
the amount in the base currency *divided* by the dollar's row.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.model.money import Money


DOLLAR: Final = "USD"
BASE: Final = "BASE"
"""IB's word for "in the account's own currency, all currencies together"."""


_LEAST, _MOST = Decimal("1e-6"), Decimal("1e6")
"""No two currencies are further apart: what is, is no rate, and money worked out by it
would be anything."""


@dataclass(slots=True)
class ExchangeRates:
    """What one unit of each currency is worth in the account's base currency."""

    _rates: dict[str, Decimal] = field(default_factory=dict)

    def learn(self, currency: str, rate: Decimal | None) -> None:
        """Take one row; one that is no rate makes its currency unknown."""
        if rate is not None and _LEAST <= rate <= _MOST:
            self._rates[currency] = rate
        else:
            self._rates.pop(currency, None)

    @property
    def per_dollar(self) -> Decimal | None:
        """How much of the base currency one dollar is; None if IB has not said."""
        return self._rates.get(DOLLAR)

    def dollars(
        self, amount: Decimal | None, currency: str, *, base: str = BASE
    ) -> Money | None:
        """*amount* of *currency* in dollars; None when the rates do not say. The account
        is kept in *base*: where that is the dollar, no rate of it is needed."""
        if amount is None:
            return None
        if currency == DOLLAR:
            return Money(amount)
        in_base = self._in_base(amount, currency)
        per_dollar = Decimal(1) if base == DOLLAR else self.per_dollar
        if in_base is None or per_dollar is None:
            return None
        return Money(in_base / per_dollar)

    def in_dollars(self, *, base: str = BASE) -> dict[str, Decimal]:
        """What one unit of each currency but the dollar is in dollars."""
        others = [each for each in self._rates if each not in {DOLLAR, BASE}]
        found = {each: self.dollars(Decimal(1), each, base=base) for each in others}
        return {each: rate for each, rate in found.items() if rate is not None}

    def _in_base(self, amount: Decimal, currency: str) -> Decimal | None:
        rate = Decimal(1) if currency == BASE else self._rates.get(currency)
        return None if rate is None else amount * rate
