"""Both sandboxes, and the settings that fit them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo import sandbox_settings
from bot.prompt.doctor import doctor
from bot.sandbox.server import BotApiServer, serve as serve_chat
from core.broker.probing.hello import Hello, hello
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.permission import DataPermission
from core.sandbox.server import GatewayServer, serve as serve_gateway
from core.settings.settings import Settings
from tests.harness.product import at
from tests.harness.waiting import SOON


LISTEN = 1
"""Seconds of listening for another reader."""


@dataclass(frozen=True, kw_only=True)
class DoctorHarness:
    """Both sandboxes, and the settings that fit them."""

    gateway: GatewayServer
    chat: BotApiServer
    words: dict[str, str]

    def settings(self, **changes: str) -> Settings:
        words = {k.removeprefix("OPENBELL_").lower(): v for k, v in self.words.items()}
        return Settings.model_validate(words | changes)

    async def hello(self) -> Hello:
        said = await hello("127.0.0.1", self.gateway.port, within=SOON)
        assert said is not None
        return said

    async def examine(self, **changes: str) -> bool:
        return await doctor(self.settings(**changes), listen=LISTEN)


@asynccontextmanager
async def opened(
    folder: Path,
    permission: DataPermission = DataPermission.LIVE,
    **more: Any,
) -> AsyncIterator[DoctorHarness]:
    """*more* are fields of the gateway's config."""
    config = GatewayConfig(
        port=0, profile=Profile.INSTANT, clock=at(9, 41), permission=permission, **more
    )
    async with (
        serve_gateway(config) as gateway,
        serve_chat(clock=gateway.clock.now) as chat,
    ):
        words = sandbox_settings(gateway, chat, data=folder)
        yield DoctorHarness(gateway=gateway, chat=chat, words=words)


PORT_OF_NOBODY = "1"
"""No gateway can have it, and a connection to it is refused at once."""


Printed = pytest.CaptureFixture[str]


def findings(printed: Printed) -> dict[str, str]:
    """What was printed: each thing that was looked at, with its mark and words."""
    found: dict[str, str] = {}
    what = ""
    for line in printed.readouterr().out.splitlines():
        mark, name, words = line[:4].strip(), line[6:15].strip(), line[16:]
        what = name or what
        found[what] = f"{mark} {words}" if mark else f"{found[what]} {words}"
    return found
