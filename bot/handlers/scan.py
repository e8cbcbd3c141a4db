"""/scan and "Scan again": a new card."""

from bot.handlers.desk import Desk, Heard, Tapped, follow, reply, toast
from bot.outgoing.page import Page
from bot.views import scanning, trouble
from core.model.errors import NotifierAway


async def scan(heard: Heard, desk: Desk) -> None:
    if under_way := await _scanned(heard.number, desk):
        await reply(heard, under_way)


async def scan_again(tapped: Tapped, desk: Desk) -> None:
    await toast(tapped, "Scanning …")
    if under_way := await _scanned(tapped.number, desk):
        await follow(tapped, under_way)


async def _scanned(number: int, desk: Desk) -> Page | None:
    """What is left to say: the card, or why there is none, stands at its placeholder."""
    try:
        made = await desk.engine.scan(key=f"scan:{number}")
    except NotifierAway as refused:
        return Page(text=trouble.no_place("scan", str(refused)))
    return None if made else Page(text=scanning.under_way())
