"""The tape: any stock at any moment, plausible, repeatable, and bent only by shapes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from core.sandbox.market.hours import Hours
from core.sandbox.market.shapes import Shape
from core.sandbox.market.stockday import StockDay
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import DEFAULT_SEED, Stock, universe
from tests.harness.exchange import FRIDAY_BEFORE, MONDAY, NOW, PLAIN, TUESDAY, ny


HOURS = Hours()
STOCKS = universe(DEFAULT_SEED)


def a_tape(**shapes: Shape) -> Tape:
    return Tape(seed=DEFAULT_SEED, hours=HOURS, shapes=shapes)


moments = st.builds(
    lambda day, seconds: ny("00:00", day) + timedelta(seconds=seconds),
    st.dates(date(2024, 1, 8), date(2027, 12, 15)),
    st.floats(0, 86_000),
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STOCKS.stocks), moments)
def test_a_price_does_not_depend_on_what_was_asked_before(
    stock: Stock, now: datetime
) -> None:
    fresh, used = a_tape().drawn(stock, HOURS.current(now)), a_tape()
    used.today(stock, now + timedelta(days=9)).reach(now + timedelta(days=9))
    used.today(stock, now - timedelta(days=2)).last(now - timedelta(days=2))
    used.today(stock, now).reach(now + timedelta(hours=1))

    assert used.today(stock, now).last(now) == fresh.last(now)
    assert used.today(stock, now).reach(now) == fresh.reach(now)


def test_tapes_of_a_seed_share_the_days_that_no_shape_touches() -> None:
    bent, straight = a_tape(QKTZ=PLAIN), a_tape()
    ours, theirs = STOCKS.by_symbol["QKTZ"], STOCKS.by_symbol["AAPL"]

    assert bent.today(theirs, NOW) is straight.today(theirs, NOW)
    assert bent.today(ours, NOW).last(NOW) == 11.0
    assert straight.today(ours, NOW).last(NOW) != 11.0


@pytest.mark.parametrize(
    "shape",
    [
        PLAIN,
        replace(PLAIN, prior_open=3.0, prior_close=4.0),
        Shape(on=MONDAY, no_bar_today=True),
        Shape(jump_at=ny("11:00", TUESDAY), jump_to=99.0),
    ],
)
def test_a_day_that_a_shape_does_not_touch_is_as_the_shape_would_draw_it(
    shape: Shape,
) -> None:
    tape, stock = a_tape(QKTZ=shape), STOCKS.by_symbol["QKTZ"]

    def seen(day: StockDay) -> tuple[object, ...]:
        at = [day.session.open + timedelta(minutes=m) for m in (-200, 0, 45, 120, 500)]
        drawn = [(day.last(m), day.volume(m), day.traded(m)) for m in at]
        return day.open, day.close, day.end, day.before, day.previous_close, drawn

    for session in HOURS.last_sessions(8, TUESDAY + timedelta(days=6)):
        assert seen(tape.day(stock, session)) == seen(tape.drawn(stock, session))


def test_the_history_of_a_shaped_stock_is_shared() -> None:
    stock, before = STOCKS.by_symbol["QKTZ"], ny("12:00", date(2026, 3, 4))

    assert a_tape(QKTZ=PLAIN).today(stock, before) is a_tape().today(stock, before)


def test_a_shape_that_is_let_go_leaves_nothing_behind() -> None:
    tape, stock = a_tape(QKTZ=PLAIN), STOCKS.by_symbol["QKTZ"]
    assert tape.today(stock, NOW).last(NOW) == 11.0

    tape.reshape("QKTZ", None)

    assert tape.today(stock, NOW) is a_tape().today(stock, NOW)


def test_the_evening_before_leads_into_the_morning() -> None:
    tape, stock = a_tape(), STOCKS.by_symbol["AAPL"]
    friday = tape.today(stock, ny("12:00", FRIDAY_BEFORE))

    monday = tape.today(stock, ny("04:00"))

    assert monday.previous_close == friday.close
    assert monday.before == pytest.approx(friday.end, rel=1e-3)
    assert monday.last(ny("04:00")) == pytest.approx(friday.end, rel=2e-3)


def test_giants_are_calm_and_small_caps_are_not() -> None:
    tape, session = a_tape(), HOURS.last_sessions(1, MONDAY)[0]

    def change(symbol: str) -> float:
        day = tape.day(STOCKS.by_symbol[symbol], session)
        return abs(day.close / day.previous_close - 1)

    small = [change(s.symbol) for s in STOCKS.stocks if not s.large_cap]
    assert all(change(s.symbol) < 0.06 for s in STOCKS.stocks if s.large_cap)
    assert sum(c > 0.05 for c in small) > 40


@pytest.mark.parametrize("seed", [1, 2, DEFAULT_SEED])
@pytest.mark.parametrize("day", [MONDAY, TUESDAY, date(2025, 3, 12)])
def test_a_morning_has_gainers_but_not_too_many(seed: int, day: date) -> None:
    listed, now = universe(seed), ny("09:35", day)
    tape = Tape(seed=seed, hours=HOURS, shapes={})
    today = [tape.today(stock, now) for stock in listed.stocks]

    up = sum(d.last(now) > 1.05 * d.previous_close for d in today)

    assert 12 <= up <= 75


def test_volume_only_grows_and_ends_higher_than_it_began() -> None:
    day = a_tape().today(STOCKS.by_symbol["AAPL"], NOW)
    clocks = [ny("04:00") + timedelta(minutes=7 * k) for k in range(137)]

    volumes = [day.volume(now) for now in clocks]

    assert all(before <= after for before, after in pairwise(volumes))
    assert 10e6 < volumes[-1] < 200e6


def test_the_range_holds_every_price_that_was_seen() -> None:
    tape = a_tape()
    for stock in STOCKS.stocks[10:40]:
        day = tape.today(stock, NOW)
        seen = [ny("09:30:20") + timedelta(seconds=13 * k) for k in range(40)]
        prices = [day.last(now) for now in seen if day.traded(now)]
        high, low = day.reach(seen[-1])

        assert not prices or low <= min(prices) <= max(prices) <= high


def test_the_range_never_shrinks() -> None:
    day = a_tape().today(STOCKS.by_symbol["TSLA"], NOW)
    ranges = [day.reach(ny("09:30") + timedelta(seconds=37 * k)) for k in range(60)]

    assert all(b[0] >= a[0] and b[1] <= a[1] for a, b in pairwise(ranges))


def test_the_last_price_stands_still_over_night() -> None:
    tape, stock = a_tape(), STOCKS.by_symbol["NVDA"]
    nights = [ny("20:00"), ny("23:59"), ny("03:59", TUESDAY)]

    assert len({tape.today(stock, now).last(now) for now in nights}) == 1


def test_a_shape_decides_its_day_and_the_eve_of_it() -> None:
    tape, stock = a_tape(QKTZ=PLAIN), STOCKS.by_symbol["QKTZ"]
    today, eve = (tape.today(stock, ny("12:00", d)) for d in (MONDAY, FRIDAY_BEFORE))

    assert (today.open, today.last(NOW), today.previous_close) == (10.0, 11.0, 9.5)
    assert (eve.open, eve.close) == (9.0, 9.5)


def test_a_shape_leaves_other_days_and_other_stocks_alone() -> None:
    bent, straight = a_tape(QKTZ=PLAIN), a_tape()
    later = ny("12:00", date(2026, 12, 8))

    for symbol, now in [("QKTZ", later), ("AAPL", NOW)]:
        stock = STOCKS.by_symbol[symbol]
        assert bent.today(stock, now).last(now) == straight.today(stock, now).last(now)


def test_a_shaped_day_drifts_and_jumps_to_the_cent() -> None:
    shape = Shape(
        on=MONDAY, open=10.0, last=10.0, drift=0.01, jump_at=NOW, jump_to=12.34
    )
    day = a_tape(QKTZ=shape).today(STOCKS.by_symbol["QKTZ"], NOW)

    assert day.last(ny("09:31")) == 10.10
    assert day.last(NOW - timedelta(seconds=1)) == pytest.approx(10.48, abs=0.02)
    assert day.last(NOW) == day.last(ny("15:00")) == 12.34


def test_a_stock_can_jump_without_being_shaped_otherwise() -> None:
    stock = STOCKS.by_symbol["AAPL"]
    bent = a_tape(AAPL=Shape(jump_at=NOW, jump_to=300.0))
    before = NOW - timedelta(seconds=2)

    assert bent.today(stock, before).last(before) == a_tape().today(stock, before).last(
        before
    )
    assert bent.today(stock, NOW).last(NOW) == 300.0


def test_a_tape_can_be_bent_and_let_go_while_it_runs() -> None:
    tape, stock = a_tape(), STOCKS.by_symbol["QKTZ"]
    drawn = tape.today(stock, NOW).last(NOW)

    tape.reshape("QKTZ", PLAIN)
    assert tape.today(stock, NOW).last(NOW) == 11.0

    tape.reshape("QKTZ", None)
    assert tape.today(stock, NOW).last(NOW) == drawn


def test_prices_without_their_session_are_refused() -> None:
    with pytest.raises(ValueError, match="`on`"):
        Shape(open=10.0)
