"""This product's scan against the gateway: the story with the real edge below it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from core.broker.connection import PATIENT, Address, Connection
from core.broker.market_data import IbMarketData
from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.evidence import LineState
from core.model.instructions import Timeouts
from core.model.market import RankBy, ScanRequest
from core.model.ranking import Ranking
from core.model.status import ScanProgress
from tests.bench.site import Site
from tests.harness.connection import GAINERS
from tests.monday import ACCOUNT, MONDAY


SCANNERS: Final = (
    ("STK.NASDAQ", "TOP_PERC_GAIN"),
    ("STK.NASDAQ", "TOP_PERC_LOSE"),
    ("STK.NYSE", "TOP_PERC_GAIN"),
    ("STK.AMEX", "TOP_PERC_GAIN"),
    ("STK.NASDAQ", "MOST_ACTIVE_USD"),
    ("STK.AMEX", "TOP_PERC_LOSE"),
    ("STK.NYSE", "TOP_PERC_LOSE"),
    ("STK.NASDAQ", "HOT_BY_VOLUME"),
    ("STK.NASDAQ", "LOW_OPEN_GAP"),
    ("STK.NASDAQ", "HIGH_OPEN_GAP"),
)
"""Those that have the fewest stocks in common."""
PAUSE: Final = 1.2
"""Seconds after connecting in which the budget recovers from its first words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One scan: seconds to the card and to the whole table, our CPU seconds until the
    table stood, and what it found."""

    card: float
    table: float
    cpu: float
    ranking: Ranking


@dataclass(slots=True)
class Product:
    """The product's scan, connected."""

    market: IbMarketData
    site: Site
    book: BarBook = field(default_factory=BarBook)

    async def scan(
        self, *, rank_by: RankBy, requests: tuple[ScanRequest, ...] = (GAINERS,)
    ) -> Timed:
        """Scan once, from the request to the card and on to the whole table."""
        cards: list[float] = []
        plan = ScanPlan(
            requests=requests,
            rank_by=rank_by,
            session_day=MONDAY,
            timeouts=Timeouts(),
        )
        began, worked = time.monotonic(), time.process_time()
        ranking = await scan(
            self.market,
            plan,
            book=self.book,
            clock=self.site,
            on_progress=_ignored,
            on_ranked=lambda _: cards.append(time.monotonic() - began),
        )
        return Timed(
            card=cards[0],
            table=time.monotonic() - began,
            cpu=time.process_time() - worked,
            ranking=ranking,
        )


def _ignored(_progress: ScanProgress) -> None:
    """Nobody looks at it here."""


def wide(count: int) -> tuple[ScanRequest, ...]:
    """So many different scans, without a filter if several: for rows enough."""
    if count == 1:
        return (GAINERS,)
    return tuple(
        replace(GAINERS, code=code, location=location, filters=())
        for location, code in SCANNERS[:count]
    )


@asynccontextmanager
async def connected(site: Site, client: int) -> AsyncIterator[Product]:
    """The product with its line up and its budget whole."""
    address = Address(
        host="127.0.0.1", port=site.port, client_id=client, account=ACCOUNT
    )
    async with Connection.opened(address, clock=site, timing=PATIENT) as connection:
        while connection.line.state is not LineState.UP:
            await connection.events.get()
        await asyncio.sleep(PAUSE)
        yield Product(IbMarketData(connection), site)
