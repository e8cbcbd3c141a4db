"""Every scan is recorded before its future is known, and followed after the close."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.flows.research.snapshots import SPY
from core.model.errors import BrokerSaidNo
from core.model.market import ConId, Sessions
from core.model.proposal import Choice
from core.model.scoring.following import Followed, Horizon, PastBar
from core.rules.scoring.following import SETTLED
from tests.builders import (
    CLOSES,
    FDMX,
    MONDAY,
    OPENS,
    QRVX,
    a_proposal,
    a_session,
    past_bars,
    price,
    sessions_of,
)
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


pytestmark = pytest.mark.slow_on_purpose
"""In simulated time a thread's work, here the score, is one step of the loop."""

DAY = timedelta(days=1)
EVENING = CLOSES + SETTLED
HOURS = ["4.80", "4.82", "4.80", *["4.50"] * 12, *["4.10"] * 63]


def later(close: str) -> tuple[PastBar, ...]:
    """The last five minutes of each day after Monday, the weekend's too."""
    ends = (CLOSES + DAY * each - timedelta(minutes=5) for each in range(1, 10))
    return tuple(bar for end in ends for bar in past_bars(close, begin=end))


def weeks() -> Sessions:
    """Monday and the four weeks after it, without holidays."""
    days = (DAY * each for each in range(30))
    return sessions_of(
        *(
            a_session(day=MONDAY + each, opens=OPENS + each, closes=CLOSES + each)
            for each in days
            if (MONDAY + each).weekday() < 5
        )
    )


@pytest.fixture
def followable(harness: Harness) -> Harness:
    """A world whose evening knows what both stocks and SPY did."""
    harness.calendar.known = weeks()
    fdmx = [*["26.50"] * 15, *["30.00"] * 63]
    spy = [*["659.00"] * 15, *["660.00"] * 63]
    harness.market.past = {
        QRVX.con_id: (*past_bars(*HOURS), *later("4.10")),
        FDMX.con_id: (*past_bars(*fdmx), *later("30.00")),
        SPY.con_id: (*past_bars(*spy), *later("660.00")),
    }
    return harness


def followed(harness: Harness) -> list[Followed]:
    return [
        each for _, became in harness.journal.recordings.followed() for each in became
    ]


async def evening_comes(harness: Harness, at: datetime = EVENING) -> None:
    harness.clock.forward(seconds=(at - harness.clock.now()).total_seconds())
    harness.engine.look()
    await turns()


async def test_a_scan_is_recorded_whole_and_sealed_by_the_trail(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        recording = harness.journal.recordings.by_id(card.id)

    assert recording is not None
    assert [row.instrument for row in recording.rows] == [QRVX, FDMX]
    assert all(row.quote and row.bars for row in recording.rows)
    assert set(recording.picked) == {QRVX.con_id, FDMX.con_id}
    assert "ranked by scanner" in recording.settings
    (line,) = (e for e in harness.journal.trail.lines() if e.kind == "recorded")
    assert line.ref == card.id
    assert line.payload.startswith(recording.series)
    assert len(line.payload.split()[1]) == 64


async def test_a_yes_before_the_table_is_full_takes_nothing_from_the_recording(
    harness: Harness,
) -> None:
    """The card of a decided offer stays as it was decided on; its recording is of the
    whole scan."""
    others = [replace(QRVX, con_id=ConId(QRVX.con_id + 100 + n)) for n in range(5)]
    harness.market.rows = (QRVX, FDMX, *others)
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        recording = harness.journal.recordings.by_id(card.id)

    assert recording is not None
    assert len(recording.rows) == 7


async def test_every_row_is_followed_after_the_close(followable: Harness) -> None:
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)

    hour, close = sorted(followed(followable), key=lambda each: each.until)
    assert (hour.horizon, close.horizon) == (Horizon.HOUR, Horizon.CLOSE)
    assert [row.price for row in hour.rows] == [price("4.50"), price("26.50")]
    assert [row.price for row in close.rows] == [price("4.10"), price("30.00")]
    assert (close.spy_from, close.spy_to) == (price("659.00"), price("660.00"))


async def test_nothing_is_fetched_before_the_close(followable: Harness) -> None:
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable, at=CLOSES + SETTLED / 2)

    assert followable.market.looked_back == []


async def test_what_was_missed_is_caught_up_days_later(followable: Harness) -> None:
    async with followable.trading():
        await followable.scan()
    followable.restart()
    async with followable.trading():
        await evening_comes(followable, at=EVENING + 7 * DAY)
        await until(lambda: len(followed(followable)) == 4)

    assert {sessions for _, sessions in followable.market.looked_back} == {6}
    assert {each.horizon for each in followed(followable)} == {
        *(Horizon.HOUR, Horizon.CLOSE, Horizon.ONE, Horizon.FIVE)
    }


async def test_a_horizon_is_followed_once(followable: Harness) -> None:
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)
        asked = len(followable.market.looked_back)
        await evening_comes(followable, at=EVENING + timedelta(hours=1))

    assert len(followable.market.looked_back) == asked


