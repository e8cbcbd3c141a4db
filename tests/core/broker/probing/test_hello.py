"""Who answers on a port, without a session being begun."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from core.broker.probing.hello import Hello, hello
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import serve


AT = datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


async def test_a_gateway_says_its_version_and_its_moment() -> None:
    config = GatewayConfig(port=0, profile=Profile.INSTANT, clock=AT)
    async with serve(config) as gateway:
        said = await hello("127.0.0.1", gateway.port, within=5)
        sessions = list(gateway.gateway.sessions)

    assert said is not None
    assert (said.version, said.zone) == (178, "UTC")
    assert said.at is not None
    assert abs((said.at - AT).total_seconds()) < 5
    assert sessions == []  # no client id was taken


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\3a\0b", b"\0\0\0\4a\0b\0", b""],
)
async def test_another_service_is_no_gateway(answer: bytes) -> None:
    async def serve_it(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with AsyncExitStack() as stack:
        server = await asyncio.start_server(serve_it, "127.0.0.1", 0)
        await stack.enter_async_context(server)
        port = server.sockets[0].getsockname()[1]

        assert await hello("127.0.0.1", port, within=5) is None


async def test_nobody_is_no_gateway() -> None:
    assert await hello("127.0.0.1", 1, within=5) is None


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        ("20261123 09:41:00 EST", AT),
        ("20261123 15:41:00 Central European Standard Time", AT),
        ("20261123 09:41:00 US/Eastern", AT),
        ("20261123 14:41:00 BST", AT),
        ("20261123 14:41:00 NOPE", None),
        ("20261123 14:41:00", None),
        ("", None),
    ],
)
def test_its_moment_is_read_by_the_zone_that_it_names(
    moment: str, utc: datetime | None
) -> None:
    assert Hello(version=178, moment=moment).at == utc
