"""What the doctor finds in a gateway, /health says while the bot lives."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.demo import ACCOUNT
from core.broker.client_wrapper import FIRST_REQUEST
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.market.permission import DataPermission
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from tests.bot.processes import running
from tests.bot.prompt.test_doctor_as_a_process import can_mount, on_a_bad_disk
from tests.harness.ib_client import a_client
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


def said_otherwise(message: str, *, place: int, text: str) -> GatewayConfig:
    """A gateway that says *text* in that field of its messages of one kind."""
    trouble = Trouble(
        message=message, action=Action.REPLACE, field=place, text=text, times=0
    )
    return GatewayConfig(scenario=Scenario(name="other", seen="", troubles=(trouble,)))


def in_zone(said: str) -> GatewayConfig:
    """A gateway whose clock and zone read so in its greeting."""
    return said_otherwise("serverVersion", place=1, text=said)


@pytest.mark.parametrize(
    ("config", "settings", "first", "words"),
    [
        (
            in_zone("20261123 09:41:00 UTC"),
            {},
            "Something to look at",
            "! The gateway is in UTC, by its word. Its clock and its time zone do not fit",
        ),
        (
            in_zone("20261123 09:41:00 XYZ"),
            {},
            "Something to look at",
            "! The gateway's is XYZ. Let the gateway run in a zone with an IANA name",
        ),
        (
            GatewayConfig(),
            {"mode": "paper", "clock_ahead_seconds": "0"},
            "Something to look at",
            "! Speaks API version 178. It is older than 10.50. IB ends builds 10.45",
        ),
        (
            GatewayConfig(read_only=True),
            {},
            "Healthy, but not ready",
            "! The gateway's Read-Only API is on: switch it off",
        ),
        (
            GatewayConfig(),
            {"account": "DU7654321"},
            "Healthy, but not ready",
            "! IB does not offer the account DU7654321.",
        ),
        (
            GatewayConfig(accounts=(AccountSpec(account=ACCOUNT, cash=0),)),
            {},
            "Something to look at",
            "! $0 are free. Nothing can be bought",
        ),
        (
            said_otherwise("nextValidId", place=2, text=str(FIRST_REQUEST)),
            {},
            "Healthy, but not ready",
            "order ids have run too high",
        ),
        (
            GatewayConfig(),
            {"mode": "paper", "clock_ahead_seconds": "0"},
            "Something to look at",
            "The gateway is Openbell's own sandbox, and the mode is paper",
        ),
    ],
    ids=[
        *("zone", "unread zone", "build", "read only", "account", "funds", "ids"),
        "mode",
    ],
)
async def test_what_the_doctor_finds_in_the_gateway_is_told_while_the_bot_lives(
    folder: Path,
    config: GatewayConfig,
    settings: dict[str, Any],
    first: str,
    words: str,
) -> None:
    async with opened(folder, clock=at(9, 41), config=config, **settings) as harness:
        await harness.start()
        said = await harness.asked("/health")

    assert said.text.startswith(first)
    assert words in said.text


def spoiled(folder: Path) -> Path:
    """Let others enter *folder*, and read its .env. Returns old time zones in it."""
    zones = folder / "zones" / "America"
    zones.mkdir(parents=True)
    here = Path("/usr/share/zoneinfo/America/New_York")
    (zones / "New_York").write_bytes(here.read_bytes())
    (folder / "zones" / "tzdata.zi").write_text("# version 2023c\n")
    (folder / ".env").touch(mode=0o640)
    folder.chmod(0o755)
    return folder / "zones"


async def test_what_the_doctor_finds_in_the_machine_and_at_telegram_is_told_as_well(
    folder: Path,
) -> None:
    """Others may enter the folder and read the secrets, the time zones are old, and a
    webhook takes the messages."""
    async with opened(folder, clock=at(9, 41)) as harness:
        harness.settings["PYTHONTZPATH"] = str(spoiled(folder))
        harness.chat.chats.webhook = "https://example.org/a-secret-path"
        await harness.start()
        await harness.phone.reads("Trading is halted", within=SOON)
        said = await harness.asked("/health")

    assert said.text.startswith("Something to look at")
    for words in (
        *("chmod 700", "chmod 600 .env", "Update the machine's tzdata"),
        "Trading is halted: A webhook was set with this bot's token",
    ):
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


async def test_a_gateway_that_has_lost_ib_is_told(folder: Path) -> None:
    async with opened(folder, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        harness.gateway.flap(1100)
        async with asyncio.timeout(SOON):
            while "has lost its" not in (said := await harness.asked("/health")).text:  # noqa: ASYNC110  it can only be asked
                await asyncio.sleep(POLL_INTERVAL)

    assert said.text.startswith("Healthy, but not ready")


async def test_a_client_id_that_another_program_has_is_told(folder: Path) -> None:
    async with opened(folder, clock=at(9, 41)) as harness:
        number = int(harness.settings.get("OPENBELL_GATEWAY_CLIENT_ID", "17"))
        async with a_client(harness.gateway, client_id=number):
            await harness.start()
            async with asyncio.timeout(SOON):
                while "is in use" not in (said := await harness.asked("/health")).text:  # noqa: ASYNC110  it can only be asked
                    await asyncio.sleep(POLL_INTERVAL)

    assert f"client id {number} is in use by another program" in said.text


@pytest.mark.skipif(not can_mount(), reason="no mount namespace can be had here")
async def test_a_full_disk_and_one_over_the_network_are_told(folder: Path) -> None:
    async with (
        opened(folder, clock=at(9, 41)) as harness,
        running(
            "run", cwd=folder, settings=harness.settings, through=on_a_bad_disk(folder)
        ),
    ):
        said = await harness.asked("/health")

    assert said.text.startswith("Something to look at")
    assert "The journal is on nfs4" in said.text
    assert "GB are free. Make room" in said.text
