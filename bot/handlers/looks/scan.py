"""/scan and "Scan again": a new card."""

from dataclasses import replace

from bot.handlers.schedule.schedule import schedule
from bot.handlers.schedule.spoken_times import is_timed
from bot.handlers.services import Received, Services, Tapped, follow, reply, toast
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.scans import scanning


async def scan(received: Received, services: Services) -> None:
    """/scan: ask for a new card; with a time (scan at noon) it is scheduled instead."""
    if is_timed(received.arguments):
        await schedule(
            replace(received, arguments=("scan", *received.arguments)), services
        )
    elif not await _scan(received, services):
        await reply(received, Page(text=scanning.under_way()))


async def scan_again(tapped: Tapped, services: Services) -> None:
    """The button "Scan again": ask for a new card."""
    await toast(tapped, toasts.SCANNING)
    if not await _scan(tapped, services):
        await follow(tapped, Page(text=scanning.under_way()))


async def _scan(wanted: Received | Tapped, services: Services) -> bool:
    """Ask for a new card; False when a scan was already running."""
    key = f"scan:{wanted.number}"
    with services.awaited(wanted.answers.sender, key):
        return await services.engine.scan(key=key)
