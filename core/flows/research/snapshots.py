"""The quotes of this moment of some stocks, as far as they come in time."""

from collections.abc import Iterable, Mapping
from typing import Final

from core.model.errors import BrokerAway
from core.model.market import ConId, Instrument, Quote
from core.ports.market import QuoteSource


SPY: Final = Instrument(con_id=ConId(756733), symbol="SPY")
"""A fund that trades all day, so that its quote shows whether data comes at all; under
IB's contract number."""


async def quotes_of(
    market: QuoteSource, instruments: Iterable[Instrument], *, within: float
) -> Mapping[ConId, Quote]:
    """What has arrived after *within* seconds at the latest; nothing without a line,
    and nothing is asked for when nothing is wanted."""
    wanted = {each.con_id: each for each in instruments}
    if not wanted:
        return {}
    try:
        async with market.quotes(tuple(wanted.values())) as stream:
            await stream.settled(wanted, within=within)
            return dict(stream.quotes())
    except BrokerAway:
        return {}
