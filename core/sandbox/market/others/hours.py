"""Markets that keep no holidays: those of other countries, currencies, futures."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.sandbox.market.hours import Hours, TradingPhase, TradingSession


_SATURDAY = 5
_A_DAY = timedelta(days=1)


class WeekdayHours(Hours):
    """Every weekday from one time of day to another in the market's own zone; from the
    evening before where it opens later in the day than it closes.

    Holidays are not kept: an assumption. There is nothing outside regular hours.
    """

    def __init__(self, opens: time, closes: time, zone: str) -> None:
        self._opens, self._closes, self._zone = opens, closes, ZoneInfo(zone)

    def session(self, day: date) -> TradingSession | None:
        """The session that ends on that day, or None on weekends."""
        if day.weekday() >= _SATURDAY:
            return None
        begins = day - _A_DAY if self._opens > self._closes else day
        opens = datetime.combine(begins, self._opens, self._zone).astimezone(UTC)
        closes = datetime.combine(day, self._closes, self._zone).astimezone(UTC)
        return TradingSession(
            day=day, open=opens, close=closes, pre_open=opens, post_close=closes
        )

    def previous(self, day: date) -> TradingSession:
        """The last session before that day's."""
        return self.session(day - _A_DAY) or self.previous(day - _A_DAY)

    def next(self, day: date) -> TradingSession:
        """The first session after that day's."""
        return self.session(day + _A_DAY) or self.next(day + _A_DAY)

    def state(self, now: datetime) -> TradingPhase:
        """OPEN or CLOSED."""
        closed = now >= self.current(now).close
        return TradingPhase.CLOSED if closed else TradingPhase.OPEN

    def next_open(self, now: datetime) -> datetime:
        """The next open strictly after ``now``."""
        return self.next(self.current(now).day).open

    def current(self, now: datetime) -> TradingSession:
        """The last session that has begun."""
        following = self.next(now.astimezone(self._zone).date())
        if following.open <= now:
            return following
        same = self.previous(following.day)
        return same if same.open <= now else self.previous(same.day)

    def begun_by(self, moment: datetime, *, use_rth: bool) -> date:  # noqa: ARG002  all hours are regular
        """The day of the last session that has begun by then."""
        return self.current(moment).day
