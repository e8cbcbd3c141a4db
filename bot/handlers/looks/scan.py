"""/scan and "Scan again": a new card."""

from bot.handlers.desk import Desk, Heard, Tapped, follow, reply, toast
from bot.outgoing.page import Page
from bot.views.scans import scanning


async def scan(heard: Heard, desk: Desk) -> None:
    if not await desk.engine.scan(key=f"scan:{heard.number}"):
        await reply(heard, Page(text=scanning.under_way()))


async def scan_again(tapped: Tapped, desk: Desk) -> None:
    await toast(tapped, "Scanning …")
    if not await desk.engine.scan(key=f"scan:{tapped.number}"):
        await follow(tapped, Page(text=scanning.under_way()))
