"""What is set, scheduled and protected is shown as it is, whatever the owner has chosen:
each view fits a phone, and each of its buttons means what the state still has."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from hypothesis import HealthCheck, given, settings as how, strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import parse
from bot.handlers.schedule import schedule as scheduling
from bot.handlers.settings import keys
from bot.handlers.trading.exits import bare_first
from bot.presses.exits import AskExits
from bot.presses.schedule import AddUsual, TakeBack, Unschedule
from bot.presses.settings import SetTo, ShowGroup, ShowSetting, To
from bot.views.schedule import shown as scheduled
from bot.views.settings import changes, shown
from bot.views.trading import listed_exits
from core.model.chosen.schedule import (
    WEEKDAYS,
    DayOff,
    Every,
    RunKind,
    ScheduleEntry,
    Times,
)
from core.model.chosen.setting import Setting
from core.model.errors import SettingsWrong
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import Distance, ExitKind, ExitPlan, Unit
from core.model.exits.protection import Protection
from core.model.market import ConId, Side
from core.model.order import FINAL, WORKING, Order
from core.model.status import ExitsWait
from core.rules.chosen.schedule import next_run
from core.rules.chosen.written import times_in
from tests.bot.views import reachable
from tests.bot.views.hands import check, monospace_rows, read
from tests.builders import MONDAY, NOW, PROPOSAL_ID, QRVX, price
from tests.calendars import a_week
from tests.harness.choices import a_catalogue
from tests.values import a_position


T = TypeVar("T")

whatever = how(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CATALOGUE: Final = a_catalogue()
NAMES: Final = [one.name for one in CATALOGUE.settings({})]

MOST_BUTTONS: Final = 100
WIDEST_ROW: Final = 8
LONGEST_DATA: Final = 64
"""What Telegram takes of an inline keyboard (core.telegram.org/bots/api)."""


def pressed(keyboard: InlineKeyboardMarkup | None) -> list[InlineKeyboardButton]:
    """Its buttons, each of which Telegram takes and this program understands."""
    assert keyboard
    rows = keyboard.inline_keyboard
    buttons = [button for row in rows for button in row]
    assert 0 < len(buttons) <= MOST_BUTTONS
    assert all(0 < len(row) <= WIDEST_ROW for row in rows)
    for button in buttons:
        data = str(button.callback_data)
        assert button.text.strip() == button.text != ""
        assert len(data.encode()) <= LONGEST_DATA, data
        assert parse(data) is not None, data
    return buttons


def meanings(keyboard: InlineKeyboardMarkup | None, kind: type[T]) -> list[T]:
    found = (parse(str(each.callback_data)) for each in pressed(keyboard))
    return [each for each in found if isinstance(each, kind)]


# settings

_WORDS: Final = st.sampled_from(
    [
        *("none", "true", "false", "1", "2", "7", "50", "100", "2500", "0.5", "LMT"),
        *("MKT", "10:00", "15:30", "22:00-07:00", "5%", "2atr", "$500", "1% risk"),
        *("open", "scanner", "loud", "silent", "off", "TOP_PERC_GAIN", "100000000"),
    ]
)


def _chosen(said: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What stands after *said*, of which what does not go together is refused."""
    chosen: dict[str, str] = {}
    for name, word in said:
        with suppress(SettingsWrong):
            to = CATALOGUE.judged(chosen, name, word).to
            if to is not None:
                chosen[name] = to
    return chosen


choices = st.lists(st.tuples(st.sampled_from(NAMES), _WORDS), max_size=25).map(_chosen)


@whatever
@given(choices)
def test_settings_are_shown_as_they_are_chosen(chosen: Mapping[str, str]) -> None:
    settings = CATALOGUE.settings(chosen)
    html = shown.overview(settings)

    check(html)
    marked = [row for row in monospace_rows(html) if row.startswith(shown.CHOSEN)]
    assert len(marked) == len(chosen)
    assert ("are as .env has them" in read(html)) is not bool(chosen)
    groups = {each.group for each in settings}
    assert {
        each.group for each in meanings(keys.overview(settings), ShowGroup)
    } == groups


