"""The bot lives where a machine is not as most are: no home, a folder that nobody can
write to, another locale, another time zone, no IPv4, nobody who reads what it says."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.bot.processes import Running, running
from tests.harness.product import at, opened
from tests.harness.waiting import SOON


UNWRITABLE = Path("/proc")
"""A folder in which not even root can make a file."""


@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/nonexistent", "XDG_CACHE_HOME": ""},
        {"LC_ALL": "C", "LANG": "", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.ISO-8859-9", "TZ": "Asia/Kathmandu"},
        {"TZ": "Nowhere/Land"},
    ],
    ids=["no home", "C locale", "Turkish in Nepal", "a zone that is none"],
)
async def test_it_is_ready_and_ends_in_order_on_an_odd_machine(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        words = {**harness.settings, **environment}
        async with running("run", cwd=UNWRITABLE, settings=words) as process:
            await process.says(lambda said: "ready mode=" in said, within=SOON)
            await harness.ready()
            process.process.terminate()

            assert await process.ends() == 0
            assert "Traceback" not in process.said


async def test_nobody_has_to_read_what_it_says(tmp_path: Path) -> None:
    closed = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    async with (
        opened(tmp_path, clock=at(9, 41)) as harness,
        running(
            "run", cwd=tmp_path, settings=harness.settings, through=closed
        ) as process,
    ):
        await harness.ready()
        process.process.terminate()

        assert await process.ends() == 0


ONLY_IPV6: Final = (
    *("unshare", "--map-root-user", "--net", "sh", "-c"),
    'ip link set lo up && ip address del 127.0.0.1/8 dev lo && exec "$@"',
    "sh",
)
"""Starts a command in a network of its own, in which ::1 is all there is."""


def can_be_without_ipv4() -> bool:
    try:
        tried = subprocess.run([*ONLY_IPV6, "true"], capture_output=True, check=False)  # noqa: S603  our own words
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@asynccontextmanager
async def without_ipv4(
    *words: str, cwd: Path, **settings: str
) -> AsyncIterator[Running]:
    if not can_be_without_ipv4():
        pytest.skip("no network of one's own can be had here (unshare, iproute2)")
    named = {f"OPENBELL_{name.upper()}": value for name, value in settings.items()}
    async with running(*words, cwd=cwd, settings=named, through=ONLY_IPV6) as process:
        yield process


async def test_without_ipv4_the_demo_and_its_bot_meet_on_ipv6(tmp_path: Path) -> None:
    """Bot, gateway, Bot API and page, each in a process as anywhere else."""
    async with without_ipv4("demo", "--fresh", cwd=tmp_path) as process:
        await process.says(lambda said: "reconciled epoch=" in said, within=SOON)
        await process.says(lambda said: "http://[::1]:848" in said)
        process.process.terminate()

        assert await process.ends() == 0
        assert "Traceback" not in process.said


async def test_without_ipv4_the_health_port_is_there(tmp_path: Path) -> None:
    async with without_ipv4(
        *("run",),
        cwd=tmp_path,
        telegram_token="1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456",  # noqa: S106  nobody's
        telegram_owner_id="5",
        account="DU1234567",
        gateway_host="::1",
        health_port="9464",
    ) as process:
        await process.says(lambda said: "ready mode=paper" in said, within=SOON)
        process.process.terminate()

        assert await process.ends() == 0
        assert "cannot be had" not in process.said
