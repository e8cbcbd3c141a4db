"""A whole day in the demo: what the bot decides does not depend on how fast it passes."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from math import inf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from bot.sandbox.panel import Panel
from bot.simulated.choice import DayChoice, chosen
from bot.simulated.demo import bot_on, opened
from bot.simulated.loop import PacedLoop
from bot.simulated.stage import Stage
from core.rules.new_york import NEW_YORK
from core.sandbox.latency import Profile


pytestmark = [pytest.mark.real_time, pytest.mark.slow_on_purpose]

MORNING = replace(
    chosen(day="2026-11-23", speed=None, scenario=None), at=time(9, 34, 30)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it."""

    chat: str
    orders: tuple[tuple[object, ...], ...]
    panel: Panel
    now: datetime


async def until(stage: Stage, moment: time) -> None:
    at = datetime.combine(stage.choice.day, moment, NEW_YORK)
    await asyncio.sleep((at - stage.clock.true()).total_seconds())


async def buys(stage: Stage) -> None:
    """Yes on the morning's card, then a look."""
    await until(stage, time(9, 35, 30))
    phone = stage.chat.phone
    card = next(m for m in reversed(phone.received) if "Yes, buy both" in m.labels)
    phone.press(card, "Yes, buy both")
    await until(stage, time(9, 36))
    await phone.send("/positions")
    await until(stage, time(9, 36, 20))


async def jumps(stage: Stage) -> None:
    await until(stage, time(9, 35))
    stage.jump()
    await asyncio.sleep(60)


def test_until_the_bot_listens_the_page_says_that_it_starts() -> None:
    """It said "the bot is not running" in the seconds before the first poll."""
    before: list[str] = []

    async def first(stage: Stage) -> None:
        before.append(stage.chat.page._panel.get("starting", ""))
        await asyncio.sleep(60)

    after = seen(MORNING, inf, first)

    assert before == ["The bot starts in some seconds. What you send now waits for it."]
    assert "starting" not in after.panel


async def waits(stage: Stage) -> None:
    await asyncio.sleep(900)


async def played(choice: DayChoice, script: object) -> Seen:
    with TemporaryDirectory() as folder:
        async with AsyncExitStack() as rooms:
            stage = await opened(rooms, choice, port=0, seed=7, profile=Profile.TYPICAL)
            assert stage is not None
            async with asyncio.TaskGroup() as tasks:
                chance = Random(1).randbytes
                bot = tasks.create_task(bot_on(stage, Path(folder), chance))
                play = tasks.create_task(stage.play())
                await script(stage)  # type: ignore[operator]  # one of the above
                bot.cancel()
                play.cancel()
            return Seen(
                chat=stage.chat.phone.transcript(),
                orders=tuple(
                    (o.ticket.con_id, o.ticket.quantity, o.filled, o.avg_price)
                    for o in stage.gateway.completed()
                ),
                panel=stage.chat.page._panel,
                now=stage.clock.true(),
            )


def seen(choice: DayChoice, speed: float, script: object) -> Seen:
    with asyncio.Runner(loop_factory=lambda: PacedLoop(speed)) as runner:
        return runner.run(played(replace(choice, speed=speed), script))


def test_speed_changes_nothing_of_what_the_bot_decides() -> None:
    at_once, at_sixty = seen(MORNING, inf, buys), seen(MORNING, 60, buys)

    assert len(at_once.orders) == 2
    assert at_once.orders == at_sixty.orders
    assert at_once.chat == at_sixty.chat


def test_a_jump_ends_shortly_before_the_next_open() -> None:
    after = seen(MORNING, inf, jumps)

    assert after.panel["pace"]["next_open"] > after.now.timestamp()
    assert after.now.astimezone(NEW_YORK).date() == date(2026, 11, 24)
    assert after.panel["market"]["opens"] < after.now.timestamp()


def test_a_holiday_has_no_report_and_the_panel_names_the_next_open() -> None:
    after = seen(chosen(day=None, speed=None, scenario="holiday"), inf, waits)

    opens = datetime.fromtimestamp(after.panel["market"]["opens"], NEW_YORK)
    assert opens == datetime(2026, 11, 27, 9, 30, tzinfo=NEW_YORK)
    assert "Good morning" not in after.chat


def test_the_panel_says_what_the_scenario_does_and_what_has_happened() -> None:
    outage = replace(chosen(day=None, speed=None, scenario="ib-outage"), at=time(9, 30))

    after = seen(outage, inf, waits)

    assert after.panel["story"]["name"] == "ib-outage"
    assert [s["done"] for s in after.panel["story"]["steps"]] == [True, False]
