"""What becomes of cards: what is said and tapped, and the message after each of them."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize

from tests.pictures.cards import TEN_O_CLOCK, holding, ready
from tests.pictures.phone import FRESH, opened, said, say
from tests.pictures.sheets import PHONES, Look, drawn, keep_sheet


class Step(NamedTuple):
    """The owner *does* something, says words or *taps* the button of that name. The newest
    message that has the words *until* is drawn."""

    does: str
    until: str
    taps: bool = False


class Run(NamedTuple):
    """Steps one after the other, in a scenario of the gateway's from that moment on."""

    steps: tuple[Step, ...]
    scenario: str = "quiet-day"
    clock: datetime = TEN_O_CLOCK


REPORTED: Final = 9_000
"""Milliseconds until the report has come, whose card replaces others."""

SATURDAY: Final = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
_BUYS: Final = Step("/buy LLNX 50", "Buy 50 LLNX?")

RUNS: Final = {
    "bought": (
        Run(
            (
                Step("/scan", "Yes buys"),
                Step("All 50", "bid ask last", taps=True),
                Step("Yes, buy both", "fee 1.00", taps=True),
                Step("/scan", "Top gainers"),
                Step("No", "Nothing was bought", taps=True),
                Step("/chart KO", "candles"),
                Step("/quote LLNX", "spread"),
            )
        ),
    ),
    "sold": (
        Run(
            (
                Step("/exits KO stop 5% target 10%", "Exits for"),
                Step("Yes, set them", "at IB", taps=True),
                Step("/sell KO half", "Sell "),
                Step("Yes, sell KO", "KO SELL 50 filled", taps=True),
                Step("/panic", "Sell all that you hold?"),
                Step("Yes, sell all", "IBM SELL 10 filled", taps=True),
                Step("/pnl", "realised"),
            )
        ),
    ),
    "otherwise": (
        Run(
            (
                _BUYS,
                Step("Yes, buy LLNX", "working", taps=True),
                Step("/orders", "Orders"),
                Step("Cancel LLNX 50", "cancelled", taps=True),
                Step("/settings max order dollars 6000", "→ 6000?"),
                Step("Yes, 6000", "Max order dollars", taps=True),
                Step("/schedule brief 09:00", "brief"),
            ),
            scenario="no-fill",
        ),
        Run(
            (_BUYS, Step("Yes, buy LLNX", "Refused", taps=True)),
            scenario="order-refused-201",
        ),
        Run(
            (
                _BUYS,
                Step("Yes, buy LLNX", "I can't tell", taps=True),
                Step("/orders", "Orders"),
            ),
            scenario="order-never-arrived",
        ),
        Run(
            (
                Step("/status", "closed"),
                _BUYS,
                Step("Yes, buy LLNX", "Queue it?", taps=True),
                Step("Queue for Mon 09:30", "queued", taps=True),
            ),
            clock=SATURDAY,
        ),
    ),
}
"""By sheet, what is done."""


async def draw(browser: Browser) -> None:
    """Write all of them."""
    for name, runs in RUNS.items():
        for width, look in PHONES:
            seen = [
                each for run in runs for each in await _seen(browser, run, width, look)
            ]
            keep_sheet(seen, f"sheet-{name}-{width}-{look}")


async def _seen(
    browser: Browser, run: Run, width: int, look: Look
) -> list[Image.Image]:
    size: ViewportSize = {"width": width, "height": 1800}
    async with (
        holding(run.scenario, run.clock) as url,
        opened(browser, url, size) as page,
    ):
        await page.emulate_media(color_scheme=look)
        await ready(page)
        await page.wait_for_timeout(REPORTED)
        return [await _after(page, step) for step in run.steps]


async def _after(page: Page, step: Step) -> Image.Image:
    if step.taps:
        await page.get_by_role("button", name=step.does, exact=True).last.click()
    else:
        await say(page, step.does)
    await page.wait_for_timeout(FRESH)
    return await drawn(await said(page, step.until))
