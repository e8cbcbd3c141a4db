"""What the doctor finds at a start, /health says while the bot lives."""

import asyncio
from pathlib import Path

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.market.permission import DataPermission
from tests.harness.product import POLL_INTERVAL, at, opened
from tests.harness.waiting import SOON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One that is the owner's alone: else that is found, too."""
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.parametrize(
    ("permission", "first", "words"),
    [
        (DataPermission.LIVE, "Healthy", "live"),
        (DataPermission.DELAYED, "Something to look at", "NYSE (Network A/CTA)"),
    ],
)
async def test_delayed_data_is_told_with_the_subscription_that_is_missing(
    folder: Path, permission: DataPermission, first: str, words: str
) -> None:
    config = GatewayConfig(permission=permission)
    async with opened(folder, clock=at(9, 41), config=config) as harness:
        await harness.start()
        await harness.card(button="")
        said = await harness.asked("/health")

    assert said.text.startswith(first)
    assert words in said.text


async def test_a_clock_that_is_off_is_told(folder: Path) -> None:
    async with opened(folder, clock=at(9, 41)) as harness:
        ahead = float(harness.settings["OPENBELL_CLOCK_AHEAD_SECONDS"])
        harness.settings["OPENBELL_CLOCK_AHEAD_SECONDS"] = str(ahead - 60)
        await harness.start()
        async with asyncio.timeout(SOON):
            while "NTP" not in (said := await harness.asked("/health")).text:  # noqa: ASYNC110  it can only be asked
                await asyncio.sleep(POLL_INTERVAL)

    assert said.text.startswith("Something to look at")
    assert "s from the gateway's. Have both machines' clocks set" in said.text
