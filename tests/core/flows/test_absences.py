"""Every row is followed to its horizons, whatever happened to the stock, the calendar or
the bot on the way: with the real recorder, follower and journal."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from core.flows.research.snapshots import SPY
from core.model.errors import BrokerBusy, BrokerSilent, StoreError
from core.model.market import ConId, Sessions
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.rules.scoring.following import due
from core.store.recordings import SqlRecordings
from tests.builders import FDMX, QRVX
from tests.core.flows.following_world import World
from tests.core.flows.past_market import (
    EARLY,
    Happened,
    PastMarket,
    at,
    sessions_from,
)
from tests.harness.core import Harness


pytestmark = pytest.mark.slow_on_purpose
"""A round over answers that are there at once is one step of the loop."""

MONDAY = date(2026, 10, 19)
A_DAY = timedelta(days=1)
EVENING = time(16, 15)
NIGHT = time(22)
TO_THE_CLOSE = {Horizon.HOUR, Horizon.CLOSE}


def a_world(
    harness: Harness, known: Sessions | None = None, **happened: Happened
) -> World:
    """Both stocks over two months from Monday 19 Oct 2026 on; *happened* by symbol."""
    stocks = {stock.symbol: stock.con_id for stock in (QRVX, FDMX)}
    by_id = {stocks[symbol]: each for symbol, each in happened.items()}
    known = known or sessions_from(MONDAY, 60)
    return World(harness, PastMarket(harness.clock, known, by_id))


def row(became: Followed, con_id: ConId) -> FollowedRow:
    (found,) = (each for each in became.rows if each.con_id == con_id)
    return found


def at_horizons(world: World, con_id: ConId) -> dict[Horizon, FollowedRow]:
    """What became of the one card's row."""
    return {each.horizon: row(each, con_id) for each in world.followed()}


async def test_thirty_days_of_absence_are_caught_up_in_order_and_nothing_twice(
    harness: Harness,
) -> None:
    world = a_world(harness)
    gone = world.days()[:22]
    world.cards(gone, (time(9, 36), time(12), time(15, 50)))
    world.restart()
    back = at(gone[-1] + A_DAY, NIGHT)

    await world.evening(back)
    caught_up = world.horizons()
    asked = list(world.market.asked)
    await world.evening(back + timedelta(hours=1))

    scans = world.harness.journal.recordings.unfinished(since=MONDAY)
    assert len(caught_up) == 66
    assert all(
        due(e, e.done, sessions=world.market.known, now=back) == () for e in scans
    )
    assert {*Horizon} in caught_up.values()
    assert [name for name, _ in asked] == ["SPY", "QRVX", "FDMX"] * 66
    assert [back for _, back in asked] == sorted((b for _, b in asked), reverse=True)
    assert world.market.asked == asked
    for became in world.followed():
        for each in became.rows:
            assert each.price == world.market.bid(each.con_id, became.until)


async def test_what_is_older_than_ninety_days_is_left(harness: Harness) -> None:
    world = a_world(harness, sessions_from(MONDAY, 120))
    first, *_, last = world.days()[:60]
    world.cards([first, last])
    await world.evening(at(first + timedelta(days=100), NIGHT))
    assert set(world.horizons()) == {f"{last:%m-%d} 09:36"}


async def test_an_early_close_ends_the_hour_and_the_day(harness: Harness) -> None:
    """Friday 27 Nov 2026 ends at 13:00; the Thursday before it is a holiday."""
    thursday, friday = date(2026, 11, 26), date(2026, 11, 27)
    known = sessions_from(MONDAY, 60, early=(friday,), off=(thursday,))
    world = a_world(harness, known)
    world.cards([friday - 2 * A_DAY], (time(15, 50),))
    world.cards([friday], (time(12, 30),))

    await world.evening(at(friday, time(13, 14)))
    assert world.market.asked == []
    world.restart()
    await world.evening(at(friday, time(13, 15)))

    ends = {(str(e.proposal_id), e.horizon): e.until for e in world.followed()}
    closes = at(friday, EARLY)
    assert ends["11-27 12:30", Horizon.HOUR] == ends["11-27 12:30", Horizon.CLOSE]
    assert ends["11-27 12:30", Horizon.CLOSE] == closes
    assert ends["11-25 15:50", Horizon.HOUR] == at(friday - 2 * A_DAY, time(16))
    assert ends["11-25 15:50", Horizon.ONE] == closes


@pytest.mark.parametrize(
    ("monday", "utc"),
    [(date(2026, 10, 26), (20, 21)), (date(2027, 3, 8), (21, 20))],
    ids=["back from daylight saving", "to daylight saving"],
)
async def test_a_change_of_the_clocks_moves_no_horizon(
    harness: Harness, monday: date, utc: tuple[int, int]
) -> None:
    """The clocks change on the Sunday in between: 16:00 in New York is another hour."""
    world = a_world(harness, sessions_from(monday, 30))
    friday = monday + 4 * A_DAY
    world.cards([friday])
    await world.evening(at(friday + 3 * A_DAY, EVENING))

    ends = {each.horizon: each.until for each in world.followed()}
    assert (ends[Horizon.CLOSE].hour, ends[Horizon.ONE].hour) == utc
    for became in world.followed():
        assert row(became, QRVX.con_id).price == world.market.bid(
            QRVX.con_id, became.until
        )


