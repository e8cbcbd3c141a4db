"""Same seed, same scenario, same bytes: also in another process, after a restart."""

import asyncio
import os
import sys
from typing import Final

from tests.conformance.checks.orders import place, status
from tests.conformance.checks.quotes import HALTED, watch
from tests.conformance.clients import ROOT, Conversation
from tests.conformance.stage import MID_MORNING, USUAL, Stage, check
from tests.conformance.vocabulary import AAPL, everything, order, scan, stock


STANDING_STILL: Final = 1e-6  # simulated seconds in one
QUIET: Final = 0.5  # seconds without a byte: all is said
SCENARIOS: Final = ("quiet-day", "statuses-twice", "no-last-price")


async def converse(client: Conversation) -> None:
    """Say something of every kind, one thing after the other."""
    client.ask("reqContractDetails", 50, stock(con_id=AAPL))
    await client.hears("contractDetailsEnd", reqId=50)
    client.ask("reqScannerSubscription", 51, scan(), [], [])
    await client.hears("scannerDataEnd", reqId=51)
    watch(client, 52, AAPL)
    await client.hears("tickGeneric", reqId=52, kind=HALTED)
    words = ("", "20 D", "1 day", "TRADES", 1, 1, False, [])
    client.ask("reqHistoricalData", 53, stock(con_id=AAPL), *words)
    await client.hears("historicalDataEnd", reqId=53)
    number = await place(client, order("BUY", 100))
    await status(client, number, "Filled")
    client.ask("reqExecutions", 54, everything())
    await client.hears("execDetailsEnd", reqId=54)
    await client.settled()


async def replayed(spoken: bytes, *, seed: int, scenario: str, salt: str) -> bytes:
    """Say *spoken* to a gateway in a process of its own; return all it answers."""
    flags = ["--port", "0", "--seed", str(seed), "--profile", "instant"]
    flags += ["--clock", MID_MORNING.isoformat(), "--speed", str(STANDING_STILL)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "core.sandbox.cli", *flags, "--scenario", scenario),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": salt},
    )
    try:
        if process.stdout is None:
            raise RuntimeError("a gateway without output")
        ready = (await process.stdout.readline()).decode()
        return await _answers(int(ready.rpartition(":")[2]), spoken)
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int, spoken: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(spoken)
    answered = bytearray()
    try:
        while data := await asyncio.wait_for(reader.read(1 << 16), QUIET * 4):
            answered += data
    except TimeoutError:
        return bytes(answered)
    finally:
        writer.close()
    return bytes(answered)


@check("same seed, same scenario, same bytes, whichever the process", speed=STANDING_STILL)
async def same_bytes(stage: Stage) -> None:
    client = await stage.client()
    await converse(client)
    spoken = bytes(stage.tap.lines[0].asked.bytes)

    for scenario in SCENARIOS:
        first, second = await asyncio.gather(
            *(
                replayed(spoken, seed=USUAL.seed, scenario=scenario, salt=salt)
                for salt in ("1", "2")
            )
        )
        assert len(first) > 4000
        assert first == second


@check("another seed, another market", speed=STANDING_STILL)
async def other_bytes(stage: Stage) -> None:
    client = await stage.client()
    await converse(client)
    spoken = bytes(stage.tap.lines[0].asked.bytes)

    first, second = await asyncio.gather(
        *(
            replayed(spoken, seed=seed, scenario="quiet-day", salt="1")
            for seed in (1, 2)
        )
    )

    assert first != second
