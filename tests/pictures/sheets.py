"""The answers to what can be asked, on a few sheets: by day on a phone of usual width, and
in the dark on a narrow one."""

from itertools import islice
from typing import Final, Literal

from PIL import Image
from playwright.async_api import Browser, Locator, Page

from tests.pictures.cards import holding, ready
from tests.pictures.phone import FRESH, opened, picture, say, write


ASKED: Final = {
    "looks": (
        *("/scan", "/why", "/status", "/positions", "/account", "/orders", "/exits"),
        *("/quote KO", "/pnl", "/score", "/history"),
    ),
    "choices": (
        *("/settings", "/schedule", "/noise", "/mute 2h", "/people"),
        *("/people add 4004 viewer", "/keyboard"),
    ),
    "system": ("/help", "/help scan", "/health", "/version", "/about", "/log"),
    "words": (
        *("/positon", "sell macv half", "stop?", "what is vwap", "hello", "42"),
        *("/buy", "/sell NOSUCH", "/buy KO 9999", "/cancel all", "/halt", "/resume"),
    ),
}
"""By sheet, what is said; each answer is drawn."""

Look = Literal["light", "dark"]
PHONES: Final[tuple[tuple[int, Look], ...]] = ((390, "light"), (320, "dark"))
COLUMNS: Final = 3
GAP: Final = 12


async def draw(browser: Browser) -> None:
    """Write all of them."""
    async with holding() as url:
        for width, look in PHONES:
            async with opened(browser, url, {"width": width, "height": 1800}) as page:
                await page.emulate_media(color_scheme=look)
                await ready(page)
                for name, asked in ASKED.items():
                    seen = [await _answer(page, words) for words in asked]
                    keep_sheet(seen, f"sheet-{name}-{width}-{look}")


async def _answer(page: Page, words: str) -> Image.Image:
    """The newest message once *words* are answered, at its size on the page."""
    answers = page.locator(".message.in")
    before = await answers.count()
    await say(page, words)
    await answers.nth(before).wait_for()
    await page.wait_for_timeout(FRESH)
    return await drawn(answers.last)


async def drawn(message: Locator) -> Image.Image:
    """*message* at its size on the page."""
    seen = picture(await message.screenshot())
    return seen.resize((seen.width // 2, seen.height // 2), Image.Resampling.LANCZOS)


def keep_sheet(seen: list[Image.Image], name: str) -> None:
    """Write all that was *seen* in columns of much the same height, in order."""
    write(_sheet(seen), name)


def _sheet(seen: list[Image.Image]) -> Image.Image:
    limit = sum(each.height + GAP for each in seen) / COLUMNS
    columns: list[list[Image.Image]] = [[]]
    for each in seen:
        if len(columns) < COLUMNS and _height(columns[-1]) + each.height / 2 > limit:
            columns.append([])
        columns[-1].append(each)
    width = max(each.width for each in seen) + GAP
    size = (width * len(columns), max(map(_height, columns)))
    sheet = Image.new("RGB", size, seen[0].getpixel((0, 0)))
    for place, column in enumerate(columns):
        for row, each in enumerate(column):
            top = _height(list(islice(column, row)))
            sheet.paste(each, (place * width, top))
    return sheet


def _height(column: list[Image.Image]) -> int:
    return sum(each.height + GAP for each in column)
