"""The machine's clock may be ahead of IB's or be set back, and IB's bars may come late:
nothing is called missing for that, and following goes on."""

from datetime import date, datetime, time, timedelta

import pytest

from core.flows.research.snapshots import SPY
from core.model.evidence import LineState
from core.model.scoring.following import Horizon
from tests.builders import FDMX, QRVX
from tests.core.flows.following_world import World
from tests.core.flows.past_market import Happened, PastMarket, at, sessions_from
from tests.core.flows.test_absences import LATER, SILENT, TO_THE_CLOSE, row
from tests.harness.core import Harness


pytestmark = pytest.mark.slow_on_purpose
"""A round over answers that are there at once is one step of the loop."""

MONDAY = date(2026, 10, 19)
A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=30)
NOON = at(MONDAY, time(12))
EVENING = at(MONDAY, time(16, 15))
CARD = "10-19 09:36"


def a_world(harness: Harness, happened: Happened | None = None) -> World:
    """A card of Monday; *happened* to SPY and to both stocks."""
    known = sessions_from(MONDAY, 60)
    each = dict.fromkeys((SPY.con_id, QRVX.con_id, FDMX.con_id), happened or Happened())
    world = World(harness, PastMarket(harness.clock, known, each))
    world.cards([MONDAY])
    return world


async def by_another_clock(
    world: World, moment: datetime, *, ahead: timedelta, told: bool = True
) -> None:
    """It is *moment* for IB, and so much later for us. The gateway's clock says so if
    *told*; else it is as wrong as ours, on the same machine."""
    world.market.behind = ahead
    skew = -ahead.total_seconds() if told else 0.0
    world.harness.broker.go(LineState.UP, skew=skew)
    await world.evening(moment + ahead)


async def clock_is_right(world: World, moment: datetime) -> None:
    await by_another_clock(world, moment, ahead=timedelta())


def is_whole(world: World) -> bool:
    return all(
        each.spy_from and each.spy_to and all(row.price for row in each.rows)
        for each in world.followed()
    )


@pytest.mark.parametrize("told", [True, False], ids=["IB's clock", "no clock"])
@pytest.mark.parametrize(
    ("moment", "ahead"),
    [
        (at(MONDAY, time(15, 49)), timedelta(minutes=29)),
        (NOON, timedelta(hours=5)),
        (at(MONDAY, time(9, 40)), A_MONTH + timedelta(hours=12)),
        (at(MONDAY, time(18)), 2 * A_DAY),
    ],
    ids=["within the last half hour", "hours", "a month", "days, in the evening"],
)
async def test_no_horizon_ends_before_it_ends_for_ib(
    harness: Harness, moment: datetime, ahead: timedelta, *, told: bool
) -> None:
    """By a clock that was ahead each row was sealed as "halted or gone", for good; and
    when it was set back, the pause after a round lasted until it was there again."""
    world = a_world(harness)
    await by_another_clock(world, moment, ahead=ahead, told=told)
    assert all(each.until <= moment for each in world.followed())
    assert is_whole(world)

    await clock_is_right(world, EVENING + timedelta(hours=4))
    assert world.horizons() == {CARD: TO_THE_CLOSE}
    assert is_whole(world)


async def test_nothing_is_asked_for_while_the_market_is_open_by_either_clock(
    harness: Harness,
) -> None:
    world = a_world(harness)
    await by_another_clock(world, NOON, ahead=timedelta(hours=5))
    await by_another_clock(world, NOON + 7 * A_DAY, ahead=-2 * A_DAY)
    assert world.market.asked == []


async def test_by_a_clock_that_is_behind_following_waits_and_goes_on(
    harness: Harness,
) -> None:
    """It is Tuesday's evening for IB and Monday's for us."""
    world = a_world(harness)
    await by_another_clock(world, EVENING + A_DAY, ahead=-A_DAY)
    assert world.horizons() == {CARD: TO_THE_CLOSE}
    assert is_whole(world)

    await clock_is_right(world, EVENING + A_DAY + LATER)
    assert world.horizons() == {CARD: {*TO_THE_CLOSE, Horizon.ONE}}
    assert is_whole(world)


async def test_a_close_within_a_halt_of_the_whole_market_is_named_the_next_day(
    harness: Harness,
) -> None:
    """SPY has no bar there either, and none is waited for once there are later ones."""
    halted = (at(MONDAY, time(14)), at(MONDAY, time(16)))
    world = a_world(harness, Happened(halted=halted))
    await world.evening(EVENING)
    assert world.horizons() == {CARD: {Horizon.HOUR}}

    await world.evening(EVENING + A_DAY)
    close = next(e for e in world.followed() if e.horizon is Horizon.CLOSE)
    assert row(close, QRVX.con_id).problem == "no bid at the end: halted or gone"


async def test_a_silence_from_before_the_clock_was_set_back_ends(
    harness: Harness,
) -> None:
    """A stock that never answers was asked for until the wrong day had come."""
    world = a_world(harness)
    world.market.fails[FDMX.con_id] = SILENT
    far = A_MONTH + timedelta(hours=10)
    await by_another_clock(world, NOON, ahead=far, told=False)

    for number in range(5):
        await clock_is_right(world, EVENING + number * A_DAY)
    assert Horizon.CLOSE in {each.horizon for each in world.followed()}
