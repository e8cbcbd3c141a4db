"""The brief, the summary and what was missed: whatever they hold, they fit a phone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings, strategies as st

from bot.views.schedule import bulletins, shown
from core.model.chosen.bulletins import Brief, Gap, Summary
from core.model.chosen.news import RunsMissed
from core.model.chosen.schedule import (
    Anchor,
    Beside,
    DayOff,
    Every,
    Run,
    RunKind,
    ScheduleEntry,
    Times,
)
from core.model.market import Instrument
from core.model.money import Money
from core.model.order import Order
from core.model.portfolio import AccountSummary
from core.model.proposal import Mode
from core.rules.figures.scorecard import scorecard
from tests.bot.views import strategies as any_
from tests.bot.views.hands import check, read
from tests.builders import (
    MONDAY,
    NOW,
    QRVX,
    a_fill,
    a_proposal,
    a_session,
    an_account,
    an_order,
    price,
)


whatever = settings(max_examples=40, deadline=None)


def a_run(minutes: int, kind: RunKind = RunKind.SCAN) -> Run:
    return Run(
        entry=1,
        kind=kind,
        key=f"1@{minutes}",
        day=MONDAY,
        due=NOW + timedelta(minutes=minutes),
        over=NOW + timedelta(minutes=minutes + 10),
    )


def a_gap(instrument: Instrument = QRVX) -> Gap:
    return Gap(
        instrument=instrument,
        shares=Decimal(100),
        prior_close=price("4.00"),
        now=price("4.40"),
        percent=Decimal(10),
    )


def a_brief() -> Brief:
    return Brief(
        at=NOW,
        session=a_session(),
        mode=Mode.PAPER,
        gaps=(a_gap(),),
        unpriced=(),
        queued=(),
        today=(a_run(20),),
        closed=MONDAY + timedelta(days=3),
        early=None,
        away=None,
    )


def a_summary() -> Summary:
    return Summary(
        at=NOW,
        session=a_session(),
        mode=Mode.PAPER,
        account=an_account(),
        since_report=Money(Decimal("-12.50")),
        trips=(),
        day_profit=Money(Decimal("40.10")),
        held=2,
        uncounted=0,
        orders=(an_order(fills=(a_fill(),)),),
        picks=scorecard(a_proposal(), (), {QRVX.con_id: price("5.00")}),
        score=None,
        away=None,
    )


def test_the_first_line_of_a_brief_is_the_largest_gap() -> None:
    lines = read(bulletins.brief(a_brief())).splitlines()

    assert lines[0] == "Before the open · QRVX +10.0% · Mon 23 Nov"
    assert "Today: scan 10:01 ET." in lines
    assert "No session on Thu 26 Nov." in lines
    assert "No order waits for the open." in lines


def test_the_first_line_of_a_summary_is_what_the_day_brought() -> None:
    text = read(bulletins.summary(a_summary()))

    assert text.startswith("After the close · holdings +40.10 · Mon 23 Nov")
    assert "account \N{MINUS SIGN}12.50 since the report" in text
    assert "Nothing that was bought here was sold today." in text


def test_a_fill_of_a_summary_names_a_currency_that_is_not_the_dollar() -> None:
    abroad = replace(QRVX, currency="EUR")
    sold = an_order(instrument=abroad, fills=(a_fill(price=price("1234.56")),))
    text = read(bulletins.summary(replace(a_summary(), orders=(sold,))))

    assert " 1,234.56 EUR" in text


def test_a_summary_says_what_is_not_in_its_figure_of_what_is_held() -> None:
    abroad = replace(a_summary(), held=0, uncounted=1, day_profit=Money(Decimal(0)))
    text = read(bulletins.summary(abroad))

    assert text.startswith("After the close · Mon 23 Nov")
    assert "held besides, not counted: 1 that is no stock in dollars" in text
    assert "+0.00" not in text


def test_one_stock_is_no_stocks() -> None:
    one = replace(a_summary(), held=1)

    assert "held: 1 stock, " in read(bulletins.summary(one))


def test_a_summary_says_what_it_could_not_read() -> None:
    text = read(bulletins.summary(replace(a_summary(), trips=None, away="gone")))

    assert "! The day's sales could not be read." in text
    assert "IB cannot be reached: Gone." in text


@whatever
@given(
    any_.some(any_.instruments, 60),
    any_.some(any_.orders, 30),
    st.integers(0, 60),
    any_.maybe(any_.reasons),
    any_.some(any_.names, 60),
)
def test_any_brief_fits(
    stocks: list[Instrument],
    queued: list[Order],
    count: int,
    away: str | None,
    unpriced: list[str],
) -> None:
    check(
        bulletins.brief(
            replace(
                a_brief(),
                gaps=tuple(a_gap(each) for each in stocks),
                queued=tuple(queued),
                today=tuple(a_run(minute) for minute in range(count)),
                away=away,
                unpriced=tuple(unpriced),
            )
        )
    )


@whatever
@given(any_.some(any_.orders, 40), any_.maybe(any_.accounts), any_.maybe(any_.reasons))
def test_any_summary_fits(
    orders: list[Order], account: AccountSummary | None, away: str | None
) -> None:
    said = replace(a_summary(), orders=tuple(orders), account=account, away=away)

    check(bulletins.summary(said))


@whatever
@given(st.integers(1, 100), any_.reasons)
def test_any_number_of_missed_runs_is_one_message(count: int, reason: str) -> None:
    runs = tuple(a_run(minute) for minute in range(count))

    check(shown.missed(RunsMissed(runs=runs, reason=reason)))


def test_a_full_schedule_fits() -> None:
    every = Every(minutes=30, first=NOW.time().replace(microsecond=0), last=NOW.time())
    times: list[Times] = [every, Beside(anchor=Anchor.CLOSE, minutes=-30)]
    entries = [
        ScheduleEntry(
            number=n,
            kind=RunKind.SUMMARY,
            times=times[n % 2],
            made_at=NOW,
            by="Ada",
            weekdays=frozenset({0, 2, 4}),
        )
        for n in range(20)
    ]
    off = [DayOff(day=MONDAY + timedelta(days=n), by="Ada") for n in range(30)]

    check(
        shown.schedule(
            [shown.line_of(each, a_run(5)) for each in entries],
            off,
            automatic=True,
            said="Added.",
        )
    )


def test_a_line_without_a_calendar_is_still_a_line() -> None:
    """Seen in the demo right after a start: "Nothing is scheduled", above the line."""
    line = shown.ScheduleLine(name="1 brief", when="open-30", following=None)

    text = read(shown.schedule([line], (), automatic=False, said="Added."))

    assert "Nothing is scheduled" not in text
    assert "The exchange calendar has no coming session yet." in text
