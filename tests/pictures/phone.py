"""The demo on a phone, in Chromium, and what is kept of it."""

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


TO: Final = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS: Final = 200
"""Enough for a chat, and a third of the bytes."""

PATIENT: Final = 60_000
"""Milliseconds that anything may take."""

FRESH: Final = 2_500
"""Milliseconds until a card has all its quotes, and an order its fees."""

STILL: Final = 600
"""Milliseconds until nothing glides or fades any more."""

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


@asynccontextmanager
async def demo(*flags: str) -> AsyncIterator[str]:
    """The demo on a free port, with these *flags*; yields its address."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", *flags),
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
async def opened(browser: Browser, url: str, size: ViewportSize) -> AsyncIterator[Page]:
    """The chat, as sharp as a phone shows it."""
    page = await browser.new_page(viewport=size, device_scale_factor=2)
    page.set_default_timeout(PATIENT)
    await page.goto(url)
    yield page
    await page.close()


async def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    await box.fill(words)
    await box.press("Enter")


async def said(page: Page, words: str) -> Locator:
    """The newest message of the bot with *words*, as soon as there is one."""
    message = page.locator(".message.in", has_text=words).last
    await message.wait_for()
    return message


async def from_the_top(message: Locator) -> None:
    """Scroll to where *message* begins, below the day that floats there."""
    await message.page.wait_for_timeout(FRESH)
    await message.evaluate(
        "message => { message.style.scrollMarginTop = '48px';"
        " message.scrollIntoView({ block: 'start' }) }"
    )


async def keep(page: Page, name: str) -> None:
    """Write what is seen, in few colours, once nothing moves and no tap is answered."""
    await page.locator("#toast").wait_for(state="hidden")
    await page.wait_for_timeout(STILL)
    write(picture(await page.screenshot()), name)


def picture(screenshot: bytes) -> Image.Image:
    return Image.open(BytesIO(screenshot)).convert("RGB")


def write(seen: Image.Image, name: str) -> None:
    few = seen.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(TO / f"{name}.png", optimize=True)
    print(f"{name}.png  {(TO / f'{name}.png').stat().st_size // 1000} kB")
