"""Over a holiday, an early close and a change of the clock: what waits for an open is
bought in that session, counts for it, and is sold before its close."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.model.market import Session
from core.model.order import OrderState
from core.model.proposal import Choice, Proposal, Verdict
from core.rules.new_york import NEW_YORK
from tests.builders import FDMX, QRVX, sessions_of
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, an_open_harness
from tests.harness.exits import (
    alive,
    exits,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def ny(day: date, at: time) -> datetime:
    """That time of New York's clock, in UTC."""
    return datetime.combine(day, at, tzinfo=NEW_YORK).astimezone(UTC)


def a_day(day: date, closes: time = time(16)) -> Session:
    return Session(day=day, opens=ny(day, time(9, 30)), closes=ny(day, closes))


THANKSGIVING = (
    a_day(date(2026, 11, 24)),
    a_day(date(2026, 11, 25)),
    a_day(date(2026, 11, 27), time(13)),
    a_day(date(2026, 11, 30)),
)
CHRISTMAS = (
    a_day(date(2026, 12, 22)),
    a_day(date(2026, 12, 23)),
    a_day(date(2026, 12, 24), time(13)),
    a_day(date(2026, 12, 28)),
)
AUTUMN = (
    a_day(date(2026, 10, 29)),
    a_day(date(2026, 10, 30)),
    a_day(date(2026, 11, 2)),
    a_day(date(2026, 11, 3)),
)
SPRING = (
    a_day(date(2027, 3, 11)),
    a_day(date(2027, 3, 12)),
    a_day(date(2027, 3, 15)),
    a_day(date(2027, 3, 16)),
)
WEEKS = {
    "a holiday and an early close": THANKSGIVING,
    "the day before an early close": CHRISTMAS,
    "the clock goes back": AUTUMN,
    "the clock goes forward": SPRING,
}


def lives_in(harness: Harness, week: tuple[Session, ...], now: datetime) -> None:
    harness.calendar.known = sessions_of(*week)
    for stock, bars in harness.market.bars.items():
        days = zip(bars, week[:2], strict=True)
        harness.market.bars[stock] = tuple(replace(b, day=s.day) for b, s in days)
    comes_to(harness, now)


def comes_to(harness: Harness, now: datetime) -> None:
    """It is *now*, and IB says so of its prices."""
    harness.clock.moment = now
    for stock in (QRVX, FDMX):
        harness.quote(stock)
    harness.engine.look()


async def queued(harness: Harness, opens: datetime, key: str = "q") -> Proposal:
    """A Yes in the evening, and one to wait for that open."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan(key)
    asked = harness.tap(card, Choice.SECOND)
    waits = harness.card()
    assert (asked.verdict, waits.queue_for) == (Verdict.ASK_QUEUE, opens)
    assert harness.tap(waits, Choice.YES).verdict is Verdict.APPROVED
    await until(lambda: harness.states(waits) == ["acked"])
    return waits


@pytest.mark.parametrize("name", WEEKS)
async def test_what_waits_for_an_open_is_bought_protected_and_sold_before_its_close(
    tmp_path: Path, name: str
) -> None:
    _, before, bought_on, _ = week = WEEKS[name]
    with an_open_harness(tmp_path, no_buy_after=time(15, 30)) as harness:
        with_exits(harness, "stop 5% close 1")
        lives_in(harness, week, before.closes + timedelta(hours=1))
        async with harness.trading():
            card = await queued(harness, bought_on.opens)
            day = before.closes + timedelta(days=1)
            while day < bought_on.opens:
                comes_to(harness, day)
                await harness.ready()
                await turns()
                day += timedelta(hours=7)
            waiting = harness.states(card)
            comes_to(harness, bought_on.opens + timedelta(seconds=1))
            await harness.ready()
            harness.broker.behaviour = BrokerBehaviour.FILLS
            harness.broker.fill(harness.orders(card)[0], 100)
            (stop,) = await protected(harness)
            comes_to(harness, bought_on.closes - timedelta(minutes=11))
            await turns()
            early = [order.ref for order in alive(harness)]
            comes_to(harness, bought_on.closes - timedelta(minutes=9))
            await until(lambda: held(harness) == 0)
            await turns()
            ended, timed = exits(harness)

    assert waiting == ["acked"]
    assert early == [stop.ref]
    assert (ended.state, timed.state) == (OrderState.CANCELLED, OrderState.FILLED)
    assert timed.sent_day == bought_on.day


@pytest.mark.parametrize("name", WEEKS)
async def test_a_timed_exit_that_was_missed_is_sold_before_the_next_close_that_is_seen(
    tmp_path: Path, name: str
) -> None:
    """The bot was off from noon of its day until the last minutes of the next session."""
    _, before, after, _ = week = WEEKS[name]
    with an_open_harness(tmp_path) as harness:
        with_exits(harness, "stop 5% close 1")
        lives_in(harness, week, before.opens + timedelta(minutes=11))
        async with harness.trading():
            card = await harness.scan()
            harness.tap(card, Choice.SECOND)
            await harness.until_settled(card)
            await protected(harness)
        harness.stop()
        harness.start()
        comes_to(harness, after.closes - timedelta(minutes=8))
        async with harness.trading():
            harness.engine.look()
            await until(lambda: held(harness) == 0)
            await turns()
            left = alive(harness)

    assert left == []


@pytest.mark.parametrize("name", WEEKS)
async def test_a_session_s_limits_are_those_of_the_open_that_is_waited_for(
    tmp_path: Path, name: str
) -> None:
    """The last buy of the day before takes nothing of it; the one that waits does."""
    _, before, bought_on, _ = week = WEEKS[name]
    with an_open_harness(
        tmp_path, max_buys=1, no_buy_after=time(9, 45), buy_held=True
    ) as harness:
        lives_in(harness, week, before.opens + timedelta(minutes=11))
        async with harness.trading():
            first = await harness.scan()
            harness.tap(first, Choice.SECOND)
            await harness.until_settled(first)
            comes_to(harness, before.closes + timedelta(hours=1))
            await harness.ready()
            second = await queued(harness, bought_on.opens)
            third = await harness.scan("c")
            harness.tap(third, Choice.FIRST)
            again = harness.card()
            harness.tap(again, Choice.YES)
            await harness.until_settled(again)
            (late,) = harness.orders(again)

        assert harness.states(first) == ["filled"]
        assert harness.states(second) == ["acked"]
    assert late.state is OrderState.LAPSED
    assert f"on top of 1 for {bought_on.day:%a}" in (late.reason or "")