async def test_a_stock_that_is_renamed_twice_is_followed_under_each_name(
    harness: Harness,
) -> None:
    named = [
        (at(MONDAY + A_DAY, time(4)), "QRVY"),
        (at(MONDAY + 4 * A_DAY, time(4)), "Z"),
    ]
    world = a_world(harness, QRVX=Happened(named=named))
    world.cards([MONDAY])
    for day in world.days()[:6]:
        await world.evening(at(day, EVENING))

    found = at_horizons(world, QRVX.con_id)
    assert {end: each.renamed for end, each in found.items()} == {
        Horizon.HOUR: None,
        Horizon.CLOSE: None,
        Horizon.ONE: "QRVY",
        Horizon.FIVE: "Z",
    }
    assert all(each.price for each in found.values())


@pytest.mark.parametrize("evenings", [21, 1], ids=["each evening", "long after"])
async def test_a_split_within_twenty_sessions_is_adjusted(
    harness: Harness, evenings: int
) -> None:
    """2 for 1 before the fourth session; what is followed before it is not adjusted."""
    split = at(MONDAY + 3 * A_DAY, time(4))
    world = a_world(harness, FDMX=Happened(split=split))
    world.cards([MONDAY])
    for day in world.days()[:21][-evenings:]:
        await world.evening(at(day, EVENING))

    is_late = evenings == 1
    for became in world.followed():
        found = row(became, FDMX.con_id)
        seen_after = is_late or became.until > split
        bid = world.market.bid(FDMX.con_id, became.until)
        assert found.factor == (Decimal(1) / 2 if seen_after else 1)
        assert found.price == (bid / 2 if became.until < split and is_late else bid)
        assert row(became, QRVX.con_id).factor == 1
    assert world.horizons() == {"10-19 09:36": {*Horizon}}


async def test_a_stock_that_is_delisted_within_twenty_sessions_is_named(
    harness: Harness,
) -> None:
    world = a_world(harness, FDMX=Happened(delisted=at(MONDAY + 8 * A_DAY, time(4))))
    world.cards([MONDAY])
    for day in world.days()[:21]:
        await world.evening(at(day, EVENING))

    found = at_horizons(world, FDMX.con_id)
    lost = [end for end, each in found.items() if each.price is None]
    assert lost == [Horizon.TWENTY]
    assert "No security definition" in (found[Horizon.TWENTY].problem or "")
    assert all(each.price for each in at_horizons(world, QRVX.con_id).values())


async def test_a_halt_over_the_close_names_the_close_and_prices_the_next(
    harness: Harness,
) -> None:
    halted = (at(MONDAY, time(14)), at(MONDAY + A_DAY, time(10)))
    world = a_world(harness, FDMX=Happened(halted=halted))
    world.cards([MONDAY])
    for day in world.days()[:2]:
        await world.evening(at(day, EVENING))

    found = at_horizons(world, FDMX.con_id)
    assert found[Horizon.HOUR].price is not None
    assert found[Horizon.CLOSE].problem == "no bid at the end: halted or gone"
    assert found[Horizon.ONE].price is not None


async def test_an_absence_within_one_session_changes_nothing(harness: Harness) -> None:
    world = a_world(harness)
    world.cards([MONDAY], (time(9, 36),))
    world.restart()
    world.cards([MONDAY], (time(14),))
    await world.evening(at(MONDAY, EVENING))
    assert world.horizons() == {
        "10-19 09:36": TO_THE_CLOSE,
        "10-19 14:00": TO_THE_CLOSE,
    }


async def test_a_row_without_a_price_costs_no_request_and_stays(
    harness: Harness,
) -> None:
    """A warrant, or what was never quoted: nothing can be compared with its bars."""
    world = a_world(harness)
    bare = replace(QRVX, con_id=ConId(0), symbol="QRVX WS")
    world.card(at(MONDAY, time(9, 36)), bare)
    await world.evening(at(MONDAY, EVENING))

    assert {name for name, _ in world.market.asked} == {"SPY", "QRVX", "FDMX"}
    assert {row(each, bare.con_id).problem for each in world.followed()} == {
        "no price when it was recorded"
    }


# IB does not answer, or not yet


SILENT = BrokerSilent("the bars of FDMX", 30)
BUSY = BrokerBusy(162, "Historical data request pacing violation")
LATER = timedelta(minutes=11)


def asked_in_turn(world: World) -> list[str]:
    """Symbols, since this was last called."""
    names = [name for name, _ in world.market.asked]
    world.market.asked.clear()
    return names


