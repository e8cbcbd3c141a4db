"""Same seed, same scenario, same bytes: also in another process."""

import asyncio
import os
import sys
from typing import Any, Final

from tests.conformance.checks.placing import place, status
from tests.conformance.checks.quotes import HALTED, watch
from tests.conformance.clients import ROOT
from tests.conformance.replay import digest, replay
from tests.conformance.vocabulary import AAPL, everything, order, scan, stock
from tests.harness.client import USUAL, ClientHarness, check


OTHER_SEED: Final = 7
SCENARIOS: Final = ("quiet-day", "statuses-twice", "no-last-price", "partial-fills")


async def spoken(harness: ClientHarness) -> bytes:
    """Hold a conversation about everything; return what the client said."""
    client = await harness.client()
    client.ask("reqContractDetails", 50, stock(con_id=AAPL))
    await client.receives("contractDetailsEnd", reqId=50)
    client.ask("reqScannerSubscription", 51, scan(), [], [])
    await client.receives("scannerDataEnd", reqId=51)
    watch(client, 52, AAPL)
    await client.receives("tickGeneric", reqId=52, kind=HALTED)
    words: tuple[Any, ...] = ("", "20 D", "1 day", "TRADES", 1, 1, False, [])
    client.ask("reqHistoricalData", 53, stock(con_id=AAPL), *words)
    await client.receives("historicalDataEnd", reqId=53)
    number = await place(client, order("BUY", 100))
    await status(client, number, "Filled")
    client.ask("reqExecutions", 54, everything())
    await client.receives("execDetailsEnd", reqId=54)
    return bytes(harness.tap.lines[0].asked.bytes)


async def digest_elsewhere(words: bytes, *, scenario: str) -> str:
    """Replay in a process of its own, with another order of hashes."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.conformance.replay"),
        *(str(USUAL.seed), scenario),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"},
    )
    told, _ = await process.communicate(words)
    return told.decode()


@check("same seed, same scenario, same bytes")
async def same_bytes(harness: ClientHarness) -> None:
    words = await spoken(harness)

    for scenario in SCENARIOS:
        first = replay(words, seed=USUAL.seed, scenario=scenario)
        second = replay(words, seed=USUAL.seed, scenario=scenario)
        assert len(first) > 4000
        assert first == second


@check("the same bytes also come from another process")
async def other_process(harness: ClientHarness) -> None:
    words = await spoken(harness)

    here = replay(words, seed=USUAL.seed, scenario="partial-fills")
    there = await digest_elsewhere(words, scenario="partial-fills")

    assert there == digest(here)


@check("another seed is another market, another scenario another day")
async def other_bytes(harness: ClientHarness) -> None:
    words = await spoken(harness)

    received = [
        replay(words, seed=USUAL.seed, scenario="quiet-day"),
        replay(words, seed=OTHER_SEED, scenario="quiet-day"),
        replay(words, seed=USUAL.seed, scenario="statuses-twice"),
    ]

    assert len({digest(each) for each in received}) == len(received)