@whatever
@given(choices, st.sampled_from(sorted({one.group for one in CATALOGUE.settings({})})))
def test_a_group_has_each_of_its_settings_with_its_value(
    chosen: Mapping[str, str], group: str
) -> None:
    settings = CATALOGUE.settings(chosen)
    of_it = [one for one in settings if one.group == group]
    html = shown.group(group, settings)

    check(html)
    marked = [row for row in monospace_rows(html) if row.startswith(shown.CHOSEN)]
    assert len(marked) == sum(one.is_chosen for one in of_it)
    text = " ".join(read(html).split())
    for one in of_it:
        said = {"": "none", "true": "on", "false": "off"}.get(one.value, one.value)
        assert f"{one.name.replace('_', ' ')} {said}"[:60] in text
    buttons = meanings(keys.group(group, settings), ShowSetting)
    assert sorted(each.name for each in buttons) == sorted(one.name for one in of_it)


@whatever
@given(choices, st.sampled_from(NAMES), _WORDS)
def test_one_setting_and_the_question_for_its_change(
    chosen: Mapping[str, str], name: str, word: str
) -> None:
    one = _named(name, chosen)
    html = shown.setting(one)
    check(html)
    assert ("Chosen here" in read(html)) is (name in chosen)
    pressed(keys.setting(one, counts=True))
    with suppress(SettingsWrong):
        judged = CATALOGUE.judged(chosen, name, word)
        asked = read(changes.ask(judged, sure=False, late=False))
        check(changes.ask(judged, sure=True, late=True))
        assert ("I ask twice" in asked) is judged.loosens
        assert "Nothing is changed yet" in asked
        after = {**chosen, name: judged.to} if judged.to is not None else chosen
        assert _named(name, after).value == judged.value


def _named(name: str, chosen: Mapping[str, str]) -> Setting:
    return next(one for one in CATALOGUE.settings(chosen) if one.name == name)


@whatever
@given(choices)
def test_the_way_back_is_offered_where_something_was_chosen(
    chosen: Mapping[str, str],
) -> None:
    for one in CATALOGUE.settings(chosen):
        back = [
            each
            for each in meanings(keys.setting(one, counts=False), SetTo)
            if each.to in {To.DEFAULT, To.FROM_FILE}
        ]
        assert bool(back) >= one.is_chosen


# the schedule


def _times(text: str) -> Times:
    times = times_in(text)
    assert times is not None
    return times


_TIMES: Final = st.sampled_from(
    [
        *("10:00", "15:30", "9:31", "open", "open+15", "close-30", "close+15", "close"),
        *("open-30", "open+240", "every 5m 9:30-16:00", "every 2h 10:00-14:00"),
    ]
).map(_times)
_DAYS: Final = st.frozensets(st.sampled_from(sorted(WEEKDAYS)), min_size=1)


def _entry(
    number: int, kind: RunKind, times: Times, days: frozenset[int]
) -> ScheduleEntry:
    return ScheduleEntry(
        number=number, kind=kind, times=times, made_at=NOW, by="Sam", weekdays=days
    )


entries = st.lists(
    st.builds(_entry, st.integers(1, 10**6), st.sampled_from(RunKind), _TIMES, _DAYS),
    max_size=20,
    unique_by=lambda each: each.number,
)
days_off = st.lists(
    st.dates(MONDAY, MONDAY + timedelta(days=365)), max_size=8, unique=True
).map(lambda days: [DayOff(day=day, by="Sam") for day in sorted(days)])


@whatever
@given(entries, days_off, st.booleans())
def test_the_schedule_says_what_is_due_and_no_more(
    entries: list[ScheduleEntry],
    off: list[DayOff],
    automatic: bool,  # noqa: FBT001  drawn
) -> None:
    lines = [
        scheduled.line_of(each, next_run(each, a_week(), NOW, off)) for each in entries
    ]
    html = scheduled.schedule(lines, off, automatic=automatic, said="")
    check(html)
    first, *_ = text = read(html).splitlines()

    coming = [line for line in lines if line.following]
    assert first.startswith("Next: ") is bool(coming)
    assert ("Nothing is scheduled." in text) is not bool(lines)
    assert any("buys without asking" in line for line in text) is automatic
    for each in entries:
        assert any(
            line.startswith(f"{each.number}. {each.kind} ")
            and scheduled.in_words(each.times) in line
            for line in text
        )
    assert any(line.startswith("Days off: ") for line in text) is bool(off)


