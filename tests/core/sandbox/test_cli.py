"""The flags of the gateway."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from ib_async import IB

from core.sandbox.cli import add_arguments, catalogue, config_from, run
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.trouble.scenarios import BY_NAME
from tests.harness.waiting import until


def arguments(*flags: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(flags)


def config(*flags: str) -> GatewayConfig:
    return config_from(arguments(*flags))


@asynccontextmanager
async def a_program(*flags: str) -> AsyncIterator[Process]:
    """The gateway as its users start it."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "core.sandbox.cli", *flags), stdout=PIPE, stderr=PIPE
    )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()


def test_without_flags_it_is_a_quiet_day_on_the_usual_port() -> None:
    assert config() == GatewayConfig()


def test_every_flag_is_heard(tmp_path: Path) -> None:
    found = config(
        *("--port", "0", "--seed", "7", "--profile", "slow", "--speed", "60"),
        *("--clock", "2026-07-30T09:45:00-04:00", "--scenario", "ack-lost"),
        *("--state", str(tmp_path / "s.json")),
    )

    assert (found.port, found.seed, found.profile, found.speed) == (
        0,
        7,
        Profile.SLOW,
        60.0,
    )
    assert found.clock is not None
    assert found.clock.utcoffset() == timedelta(hours=-4)
    assert found.scenario.name == "ack-lost"
    assert found.state == tmp_path / "s.json"


def test_a_scenario_can_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("seen = 'here'", encoding="utf-8")

    found = config("--scenario", str(path))

    assert found.scenario.name == "mine"


@pytest.mark.parametrize(
    "flags",
    [
        ("--clock", "2026-07-30T09:45:00"),
        ("--clock", "noon"),
        ("--scenario", "no-such-thing"),
        ("--scenario", "no-such-file.toml"),
        ("--accounts", ""),
        ("--accounts", "DU1234567,"),
        ("--accounts", "DU1234567, DU1234567"),
    ],
)
def test_a_flag_that_cannot_be_is_an_error(flags: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"write real|--scenario list|--accounts"):
        config(*flags)


@pytest.mark.real_time
async def test_a_state_file_that_cannot_be_written_is_told_before_any_order(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    state = str(tmp_path / "file" / "gateway.json")

    with pytest.raises(SystemExit, match=r"gateway: .*(Not a directory|File exists)"):
        await run(arguments("--port", "0", "--state", state))


def test_the_catalogue_names_every_scenario_and_where_it_was_seen() -> None:
    lines = catalogue().splitlines()

    assert [line.split()[0] for line in lines] == list(BY_NAME)
    assert all(line.split(maxsplit=1)[1] for line in lines)


async def test_scenario_list_prints_the_catalogue_and_serves_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await run(arguments("--scenario", "list", "--port", "0"))

    assert capsys.readouterr().out == catalogue()


@pytest.mark.real_time
async def test_a_taken_port_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        with pytest.raises(SystemExit, match=r"gateway: .*address already in use"):
            await run(arguments("--port", port))


@pytest.mark.real_time
async def test_a_scenario_is_read_again_while_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("seen = 'here'", encoding="utf-8")
    quick = ("--port", "0", "--profile", "instant")
    async with a_program(*quick, "--scenario", str(path)) as program:
        assert program.stdout is not None
        ready = (await program.stdout.readline()).decode()
        await program.stdout.readline()
        port = int(ready.removeprefix("Gateway ready on 127.0.0.1:").split(":")[0])

        said = []
        for text in ("seen = 'here'\n[settings]\nread_only = true\n", "seen = "):
            path.write_text(text, encoding="utf-8")
            os.kill(program.pid, signal.SIGHUP)
            said.append((await program.stdout.readline()).decode())
        ib, received = IB(), list[int]()
        ib.errorEvent += lambda _id, code, *_more: received.append(code)
        await ib.connectAsync("127.0.0.1", port, clientId=1, readonly=True)
        ib.reqAllOpenOrdersAsync()
        await until(lambda: 321 in received)
        ib.disconnect()

    assert said[0].endswith("read again; it is in force from now on\n")
    assert said[1].startswith("The scenario stays as it was: ")


@pytest.mark.real_time
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_says_where_it_is_and_ends_cleanly(
    stop: signal.Signals,
) -> None:
    async with a_program("--port", "0", "--profile", "instant") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        ready = (await program.stdout.readline()).decode()
        port = int(ready.removeprefix("Gateway ready on 127.0.0.1:").split(":")[0])
        ib = IB()
        await ib.connectAsync("127.0.0.1", port, clientId=1)

        os.kill(program.pid, stop)
        code = await program.wait()
        complaints = await program.stderr.read()
        ib.disconnect()

    assert "DU1234567" in ready
    assert (code, complaints) == (0, b"")