async def test_a_stock_that_ib_refuses_is_named_and_stays(followable: Harness) -> None:
    problem = BrokerSaidNo(162, "No market data permissions")
    followable.market.bars_fail[FDMX.con_id] = problem
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)

    assert [row.price for row in followed(followable)[0].rows] == [price("4.50"), None]
    assert str(problem) == followed(followable)[0].rows[1].problem


async def test_a_stock_that_was_renamed_overnight_is_followed_and_named(
    followable: Harness,
) -> None:
    followable.market.renamed[QRVX.con_id] = "QRVZ"
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)
        await evening_comes(followable, at=EVENING + DAY)
        await until(lambda: len(followed(followable)) == 3)

    *same_day, next_day = followed(followable)
    assert {row.renamed for each in same_day for row in each.rows} == {None}
    assert [row.renamed for row in next_day.rows] == ["QRVZ", None]
    assert next_day.rows[0].price is not None


async def test_a_stock_that_ib_does_not_know_any_more_stays_and_is_named(
    followable: Harness,
) -> None:
    delisted = BrokerSaidNo(200, "No security definition")
    async with followable.trading():
        await followable.scan()
        followable.market.bars_fail[FDMX.con_id] = delisted
        await evening_comes(followable, at=EVENING + 4 * DAY)
        await until(lambda: len(followed(followable)) == 3)

    for became in followed(followable):
        qrvx, fdmx = became.rows
        assert (fdmx.price, fdmx.problem) == (None, str(delisted))
        assert qrvx.price is not None


async def test_a_stock_that_was_halted_to_the_close_stays_and_is_named(
    followable: Harness,
) -> None:
    """It has no bid after the scan."""
    followable.market.past[FDMX.con_id] = past_bars("26.50")
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)

    assert followed(followable)[1].rows[1].problem == "no bid in that time"


async def test_a_stock_that_is_delisted_within_the_horizon_is_named(
    followable: Harness,
) -> None:
    """Its bars end on Monday: it counted as sold at Monday's bid a week later."""
    followable.market.past[FDMX.con_id] = past_bars(*["26.50"] * 15, *["30.00"] * 63)
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable, at=EVENING + 7 * DAY)
        await until(lambda: len(followed(followable)) == 4)

    said = {each.horizon: each.rows[1] for each in followed(followable)}
    assert said[Horizon.CLOSE].price == price("30.00")
    assert said[Horizon.FIVE].price is None
    assert said[Horizon.FIVE].problem == "no bid at the end: halted or gone"


async def test_a_split_overnight_is_found_in_ibs_adjusted_bars(
    followable: Harness,
) -> None:
    """2 for 1: IB divides the bars of the past too."""
    async with followable.trading():
        await followable.scan()
        fdmx = [*["13.25"] * 15, *["15.00"] * 63]
        followable.market.past[FDMX.con_id] = (*past_bars(*fdmx), *later("15.00"))
        await evening_comes(followable, at=EVENING + DAY)
        await until(lambda: len(followed(followable)) == 3)

    assert [each.rows[1].factor for each in followed(followable)] == [
        Decimal(1) / 2
    ] * 3


async def test_without_a_line_it_waits_and_the_engine_lives(
    followable: Harness,
) -> None:
    async with followable.trading():
        await followable.scan()
        followable.market.away = "the gateway has gone"
        await evening_comes(followable)
        assert followed(followable) == []
        followable.market.away = None
        await evening_comes(followable, at=EVENING + timedelta(minutes=11))
        await until(lambda: len(followed(followable)) == 2)


async def test_without_spys_bars_the_rows_are_followed(followable: Harness) -> None:
    refused = BrokerSaidNo(162, "No permissions")
    followable.market.bars_fail[SPY.con_id] = refused
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: len(followed(followable)) == 2)

    assert followed(followable)[0].spy_from is None


async def test_the_score_is_worked_out_once_what_was_due_is_followed(
    followable: Harness,
) -> None:
    assert followable.journal.memory.score() is None
    async with followable.trading():
        await followable.scan()
        await evening_comes(followable)
        await until(lambda: followable.journal.memory.score() is not None)

    score = followable.journal.memory.score()
    assert score is not None
    assert [day.day for day in score.days] == [MONDAY]
    assert score.results[0].picks == 2


async def test_a_score_that_a_crash_prevented_is_worked_out_by_the_next_run(
    followable: Harness,
) -> None:
    journal = followable.journal
    with journal.transaction():
        journal.proposals.add(a_proposal())
        journal.recordings.add(A_RECORDING)
        for horizon in Horizon:
            journal.recordings.follow(at(horizon))

    async with followable.trading():
        await evening_comes(followable)
        await until(lambda: followable.journal.memory.score() is not None)


async def test_no_score_is_worked_out_while_a_market_is_open(
    followable: Harness,
) -> None:
    journal = followable.journal
    with journal.transaction():
        journal.proposals.add(a_proposal())
        journal.recordings.add(A_RECORDING)
        journal.recordings.follow(at(Horizon.HOUR))

    async with followable.trading():
        await evening_comes(followable, at=CLOSES + SETTLED / 2)

    assert followable.journal.memory.score() is None
