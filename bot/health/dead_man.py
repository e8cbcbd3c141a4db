"""A dead man's switch: regular pings to the owner's address, whose service reports when
they stop. The bot only pings while Telegram answers, so that this is noticed, too."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, NoReturn

import httpx

from bot.bot_api.way import Way, way_to


_log: Final = logging.getLogger(__name__)

EVERY: Final = 60.0
_SECONDS: Final = 10.0
"""For one ping, from its first byte to the status of the answer."""


async def keep_pinging(
    url: str, *, is_polling: Callable[[], bool], every: float = EVERY
) -> NoReturn:
    """GET *url* *every* so many seconds while *is_polling* is true. A problem is logged once
    until it is over, without the address, which is secret.

    Raises:
        SettingsWrong: the proxy or certificates in the environment cannot be used.
    """
    way, failing = way_to(url), False
    while True:
        problem = await _problem(url, way) if is_polling() else "Telegram is silent"
        if problem and not failing:
            _log.warning("no sign of life was sent: %s", problem)
        failing = problem is not None
        await asyncio.sleep(every)


async def _problem(url: str, way: Way) -> str | None:
    try:
        async with asyncio.timeout(_SECONDS):
            status = await _status(url, way)
    except (httpx.HTTPError, TimeoutError) as error:
        return type(error).__name__
    return None if httpx.codes.is_success(status) else f"answered {status}"


async def _status(url: str, way: Way) -> int:
    """The status of the answer, whose body is not read: it may never end."""
    async with (
        httpx.AsyncClient(
            proxy=way.proxy, verify=way.trusted, trust_env=False, timeout=_SECONDS
        ) as client,
        client.stream("GET", url) as answer,
    ):
        return answer.status_code
