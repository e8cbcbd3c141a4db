"""What IB knows of the past of some stocks, at any moment of it: what it serves changes
with the clock.

Tested by tests/core/flows/test_absences.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter

from core.flows.research.snapshots import SPY
from core.model.errors import BrokerSaidNo
from core.model.market import ConId, Instrument, Session, Sessions
from core.model.money import Price
from core.model.scoring.following import PastBar
from core.rules.new_york import NEW_YORK
from core.rules.scoring.following import BAR
from tests.builders import FDMX, QRVX, sessions_of
from tests.fakes.clock import HandClock


A_DAY = timedelta(days=1)
OPEN, CLOSE, EARLY = time(9, 30), time(16), time(13)
"""In New York."""

STARTS: Mapping[ConId, str] = {
    QRVX.con_id: "4.80",
    FDMX.con_id: "26.57",
    SPY.con_id: "659",
}
START = "10.00"
"""Of every other stock."""


def at(day: date, clock: time) -> datetime:
    """The moment (UTC) of a time of day in New York."""
    return datetime.combine(day, clock, NEW_YORK).astimezone(UTC)


def sessions_from(
    first: date, days: int, *, early: Sequence[date] = (), off: Sequence[date] = ()
) -> Sessions:
    """The weekdays of so many days, without those that are *off*; *early* ones end at
    13:00."""
    each_day = (first + A_DAY * number for number in range(days))
    return sessions_of(
        *(
            Session(
                day=day,
                opens=at(day, OPEN),
                closes=at(day, EARLY if day in early else CLOSE),
            )
            for day in each_day
            if day.weekday() < 5 and day not in off
        )
    )


@dataclass(slots=True)
class Happened:
    """What happened to one stock at moments in UTC: ``split`` divides its price by two;
    ``named`` are its later symbols; bids are missing within ``halted``."""

    split: datetime | None = None
    delisted: datetime | None = None
    named: Sequence[tuple[datetime, str]] = ()
    halted: tuple[datetime, datetime] | None = None


@dataclass(slots=True)
class PastMarket:
    """Implements PastPrices. Prices rise by a cent every five minutes of trading.
    ``fails`` are raised instead of an answer; a request ``takes`` so long. IB's own
    time is so far ``behind`` our clock."""

    clock: HandClock
    known: Sessions
    happened: dict[ConId, Happened] = field(default_factory=dict)
    fails: dict[ConId, Exception] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    takes: timedelta = timedelta()
    behind: timedelta = timedelta()
    _kept: dict[ConId, list[tuple[datetime, Price]]] = field(default_factory=dict)

    def bid(self, con_id: ConId, moment: datetime) -> Price:
        """The bid of the last bar that ended at or before *moment* (UTC), as of then."""
        bids = self._bids(con_id)
        return bids[bisect_right(bids, moment - BAR, key=itemgetter(0)) - 1][1]

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        del within
        self.asked.append((instrument.symbol, sessions))
        self.clock.moment += self.takes
        self._answers(instrument.con_id)
        if instrument.symbol != self._symbol(instrument):
            raise BrokerSaidNo(200, "No security definition has been found")
        begun = [day for day in self.known.all if day.opens <= self._now()]
        return tuple(self._served(instrument.con_id, begun[-sessions:][0].opens))

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        del within
        self._answers(instrument.con_id)
        return self._symbol(instrument)

    def _now(self) -> datetime:
        return self.clock.now() - self.behind

    def _answers(self, con_id: ConId) -> None:
        if con_id in self.fails:
            raise self.fails[con_id]
        gone = self._of(con_id).delisted
        if gone is not None and gone <= self._now():
            raise BrokerSaidNo(200, "No security definition has been found")

    def _of(self, con_id: ConId) -> Happened:
        return self.happened.get(con_id, Happened())

    def _symbol(self, instrument: Instrument) -> str:
        first = {QRVX.con_id: QRVX.symbol, FDMX.con_id: FDMX.symbol}
        names = [first.get(instrument.con_id, instrument.symbol)]
        for since, name in self._of(instrument.con_id).named:
            if since <= self._now():
                names.append(name)
        return names[-1]

    def _served(self, con_id: ConId, since: datetime) -> Iterator[PastBar]:
        """As IB serves it now: adjusted for a split that has happened."""
        split, now = self._of(con_id).split, self._now()
        bids = self._bids(con_id)
        for begins, bid in bids[bisect_left(bids, since, key=itemgetter(0)) :]:
            if begins + BAR > now:
                return
            adjusts = split is not None and begins < split <= now
            price = Price(bid / 2) if adjusts else bid
            yield PastBar(at=begins, high=price, low=price, close=price)

    def _bids(self, con_id: ConId) -> list[tuple[datetime, Price]]:
        if con_id not in self._kept:
            self._kept[con_id] = [*self._made(con_id)]
        return self._kept[con_id]

    def _made(self, con_id: ConId) -> Iterator[tuple[datetime, Price]]:
        halted, split = self._of(con_id).halted, self._of(con_id).split
        price = Decimal(STARTS.get(con_id, START))
        for session in self.known.all:
            for number in range((session.closes - session.opens) // BAR):
                begins = session.opens + number * BAR
                price += Decimal("0.01")
                is_split = split is not None and split <= begins
                if not (halted and halted[0] <= begins < halted[1]):
                    yield begins, Price(price / 2 if is_split else price)