@pytest.mark.parametrize("problem", [SILENT, BUSY])
async def test_a_stock_without_an_answer_delays_only_its_own_scans(
    harness: Harness, problem: Exception
) -> None:
    """It is asked for first in the next rounds: the whole scan waits for it."""
    world = a_world(harness)
    world.cards([MONDAY], (time(9, 36), time(11)))
    world.card(at(MONDAY, time(12)), stocks=(QRVX,))
    world.market.fails[FDMX.con_id] = problem

    await world.evening(at(MONDAY, EVENING))
    assert world.horizons() == {"10-19 12:00": TO_THE_CLOSE}
    assert asked_in_turn(world) == ["SPY", "QRVX", "FDMX", "SPY", "SPY", "QRVX"]
    await world.evening(at(MONDAY, EVENING) + LATER)
    assert asked_in_turn(world) == ["SPY", "FDMX", "SPY"]

    world.market.fails.clear()
    await world.evening(at(MONDAY, EVENING) + 2 * LATER)
    assert len(world.horizons()) == 3
    assert all(each.price for became in world.followed() for each in became.rows)


async def test_a_stock_that_never_answers_is_named_after_three_days(
    harness: Harness,
) -> None:
    world = a_world(harness)
    world.cards([MONDAY])
    world.market.fails[FDMX.con_id] = SILENT
    for day in world.days()[:3]:
        await world.evening(at(day, EVENING))
    assert world.followed() == []

    await world.evening(at(MONDAY + 3 * A_DAY, EVENING))
    assert {row(e, FDMX.con_id).problem for e in world.followed()} == {str(SILENT)}
    assert all(row(each, QRVX.con_id).price for each in world.followed())


async def test_one_silence_after_a_long_absence_names_nothing_for_ever(
    harness: Harness,
) -> None:
    """All was due weeks ago; the first evening IB's history may still be asleep."""
    world = a_world(harness)
    world.cards([MONDAY])
    world.market.fails[FDMX.con_id] = SILENT
    back = at(MONDAY + 30 * A_DAY, EVENING)
    await world.evening(back)
    assert world.followed() == []

    await world.evening(back + timedelta(hours=1))
    assert world.horizons() == {"10-19 09:36": {*Horizon}}


async def test_while_spy_does_not_answer_nothing_is_named(harness: Harness) -> None:
    """Then IB answers nothing: a scan without SPY would never count."""
    world = a_world(harness)
    world.cards([MONDAY], (time(9, 36), time(11)))
    world.market.fails[SPY.con_id] = SILENT
    for day in world.days()[:10]:
        await world.evening(at(day, EVENING))
        assert asked_in_turn(world) == ["SPY"]

    world.market.fails.clear()
    await world.evening(at(world.days()[10], EVENING))
    assert all(each.spy_to for each in world.followed())
    assert len(world.horizons()) == 2


async def test_a_round_ends_when_five_stocks_have_not_answered(
    harness: Harness,
) -> None:
    world = a_world(harness)
    for number in range(8):
        stock = replace(QRVX, con_id=ConId(number + 1), symbol=f"MUTE{number}")
        world.market.fails[stock.con_id] = SILENT
        world.card(at(MONDAY, time(10, number)), stocks=(stock,))

    await world.evening(at(MONDAY, EVENING))
    mute = [name for name in asked_in_turn(world) if name != "SPY"]
    assert mute == [f"MUTE{number}" for number in range(5)]


async def test_nothing_is_asked_for_once_a_market_opens(harness: Harness) -> None:
    """A scan of many rows may be half fetched by then: it is fetched in the evening."""
    world = a_world(harness)
    world.cards([MONDAY], (time(9, 36), time(11)))
    world.market.takes = timedelta(minutes=5)
    tuesday = MONDAY + A_DAY
    await world.evening(at(tuesday, time(9, 20)))
    assert asked_in_turn(world) == ["SPY", "QRVX"]
    assert world.followed() == []

    await world.evening(at(tuesday, EVENING))
    assert len(world.horizons()) == 2


async def test_a_crash_within_the_writing_leaves_all_of_it_or_nothing(
    harness: Harness,
) -> None:
    world = a_world(harness)
    world.cards([MONDAY])
    world.tracker = world.following(Broken(harness.journal.recordings))
    with pytest.raises(ExceptionGroup):
        await world.evening(at(MONDAY, EVENING))
    assert world.followed() == []

    harness.restart()
    world.restart()
    await world.evening(at(MONDAY, NIGHT))
    assert world.horizons() == {"10-19 09:36": TO_THE_CLOSE}
    assert harness.journal.verify() == ()
    kinds = [line.kind for line in harness.journal.trail.lines()]
    assert kinds.count("followed") == len(TO_THE_CLOSE)


class Broken(SqlRecordings):
    """The same, but the process ends within the second write."""

    def __init__(self, whole: SqlRecordings) -> None:
        super().__init__(whole._access)
        self.written = 0

    def follow(self, new: Followed) -> str:
        self.written += 1
        if self.written > 1:
            raise StoreError("the process is gone")
        return super().follow(new)
