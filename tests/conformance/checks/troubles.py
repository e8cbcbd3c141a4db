"""Every scenario of the library, watched by every client: one check for each name."""

from dataclasses import replace
from typing import Final

from core.sandbox.trouble.scenarios import LIBRARY
from tests.conformance.checks import (
    fill_trouble,
    line_trouble,
    market_trouble,
    order_trouble,
)
from tests.conformance.clients import Disappointed
from tests.harness.client import USUAL, Check, ClientHarness


WATCHERS: Final = {
    **line_trouble.WATCHERS,
    **market_trouble.WATCHERS,
    **order_trouble.WATCHERS,
    **fill_trouble.WATCHERS,
}
BROKEN_MESSAGES: Final = frozenset(
    {
        "wild-length",
        "undecodable-open-order",
        "short-messages",
        "unknown-fields",
        "bars-corrupt",
    },
)


STANDING: Final = 0.05  # simulated seconds in one; the watchers let time pass
SPEEDS: Final = {"slow-gateway": 2.0, "nightly-slowness": 2.0}


async def nobody_watches(_harness: ClientHarness) -> None:
    """Fail: the library has a scenario that this chapter does not know."""
    raise Disappointed("no check watches this scenario")


CHECKS: Final = [
    Check(
        title=name,
        play=WATCHERS.get(name, nobody_watches),
        gateway=replace(USUAL, scenario=scenario, speed=SPEEDS.get(name, STANDING)),
        rough=name in BROKEN_MESSAGES,
    )
    for name, scenario in LIBRARY.items()
]
