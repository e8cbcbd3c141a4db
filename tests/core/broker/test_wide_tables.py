"""Ten scanners at once, three hundred rows: the table is full when the gateway's message
rate allows, and little later."""

import asyncio
import json
from io import StringIO
from statistics import median

from core.broker.connection import PATIENT, Address, Connection
from core.broker.market_data import IbMarketData
from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.model.evidence import LineState
from core.model.instructions import Timeouts
from core.model.market import RankBy
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve
from tests.bench.bounds import Draws
from tests.bench.gateway import CLOCK, DiaryGateway
from tests.bench.product import PAUSE, wide
from tests.bench.site import Entry
from tests.harness.connection import ServerClock
from tests.monday import ACCOUNT, MONDAY


CONFIG = GatewayConfig(
    port=0, seed=7, profile=Profile.TYPICAL, clock=CLOCK, reject_over_rate=True
)
CLIENTS = range(1, 6)


async def seconds_to_the_table(server: GatewayServer, client: int) -> float:
    """From the request of a scan over ten scanners until every row is quoted."""
    loop, clock = asyncio.get_running_loop(), ServerClock(server)
    address = Address(
        host="127.0.0.1", port=server.port, client_id=client, account=ACCOUNT
    )
    async with Connection.opened(address, clock=clock, timing=PATIENT) as connection:
        while connection.line.state is not LineState.UP:
            await connection.events.get()
        await asyncio.sleep(PAUSE)
        began = loop.time()
        ranking = await scan(
            IbMarketData(connection),
            ScanPlan(
                requests=wide(10),
                rank_by=RankBy.SCANNER,
                session_day=MONDAY,
                timeouts=Timeouts(),
            ),
            book=BarBook(),
            clock=clock,
            on_progress=lambda _: None,
            on_ranked=lambda _: None,
        )
        assert len(ranking.rows) > 300
        return loop.time() - began


async def test_a_table_of_three_hundred_rows_takes_a_tenth_longer_than_the_rate_at_most() -> (
    None
):
    diary, ratios = StringIO(), list[float]()
    async with serve(CONFIG) as server:
        server.gateway = DiaryGateway(CONFIG, diary)
        server.gateway.now = server.clock.now()
        for client in CLIENTS:
            took = await seconds_to_the_table(server, client)
            entries = [
                Entry(**json.loads(line)) for line in diary.getvalue().splitlines()
            ]
            mine = [entry for entry in entries if entry.client == client]
            ratios.append(took / Draws.of(mine).table())

    assert median(ratios) <= 1.10
