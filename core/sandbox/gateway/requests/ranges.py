"""Lows and highs of 13, 26 and 52 weeks: part of generic tick 165.

Their numbers are those of IB's table of tick types (tick_types: 15 to 20). The year's
bars take a while, so they come some time after the quote, once a line.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.session import ClientSession
from core.sandbox.market.data import BarsRequest, HistoryRejected, MarketBar
from core.sandbox.protocol import replies
from core.sandbox.protocol.wire import Fields


MISC_STATS: Final = 165
WEEKS: Final = MappingProxyType({13: (15, 16), 26: (17, 18), 52: (19, 20)})
"""The numbers of the low and the high of so many weeks."""


def ranges(
    gateway: Gateway, session: ClientSession, req_id: int, con_id: int
) -> Iterator[Fields | None]:
    """The messages of those ticks, in slices (None) before they are known."""
    request = BarsRequest(con_id=con_id, duration="1 Y", bar_size="1 day")
    work = gateway.exchange.bars_work(request, session.now)
    while True:
        try:
            next(work)
        except StopIteration as end:
            yield from messages(req_id, end.value)
            return
        except HistoryRejected:
            return
        yield None


def messages(req_id: int, bars: Sequence[MarketBar]) -> Iterator[Fields]:
    """The low and high of each span, up to the day of the newest of *bars*."""
    last = bars[-1].session
    for weeks, (low, high) in WEEKS.items():
        since = last - timedelta(weeks=weeks)
        within = [bar for bar in bars if bar.session > since]
        yield replies.tick_price(req_id, low, min(bar.low for bar in within), 0)
        yield replies.tick_price(req_id, high, max(bar.high for bar in within), 0)
