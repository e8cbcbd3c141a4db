"""The demo: one command, one address, one Ctrl-C, and a word for whatever goes wrong."""

import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing, suppress
from pathlib import Path
from socket import create_server
from typing import Any, Final

import httpx
import pytest

from bot.__main__ import main
from bot.demo import PORTS
from tests.bot.processes import WARM, Running, contents, group_is_alive, running
from tests.harness.waiting import until


pytestmark = pytest.mark.real_time


FLAGS: Final = ("--port", "0", "--profile", "instant", "--fresh")
SOON: Final = 6.0
"""Seconds in which all has ended after Ctrl-C; the demo kills the bot later only."""

Json = dict[str, Any]


async def url_of(demo: Running) -> str:
    """The address that it prints."""
    address = re.compile(r"http://127\.0\.0\.1:\d+/")
    await demo.says(lambda said: address.search(said) is not None)
    [found] = address.findall(demo.said)
    return str(found)


async def messages(page: httpx.AsyncClient) -> AsyncGenerator[Json, None]:
    """Every message as the page is told of it: new ones, and changed ones."""
    async with page.stream("GET", "/events") as events:
        async for line in events.aiter_lines():
            if line.startswith("data:"):
                told = json.loads(line.removeprefix("data:"))
                if "text" in told.get("message", told):
                    yield told.get("message", told)


async def scan(page: httpx.AsyncClient) -> Json:
    """Send /scan until the answer is a card with a Yes: the bot may be starting."""
    async with aclosing(messages(page)) as shown:
        await page.post("/send", json={"text": "/scan"})
        async for message in shown:
            keyboard = json.dumps(message.get("reply_markup", {}))
            if "Yes" in keyboard:
                return message
            if "Scan again" in keyboard:
                await page.post("/send", json={"text": "/scan"})
    raise AssertionError("the page fell silent")


def children_of(parent: int) -> list[int]:
    """The processes that *parent* has started."""
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
    parents = [(stat.split()[0], stat.rpartition(")")[2].split()[1]) for stat in stats]
    return [int(pid) for pid, its in parents if int(its) == parent]


async def test_it_serves_a_page_that_scans_and_ctrl_c_ends_all_of_it(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("OPENBELL_SHARES=the owner's own, and wrong\n")
    async with running("demo", *FLAGS, cwd=tmp_path) as demo:
        url = await url_of(demo)
        async with httpx.AsyncClient(base_url=url, timeout=WARM) as page:
            index = await page.get("/")
            card = await scan(page)

        os.killpg(demo.process.pid, signal.SIGINT)
        code = await demo.ends(within=SOON)

        assert index.status_code == 200
        assert "SANDBOX" in card["text"]
        assert code == 0
        assert not group_is_alive(demo.process.pid)
        assert "Traceback" not in demo.said
        assert contents(tmp_path) == [".env"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the bot in /proc")
async def test_it_says_so_when_the_bot_has_died(tmp_path: Path) -> None:
    async with running("demo", *FLAGS, cwd=tmp_path) as demo:
        await url_of(demo)
        await until(lambda: children_of(demo.process.pid), within=WARM)
        [bot] = children_of(demo.process.pid)
        os.kill(bot, signal.SIGKILL)
        code = await demo.ends()

        assert code == 1
        assert "The bot has ended by itself (exit code -9)" in demo.said
        assert not group_is_alive(demo.process.pid)
        assert "Traceback" not in demo.said


@pytest.mark.slow_on_purpose  # draws the whole market before it asks for the port
def test_a_port_that_is_taken_is_named_with_a_way_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = main(["demo", "--port", str(port)])

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert f"cannot have port {port}" in sentence
    assert "--port" in sentence


async def test_without_a_wish_the_next_free_port_is_taken(tmp_path: Path) -> None:
    with ExitStack() as held:
        with suppress(OSError):  # it is taken already: just as well
            held.enter_context(create_server(("127.0.0.1", PORTS[0])))
        async with running("demo", *FLAGS[2:], cwd=tmp_path) as demo:
            url = await url_of(demo)

    assert f":{PORTS[0]}/" not in url


@pytest.mark.slow_on_purpose  # sixty sessions of a market are made up
async def test_it_begins_with_a_past_that_score_and_pnl_tell_of(tmp_path: Path) -> None:
    async with running("demo", *FLAGS[:-1], cwd=tmp_path) as demo:
        url = await url_of(demo)
        async with httpx.AsyncClient(base_url=url, timeout=120) as page:
            score = await answer(page, "/score", of="sessions")
            profits = await answer(page, "/pnl", of="realised")

    assert "60" in score["text"]
    assert "in all" in profits["text"]
    assert "Sixty days of a past are made up" in demo.said


async def answer(page: httpx.AsyncClient, words: str, *, of: str) -> Json:
    """The first message that has *of* in it after *words* were sent."""
    async with aclosing(messages(page)) as shown:
        await page.post("/send", json={"text": words})
        async for message in shown:
            if of in message["text"]:
                return message
    raise AssertionError("the page fell silent")
