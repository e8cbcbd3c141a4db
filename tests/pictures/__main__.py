"""The README's pictures, made new: `python -m tests.pictures`.

It runs the demo as a newcomer does, drives its page in Chromium, and writes what a
phone shows to docs/pictures.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize

from tests.chromium import CHROMIUM, NOT_LOOKED_AT, chromium


TO: Final = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS: Final = 200
"""Enough for a chat, and a third of the bytes."""

PATIENT: Final = 60_000
"""Milliseconds that anything may take."""

FRESH: Final = 2_500
"""Milliseconds until a card has all its quotes, and an order its fees."""

STILL: Final = 600
"""Milliseconds until nothing glides or fades any more."""

BEFORE_THE_REPORT: Final = "2026-11-23T09:34:50-05:00"
LATE_MORNING: Final = "2026-11-23T11:20:00-05:00"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1180, "height": 860}


async def main() -> int:
    """Make all of them. Returns the exit code."""
    if CHROMIUM is None:
        print(NOT_LOOKED_AT)
        return 1
    TO.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        await _early(browser)
        await _late(browser)
    return 0


async def _early(browser: Browser) -> None:
    """From the report that comes by itself to shares in the account."""
    async with _demo(BEFORE_THE_REPORT) as url, _opened(browser, url, PHONE) as page:
        card = await _said(page, "Yes buys")
        await _from_the_top(await _said(page, "Good morning"))
        await _keep(page, "phone-report")
        await card.get_by_role("button", name="All 50").click()
        await _from_the_top(await _said(page, "bid ask last"))
        await _keep(page, "phone-table")
        await _say(page, "/scan")
        await page.get_by_text("Scanning").wait_for(state="detached")
        await _from_the_top(await _said(page, "Yes buys"))
        await _keep(page, "phone-card")
        await page.get_by_role("button", name="Yes, buy both").last.click()
        await _said(page, "Bought")
        await page.wait_for_timeout(FRESH)
        await _keep(page, "phone-filled")


async def _late(browser: Browser) -> None:
    """When the day has a course that is worth a picture; and the page on a desktop."""
    async with _demo(LATE_MORNING) as url, _opened(browser, url, PHONE) as page:
        await _say(page, "/scan")
        card = await _said(page, "Yes buys")
        async with _opened(browser, url, DESKTOP) as desktop:
            await _said(desktop, "Yes buys")
            await desktop.wait_for_timeout(FRESH)
            await _keep(desktop, "desktop")
        await card.get_by_role("button", name="Charts").click()
        await page.locator(".photo img").click()
        await page.locator(".viewer img").wait_for()
        await page.wait_for_timeout(FRESH)
        await _keep(page, "phone-charts")


@asynccontextmanager
async def _demo(clock: str) -> AsyncIterator[str]:
    """The demo on a free port, its day beginning at *clock*; yields its address."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--clock", clock),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert running.stdout
    try:
        async for line in running.stdout:
            if address := re.search(rb"http://\S+", line):
                yield address.group().decode()
                break
    finally:
        running.terminate()
        await running.communicate()


@asynccontextmanager
async def _opened(
    browser: Browser, url: str, size: ViewportSize
) -> AsyncIterator[Page]:
    """The chat, as sharp as a phone shows it."""
    page = await browser.new_page(viewport=size, device_scale_factor=2)
    page.set_default_timeout(PATIENT)
    await page.goto(url)
    yield page
    await page.close()


async def _say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    await box.fill(words)
    await box.press("Enter")


async def _said(page: Page, words: str) -> Locator:
    """The newest message of the bot with *words*, as soon as there is one."""
    message = page.locator(".message.in", has_text=words).last
    await message.wait_for()
    return message


async def _from_the_top(message: Locator) -> None:
    """Scroll to where *message* begins, below the day that floats there."""
    await message.page.wait_for_timeout(FRESH)
    await message.evaluate(
        "message => { message.style.scrollMarginTop = '48px';"
        " message.scrollIntoView({ block: 'start' }) }"
    )


async def _keep(page: Page, name: str) -> None:
    """Write what is seen, in few colours, once nothing moves and no tap is answered."""
    await page.locator("#toast").wait_for(state="hidden")
    await page.wait_for_timeout(STILL)
    seen = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    few = seen.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(TO / f"{name}.png", optimize=True)
    print(f"{name}.png  {(TO / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
