"""IB's week as the owner meets it: the restart at night, the login on Sunday that waits
for his phone, and a login of his own elsewhere."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.market.permission import DataPermission
from core.sandbox.trouble.faults import Scenario
from core.sandbox.trouble.scenarios import LIBRARY
from tests.harness.product import ProductHarness, at, has, opened


SUNDAY: Final = date(2026, 11, 22)
WAITS: Final = LIBRARY["hello-unanswered"]
"""What a gateway does behind a relay, while it waits for the phone."""

RESTART: Final = 120.0
"""Seconds that the restart at night takes."""


async def until_told(product: ProductHarness, *, untold: float) -> str:
    """What is told of the gateway after *untold* seconds without a word, within two
    minutes more."""
    before = len(product.phone.received)
    await asyncio.sleep(untold)
    assert len(product.phone.received) == before
    return (await product.phone.reads("not reachable", within=120)).text


@pytest.mark.parametrize(
    ("clock", "untold"),
    [(at(1, 0, day=SUNDAY), 14 * 60), (at(7, 0), 14 * 60), (at(8, 5), 45)],
    ids=["on Sunday", "at night", "before the open"],
)
async def test_a_gateway_that_waits_for_the_phone_says_so_and_its_end_is_told(
    tmp_path: Path, clock: datetime, untold: float
) -> None:
    async with opened(tmp_path, clock=clock) as product:
        await product.start()
        await product.ready()
        product.gateway.reload(WAITS)
        product.gateway.restart(down=1)
        told = await until_told(product, untold=untold)

        product.gateway.reload(Scenario(name="approved", seen="by the owner"))
        back = await product.phone.reads("is there again after", within=120)
        await product.ready()

    assert "your approval on the phone" in told
    assert "Orders that IB holds stay with IB; new ones wait." in told
    assert "compared with IB's" in back.text


async def test_the_restart_at_night_is_not_told(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(23, 30)) as product:
        await product.start()
        await product.ready()
        before = len(product.phone.received)

        await asyncio.sleep(15 * 60)
        product.gateway.restart(down=RESTART)
        await asyncio.sleep(3 * RESTART)
        told = product.phone.received[before:]
        await product.ready()

    assert not told


async def test_a_competing_session_is_explained_on_the_card_and_in_the_status(
    tmp_path: Path,
) -> None:
    config = GatewayConfig(permission=DataPermission.COMPETING)
    async with opened(tmp_path, clock=at(9, 41), config=config) as product:
        await product.start()
        await asyncio.sleep(60)
        no_card = await product.card(button="Scan again")
        status = await product.asked("/status")

    assert not has(no_card, "Yes")
    assert "somebody is logged in" in no_card.text
    assert "somebody is logged in elsewhere and receives the data" in status.text
    assert "End that session" in status.text
    assert "a user name of its own" in status.text
