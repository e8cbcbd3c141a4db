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
from tests.harness.product import ProductHarness, at, opened
from tests.harness.waiting import SOON


async def _rehearse() -> None:
    with TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name)
        async with opened(folder, clock=at(9, 41)) as harness:
            settings = settings_of(harness.settings, folder)
            async with asyncio.TaskGroup() as tasks:
                bot = tasks.create_task(live(settings, timeouts=SHORT, timing=QUICK))
                with suppress(TimeoutError):  # what is not reached is learned later
                    async with asyncio.timeout(SOON):
                        await _play(harness)
                bot.cancel()


async def _play(harness: ProductHarness) -> None:
    """A card, a Yes, all of it filled, and an old tap."""
    await harness.ready()
    card = await harness.card()
    yes = label_of(card, "Yes")
    harness.phone.press(card, yes)
    await harness.becomes(card, lambda now: now.text.count("filled 100") > 1)
    again = harness.phone.press(card, yes)
    await harness.phone.wait_for(
        lambda _: again in harness.chat.chats.answers, within=SOON
    )


asyncio.run(_rehearse())
assert threading.active_count() == 1, "a thread would be lost in a fork"
