"""When the market is open, and the one report of every session."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import exchange_calendars
import pytest

from core.model.market import Session, Sessions
from core.model.report import ReportState
from core.model.status import MarketPhase
from core.rules.new_york import NEW_YORK, day_of
from core.rules.sessions import (
    ReportStep,
    is_early_close,
    last_report_session,
    latest_session,
    market_state,
    near,
    next_report,
    next_session,
    report_step,
    session_of,
)
from tests.builders import (
    CLOSES,
    MONDAY,
    NOW,
    OPENS,
    a_friday,
    a_session,
    a_week,
    sessions_of,
)


AFTER_OPEN = timedelta(minutes=5)
GIVE_UP = timedelta(minutes=60)
SECOND = timedelta(seconds=1)
THANKSGIVING = date(2026, 11, 26)


def at(day: int, clock: str) -> datetime:
    """*clock* in New York on that day of November 2026, in UTC."""
    local = datetime.combine(
        date(2026, 11, day), time.fromisoformat(clock), tzinfo=NEW_YORK
    )
    return local.astimezone(UTC)


def step(now: datetime, state: ReportState | None = None) -> ReportStep:
    return report_step(
        a_week(), now, after_open=AFTER_OPEN, give_up=GIVE_UP, state=state
    )


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - SECOND, MarketPhase.CLOSED),
        (OPENS, MarketPhase.OPEN),
        (CLOSES - SECOND, MarketPhase.OPEN),
        (CLOSES, MarketPhase.CLOSED),
    ],
)
def test_the_market_is_open_from_the_open_to_just_before_the_close(
    now: datetime, phase: MarketPhase
) -> None:
    state = market_state(a_week(), now)

    assert state.phase is phase
    assert state.session == a_session()


def test_the_next_open_is_the_first_after_now() -> None:
    assert market_state(a_week(), at(23, "09:29")).next_open == OPENS
    assert market_state(a_week(), OPENS).next_open == at(24, "09:30")
    assert market_state(a_week(), at(25, "17:00")).next_open == at(27, "09:30")


def test_the_last_session_of_the_calendar_has_no_next_open() -> None:
    assert market_state(a_week(), at(27, "12:00")).next_open is None


def test_a_holiday_is_closed_all_day() -> None:
    state = market_state(a_week(), at(26, "11:00"))

    assert state.phase is MarketPhase.CLOSED
    assert state.session is None


@pytest.mark.parametrize("day", [19, 28])
def test_outside_the_calendar_nothing_is_known(day: int) -> None:
    state = market_state(a_week(), at(day, "11:00"))

    assert state.phase is MarketPhase.UNKNOWN
    assert (state.session, state.next_open) == (None, None)


@pytest.mark.parametrize("day", [20, 27])
def test_the_first_and_last_day_of_the_calendar_are_known(day: int) -> None:
    session = market_state(a_week(), at(day, "10:00")).session

    assert session == session_of(a_week(), date(2026, 11, day))
    assert session == latest_session(a_week(), at(day, "10:00"))
    assert step(at(day, "10:00")) is ReportStep.OPEN_DUE


def test_a_session_is_found_by_its_new_york_date() -> None:
    assert session_of(a_week(), MONDAY) == a_session()
    assert session_of(a_week(), THANKSGIVING) is None


def test_the_next_session_starts_after_now() -> None:
    assert next_session(a_week(), OPENS - SECOND) == a_session()
    assert next_session(a_week(), at(27, "10:00")) is None


def test_todays_open_is_the_last_sessions_until_the_bell() -> None:
    assert latest_session(a_week(), OPENS - SECOND) == a_friday()
    assert latest_session(a_week(), OPENS) == a_session()
    assert latest_session(a_week(), at(23, "23:00")) == a_session()


def test_outside_the_calendar_no_session_is_the_latest() -> None:
    assert latest_session(a_week(), at(28, "10:00")) is None
    assert latest_session(a_week(), at(20, "09:00")) is None


def test_the_day_after_thanksgiving_closes_early() -> None:
    after = session_of(a_week(), date(2026, 11, 27))

    assert after is not None
    assert is_early_close(after)
    assert not is_early_close(a_session())


@pytest.mark.parametrize(
    ("clock", "is_near"),
    [
        ("23:41:59", False),
        ("23:42:00", True),
        ("23:48:00", True),
        ("23:48:01", False),
    ],
)
def test_near_is_within_the_guard_on_either_side(clock: str, *, is_near: bool) -> None:
    assert near(at(23, clock), time(23, 45), timedelta(minutes=3)) is is_near


def test_near_looks_across_midnight() -> None:
    assert near(at(23, "23:58"), time(0, 1), timedelta(minutes=3))
    assert near(at(24, "00:01"), time(23, 59), timedelta(minutes=3))


@pytest.mark.parametrize("hour", [5, 6])
def test_an_hour_that_comes_twice_is_near_twice(hour: int) -> None:
    now = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)

    assert near(now, time(1, 30), timedelta(minutes=1))


def test_the_report_is_opened_when_it_is_due_not_before() -> None:
    assert step(OPENS + AFTER_OPEN - SECOND) is ReportStep.NOTHING
    assert step(OPENS + AFTER_OPEN) is ReportStep.OPEN_DUE


@pytest.mark.parametrize("state", [ReportState.DUE, ReportState.RUNNING])
def test_a_report_that_is_due_runs_until_it_is_given_up(state: ReportState) -> None:
    assert step(OPENS + AFTER_OPEN, state) is ReportStep.RUN
    assert step(OPENS + GIVE_UP - SECOND, state) is ReportStep.RUN
    assert step(OPENS + GIVE_UP, state) is ReportStep.MISS


def test_a_report_is_given_up_at_the_close_at_the_latest() -> None:
    patient = timedelta(hours=12)

    late = report_step(
        a_week(), CLOSES, after_open=AFTER_OPEN, give_up=patient, state=ReportState.DUE
    )

    assert late is ReportStep.MISS


@pytest.mark.parametrize(
    "state", [ReportState.SENT, ReportState.MISSED, ReportState.CLOSED]
)
def test_a_finished_report_is_left_alone(state: ReportState) -> None:
    assert step(NOW, state) is ReportStep.NOTHING


def test_a_holiday_is_told_once_at_the_usual_time() -> None:
    assert step(at(26, "09:34")) is ReportStep.NOTHING
    assert step(at(26, "09:35")) is ReportStep.TELL_CLOSED
    assert step(at(26, "09:36"), ReportState.CLOSED) is ReportStep.NOTHING


def test_a_weekend_is_not_worth_a_message() -> None:
    assert step(at(21, "09:35")) is ReportStep.NOTHING


@pytest.mark.parametrize("day", [19, 28])
def test_outside_the_calendar_no_report_is_due(day: int) -> None:
    assert step(at(day, "09:35")) is ReportStep.NOTHING


def test_the_next_report_is_the_first_due_after_now() -> None:
    due = OPENS + AFTER_OPEN

    assert next_report(a_week(), due - SECOND, AFTER_OPEN) == due
    assert next_report(a_week(), due, AFTER_OPEN) == at(24, "09:35")
    assert next_report(a_week(), at(25, "12:00"), AFTER_OPEN) == at(27, "09:35")
    assert next_report(a_week(), at(27, "12:00"), AFTER_OPEN) is None


def test_no_report_is_announced_for_a_day_off() -> None:
    def is_off(due: datetime) -> bool:
        return day_of(due) == date(2026, 11, 24)

    following = next_report(a_week(), at(23, "12:00"), AFTER_OPEN, is_off=is_off)

    assert following == at(25, "09:35")


def test_the_last_report_is_that_of_the_last_session_whose_report_was_due() -> None:
    week = a_week()

    def day(now: datetime) -> date | None:
        found = last_report_session(week, now, AFTER_OPEN)
        return found.day if found else None

    assert day(at(24, "09:35")) == date(2026, 11, 24)
    assert day(at(24, "09:34")) == date(2026, 11, 23)
    assert day(at(26, "12:00")) == date(2026, 11, 25)  # Thanksgiving


of_the_library = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


class Diary:
    """What the store would hold of the reports, driven by the steps alone."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.states: dict[date, ReportState] = {}
        self.reports: Counter[date] = Counter()
        self.notices: Counter[date] = Counter()

    def tick(self, now: datetime) -> None:
        day = day_of(now)
        match report_step(
            self.sessions,
            now,
            after_open=AFTER_OPEN,
            give_up=GIVE_UP,
            state=self.states.get(day),
        ):
            case ReportStep.OPEN_DUE:
                self.states[day] = ReportState.DUE
            case ReportStep.RUN:
                self.states[day] = ReportState.SENT
                self.reports[day] += 1
            case ReportStep.TELL_CLOSED:
                self.states[day] = ReportState.CLOSED
                self.notices[day] += 1
            case ReportStep.NOTHING | ReportStep.MISS:
                pass


