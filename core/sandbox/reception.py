"""Puts a gateway together: its desks, its exchange, and what it remembers."""

from types import MappingProxyType
from typing import Final

from core.sandbox.config import GatewayConfig
from core.sandbox.desks import (
    accounts,
    hall,
    history,
    orders,
    profit,
    quotes,
    reference,
    scans,
)
from core.sandbox.gateway import Gateway, Handler


ANSWERS: Final = MappingProxyType[int, Handler](
    {
        **hall.ANSWERS,
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
