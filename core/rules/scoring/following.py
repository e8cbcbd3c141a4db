"""When a recorded scan is priced again, and its prices from the bars of that time."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

from core.model.market import Session, Sessions, Snapshot
from core.model.money import Price
from core.model.scoring.following import FollowedRow, Horizon, PastBar
from core.rules.figures.splits import FACTORS


BAR: Final = timedelta(minutes=5)
"""The length of a PastBar."""

SETTLED: Final = timedelta(minutes=15)
"""How long after a close its last bar is certainly available."""

_HOUR: Final = timedelta(hours=1)

CLOSES: Final = {
    Horizon.CLOSE: 0,
    Horizon.ONE: 1,
    Horizon.FIVE: 5,
    Horizon.TWENTY: 20,
}
"""How many sessions after the card's own each horizon ends."""

STALE: Final = timedelta(minutes=30)
"""A bid that ended so long before a horizon's end is none to sell at: IB has a bar of the
bid for every five minutes in which there was one, traded or not."""

_NEAR: Final = Decimal("0.05")
"""How far the recorded price may be from that of IB's bars, as a fraction of it, since
quotes move within five minutes. Beyond that it is a split, or not comparable."""


class Made(Protocol):
    """A scan by its session (New York) and its moment (UTC)."""

    @property
    def session_day(self) -> date: ...
    @property
    def at(self) -> datetime: ...


def is_quiet(sessions: Sessions, now: datetime) -> bool:
    """Whether bars may be fetched: during a session and shortly after it they could
    delay a scan or an order."""
    return not any(day.opens <= now < day.closes + SETTLED for day in sessions.all)


def due(
    scan: Made, done: Sequence[Horizon], *, sessions: Sessions, now: datetime
) -> tuple[tuple[Horizon, datetime], ...]:
    """The horizons of *scan* that are over and not *done* yet, with their ends
    (UTC)."""
    days = _from(scan.session_day, sessions)
    ends = ((each, _until(scan, each, days)) for each in Horizon)
    return tuple(
        (each, end)
        for each, end in ends
        if each not in done and end is not None and end + SETTLED <= now
    )


def sessions_since(scan: Made, *, sessions: Sessions, now: datetime) -> int:
    """How many sessions have begun since *scan* was made, including its own."""
    return sum(day.opens <= now for day in _from(scan.session_day, sessions))


def _from(day: date, sessions: Sessions) -> tuple[Session, ...]:
    return sessions.all[bisect_left(sessions.all, day, key=lambda each: each.day) :]


def _until(scan: Made, horizon: Horizon, days: Sequence[Session]) -> datetime | None:
    """The end of *horizon* (UTC); None if the scan was made while the market was
    closed, or the calendar does not reach that far."""
    if not days or not _made_in(days[0], scan):
        return None
    if horizon is Horizon.HOUR:
        return min(scan.at + _HOUR, days[0].closes)
    after = CLOSES[horizon]
    return days[after].closes if after < len(days) else None


def _made_in(session: Session, scan: Made) -> bool:
    return session.day == scan.session_day and session.opens <= scan.at < session.closes


def recorded_price(row: Snapshot) -> Price | None:
    """What *row* is compared with: its bid, or its last price; None without either."""
    return (row.quote.bid or row.quote.last) if row.quote else None


def followed_row(
    row: Snapshot, bars: Sequence[PastBar], *, begin: datetime, end: datetime
) -> FollowedRow:
    """How *row*, recorded at *begin*, stood at *end* (UTC). Bars after *end* are
    ignored; of the bar in which it was recorded only the close counts, since its high
    and its low may have come before."""
    con_id = row.instrument.con_id
    recorded = recorded_price(row)
    if recorded is None:
        return FollowedRow(con_id=con_id, problem="no price when it was recorded")
    then = _last(bar for bar in bars if bar.at <= begin)
    way = [bar for bar in bars if bar.at + BAR > begin and bar.at + BAR <= end]
    if then is None or not way:
        return FollowedRow(con_id=con_id, problem="no bid in that time")
    if end - (way[-1].at + BAR) > STALE:
        return FollowedRow(con_id=con_id, problem="no bid at the end: halted or gone")
    factor = split(recorded, then)
    if factor is None:
        differ = f"recorded at {recorded}, and IB's bars say {then.close}"
        return FollowedRow(con_id=con_id, problem=differ)
    return FollowedRow(
        con_id=con_id,
        price=way[-1].close,
        best=Price(max(bar.high if bar.at >= begin else bar.close for bar in way)),
        worst=Price(min(bar.low if bar.at >= begin else bar.close for bar in way)),
        factor=factor,
    )


def price_at(bars: Sequence[PastBar], at: datetime) -> Price | None:
    """The bid at *at* (UTC): that of the last bar that began before it; None where that
    bar had ended long before."""
    bar = _last(bar for bar in bars if bar.at < at)
    return bar.close if bar and at - (bar.at + BAR) <= STALE else None


def has_come(spy: Sequence[PastBar], end: datetime) -> bool:
    """Whether IB has bars up to *end* (UTC): those of *spy*, which trades in every
    session, come that far. Else they are late, or our clock is ahead, and no stock is
    halted for that. Without any bar nothing is known of it."""
    newest = _last(spy)
    return newest is None or newest.at + BAR >= end


def split(recorded: Price, bar: PastBar) -> Decimal | None:
    """The factor that makes *recorded* comparable with *bar*, the bar of the same
    moment: 1, or that of a split since then (IB adjusts its bars); None if neither
    fits."""
    low, high = bar.low * (1 - _NEAR), bar.high * (1 + _NEAR)
    if low <= recorded <= high:
        return Decimal(1)
    middle = (bar.low + bar.high) / 2
    fits = [factor for factor in FACTORS if low <= recorded * factor <= high]
    return min(fits, key=lambda each: abs(recorded * each - middle), default=None)


def _last(bars: Iterable[PastBar]) -> PastBar | None:
    return max(bars, key=lambda bar: bar.at, default=None)
