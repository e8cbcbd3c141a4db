"""How long a scan takes: this product, a plain script, and what the line allows."""

import asyncio
import gc
from itertools import count
from typing import Final

from core.model.market import RankBy
from core.sandbox.latency import Profile
from tests.bench import plain, product
from tests.bench.bounds import Draws
from tests.bench.product import Timed, wide
from tests.bench.site import Site, opened
from tests.bench.table import Figure


MISSING: Final = 0.05
DEADLINE: Final = 2.5
"""Seconds: the product's default for quotes and bars."""

WIDTHS: Final = (2, 5, 10)
PLAIN_AT_ONCE: Final = 2
"""Each holds fifty of the gateway's hundred lines for eleven seconds."""

Run = tuple[Timed, Draws]


async def measured(number: int) -> list[Figure]:
    """Every row about scans, from *number* scans each; half as many for wide ones."""
    async with opened(Profile.TYPICAL) as site:
        clients = count(1_000)
        await _warm(site, next(clients))
        gc.freeze()  # as the bot does when it starts (bot/run.py)
        first = next(clients)
        runs = [await _run(site, first + n, RankBy.SCANNER) for n in range(number)]
        clients = count(first + number)
        live = [await _run(site, next(clients), RankBy.OPEN) for _ in range(number)]
        plains = await _plain(site, first, number)
        figures = [*_usual(runs, plains), *_live(live)]
        for width in WIDTHS:
            figures += await _wide(site, clients, width, max(1, number // 2))
    async with opened(Profile.TYPICAL, missing=MISSING) as site:
        await _warm(site, 1_000)
        holed = [await _run(site, 1_001 + n, RankBy.SCANNER) for n in range(number)]
        figures.append(_with_holes("scanner", holed))
        holed = [await _run(site, 2_001 + n, RankBy.OPEN) for n in range(number)]
        figures.append(_with_holes("open", holed))
    return figures


async def _warm(site: Site, client: int) -> None:
    """The simulated day is worked out when it is first asked for."""
    async with product.connected(site, client) as ours:
        await ours.scan(rank_by=RankBy.SCANNER, requests=wide(10))


async def _run(site: Site, client: int, rank_by: RankBy, *, width: int = 1) -> Run:
    """One scan over a line of its own: nothing is cached, nothing lingers."""
    async with product.connected(site, client) as ours:
        timed = await ours.scan(rank_by=rank_by, requests=wide(width))
    return timed, Draws.of(site.entries(client))


async def _plain(site: Site, first: int, number: int) -> list[float]:
    """The plain script, under the client ids that the product had: the same draws."""

    async def one(client: int) -> float:
        async with plain.connected(site, client) as ib:
            return await plain.scan(ib)

    seconds: list[float] = []
    for begin in range(0, number, PLAIN_AT_ONCE):
        few = range(begin, min(begin + PLAIN_AT_ONCE, number))
        seconds += await asyncio.gather(*(one(first + each) for each in few))
    return seconds


def _usual(runs: list[Run], plains: list[float]) -> list[Figure]:
    cards = tuple(timed.card for timed, _ in runs)
    ratios = tuple(timed.card / draws.card() for timed, draws in runs)
    tables = tuple(timed.table / draws.table() for timed, draws in runs)
    faster = tuple(p / c for p, c in zip(plains, cards, strict=True))
    return [
        Figure(name="scan to card, ours", values=cards),
        Figure(name="the bound", values=tuple(draws.card() for _, draws in runs)),
        Figure(name="plain ib_async script", values=tuple(plains)),
        Figure(
            name="ours / bound",
            values=ratios,
            unit="ratio",
            median_aim=1.10,
            worst_aim=1.25,
        ),
        Figure(
            name="plain / ours", values=faster, unit="ratio", median_aim=10, least=True
        ),
        Figure(name="all 50 rows: ours / bound", values=tables, unit="ratio"),
        Figure(
            name="our own CPU in a scan",
            values=tuple(timed.cpu for timed, _ in runs),
            unit="ms",
            median_aim=0.025,
        ),
    ]


def _live(runs: list[Run]) -> list[Figure]:
    return [
        Figure(name="by the open: ours", values=tuple(t.card for t, _ in runs)),
        Figure(
            name="by the open: ours / bound",
            values=tuple(timed.card / draws.live_card() for timed, draws in runs),
            unit="ratio",
            median_aim=1.10,
        ),
    ]


async def _wide(site: Site, clients: "count[int]", width: int, n: int) -> list[Figure]:
    runs = [
        await _run(site, next(clients), RankBy.SCANNER, width=width) for _ in range(n)
    ]
    live = [await _run(site, next(clients), RankBy.OPEN, width=width) for _ in range(n)]
    rows = max(len(timed.ranking.rows) for timed, _ in runs)
    wide_aim = 1.10 if width == max(WIDTHS) else None
    return [
        Figure(
            name=f"{width} scanners, {rows} rows: card",
            values=tuple(timed.card for timed, _ in runs),
        ),
        Figure(
            name=f"{width} scanners: table / message-rate bound",
            values=tuple(timed.table / draws.table() for timed, draws in runs),
            unit="ratio",
            median_aim=wide_aim,
        ),
        Figure(
            name=f"{width} scanners by the open: card / bound",
            values=tuple(timed.card / draws.live_card() for timed, draws in live),
            unit="ratio",
            median_aim=wide_aim,
        ),
    ]


def _with_holes(how: str, runs: list[Run]) -> Figure:
    """How much later than the scanner's answer the card came."""
    return Figure(
        name=f"5 % of replies missing, by {how}: scanner's answer to card",
        values=tuple(timed.card - max(draws.scans) for timed, draws in runs),
        worst_aim=DEADLINE * 1.10,
    )
