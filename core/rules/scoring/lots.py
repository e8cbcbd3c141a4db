"""What of one stock was bought here and is still held, lot by lot.

Tested by tests/core/rules/scoring/test_round_trip_kinds.py.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.rules.figures.splits import RISE, split_factor


LAG: Final = timedelta(minutes=10)
"""For so long after a fill of ours IB may list what was held before it: its account
window is told anew every three minutes, its listing of a sale for up to six."""

_SMALLEST: Final = Decimal("0.000001")

_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPart:
    """Some shares of one fill: what they cost or brought in ``dollars``, and their part
    of its ``fee``, which is 0 unless IB has told it in dollars (``fee_told``). ``ref`` is
    the order's, ``elsewhere`` whether that was not of this journal."""

    ref: str
    shares: Decimal
    at: datetime
    dollars: Decimal
    fee: Decimal
    elsewhere: bool = False
    fee_told: bool = True

    def of(self, shares: Decimal) -> "LotPart":
        """So many of its *shares*, with their part of the money."""
        portion = shares / self.shares
        return replace(
            self,
            shares=shares,
            dollars=self.dollars * portion,
            fee=self.fee * portion,
        )


@dataclass(slots=True)
class Holding:
    """One stock in one account, from the first order on. ``lots`` were bought here, the
    oldest first. ``others`` is what the account holds besides, below zero for a short;
    None while IB's listing was not kept with any order.

    ``gone`` were bought here and sold by hand or by another tool, at a price that is
    not known; ``unmatched`` counts those sold here that were not bought here;
    ``covered`` those bought here that ended a short.
    """

    lots: deque[LotPart] = field(default_factory=deque)
    others: Decimal | None = None
    gone: list[LotPart] = field(default_factory=list)
    unmatched: Decimal = _NONE
    covered: Decimal = _NONE
    _filled_at: datetime | None = None

    @property
    def elsewhere(self) -> Decimal:
        """The shares that are gone."""
        return sum((lot.shares for lot in self.gone), _NONE)

    @property
    def ours(self) -> Decimal:
        return sum((lot.shares for lot in self.lots), _NONE)

    def buy(self, part: LotPart) -> None:
        """Add *part*, except the shares that only end a short position."""
        self._filled_at = part.at
        short = min(part.shares, max(_NONE, -(self.others or _NONE)))
        self.covered += short
        if short and self.others is not None:
            self.others += short
        if part.shares > short:
            self.lots.append(part.of(part.shares - short))

    def sell(self, sale: LotPart) -> Iterator[tuple[LotPart, LotPart]]:
        """Take *sale*'s shares out of the lots, the oldest first: what was bought, and
        the part of the sale that sold it."""
        self._filled_at = sale.at
        left = sale.shares
        for lot in self._taken(sale.shares):
            yield lot, sale.of(lot.shares)
            left -= lot.shares
        self.unmatched += left
        if self.others is not None:
            self.others -= left

    def buy_elsewhere(self, part: LotPart) -> None:
        """*part* was bought by hand or by another tool, and is held besides."""
        if self.others is not None:
            self._filled_at = part.at
            self.others += part.shares

    def sell_elsewhere(self, sale: LotPart) -> Iterator[tuple[LotPart, LotPart]]:
        """*sale* was made by hand or by another tool, of what was held besides first, as
        in ``listed``; as ``sell`` for the rest. Nothing is concluded before IB's listing
        was kept with an order."""
        if self.others is None:
            return
        self._filled_at = sale.at
        left = sale.shares - min(sale.shares, max(_NONE, self.others))
        self.others -= sale.shares - left
        for lot in self._taken(left):
            yield lot, sale.of(lot.shares)
            left -= lot.shares
        self.others -= left

    def _taken(self, shares: Decimal) -> Iterator[LotPart]:
        while shares and self.lots:
            lot = self.lots.popleft()
            if shares < lot.shares:
                self.lots.appendleft(lot.of(lot.shares - shares))
                lot = lot.of(shares)
            shares -= lot.shares
            yield lot

    def listed(
        self,
        held: Decimal,
        at: datetime,
        price: Decimal | None,
        *,
        cost: Decimal | None = None,
    ) -> None:
        """IB listed *held* shares at *at*, when the stock traded at about *price*, at
        an average *cost*. What our fills do not explain is a split, if the shares, and
        the cost or else the price, changed together as a split changes them. Otherwise
        it was traded elsewhere: first out of what was held besides, for that was there
        before."""
        if self._filled_at is not None and at - self._filled_at < LAG:
            return
        if self.others is not None:
            self._split(held, price, cost)
        self.others = held - self.ours
        gone = min(self.ours, max(_NONE, -self.others))
        if gone:
            self.gone.extend(self._taken(gone))
            self.others += gone

    def _split(
        self, held: Decimal, price: Decimal | None, cost: Decimal | None
    ) -> None:
        ours, now = self.ours, cost or price
        known = ours + (self.others or _NONE)
        if now is None or not ours:
            return
        paid = sum((lot.dollars for lot in self.lots), _NONE) / ours
        factor = split_factor(known, held, paid, now)
        if factor is None:
            return
        if cost is None and 1 < factor <= RISE:  # half of it sold at twice the price
            return
        many = held / known
        self.lots = deque(replace(lot, shares=_times(lot, many)) for lot in self.lots)


def _times(lot: LotPart, many: Decimal) -> Decimal:
    return (lot.shares * many).quantize(_SMALLEST)
