"""/scan and "Scan again": a new card."""

from bot.handlers.services import Heard, Services, Tapped, follow, reply, toast
from bot.outgoing.page import Page
from bot.views.scans import scanning


async def scan(heard: Heard, services: Services) -> None:
    if not await services.engine.scan(key=f"scan:{heard.number}"):
        await reply(heard, Page(text=scanning.under_way()))


async def scan_again(tapped: Tapped, services: Services) -> None:
    await toast(tapped, "Scanning …")
    if not await services.engine.scan(key=f"scan:{tapped.number}"):
        await follow(tapped, Page(text=scanning.under_way()))
