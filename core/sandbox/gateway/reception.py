"""Puts a gateway together: its desks, its exchange, and what it remembers."""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.gateway import Gateway, Handler
from core.sandbox.gateway.requests import (
    accounts,
    history,
    orders,
    profit,
    quotes,
    reference,
    scans,
    session_requests,
)


ANSWERS: Final = MappingProxyType[int, Handler](
    {
        **session_requests.ANSWERS,
        **accounts.ANSWERS,
        **history.ANSWERS,
        **orders.ANSWERS,
        **profit.ANSWERS,
        **quotes.ANSWERS,
        **reference.ANSWERS,
        **scans.ANSWERS,
    },
)


def new_gateway(config: GatewayConfig) -> Gateway:
    """Return a gateway as *config* wants it, with every desk manned."""
    return Gateway(config, answers=ANSWERS, tell=orders.tell)
