"""Single cards and messages at the width of a phone, in daylight and in the dark."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize

from bot.demo import bot_process, chat_or_sentence, sandbox_settings
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.server import serve
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.scenarios import LIBRARY
from tests.pictures.phone import FRESH, STILL, demo, opened, picture, said, say, write


TALL: Final[ViewportSize] = {"width": 390, "height": 1800}
"""As wide as a phone, and so tall that no card is cut."""

LOOKS: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
TEN_O_CLOCK: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOLDINGS: Final = (
    ("KO", 100, 80.10),
    ("SAP@IBIS", 100, 210.0),
    ("IBM@IBIS", 20, 240.0),
    ("IBM", 10, 250.0),
)
"""New York, and a stock abroad; one symbol twice."""

ASKED: Final = (
    ("sale", "/sell KO half", "Sell 50 of 100 KO?"),
    ("sale-abroad", "/sell SAP all", "Sell 100 SAP?"),
    ("which-listing", "/buy IBM 10", "Which one is IBM?"),
    ("purchase", "/buy LLNX 50", "Buy 50 LLNX?"),
    ("exits", "/exits KO stop 5% target 10%", "Exits for 100 KO"),
    ("exits-listed", "/exits", "without a stop"),
    ("panic", "/panic", "Sell all that you hold?"),
)
"""The name of each picture, what is said, and words of the answer."""


async def draw(browser: Browser) -> None:
    """Write all of them."""
    async with holding() as url, opened(browser, url, TALL) as page:
        await ready(page)
        for name, words, answer in ASKED:
            await say(page, words)
            await _keep(await said(page, answer), name)
    await _split(browser)


async def _split(browser: Browser) -> None:
    """The picks of the report are bought, and in the night one of them is split."""
    flags = ("--scenario", "split-overnight", "--day", "2026-11-23", "--speed", "20")
    async with demo(*flags) as url, opened(browser, url, TALL) as page:
        await ready(page)
        card = await said(page, "Yes buys")
        await card.get_by_role("button", name="Yes, buy both").click()
        await said(page, "Bought")
        await page.wait_for_timeout(FRESH)
        await page.evaluate(_TO_THE_NEXT_OPEN)
        await _keep(await said(page, "was split"), "split")


_TO_THE_NEXT_OPEN: Final = """() => fetch("/jump", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: "{}",
})"""


async def ready(page: Page) -> None:
    """Ask until an order could be sent; an empty chat has to be started first."""
    start = page.locator("#start")
    either = start.or_(page.get_by_role("textbox", name="Message"))
    await either.and_(page.locator(":visible")).first.wait_for()
    if await start.is_visible():
        await start.click()
    ready = page.locator(".message.in", has_text="Ready to").first
    while not await ready.is_visible():
        await say(page, "/status")
        await page.wait_for_timeout(FRESH)


@asynccontextmanager
async def holding(
    scenario: str = "quiet-day", clock: datetime = TEN_O_CLOCK
) -> AsyncIterator[str]:
    """The demo's parts with other holdings, in that *scenario* of the gateway's from that
    moment on; yields the page's address."""
    account = AccountSpec(positions=HOLDINGS)
    config = GatewayConfig(
        port=0,
        seed=7,
        clock=clock,
        accounts=(account,),
        scenario=LIBRARY[scenario],
    )
    async with AsyncExitStack() as rooms:
        folder = Path(rooms.enter_context(TemporaryDirectory(prefix="openbell-")))
        gateway = await rooms.enter_async_context(serve(config))
        chat = await chat_or_sentence(rooms, gateway, port=0)
        if chat is None:
            raise OSError("no port for the chat page")
        settings = sandbox_settings(gateway, chat, data=folder)
        await rooms.enter_async_context(bot_process(settings))
        yield chat.url


async def _keep(message: Locator, name: str) -> None:
    """Write *message* twice, side by side."""
    page = message.page
    await page.wait_for_timeout(FRESH)
    seen = []
    for look in LOOKS:
        await page.emulate_media(color_scheme=look)
        await page.wait_for_timeout(STILL)
        seen.append(picture(await message.screenshot()))
    both = Image.new("RGB", (sum(s.width for s in seen), max(s.height for s in seen)))
    both.paste(seen[0], (0, 0))
    both.paste(seen[1], (seen[0].width, 0))
    write(both, f"card-{name}")
