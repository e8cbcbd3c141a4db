"""The journey of the README, with a thumb: /scan, Yes, filled, seen on the chat page."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.chromium import CHROMIUM, NOT_LOOKED_AT, chromium
from tests.harness.product import MOST_DOLLARS, MOST_PERCENT, ProductHarness, at, opened


pytestmark = [
    pytest.mark.real_time,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=NOT_LOOKED_AT),
]

PATIENT: Final = 240_000
"""Milliseconds that a busy machine may take for anything."""


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page the size of a phone; a script error fails the test."""
    errors: list[str] = []
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(PATIENT)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert errors == []


async def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    await box.fill(words)
    await box.press("Enter")


async def open_chat(page: Page, harness: ProductHarness) -> None:
    await harness.start()
    await harness.ready()
    await page.goto(harness.chat.url)


async def test_scan_yes_filled(page: Page, tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await open_chat(page, harness)

        await say(page, "/scan")
        await page.get_by_role("button", name="Yes, buy both").click()

        filled = page.get_by_text(
            re.compile(r"filled 100 @ .*filled 100 @ ", re.DOTALL)
        )
        await expect(filled.last).to_be_visible(timeout=PATIENT)
        await expect(page.get_by_text("in all").last).to_be_visible(timeout=PATIENT)
        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_the_keyboard_alone_is_enough(page: Page, tmp_path: Path) -> None:
    """Tab, Enter and arrows: start, /scan from the menu, Yes, the holdings, a sale, No."""
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await open_chat(page, harness)

        await types(page, "/sca")
        await page.keyboard.press("Enter")  # the menu's line is chosen, and sent
        await tabs_to(page, "Yes, buy both")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("in all").last).to_be_visible(timeout=PATIENT)

        await types(page, "/positions")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Refresh").last).to_be_visible()
        await tabs_to(page, f"Sell {MOST_DOLLARS}")  # the account window may lag
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(f"Sell 100 {MOST_DOLLARS}?").last).to_be_visible()
        await tabs_to(page, "No")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Nothing was sold").last).to_be_visible()
        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def types(page: Page, words: str) -> None:
    """Go to the message box without a mouse, and type."""
    box = page.get_by_role("textbox", name="Message")
    await tabs(page, to=box)
    await page.keyboard.type(words)


async def tabs_to(page: Page, label: str) -> None:
    """Go to the newest button with this label without a mouse."""
    button = page.get_by_role("button", name=label, exact=True).last
    await button.wait_for()
    await tabs(page, to=button)


async def tabs(page: Page, *, to: Locator) -> None:
    for _ in range(MOST_TABS):
        if await to.evaluate("seen => seen === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab")
    raise AssertionError(f"{to} is not reached by Tab")


MOST_TABS: Final = 100
"""More than everything on the page."""


async def test_the_charts_come_as_a_picture_that_opens(
    page: Page, tmp_path: Path
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await open_chat(page, harness)

        await say(page, "/scan")
        await page.get_by_role("button", name="Charts").click()
        picture = page.locator(".photo img")
        await picture.click()

        width = "image => image.decode().then(() => image.naturalWidth)"
        shown = page.locator(".viewer img")
        assert await shown.evaluate(width) == 1080
