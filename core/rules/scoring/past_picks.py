"""Single picks of earlier cards and their outcomes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from core.model.market import ConId, Side
from core.model.money import Shares
from core.model.scoring.following import FollowedRow, Horizon
from core.model.scoring.trades import PastPick, RoundTrip, Trades
from core.rules.figures.percent import moved
from core.rules.scoring.outcomes import ScoredScan, entries_of, outcomes


_NOT_YET: Final = "not followed to the close yet"


@dataclass(slots=True)
class Disposed:
    """What was sold of the shares that one order bought, how many are left, and how
    many are gone without a price."""

    trips: list[RoundTrip] = field(default_factory=list)
    open: Decimal = Decimal(0)
    gone: Decimal = Decimal(0)


def disposed(trades: Trades) -> Mapping[str, Disposed]:
    """What became of every purchase in *trades*, by the ref of its order."""
    found: dict[str, Disposed] = defaultdict(Disposed)
    for trip in trades.trips:
        found[trip.purchase].trips.append(trip)
    for lot in trades.lots:
        found[lot.purchase].open += lot.shares
    for lot in trades.gone:
        found[lot.purchase].gone += lot.shares
    return found


def past_picks(
    scored_scan: ScoredScan, became_of: Mapping[str, Disposed] = MappingProxyType({})
) -> Iterator[PastPick]:
    """The picks of one card, in the order in which it offered them; *became_of* is what
    was done with each purchase."""
    recording = scored_scan.recording
    gains = {
        e.con_id: e.gain for e in outcomes(scored_scan) if e.horizon is Horizon.CLOSE
    }
    rows = {row.instrument.con_id: row for row in recording.rows}
    entries = entries_of(scored_scan)
    for con_id in recording.picked:
        quote = rows[con_id].quote
        shown = (quote.ask or quote.last) if quote else None
        became = _at_the_close(scored_scan, con_id)
        entry = entries.get(con_id)
        start = entry.price * became.factor if entry and became else None
        ours = [
            became_of[ref]
            for ref in _purchases(scored_scan, con_id)
            if ref in became_of
        ]
        yield PastPick(
            day=recording.session_day,
            symbol=rows[con_id].instrument.symbol,
            shown=shown,
            bought=_bought(scored_scan, con_id),
            gain=gains.get(con_id),
            best=_percent(start, became.best if became else None),
            worst=_percent(start, became.worst if became else None),
            problem=became.problem if became else _NOT_YET,
            renamed=_newest_symbol(scored_scan, con_id),
            trips=tuple(trip for each in ours for trip in each.trips),
            open=sum((each.open for each in ours), Decimal(0)),
            gone=sum((each.gone for each in ours), Decimal(0)),
        )


def _newest_symbol(scored_scan: ScoredScan, con_id: ConId) -> str | None:
    """What the stock was called last, if it has been renamed."""
    names = (
        row.renamed
        for became in sorted(scored_scan.followed, key=lambda each: each.until)[::-1]
        for row in became.rows
        if row.con_id == con_id and row.renamed
    )
    return next(names, None)


def _at_the_close(scored_scan: ScoredScan, con_id: ConId) -> FollowedRow | None:
    rows = (
        row
        for became in scored_scan.followed
        for row in became.rows
        if became.horizon is Horizon.CLOSE and row.con_id == con_id
    )
    return next(rows, None)


def _purchases(scored_scan: ScoredScan, con_id: ConId) -> Iterator[str]:
    for order in scored_scan.orders:
        if order.instrument.con_id == con_id and order.side is Side.BUY:
            yield order.ref


def _bought(scored_scan: ScoredScan, con_id: ConId) -> Shares:
    return Shares(
        sum(
            order.filled
            for order in scored_scan.orders
            if order.instrument.con_id == con_id and order.side is Side.BUY
        )
    )


def _percent(start: Decimal | None, then: Decimal | None) -> float | None:
    return None if start is None or then is None else float(moved(start, then))
