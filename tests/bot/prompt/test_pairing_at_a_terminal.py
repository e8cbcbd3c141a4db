"""`openbell run` without an owner, at a terminal: it pairs, and goes on as his bot.

Tests the way from `bot.run` through `bot.prompt.pairing`.
"""

import asyncio
import re
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.sandbox.server import BotApiServer
from tests.bot.processes import WARM, a_terminal, running


pytestmark = pytest.mark.real_time

_LINK = re.compile(r"\?start=([0-9A-F]{10}) ")


def without_an_owner(server: BotApiServer) -> Mapping[str, str]:
    """Settings in which only the owner is missing; no gateway is there."""
    return {
        "OPENBELL_TELEGRAM_TOKEN": server.token,
        "OPENBELL_TELEGRAM_API_URL": server.base_url.removesuffix("/bot"),
        "OPENBELL_GATEWAY_PORT": "1",
        "OPENBELL_ACCOUNT": "DU1234567",
        "OPENBELL_DATA_DIR": "data",
        "PYTHONUNBUFFERED": "",  # as with `openbell run | tee`
    }


async def test_who_sends_the_code_of_a_terminal_is_greeted_and_obeyed(
    tmp_path: Path, server: BotApiServer
) -> None:
    settings, phone = without_an_owner(server), server.phone
    with a_terminal() as stdin:
        async with running("run", cwd=tmp_path, settings=settings, stdin=stdin) as run:
            await run.says(lambda said: _LINK.search(said) is not None)
            code = _LINK.findall(run.said)[0]
            await phone.send(f"/start {code}")
            greeting = await phone.reads("You own this bot now", within=WARM)
            asked = await phone.send("/version")
            await phone.reads("Openbell", after=asked, within=WARM)
            run.process.send_signal(signal.SIGTERM)
            ended = await run.ends()

    assert ended == 0, run.said
    assert phone.received[0] == greeting
    assert "/help" in greeting.text
    assert "Nothing was ordered" in greeting.text
    assert f"OWNER_ID={phone.user.id}\n" in (tmp_path / ".env").read_text()


async def test_without_a_terminal_nobody_is_paired(
    tmp_path: Path, server: BotApiServer
) -> None:
    settings = without_an_owner(server)
    async with (
        asyncio.timeout(WARM),
        running("run", cwd=tmp_path, settings=settings) as run,
    ):
        assert await run.ends() == 2

    assert "OPENBELL_TELEGRAM_OWNER_ID is not set" in run.said
    assert not server.calls