@whatever
@given(entries, days_off)
def test_the_schedule_s_buttons_are_of_what_it_has(
    entries: list[ScheduleEntry], off: list[DayOff]
) -> None:
    lines = {each.number: each.kind for each in entries}
    kinds = {*lines.values()}
    keyboard = scheduling._keyboard(lines, off)

    assert meanings(keyboard, Unschedule) == [
        Unschedule(number=each.number) for each in entries
    ]
    offered = {each.kind for each in meanings(keyboard, AddUsual)}
    assert not offered & kinds
    days: set[date] = {each.day for each in meanings(keyboard, TakeBack)}
    assert days <= {each.day for each in off}


@given(_TIMES)
def test_what_the_schedule_says_can_be_typed(times: Times) -> None:
    if not isinstance(times, Every):
        said = scheduled.in_words(times).removeprefix("at the ")
        assert times_in(said) == times


# exits

_distances = st.builds(
    Distance,
    amount=st.decimals(Decimal("0.01"), Decimal(95), places=2),
    unit=st.sampled_from(Unit),
)
_plans = st.builds(
    ExitPlan,
    stop=st.none() | _distances,
    trail=st.none() | _distances,
    target=st.none() | _distances,
    sessions=st.none() | st.integers(1, 250),
)


def _exit(order: Order, kind: ExitKind) -> Order:
    return replace(order, side=Side.SELL, exit=kind, stop=price("4.59"))


def _holding(
    number: int, shares: int, bare: int, plan: ExitPlan | None, orders: list[Order]
) -> ProtectedHolding:
    stock = replace(QRVX, con_id=ConId(1000 + number), symbol=f"ST{number}")
    protection = None
    if plan is not None:
        protection = Protection(
            instrument=stock,
            account="DU1234567",
            plan=plan,
            proposal_id=PROPOSAL_ID,
            since=NOW,
        )
    return ProtectedHolding(
        instrument=stock,
        shares=shares,
        naked=min(bare, shares),
        exits=tuple(orders),
        protection=protection,
    )


holdings = st.lists(
    st.builds(
        _holding,
        st.integers(1, 99),
        st.integers(1, 10**6),
        st.integers(0, 10**6) | st.just(0),
        st.none() | _plans,
        st.lists(
            st.builds(_exit, reachable.orders(), st.sampled_from(ExitKind)), max_size=4
        ),
    ),
    max_size=15,
    unique_by=lambda each: each.instrument.con_id,
)


@whatever
@given(holdings, st.none() | st.sampled_from(ExitsWait))
def test_exits_name_what_has_no_stop_and_claim_no_other(
    drawn: list[ProtectedHolding],
    wait: ExitsWait | None,
) -> None:
    held = bare_first(drawn)
    html = listed_exits.overview(held, wait=wait)
    check(html)
    text = read(html)
    bare = sum(1 for each in held if each.naked)

    assert ("Everything has a stop" in text) is (bool(held) and not bare)
    assert (f"{bare} of {len(held)} without a stop" in text) is bool(bare)
    living = [o for each in held for o in each.exits if o.state in WORKING]
    assert not (": stop" in text and ", at IB" in text) or living
    assert text.count(", at IB") <= len(living)
    done = [o for each in held for o in each.exits if o.state in FINAL and not o.filled]
    assert text.count(", not at IB yet") <= sum(len(each.exits) for each in held) - len(
        done
    )


def test_a_holding_abroad_has_no_stop_and_exits_say_so() -> None:
    """ "Everything has a stop" would be false, and so would "nothing to protect"."""
    sap = a_position(
        instrument=replace(QRVX, symbol="SAP", currency="EUR"), shares=Decimal(100)
    )
    text = read(listed_exits.overview([], abroad=[sap]))

    assert "without an exit of mine: 100 SAP." in text
    assert "Everything has a stop" not in text
    assert "Nothing to protect" not in text


@whatever
@given(holdings)
def test_the_buttons_of_exits_stand_in_the_order_of_their_lines(
    held: list[ProtectedHolding],
) -> None:
    asked = meanings(keyboards.for_exits(held), AskExits)
    stocks = list(dict.fromkeys(each.con_id for each in asked))
    text = read(listed_exits.overview(held)) if held else ""

    assert stocks == [each.instrument.con_id for each in held][: len(stocks)]
    lines = [line.split()[0] for line in text.splitlines() if line.startswith("ST")]
    wanted = [each.instrument.symbol for each in held]
    assert lines == wanted[: len(lines)]
