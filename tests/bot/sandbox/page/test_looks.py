"""The page can be read: on a narrow phone, in light and in dark."""

import re
from typing import Final, Literal

import pytest
from playwright.async_api import Page, expect
from telegram import Bot, ReplyKeyboardMarkup

from tests.bot.sandbox.page.conftest import RULER


READABLE: Final = 4.5  # WCAG 2, level AA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("width", [390, 320])
async def test_a_row_of_34_characters_does_not_wrap_on_a_phone(
    page: Page, echo: None, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await page.click("#start")
    row = page.locator("pre")
    await expect(row).to_have_text(RULER)

    lines = await row.evaluate(
        "pre => { const r = document.createRange(); r.selectNodeContents(pre);"
        " return new Set([...r.getClientRects()].map(box => box.top)).size; }"
    )
    sideways = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert (lines, sideways) == (1, 0)


async def test_at_twice_the_size_no_word_is_cut_or_covered(
    page: Page, bot: Bot
) -> None:
    """A phone of 390 px whose page is zoomed to 200 %."""
    await page.click("#start")
    keys = [["Scan", "Positions", "Orders"], ["Status", "Report", "Halt"]]
    await bot.send_message(1001, "six", reply_markup=ReplyKeyboardMarkup(keys))
    await expect(page.locator(".sends")).to_have_count(6)
    await page.set_viewport_size({"width": 195, "height": 700})

    assert await page.evaluate(_TOO_WIDE) == []
    assert await page.evaluate(_OVER_EACH_OTHER) == []


_TOO_WIDE: Final = """() => [...document.querySelectorAll(".sends, #text, .who h1")]
    .filter(e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)
    .map(e => e.textContent || e.placeholder)"""

_OVER_EACH_OTHER: Final = """() => {
    const title = document.createRange();
    title.selectNodeContents(document.querySelector(".who h1"));
    const end = title.getBoundingClientRect().right;
    return [...document.querySelectorAll(".top .icon")]
        .filter(e => e.getBoundingClientRect().left < end).map(e => e.id);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_can_be_read_in_light_and_in_dark(
    page: Page, echo: None, scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)

    faint = {
        place: ratio
        for place, ground in (
            (".in .text", ".in .bubble"),
            (".in .meta", ".in .bubble"),
            (".in .word", ".in .bubble"),
            (".out .meta", ".out .bubble"),
            (".out .word", ".out .bubble"),
            (".key.success", ".key.success"),
            (".key.danger", ".key.danger"),
            (".pill", ".pill"),
            ("#state", ".top"),
        )
        if (ratio := await _contrast(page, place, ground)) < READABLE
    }

    assert faint == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_file_can_be_read_and_does_not_spread_on_a_phone(
    page: Page, bot: Bot, scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    name = "openbell-audit-2026-11-23.csv"
    await bot.send_document(1001, b"seq,what", filename=name, caption="Audit trail")
    file = page.locator("a.file")
    await file.hover()

    faint = {
        place: ratio
        for place, ground in (
            (".sheet", ".sheet"),
            (".name", ".in .bubble"),
            (".name small", ".in .bubble"),
        )
        if (ratio := await _contrast(page, place, ground)) < READABLE
    }
    line = await file.evaluate("seen => getComputedStyle(seen).textDecorationLine")
    wide = await page.locator(".in .bubble").bounding_box()

    assert faint == {}
    assert line == "none"  # what is pointed at is a file, not a word
    assert wide
    assert wide["width"] < 390


async def test_the_button_turns_the_light_off_and_it_stays_off(page: Page) -> None:
    await page.get_by_role("button", name="Dark theme").click()
    dark = await _ground(page, ".top")

    await page.reload()

    assert await _ground(page, ".top") == dark
    assert sum(dark) < 150
    await expect(page.locator("#theme")).to_have_attribute("aria-pressed", "true")


async def _ground(page: Page, place: str) -> list[int]:
    """The background colour of the first such element: red, green, blue."""
    colour = await page.locator(place).first.evaluate(
        "seen => getComputedStyle(seen).backgroundColor"
    )
    return [int(part) for part in re.findall(r"\d+", colour)[:3]]


async def _contrast(page: Page, place: str, ground: str) -> float:
    """The contrast of the words at *place* with their *ground*, as WCAG 2 counts it."""
    colour = await page.locator(place).first.evaluate(
        "seen => getComputedStyle(seen).color"
    )
    ink = [int(part) for part in re.findall(r"\d+", colour)[:3]]
    darker, lighter = sorted(map(_light, (ink, await _ground(page, ground))))
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: list[int]) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
