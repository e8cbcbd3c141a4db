"""Executions: shares that changed hands, at one price, at one moment."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.model.market import ConId, Side
from core.model.money import DOLLARS, Money, Price, Shares


BY_WORD: Final = "word-"
"""How the exec_id of a fill begins that the owner has told, and not IB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Shares bought or sold at one price at one moment (UTC).

    ``exec_id`` is IB's. A correction repeats the fill with only the digits after
    the last dot changed: the stem is the fill's identity, the newest text wins; one of
    no shares takes the trade back (a bust).
    ``commission`` is what IB charged for it in ``currency``, negative for a rebate; None
    while IB has not told.
    """

    exec_id: str
    shares: Shares
    price: Price
    at: datetime
    commission: Decimal | None = None
    currency: str = DOLLARS

    @property
    def by_word(self) -> bool:
        """Whether only the owner says so: IB lists it no more."""
        return self.exec_id.startswith(BY_WORD)

    @property
    def dollars_charged(self) -> Money | None:
        """Its commission, if it was charged in dollars."""
        if self.commission is None or self.currency != DOLLARS:
            return None
        return Money(self.commission)

    @property
    def stem(self) -> str:
        return self.exec_id.rpartition(".")[0] or self.exec_id

    @property
    def revision(self) -> tuple[int, str]:
        """The digits after the last dot count corrections; longer digits are more."""
        digits = self.exec_id.removeprefix(self.stem)
        return len(digits), digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Shares of one stock that were bought or sold in the account, by whomever.
    ``shares`` are above zero, with their fractions; ``fill`` has the whole ones only."""

    con_id: ConId
    side: Side
    shares: Decimal
    fill: Fill

    @property
    def signed(self) -> Decimal:
        """What it added to the holding: negative for a sale."""
        return self.shares if self.side is Side.BUY else -self.shares
