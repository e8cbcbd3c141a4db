"""Monitoring from outside: endpoint, supervisor and pings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.health.dead_man import keep_pinging
from bot.health.endpoint import watched_from_outside
from bot.health.monitor import HealthMonitor
from bot.health.supervisor import keep_telling
from core.settings.settings import Settings


@asynccontextmanager
async def seen_from_outside(
    settings: Settings, health: HealthMonitor
) -> AsyncIterator[None]:
    """Serve the endpoint, notify the supervisor and send pings, as configured, until
    the block is left.

    Raises:
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    async with (
        watched_from_outside(settings.health_port, health.read),
        asyncio.TaskGroup() as tasks,
    ):
        watchers = [tasks.create_task(keep_telling(health.read), name="supervisor")]
        if url := settings.ping_url:
            pinging = keep_pinging(url, is_polling=health.is_polling)
            watchers.append(tasks.create_task(pinging, name="ping"))
        try:
            yield
        finally:
            for each in watchers:
                each.cancel()
