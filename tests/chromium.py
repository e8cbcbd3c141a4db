"""Chromium without a window, where this machine has one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Final

from playwright.async_api import Browser, async_playwright


CHROMIUM: Final = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := which(name))
    ),
    None,
)
"""Where it is; None without one."""

NOT_LOOKED_AT: Final = "no Chromium on this machine: the chat page was not looked at"

_QUIETLY: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser, closed when the block is left."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(_QUIETLY)
        )
        yield running
        await running.close()
