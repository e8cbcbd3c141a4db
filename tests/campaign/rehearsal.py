"""A dress rehearsal in the process that every bot is forked from.

Imported there, before anything else, and nowhere else: what a bot works out at its
first message and keeps (the classes that httpx has met, certificates, parsed words) is
known before it is born, and costs a trial nothing. No bot's own state is kept: the
rehearsal's journal, sockets and tasks are gone when it is over.
"""

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import live
from tests.campaign.dying_bot import QUICK, SHORT, settings_of
from tests.campaign.judge import label_of
from tests.harness.product import WARM, House, at, opened


async def _rehearse() -> None:
    with TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name)
        async with opened(folder, clock=at(9, 41)) as house:
            settings = settings_of(house.settings, folder)
            async with asyncio.TaskGroup() as stage:
                bot = stage.create_task(live(settings, patience=SHORT, timing=QUICK))
                with suppress(TimeoutError):  # what is not reached is learned later
                    async with asyncio.timeout(WARM):
                        await _play(house)
                bot.cancel()


async def _play(house: House) -> None:
    """A card, a Yes, all of it filled, and an old tap."""
    await house.ready()
    card = await house.card()
    yes = label_of(card, "Yes")
    house.phone.press(card, yes)
    await house.becomes(card, lambda now: now.text.count("filled 100") > 1)
    again = house.phone.press(card, yes)
    await house.phone.wait_for(lambda _: again in house.chat.chats.answers, within=WARM)


asyncio.run(_rehearse())
assert threading.active_count() == 1, "a thread would be lost in a fork"
