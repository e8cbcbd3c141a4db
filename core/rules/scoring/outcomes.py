"""Gains of recorded rows in percent, after costs.

A row is bought at the ask on the card (or at the real fills) and sold at the bid. Each
way costs IB's fee: the one charged if it is known, else the one in IB's price list.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.model.fees.published import commission, sale_fees
from core.model.market import ConId, Side, Snapshot
from core.model.money import Price, Shares
from core.model.order import Order
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.rules.figures.percent import moved, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of one card at one horizon. ``day`` is the card's session (New York).

    ``spy`` is SPY's gain over the same time.
    """

    proposal_id: ProposalId
    day: date
    con_id: ConId
    horizon: Horizon
    picked: bool
    bought: bool
    gain: float
    spy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredScan:
    """A recording with everything known about what came after."""

    recording: Recording
    followed: tuple[Followed, ...]
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePrice:
    """A purchase: the price in dollars a share, and its fee in dollars."""

    price: Price
    shares: Shares
    fee: Decimal
    bought: bool


def outcomes(scored_scan: ScoredScan) -> Iterator[Outcome]:
    """Every row at every horizon that both it and SPY have a price for."""
    entries = entries_of(scored_scan)
    for became in scored_scan.followed:
        spy = spy_gain(became)
        for row in became.rows:
            entry = entries.get(row.con_id)
            if spy is not None and entry is not None and row.price is not None:
                yield Outcome(
                    proposal_id=scored_scan.recording.proposal_id,
                    day=scored_scan.recording.session_day,
                    con_id=row.con_id,
                    horizon=became.horizon,
                    picked=row.con_id in scored_scan.recording.picked,
                    bought=entry.bought,
                    gain=gain_after_costs(
                        entry,
                        row.price,
                        row.factor,
                        day=scored_scan.recording.session_day,
                    ),
                    spy=spy,
                )


def unpriced(scored_scans: Iterable[ScoredScan]) -> tuple[tuple[str, int], ...]:
    """The reasons why picks have no price at the close, each with its count, most
    frequent first."""
    reasons = Counter(
        _reason(row, became)
        for scored_scan in scored_scans
        for became in scored_scan.followed
        for row in became.rows
        if became.horizon is Horizon.CLOSE
        and row.con_id in scored_scan.recording.picked
        and (row.price is None or spy_gain(became) is None)
    )
    return tuple(reasons.most_common())


def _reason(row: FollowedRow, became: Followed) -> str:
    return row.problem or (
        "no price of SPY" if spy_gain(became) is None else "no price"
    )


def fill_moves(scored_scan: ScoredScan) -> Iterator[float]:
    """The fills of bought picks against the card's ask, in percent; positive if a fill
    cost more."""
    for con_id, entry in _bought(scored_scan.orders).items():
        if ask := _ask(scored_scan.recording, con_id):
            yield float(moved(ask, entry.price))


def fees_charged(scored_scan: ScoredScan) -> Iterator[float]:
    """IB's fee of each purchase in percent of what was paid, where all of it is known."""
    for order in scored_scan.orders:
        if order.side is Side.BUY and order.filled and _known_fee(order) is not None:
            entry = _entry_of(order)
            yield float(share(entry.fee, entry.price * entry.shares))


def entries_of(scored_scan: ScoredScan) -> Mapping[ConId, PurchasePrice]:
    """What each row was bought for: at its fills, or else as the card showed it. A row
    without a price is left out."""
    shares = scored_scan.recording.shares
    shown = {
        row.instrument.con_id: entry
        for row in scored_scan.recording.rows
        if (entry := entry_shown(row, shares)) is not None
    }
    return {**shown, **_bought(scored_scan.orders)}


def entry_shown(row: Snapshot, shares: Shares) -> PurchasePrice | None:
    """*shares* of *row* at its recorded ask, or last price; None without either."""
    price = (row.quote.ask or row.quote.last) if row.quote else None
    if price is None:
        return None
    fee = commission(shares, shares * price)
    return PurchasePrice(price=price, shares=shares, fee=fee, bought=False)


def _ask(recording: Recording, con_id: ConId) -> Price | None:
    asks = (
        row.quote.ask
        for row in recording.rows
        if row.instrument.con_id == con_id and row.quote
    )
    return next(asks, None)


def _bought(orders: Sequence[Order]) -> Mapping[ConId, PurchasePrice]:
    return {
        order.instrument.con_id: _entry_of(order)
        for order in orders
        if order.side is Side.BUY and order.filled
    }


def _entry_of(order: Order) -> PurchasePrice:
    paid = sum((fill.shares * fill.price for fill in order.fills), Decimal(0))
    known = _known_fee(order)
    return PurchasePrice(
        price=Price(paid / order.filled),
        shares=order.filled,
        fee=commission(order.filled, paid) if known is None else known,
        bought=True,
    )


def _known_fee(order: Order) -> Decimal | None:
    """All that IB charged for *order*, in dollars; None while a part is not told. What
    was taken back is a fill of no shares, and costs nothing."""
    charged = [fill.dollars_charged for fill in order.fills if fill.shares]
    known = [each for each in charged if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(charged) else None


def gain_after_costs(
    entry: PurchasePrice, price: Decimal, factor: Decimal, *, day: date
) -> float:
    """The gain in percent of what was paid, if sold at *price*. After a split there are
    1 / *factor* times as many shares. The fees that are passed on of a sale (the SEC's,
    FINRA's) are at the rates of *day*, the card's session."""
    paid = entry.price * entry.shares
    shares = entry.shares / factor
    sold = price * shares
    whole = int(shares)
    fees = entry.fee + commission(whole, sold) + sale_fees(whole, sold, day)
    return float(share(sold - paid - fees, paid))


def spy_gain(became: Followed) -> float | None:
    """SPY's gain in percent over the same time as *became*; None if not known."""
    if became.spy_from is None or became.spy_to is None:
        return None
    return float(moved(became.spy_from, became.spy_to))
