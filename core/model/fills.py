"""Executions: shares that changed hands, at one price, at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.model.identity import Names
from core.model.market import ConId, Side
from core.model.money import DOLLARS, Money, Price, Shares


BY_WORD: Final = "word-"
"""The prefix of the exec_id of a fill that the owner reported instead of IB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Shares bought or sold at one price at one moment (UTC).

    ``exec_id`` is IB's. A correction repeats the fill with only the digits after the
    last dot changed, so the part before them (the stem) identifies the fill and the
    newest version counts. A correction to 0 shares takes the trade back (a bust).
    ``commission`` is what IB charged in ``currency``, negative for a rebate, None while
    unknown. ``cumulative`` is what the order has filled with it by IB's count, None where
    IB gives none.
    """

    exec_id: str
    shares: Shares
    price: Price
    at: datetime
    commission: Decimal | None = None
    currency: str = DOLLARS
    cumulative: int | None = None

    @property
    def by_word(self) -> bool:
        """Whether the owner reported it, because IB no longer lists it."""
        return self.exec_id.startswith(BY_WORD)

    @property
    def dollars_charged(self) -> Money | None:
        """The commission if it was charged in dollars, else None."""
        if self.commission is None or self.currency != DOLLARS:
            return None
        return Money(self.commission)

    @property
    def as_counted(self) -> "Fill":
        """With no more shares than the order has filled with it by IB's count."""
        if self.cumulative is None or self.shares <= self.cumulative:
            return self
        return replace(self, shares=Shares(self.cumulative))

    @property
    def stem(self) -> str:
        return stem_of(self.exec_id)

    @property
    def revision(self) -> tuple[int, str]:
        """A sort key for corrections: the length, then the digits after the last
        dot."""
        digits = self.exec_id.removeprefix(self.stem)
        return len(digits), digits


def stem_of(exec_id: str) -> str:
    """The part of an execution's id that its corrections share."""
    return exec_id.rpartition(".")[0] or exec_id


def with_fill(fills: tuple[Fill, ...], fill: Fill) -> tuple[Fill, ...]:
    """One fill for each stem: a correction replaces what it corrects, even if the two
    arrive in the wrong order. IB's fills replace those reported by the owner, unless
    they were known when he spoke, and so does what he says later. A trade that IB has
    told under another stem is not counted again."""
    known = {each.stem: each for each in fills if not each.by_word}
    before = known.get(fill.stem)
    if not _is_news(fill, before, fills):
        return fills
    known[fill.stem] = fill if before is None else _corrected(before, fill)
    return tuple(sorted(known.values(), key=lambda each: (each.at, each.exec_id)))


def _is_news(fill: Fill, before: Fill | None, fills: Iterable[Fill]) -> bool:
    """Whether *fill* adds to *fills*; *before* is what is known under its stem."""
    if before is None:
        return not is_told_twice(fill, fills)
    return before.revision < fill.revision


def is_told_twice(fill: Fill, fills: Iterable[Fill]) -> bool:
    """Whether *fills*, those known of its order, account for *fill* under other stems by
    IB's own count: it is where one of them is, or goes beyond all of them. Nobody says
    whether IB counts by the day, so each day (UTC) is looked at by itself."""
    known = {each.stem: each for each in fills}
    if not fill.shares or not _is_counted(fill) or fill.stem in known:
        return False
    day = [each for each in known.values() if _is_of_its_count(each, fill)]
    place, together = (fill.cumulative, fill.shares), (*day, fill)
    most = max(each.cumulative or 0 for each in together)
    is_there = any(place == (each.cumulative, each.shares) for each in day)
    return is_there or sum(each.shares for each in together) > most


def _is_of_its_count(each: Fill, fill: Fill) -> bool:
    return _is_counted(each) and each.at.date() == fill.at.date()


def _is_counted(fill: Fill) -> bool:
    """Whether it is part of IB's count of one order: what trades more shares than that
    counts is not (a leg of a combination)."""
    return fill.shares <= (fill.cumulative or -1)


def _corrected(before: Fill, fill: Fill) -> Fill:
    """*fill* in the place of *before*, with the fee of that as long as none is told for
    it; the fee of a trade that was taken back is not known."""
    if fill.commission is not None or not fill.shares:
        return fill
    return replace(fill, commission=before.commission, currency=before.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """An execution in ``account``, whoever placed the order: ``names`` are the ids under
    which IB reports that, None where it is known to be one of ours. ``account`` is ""
    where IB does not name it. ``shares`` includes fractions and is 0 once the trade was
    taken back; ``fill`` has whole shares only."""

    con_id: ConId
    side: Side
    shares: Decimal
    fill: Fill
    account: str = ""
    names: Names | None = None

    @property
    def signed(self) -> Decimal:
        """The change of the holding in shares: negative for a sale."""
        return self.shares if self.side is Side.BUY else -self.shares

    def charged(self, commission: Decimal, currency: str) -> "Trade":
        """The trade with its fee."""
        fill = replace(self.fill, commission=commission, currency=currency)
        return replace(self, fill=fill)

    def amended(self, later: "Trade") -> "Trade":
        """What counts of this and of *later*, heard of the same stem: the newest
        correction, with whichever fee is known."""
        newest = max(self, later, key=lambda trade: trade.fill.revision)
        told = (each.fill for each in (newest, later, self))
        charged = next((fill for fill in told if fill.commission is not None), None)
        if charged is None or charged.commission is None:
            return newest
        return newest.charged(charged.commission, charged.currency)
