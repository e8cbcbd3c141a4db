"""What the whole product costs: phone to card, tap to order, start, idling."""

import asyncio
import time
from typing import Final

from core.sandbox.latency import Profile
from tests.bench.bounds import Draws
from tests.bench.site import SCAN, Site, opened
from tests.bench.table import Figure
from tests.bench.whole import CLIENT, Bot, help_seconds, labels, running


STARTS: Final = 5
IDLE: Final = 20.0
READING: Final = 1.0
"""Seconds that nobody can be faster with a Yes."""

SETTLING: Final = 10.0
"""Seconds after which a start is over: the calendar's child has ended."""

UNHURRIED_EVERY: Final = 7.0
"""Seconds in which the quotes of a scan are cancelled: the next one begins cold."""

STILL_WATCHED: Final = 3
"""Of the five, the offer's two stocks may be quoted already; the first three that
were asked for are certainly among those that the card needed."""


async def measured(number: int, taps: int) -> list[Figure]:
    """Every row about the product as a process."""
    helps = tuple([await help_seconds() for _ in range(STARTS)])
    figures = [Figure(name="--help", values=helps, median_aim=0.3)]
    async with opened(Profile.INSTANT) as site:
        starts: list[float] = []
        for _ in range(STARTS):
            async with running(site) as bot:
                starts.append(bot.seconds_to_ready)
        figures.append(
            Figure(name="start to ready", values=tuple(starts), median_aim=1.0)
        )
        async with running(site) as bot:
            figures += await _at_rest(bot)
            figures.append(await _taps(bot, taps))
    async with opened(Profile.TYPICAL) as site, running(site) as bot:
        figures += await _phone_to_card(site, bot, number)
        figures.append(await charts(bot, number))
        figures.append(
            Figure(
                name=f"memory after {number} scans",
                values=(bot.memory(),),
                unit="MB",
                median_aim=120,
            )
        )
    return figures


async def _at_rest(bot: Bot) -> list[Figure]:
    await asyncio.sleep(SETTLING)
    used, began = bot.cpu(), time.monotonic()
    await asyncio.sleep(IDLE)
    share = 100 * (bot.cpu() - used) / (time.monotonic() - began)
    return [
        Figure(name="CPU idle", values=(share,), unit="%", median_aim=1.0),
        Figure(name="memory idle", values=(bot.memory(),), unit="MB", median_aim=70),
    ]


async def _taps(bot: Bot, number: int) -> Figure:
    waits: list[float] = []
    for _ in range(number):
        card, _, _ = await bot.card()
        await asyncio.sleep(READING)
        waits.append(await bot.order_after_yes(card))
    return Figure(
        name="tap to order at the gateway",
        values=tuple(waits),
        unit="ms",
        median_aim=0.006,
        worst_aim=0.020,
        worst_is_p99=True,
    )


async def _phone_to_card(site: Site, bot: Bot, number: int) -> list[Figure]:
    words: list[float] = []
    cards: list[float] = []
    ratios: list[float] = []
    for _ in range(number):
        known = len(site.entries(CLIENT))
        _, received, card = await bot.card()
        words.append(received)
        cards.append(card)
        ratios.append(card / _bound(site, known))
        await asyncio.sleep(UNHURRIED_EVERY)
    return [
        Figure(name='phone: /scan to "scanning"', values=tuple(words), unit="ms"),
        Figure(name="phone: /scan to card, warm bars", values=tuple(cards)),
        Figure(name="phone: /scan to card / bound", values=tuple(ratios), unit="ratio"),
    ]


async def charts(bot: Bot, number: int) -> Figure:
    """/chart of one stock; the first, which asks for its bars, is not counted."""
    card, _, _ = await bot.card()
    only = next(label for label in labels(card) if label.startswith("Only "))
    symbol = only.removeprefix("Only ")
    await bot.chart(symbol)
    waits = tuple([await bot.chart(symbol) for _ in range(number)])
    return Figure(
        name="phone: /chart to its picture, warm",
        values=waits,
        median_aim=1.5,
    )


def _bound(site: Site, known: int) -> float:
    """Of the newest scan: of its quotes only those that were surely needed."""
    draws = Draws.of(site.entries(CLIENT)[known:])
    assert draws.scans, f"no message {SCAN} was noted"
    return max(draws.scans) + max(
        (*draws.quotes[:STILL_WATCHED], *draws.bars), default=0.0
    )
