"""When a recorded scan is looked at again, and what the bars of then say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.model.market import ConId, Session, Sessions, Snapshot
from core.model.money import Price
from core.model.scoring.following import Followed, FollowedRow, Horizon, PastBar
from core.model.scoring.recording import Recording


BAR: Final = timedelta(minutes=5)
"""How long a PastBar is."""

SETTLED: Final = timedelta(minutes=15)
"""After a close, until its last bar is surely there."""

_HOUR: Final = timedelta(hours=1)

_CLOSES: Final = {
    Horizon.CLOSE: 0,
    Horizon.ONE: 1,
    Horizon.FIVE: 5,
    Horizon.TWENTY: 20,
}
"""How many sessions after the card's own."""

_NEAR: Final = Decimal("0.05")
"""How far the price recorded may be from that of IB's bars, as a share of it: quotes
move within five minutes. What is further away is a split, or cannot be compared."""

_COUNTS: Final = (*range(2, 11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)

_FACTORS: Final = (
    *(Decimal(1) / each for each in _COUNTS),
    *(Decimal(each) for each in _COUNTS),
    Decimal(2) / 3,
)
"""What splits (2 for 1 up to 100 for 1, 1 for 2 up to 1 for 100, and 3 for 2) make of
a price. They are far enough apart to be told from each other."""


def until(
    recording: Recording, horizon: Horizon, sessions: Sessions
) -> datetime | None:
    """The end (UTC) of *horizon*; None when it has none: the scan was made while the
    market was closed, or the calendar does not reach so far."""
    days = [day for day in sessions.all if day.day >= recording.session_day]
    if not days or not _made_in(days[0], recording):
        return None
    if horizon is Horizon.HOUR:
        return min(recording.at + _HOUR, days[0].closes)
    after = _CLOSES[horizon]
    return days[after].closes if after < len(days) else None


def _made_in(session: Session, recording: Recording) -> bool:
    return (
        session.day == recording.session_day
        and session.opens <= recording.at < session.closes
    )


def due(
    recording: Recording,
    done: Sequence[Horizon],
    *,
    sessions: Sessions,
    now: datetime,
) -> tuple[tuple[Horizon, datetime], ...]:
    """The horizons that are over and not *done*, with their ends; none while a market
    is open or has hardly closed: what is fetched must not meet a scan."""
    if any(day.opens <= now < day.closes + SETTLED for day in sessions.all):
        return ()
    ends = ((each, until(recording, each, sessions)) for each in Horizon)
    return tuple(
        (each, end)
        for each, end in ends
        if each not in done and end is not None and end + SETTLED <= now
    )


def followed(
    recording: Recording,
    horizon: Horizon,
    end: datetime,
    *,
    bars: Mapping[ConId, Sequence[PastBar]],
    problems: Mapping[ConId, str],
    spy: Sequence[PastBar],
) -> Followed:
    """Every row of *recording* at *end*; who has no *bars* has one of the *problems*."""
    return Followed(
        proposal_id=recording.proposal_id,
        horizon=horizon,
        until=end,
        spy_from=_price_at(spy, recording.at),
        spy_to=_price_at(spy, end),
        rows=tuple(
            _row(
                row,
                bars.get(row.instrument.con_id, ()),
                problems.get(row.instrument.con_id),
                begin=recording.at,
                end=end,
            )
            for row in recording.rows
        ),
    )


def _row(
    row: Snapshot,
    bars: Sequence[PastBar],
    problem: str | None,
    *,
    begin: datetime,
    end: datetime,
) -> FollowedRow:
    con_id = row.instrument.con_id
    recorded = (row.quote.bid or row.quote.last) if row.quote else None
    then = _last(bar for bar in bars if bar.at <= begin)
    way = [bar for bar in bars if bar.at + BAR > begin and bar.at + BAR <= end]
    if problem is None and recorded is None:
        problem = "no price when it was recorded"
    if problem or recorded is None or then is None or not way:
        return FollowedRow(con_id=con_id, problem=problem or "no bid in that time")
    factor = split(recorded, then)
    if factor is None:
        differ = f"recorded at {recorded}, and IB's bars say {then.close}"
        return FollowedRow(con_id=con_id, problem=differ)
    return FollowedRow(
        con_id=con_id,
        price=way[-1].close,
        best=Price(max(bar.high for bar in way)),
        worst=Price(min(bar.low for bar in way)),
        factor=factor,
    )


def split(recorded: Price, bar: PastBar) -> Decimal | None:
    """What *recorded* must be multiplied with to be a price of *bar*, the bar of that
    moment: 1, or what a split has made of it since (IB adjusts its bars); None when
    it is neither."""
    low, high = bar.low * (1 - _NEAR), bar.high * (1 + _NEAR)
    if low <= recorded <= high:
        return Decimal(1)
    middle = (bar.low + bar.high) / 2
    fits = [factor for factor in _FACTORS if low <= recorded * factor <= high]
    return min(fits, key=lambda each: abs(recorded * each - middle), default=None)


def _price_at(bars: Sequence[PastBar], at: datetime) -> Price | None:
    """The bid at *at*: of the last bar that had begun."""
    bar = _last(bar for bar in bars if bar.at < at)
    return bar.close if bar else None


def _last(bars: Iterable[PastBar]) -> PastBar | None:
    return max(bars, key=lambda bar: bar.at, default=None)
