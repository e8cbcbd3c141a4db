"""How soon the truth is known again: after a crash, an outage, an order without word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from tests.bench.table import Figure
from tests.harness.product import MOST_DOLLARS, ProductHarness, at, has, opened


CRASHES: Final = 5
OUTAGES: Final = 3
OUTAGE: Final = 20.0
"""Seconds, so long that the bot no longer tries every second."""

DOUBTS: Final = 3
SWALLOWED: Final = Scenario(
    name="swallowed",
    seen="Paper servers have given zero callbacks for an order.",
    troubles=(Trouble(message="placeOrder", action=Action.SWALLOW),),
)


async def measured() -> list[Figure]:
    """Every row about recovery, over the sandbox."""
    crashes = tuple([await _after_a_crash() for _ in range(CRASHES)])
    outages = tuple([await _after_an_outage() for _ in range(OUTAGES)])
    doubts = tuple([await _until_told() for _ in range(DOUBTS)])
    return [
        Figure(name="killed after Yes, restart to ready", values=crashes, worst_aim=15),
        Figure(name="gateway back to ready", values=outages, worst_aim=3),
        Figure(name="order without word to the question", values=doubts, worst_aim=20),
    ]


@asynccontextmanager
async def _a_harness(scenario: Scenario | None = None) -> AsyncIterator[ProductHarness]:
    config = GatewayConfig()
    if scenario is not None:
        config = replace(config, scenario=scenario)
    with TemporaryDirectory(prefix="openbell-bench-") as folder:
        async with opened(
            Path(folder), clock=at(9, 41), config=config, log_level="ERROR"
        ) as harness:
            await harness.start()
            await harness.ready()
            yield harness


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _after_a_crash() -> float:
    async with _a_harness() as harness:
        card = await harness.card()
        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        await harness.kill()
        began = _now()
        await harness.start()
        await harness.ready()
        return _now() - began


async def _after_an_outage() -> float:
    async with _a_harness() as harness:
        harness.gateway.restart(down=OUTAGE)
        back = _now() + OUTAGE
        await asyncio.sleep(OUTAGE)
        await harness.ready()
        return _now() - back


async def _until_told() -> float:
    async with _a_harness(SWALLOWED) as harness:
        card = await harness.card()
        began = _now()
        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        await harness.phone.wait_for(
            lambda phone: next(
                (m for m in phone.received if has(m, "It is there")), None
            ),
            within=60,
        )
        return _now() - began
