"""The page has no finding of axe-core (Deque Systems, MPL 2.0): its rules of WCAG 2.2, A
and AA, and its best practices; and what axe cannot see.

The lock beside this pins it by its hash; npm fetches it once, as the conformance's clients.
"""

import asyncio
from pathlib import Path
from typing import Any, Final, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from telegram import Bot, ReplyKeyboardMarkup

from tests.bot.sandbox.page.conftest import RULER, a_picture
from tests.conformance.install import FOLDER, install_node_package


LOCKS: Final = Path(__file__).parent / "axe"
AXE: Final = FOLDER / "axe" / "node_modules" / "axe-core" / "axe.min.js"
Scheme = Literal["light", "dark"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def axe() -> str:
    """axe-core's own source."""
    await asyncio.to_thread(install_node_package, "axe", LOCKS)
    return await asyncio.to_thread(AXE.read_text, encoding="utf-8")


async def findings(page: Page, axe: str) -> list[str]:
    """Each finding with the first place where it is."""
    await page.evaluate(axe)
    told: dict[str, Any] = await page.evaluate("() => axe.run(document)")
    return [
        f"{found['id']}: {found['help']} at {found['nodes'][0]['html'][:120]}"
        for found in told["violations"]
    ]


@pytest.mark.parametrize("width", [390, 320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_a_chat_with_a_card(
    page: Page, echo: None, axe: str, scheme: Scheme, width: int
) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 844})
    empty = await findings(page, axe)
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)

    assert empty == []
    assert await findings(page, axe) == []


async def test_axe_finds_nothing_while_a_toast_is_shown(
    page: Page, echo: None, axe: str
) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await page.click("#start")
    await page.click("text=Yes")
    await expect(page.locator(".toast")).to_be_visible()

    assert await findings(page, axe) == []


@pytest.mark.parametrize("width", [390, 320])
async def test_a_toast_covers_no_button(page: Page, echo: None, width: int) -> None:
    """However far the buttons reach down: nothing lies over the messages."""
    await page.set_viewport_size({"width": width, "height": 640})
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)
    await page.fill("#text", "/scan")
    await page.press("#text", "Enter")
    await expect(page.locator(".key")).to_have_count(6)
    await page.locator(".key", has_text="Yes").first.click()
    await expect(page.locator(".toast")).to_be_visible()
    await page.evaluate(
        "() => { const log = document.getElementById('log');"
        " log.scrollTop = log.scrollHeight; }"
    )

    covered = await page.evaluate(
        "() => { const toast = document.querySelector('.toast').getBoundingClientRect();"
        " return [...document.querySelectorAll('button')].filter(each => {"
        " const box = each.getBoundingClientRect();"
        " return box.width && box.left < toast.right && box.right > toast.left"
        " && box.top < toast.bottom && box.bottom > toast.top; })"
        ".map(each => each.textContent); }"
    )

    assert covered == []


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_with_the_six_keys_shown(
    page: Page, echo: None, axe: str, bot: Bot, scheme: Scheme, width: int
) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)
    markup = ReplyKeyboardMarkup(
        [["Scan", "Positions", "Orders"], ["Status", "Report", "Halt"]]
    )
    await bot.send_message(1001, "keys", reply_markup=markup)
    await expect(page.get_by_role("group", name="Keys")).to_be_visible()

    assert await findings(page, axe) == []


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_while_a_picture_is_open(
    page: Page, echo: None, axe: str, bot: Bot, scheme: Scheme, width: int
) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.click("#start")
    await bot.send_photo(1001, a_picture(), caption="MACV · SANDBOX")
    await expect(page.locator(".photo")).to_be_visible()
    closed = await findings(page, axe)
    await page.click(".photo")
    await expect(page.locator("#viewer")).to_be_visible()

    assert closed == []
    assert await findings(page, axe) == []


async def test_nothing_moves_where_motion_is_not_wanted(page: Page, echo: None) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)

    moving = await page.evaluate(
        "() => document.getAnimations().filter(each => each.playState === 'running'"
        " && each.effect.getComputedTiming().duration > 10).length"
    )

    assert moving == 0


async def test_the_newest_message_is_in_view(page: Page, echo: None, bot: Bot) -> None:
    await page.set_viewport_size({"width": 320, "height": 480})
    await page.click("#start")
    for number in range(12):
        await bot.send_message(1001, f"line {number}\n{RULER}")
    last = page.locator(".bubble", has_text="line 11")
    await expect(last).to_be_in_viewport()


async def test_in_forced_colours_every_button_has_an_edge(
    page: Page, echo: None
) -> None:
    await page.emulate_media(forced_colors="active")
    await page.click("#start")
    await expect(page.locator(".key")).to_have_count(3)

    edges = await page.locator(".key").evaluate_all(
        "keys => keys.map(each => getComputedStyle(each).borderTopStyle)"
    )

    assert set(edges) == {"solid"}
