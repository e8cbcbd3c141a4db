"""The drill of docs/running.md with the real Litestream: the machine is lost with all its
files, and the replica brings back every order."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from typing import Final

import pytest

from bot.exits import BROKE, OK
from tests.bot.processes import running
from tests.harness.product import ProductHarness, at, opened
from tests.harness.waiting import SOON
from tests.source_tree import ROOT


CONFIG: Final = ROOT / "docs" / "deploy" / "litestream.yml"
LITESTREAM: Final = str(Path(sys.executable).with_name("litestream"))

PLACES: Final = (
    "/run/openbell-litestream",
    "/var/lib/openbell",
    "/srv/elsewhere",
)
"""The folders that the file names."""

MARK_IS_LOST: Final = "it has come here without its high-water mark"
"""What `openbell verify` says until the owner has looked, and resumed."""

pytestmark = pytest.mark.real_time


@asynccontextmanager
async def litestream(*words: str) -> AsyncIterator[Process]:
    """Litestream with *words*; killed when the block is left, as a lost machine ends it."""
    process = await asyncio.create_subprocess_exec(
        LITESTREAM, *words, stdout=PIPE, stderr=STDOUT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def done(*words: str) -> None:
    async with litestream(*words) as process:
        assert process.stdout
        said = await process.stdout.read()
        assert await process.wait() == 0, said.decode()


@asynccontextmanager
async def replicating(config: Path) -> AsyncIterator[None]:
    """`litestream replicate`, from when it can be asked to send on what is new."""
    async with litestream("replicate", "-config", str(config)) as process:
        assert process.stdout
        while b"control socket listening" not in await process.stdout.readline():
            assert process.returncode is None
        yield


def config_in(folder: Path) -> Path:
    """The file of docs/deploy, with the places of this test."""
    text = CONFIG.read_text(encoding="utf-8")
    for name in PLACES:
        assert name in text
        place = folder / Path(name).name
        place.mkdir(mode=0o700, exist_ok=True)
        text = text.replace(name, str(place))
    config = folder / "litestream.yml"
    config.write_text(text, encoding="utf-8")
    return config


async def sent_on(folder: Path, journal: Path) -> None:
    """Return when all that is committed has arrived at the replica."""
    socket = folder / "openbell-litestream" / "socket"
    await done("sync", "-wait", "-socket", str(socket), str(journal))


async def at_the_prompt(harness: ProductHarness, *words: str) -> tuple[int, str]:
    folder = Path(harness.settings["OPENBELL_DATA_DIR"])
    async with running(*words, cwd=folder, settings=harness.settings) as process:
        return await process.ends(), process.said


async def test_a_lost_machine_s_orders_come_back_from_the_replica(
    tmp_path: Path,
) -> None:
    config, data = config_in(tmp_path), tmp_path / "openbell"
    journal, back = data / "openbell.sqlite3", tmp_path / "back.sqlite3"
    async with opened(data, clock=at(9, 41)) as harness:
        async with replicating(config):
            await harness.start()
            await harness.ready()
            card = await harness.card()
            await harness.phone.tap(card, "Yes, buy both")
            await harness.phone.reads("Bought", after=card)
            await sent_on(tmp_path, journal)
            await harness.kill()
        bought = harness.placed()
        remove_all(data)

        await done("restore", "-config", str(config), "-o", str(back), str(journal))
        assert (await at_the_prompt(harness, "restore", str(back)))[0] == OK
        verified = await at_the_prompt(harness, "verify")
        async with replicating(config):  # the same replica goes on
            await harness.start()
            told = await harness.phone.reads("Trading is halted", within=SOON)
            held = await harness.asked("/orders")
            await sent_on(tmp_path, journal)
            await harness.stop()

    assert verified == (BROKE, f"{MARK_IS_LOST}\n")  # and nothing else is
    assert "restored from" in told.text
    assert all(symbol in held.text for symbol, _ in bought)
    assert harness.placed() == bought


def remove_all(data: Path) -> None:
    """Everything of the bot's and of Litestream's; the test's own calendar stays."""
    for each in [*data.glob("openbell*"), *data.glob(".openbell*")]:
        if each.is_dir():
            rmtree(each)
        else:
            each.unlink()
