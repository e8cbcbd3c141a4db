"""What a scenario makes the exchange do.

Tested by tests/core/sandbox/trouble/test_scenarios.py.
"""

from datetime import datetime
from typing import Final

from core.sandbox.trading.events import ExchangeEvent
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trouble.faults import Happening, LineEvent


AT_THE_EXCHANGE: Final = frozenset(
    {LineEvent.BUST, LineEvent.CORRECT, LineEvent.TURN_DOWN, LineEvent.SPLIT}
)


def at_the_exchange(
    happening: Happening, exchange: Exchange, now: datetime
) -> list[ExchangeEvent]:
    """Do one of AT_THE_EXCHANGE; return the events that follow."""
    if happening.event is LineEvent.BUST:
        return exchange.correct(now, shares=0)
    if happening.event is LineEvent.CORRECT:
        return exchange.correct(now, shares=happening.shares, price=happening.price)
    if happening.event is LineEvent.TURN_DOWN:
        return exchange.turn_down(now)
    return exchange.split(happening.ratio, now, symbol=happening.symbol)
