"""The port: what happens to sockets, and that nothing outlives the block."""

import asyncio
import socket

import pytest
from ib_async import IB

from core.sandbox.protocol.wire import PREFIX
from core.sandbox.server import PROBES, keep_alive, serve
from tests.harness.ib_client import INSTANT, a_client, a_server
from tests.harness.waiting import until


async def test_ib_async_connects_and_synchronises() -> None:
    async with a_server() as server, a_client(server) as ib:
        accounts = ib.managedAccounts()
        now = await ib.reqCurrentTimeAsync()

    assert accounts == ["DU1234567"]
    assert now.isoformat()[:16] == "2026-07-30T14:45"


async def test_a_client_id_in_use_is_refused_with_326() -> None:
    codes = list[int]()
    async with a_server() as server, a_client(server, client_id=3):
        second = IB()
        second.errorEvent += lambda _id, code, *_rest: codes.append(code)
        with pytest.raises(TimeoutError):
            await second.connectAsync("127.0.0.1", server.port, 3, timeout=0.5)

    assert codes == [326]


async def test_a_client_id_is_free_again_once_its_owner_is_gone() -> None:
    async with a_server() as server:
        async with a_client(server, client_id=3):
            pass
        await until(lambda: not server.gateway.sessions)

        async with a_client(server, client_id=3) as again:
            assert again.isConnected()


async def test_thirty_two_clients_are_served_and_no_more() -> None:
    async with a_server() as server:
        clients = [IB() for _ in range(33)]
        for number, ib in enumerate(clients[:32]):
            await ib.connectAsync("127.0.0.1", server.port, number, timeout=5)

        with pytest.raises(TimeoutError):
            await clients[32].connectAsync("127.0.0.1", server.port, 99, timeout=0.3)

        times = await asyncio.gather(*(c.reqCurrentTimeAsync() for c in clients[:32]))
        for ib in clients[:32]:
            ib.disconnect()
    assert len(times) == 32


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\x16\x03\x01 hello", id="another protocol"),
        pytest.param(PREFIX + b"\xff\xff\xff\xff", id="a giant"),
        pytest.param(PREFIX[:2], id="truncated"),
        pytest.param(PREFIX + b"\0\0\0\x09v157..178\0\0\1\0abc", id="half a frame"),
    ],
)
async def test_garbage_harms_no_other_client(garbage: bytes) -> None:
    async with a_server() as server, a_client(server) as ib:
        before = len(asyncio.all_tasks())
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(garbage)
        writer.transport.abort() if garbage == PREFIX[:2] else await writer.drain()

        now = await asyncio.wait_for(ib.reqCurrentTimeAsync(), 2)

        writer.close()
        await until(lambda: len(server.connections) == 1)
        assert now.year == 2026
        assert len(asyncio.all_tasks()) == before


async def test_leaving_the_block_takes_under_a_second_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with a_server() as server:
        readers = [
            await asyncio.open_connection("127.0.0.1", server.port) for _ in range(5)
        ]
        started = asyncio.get_running_loop().time()

    assert asyncio.get_running_loop().time() - started < 1
    assert asyncio.all_tasks() == before
    for _, writer in readers:
        writer.close()


@pytest.mark.real_time
async def test_a_port_in_use_is_an_error_at_once() -> None:
    async with a_server() as server:
        taken = server.port

        with pytest.raises(OSError, match="address already in use"):
            async with a_server(port=taken):
                pass


async def test_a_frozen_gateway_keeps_the_socket_and_answers_after_the_thaw() -> None:
    async with a_server() as server, a_client(server) as ib:
        server.freeze()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ib.reqCurrentTimeAsync(), 0.2)
        still_there = ib.isConnected()

        server.thaw()

        assert still_there
        now = await asyncio.wait_for(ib.reqCurrentTimeAsync(), 2)
        assert now.year == 2026


async def test_a_restart_drops_everybody_and_lets_nobody_in_for_a_while() -> None:
    async with a_server() as server, a_client(server) as ib:
        server.restart(down=0.3)
        await until(lambda: not ib.isConnected())

        with pytest.raises((TimeoutError, ConnectionError, OSError)):
            await IB().connectAsync("127.0.0.1", server.port, 7, timeout=0.1)
        reopens = server.gateway.shut_until
        assert reopens is not None
        await until(lambda: server.clock.now() > reopens)

        async with a_client(server) as again:
            assert again.isConnected()


async def test_the_clock_can_jump_and_runs_on() -> None:
    async with a_server(speed=60.0) as server, a_client(server) as ib:
        later = server.clock.now().replace(hour=19)
        server.set_clock(later)

        now = await ib.reqCurrentTimeAsync()

        assert now >= later.replace(microsecond=0)
        with pytest.raises(ValueError, match="cannot go back"):
            server.set_clock(later.replace(hour=15))


async def test_an_error_in_the_block_comes_out_as_itself() -> None:
    with pytest.raises(LookupError, match="mine"):
        async with a_server():
            raise LookupError("mine")


async def test_two_gateways_can_serve_side_by_side() -> None:
    async with serve(INSTANT) as one, serve(INSTANT) as two:
        async with a_client(one) as left, a_client(two) as right:
            assert left.isConnected()
            assert right.isConnected()
        assert one.port != two.port


def test_a_silent_peer_is_probed_so_that_half_open_lines_end() -> None:
    with socket.socket() as peer:
        keep_alive(peer)

        assert peer.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        found = {
            name: peer.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
            for name in PROBES
            if hasattr(socket, name)
        }
    assert found.items() <= PROBES.items()