def five_years() -> Sessions:
    calendar = exchange_calendars.get_calendar(
        "XNYS", start="2021-11-01", end="2026-10-30"
    )
    return sessions_of(
        *(
            Session(
                day=day.date(),
                opens=calendar.session_open(day).to_pydatetime(),
                closes=calendar.session_close(day).to_pydatetime(),
            )
            for day in calendar.sessions
        )
    )


def edges(day: date) -> list[datetime]:
    """Midnight in New York and every moment of a usual day where a step may change."""
    clocks = ["00:00", "09:29", "09:30", "09:34", "09:35", "09:36", "10:30", "16:00"]
    local = [
        datetime.combine(day, time.fromisoformat(clock), tzinfo=NEW_YORK)
        for clock in [*clocks, "23:59"]
    ]
    return [moment.astimezone(UTC) for moment in local]


@of_the_library
def test_five_years_bring_one_report_a_session_and_none_else() -> None:
    sessions = five_years()
    diary = Diary(sessions)
    days = (sessions.last - sessions.first).days + 1
    calendar = [sessions.first + timedelta(days=offset) for offset in range(days)]

    for day in calendar:
        for now in edges(day):
            diary.tick(now)

    in_session = {session.day for session in sessions.all}
    assert len(in_session) > 1250
    assert diary.reports == dict.fromkeys(in_session, 1)
    weekdays = {day for day in calendar if day.weekday() < 5}
    assert diary.notices == dict.fromkeys(weekdays - in_session, 1)


@of_the_library
def test_five_years_have_both_clock_changes_and_early_closes() -> None:
    sessions = five_years()
    utc_opens = {session.opens.time() for session in sessions.all}

    assert utc_opens == {time(13, 30), time(14, 30)}
    assert sum(map(is_early_close, sessions.all)) >= 8
    assert all(one.day < other.day for one, other in pairwise(sessions.all))
