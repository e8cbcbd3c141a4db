"""The timed exit: sold before the close of its session, and never a second time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.evidence import LineState
from core.model.exits.news import ExitsLate, TimedExitMissed
from core.model.exits.plan import ExitKind
from core.model.market import OrderType
from core.model.order import OrderState
from core.model.status import MarketPhase, MarketState
from core.rules.exits.timing import BEFORE_THE_CLOSE, TOO_LATE, close_day, is_closing
from tests.builders import CLOSES, MONDAY, NOW, a_protection, a_session, a_week
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import (
    alive,
    bought,
    exits,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def test_the_first_session_is_the_one_of_the_purchase() -> None:
    week = a_week()
    days = [session.day for session in week.all if session.day >= MONDAY]
    assert close_day(week, NOW, 1) == MONDAY
    assert close_day(week, NOW, 2) == days[1]
    assert close_day(week, NOW, 400) is None


def test_what_is_bought_after_a_close_counts_its_sessions_from_the_next_one() -> None:
    """Session 2 was the next one too, so that both were sold before the same close."""
    week = a_week()
    days = [session.day for session in week.all if session.day >= MONDAY]
    assert close_day(week, CLOSES, 1) == days[1]
    assert close_day(week, CLOSES + timedelta(hours=4), 2) == days[2]


@pytest.mark.parametrize(
    ("before", "is_due"),
    [
        (timedelta(minutes=11), False),
        (BEFORE_THE_CLOSE, True),
        (TOO_LATE + timedelta(seconds=1), True),
        (TOO_LATE, False),
        (timedelta(0), False),
    ],
)
def test_it_is_due_in_the_last_minutes(before: timedelta, *, is_due: bool) -> None:
    market = MarketState(phase=MarketPhase.OPEN, session=a_session(), next_open=None)
    protection = a_protection(close_day=MONDAY)
    assert is_closing(protection, market, CLOSES - before) is is_due


def test_missed_it_is_due_before_a_later_close_and_never_while_closed() -> None:
    market = MarketState(phase=MarketPhase.OPEN, session=a_session(), next_open=None)
    missed = a_protection(close_day=MONDAY - timedelta(days=3))
    assert is_closing(missed, market, CLOSES - timedelta(minutes=1))
    closed = replace(market, phase=MarketPhase.CLOSED)
    assert not is_closing(missed, closed, CLOSES - timedelta(minutes=1))
    assert not is_closing(a_protection(), market, CLOSES - timedelta(minutes=1))


def test_before_an_earlier_close_than_its_own_it_is_not_due() -> None:
    market = MarketState(phase=MarketPhase.OPEN, session=a_session(), next_open=None)
    of_the_second = a_protection(close_day=MONDAY + timedelta(days=1))
    assert not is_closing(of_the_second, market, CLOSES - timedelta(minutes=1))


async def test_the_others_end_first_and_the_rest_is_sold_once(
    harness: Harness,
) -> None:
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
        harness.clock.moment = CLOSES - timedelta(minutes=9)
        harness.engine.look()
        await until(lambda: held(harness) == 0)
        harness.engine.look()
        await turns()

    timed = exits(harness)[-1]
    assert (timed.exit, timed.order_type, timed.tif) == (
        ExitKind.CLOSE,
        OrderType.MARKET,
        "DAY",
    )
    assert timed.state is OrderState.FILLED
    assert [o.ref for o in harness.broker.cancelled] == [stop.ref]
    assert alive(harness) == []
    assert len(exits(harness)) == 2


async def test_what_only_has_a_timed_exit_asks_ib_nothing_before_it_is_due(
    harness: Harness,
) -> None:
    """A look every few seconds, for days."""
    with_exits(harness, "close 2")
    asked: list[int] = []
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=10)
        harness.broker.meanwhile = lambda: asked.append(1)
        for _ in range(5):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()

    assert asked == []
    assert harness.journal.memory.protections() != ()


@pytest.mark.parametrize("off", [True, False], ids=["bot off", "IB away"])
async def test_one_that_missed_its_close_is_told_once_and_sold_before_the_next(
    harness: Harness, *, off: bool
) -> None:
    """Nobody was told: the owner counted on having nothing over night."""
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        if not off:
            harness.broker.go(LineState.DOWN, "cable")
            harness.clock.moment = CLOSES + timedelta(minutes=5)
            harness.engine.look()
            await turns()
            harness.broker.connect()
            await turns()
            await look(harness)
    if off:
        harness.restart()
        harness.clock.moment = CLOSES + timedelta(hours=15)
    async with harness.trading():
        await look(harness)
        (told,) = harness.news(TimedExitMissed)
        stands = await protected(harness)
        harness.clock.moment = CLOSES + timedelta(days=1, minutes=-9)
        harness.engine.look()
        await until(lambda: held(harness) == 0)
        harness.clock.moment = CLOSES + timedelta(days=1, minutes=9)
        await look(harness)

    assert (told.missed, told.shares) == (MONDAY, 100)
    assert told.closes == CLOSES + timedelta(days=1)
    assert [order.exit for order in stands] == [ExitKind.STOP]
    assert len(harness.news(TimedExitMissed)) == 1


@pytest.mark.parametrize(("sold", "missing"), [(100, []), (40, [60])])
async def test_what_was_sold_before_its_close_has_not_missed_it(
    harness: Harness, sold: int, missing: list[int]
) -> None:
    """The account window lags by minutes."""
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.broker.listed = harness.broker.positions()
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.clock.moment = CLOSES - timedelta(minutes=1)
        harness.engine.look()
        await until(lambda: bool(exits(harness)[1:]))
        await turns()
        harness.broker.fill(exits(harness)[-1], sold)
        await turns()
        harness.clock.moment = CLOSES + timedelta(minutes=1)
        await look(harness)
        early = harness.news(TimedExitMissed)
        harness.broker.listed = None
        harness.clock.forward(hours=1)
        await look(harness)

    assert early == []
    assert [news.shares for news in harness.news(TimedExitMissed)] == missing


async def look(harness: Harness) -> None:
    """Time passes, with looks."""
    for _ in range(3):
        harness.clock.forward(seconds=5)
        harness.engine.look()
        await turns()


async def test_a_clock_set_near_the_close_takes_no_stop_away(harness: Harness) -> None:
    """The stop was cancelled for a sale that the guard of the clocks then refused, again
    and again: the shares were bare for as long as the clock was wrong."""
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        right = CLOSES - timedelta(minutes=5) - harness.clock.now()
        harness.clock.turn(seconds=right.total_seconds())
        harness.broker.gateway_ahead = -right.total_seconds()
        for _ in range(3):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()
        stands = await protected(harness)
        asked = list(harness.broker.cancelled)
        harness.clock.forward(seconds=60)
        await look(harness)

    assert asked == []
    assert [order.exit for order in stands] == [ExitKind.STOP]
    (told,) = harness.news(ExitsLate)
    assert "clock" in told.reason


@pytest.mark.attack(5)
@pytest.mark.parametrize(("before", "takes"), [(1.0, 1.5), (11.0, 1.5), (12.0, 13.0)])
async def test_a_timed_exit_that_would_come_after_the_close_is_not_sent(
    harness: Harness, before: float, takes: float
) -> None:
    """It was sent right after the close, and IB would have sold at the next open, with
    the stop cancelled for it."""
    with_exits(harness, "stop 5% close 1")

    def the_close_comes() -> None:
        if any(order.exit is ExitKind.CLOSE for order in alive(harness)):
            harness.broker.meanwhile = lambda: None
            harness.clock.forward(seconds=takes)

    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.moment = CLOSES - timedelta(seconds=before)
        harness.broker.meanwhile = the_close_comes
        harness.engine.look()
        await turns()
        for _ in range(2):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()
        stands = await protected(harness)

    assert [order.exit for order in stands] == [ExitKind.STOP]
    assert ExitKind.CLOSE not in {order.exit for order in harness.broker.sent}
    assert held(harness) == 100


async def test_a_clock_that_was_ahead_for_a_moment_puts_no_timed_exit_off(
    harness: Harness,
) -> None:
    """The plan got the day after, for good, and the owner was told that its close was
    missed: the rest was held over a night in which it was to be sold."""
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.turn(days=1)
        harness.broker.gateway_ahead = -timedelta(days=1).total_seconds()
        await look(harness)
        harness.clock.turn(days=-1)
        harness.broker.gateway_ahead = 0.0
        await look(harness)
        told = harness.news(TimedExitMissed)
        harness.clock.moment = CLOSES - timedelta(minutes=9)
        harness.engine.look()
        await until(lambda: held(harness) == 0)

    assert told == []
    assert exits(harness)[-1].exit is ExitKind.CLOSE


async def test_a_timed_exit_is_told_as_late_where_a_clock_set_back_does_not_see_it_due(
    harness: Harness,
) -> None:
    """No order leaves while the clocks disagree; by this machine's the close was an hour
    away, and the owner heard nothing until it had passed."""
    with_exits(harness, "stop 5% close 1")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.moment = CLOSES - timedelta(minutes=9)
        harness.clock.turn(hours=-1)
        harness.broker.gateway_ahead = timedelta(hours=1).total_seconds()
        await harness.broker.probe(within=1.0)
        await look(harness)
        harness.clock.forward(seconds=60)
        await look(harness)
        asked = list(harness.broker.cancelled)

    assert asked == []
    (told,) = harness.news(ExitsLate)
    assert "clock" in told.reason
