"""Quiet hours over midnight: what can wait comes at their end, in one message that rings."""

import asyncio
from pathlib import Path
from typing import Final

from bot.sandbox.api_types import Message
from tests.harness.product import ProductHarness, at, opened


AWAY: Final = 20 * 60
"""Seconds that the gateway is away: so long that it is told at night, too."""

NIGHT: Final = 60 * 60


async def test_what_happened_in_the_night_comes_as_one_message_in_the_morning(
    tmp_path: Path,
) -> None:
    quiet = "23:20-00:20"
    async with opened(tmp_path, clock=at(23, 21), quiet_hours=quiet) as product:
        await product.start()
        await product.ready()
        before = product.phone.received[-1]
        for _ in range(2):
            product.gateway.restart(down=AWAY)
            await asyncio.sleep(AWAY * 1.25)
        in_the_night = _after(product, before)
        given = await product.phone.reads("while it was quiet", within=NIGHT)

        assert in_the_night == []
        assert _after(product, before) == [given]
        assert not given.silent
        assert given.text.count("there again after") == 2


def _after(product: ProductHarness, message: Message) -> list[Message]:
    received = product.phone.received
    return [each for each in received if each.message_id > message.message_id]
