"""The handler of every message that a client can send."""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests import (
    accounts,
    depth,
    history,
    live_bars,
    news,
    not_served,
    options,
    orders,
    profit,
    quotes,
    reference,
    scans,
    session_requests,
    ticks,
)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {
        **session_requests.HANDLERS,
        **accounts.HANDLERS,
        **depth.HANDLERS,
        **history.HANDLERS,
        **live_bars.HANDLERS,
        **news.HANDLERS,
        **not_served.HANDLERS,
        **options.HANDLERS,
        **orders.HANDLERS,
        **profit.HANDLERS,
        **quotes.HANDLERS,
        **reference.HANDLERS,
        **scans.HANDLERS,
        **ticks.HANDLERS,
    },
)


def new_gateway(config: GatewayConfig) -> Gateway:
    """A gateway with that configuration and a handler for every message."""
    return Gateway(config, answers=HANDLERS, tell=orders.tell)
