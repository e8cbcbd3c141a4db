"""The pictures of the README and of docs/card.md, made new: `python -m tests.pictures`.

It runs the demo as a newcomer does, drives its page in Chromium, and writes what a
phone shows to docs/pictures; with `cards`, `sheets` or `trades` behind
it only those.
"""

import asyncio
import sys
from typing import Final

from playwright.async_api import Browser, ViewportSize

from tests.chromium import CHROMIUM, NOT_LOOKED_AT, chromium
from tests.pictures import cards, sheets, trades
from tests.pictures.phone import (
    FRESH,
    PHONE,
    TO,
    demo,
    from_the_top,
    keep,
    opened,
    said,
    say,
)


BEFORE_THE_REPORT: Final = "2026-11-23T09:34:50-05:00"
LATE_MORNING: Final = "2026-11-23T11:20:00-05:00"
DESKTOP: Final[ViewportSize] = {"width": 1180, "height": 860}


async def main(*only: str) -> int:
    """Make all of them, or *only* "cards", "sheets" or "trades". Returns the exit code."""
    if CHROMIUM is None:
        print(NOT_LOOKED_AT)
        return 1
    TO.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        if not only:
            await _early(browser)
            await _late(browser)
        if not only or "cards" in only:
            await cards.draw(browser)
        if not only or "sheets" in only:
            await sheets.draw(browser)
        if not only or "trades" in only:
            await trades.draw(browser)
    return 0


async def _early(browser: Browser) -> None:
    """From the report that comes by itself to shares in the account."""
    async with (
        demo("--clock", BEFORE_THE_REPORT) as url,
        opened(browser, url, PHONE) as page,
    ):
        card = await said(page, "Yes buys")
        await from_the_top(await said(page, "Good morning"))
        await keep(page, "phone-report")
        await card.get_by_role("button", name="All 50").click()
        await from_the_top(await said(page, "bid ask last"))
        await keep(page, "phone-table")
        await say(page, "/scan")
        await page.get_by_text("Scanning").wait_for(state="detached")
        await from_the_top(await said(page, "Yes buys"))
        await keep(page, "phone-card")
        await page.get_by_role("button", name="Yes, buy both").last.click()
        await said(page, "Bought")
        await page.wait_for_timeout(FRESH)
        await keep(page, "phone-filled")


async def _late(browser: Browser) -> None:
    """When the day has a course that is worth a picture; and the page on a desktop."""
    async with (
        demo("--clock", LATE_MORNING) as url,
        opened(browser, url, PHONE) as page,
    ):
        await say(page, "/scan")
        card = await said(page, "Yes buys")
        async with opened(browser, url, DESKTOP) as desktop:
            await said(desktop, "Yes buys")
            await desktop.wait_for_timeout(FRESH)
            await keep(desktop, "desktop")
        await card.get_by_role("button", name="Charts").click()
        await page.locator(".photo img").click()
        await page.locator(".viewer img").wait_for()
        await page.wait_for_timeout(FRESH)
        await keep(page, "phone-charts")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
