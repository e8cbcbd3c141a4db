"""The simulated market at past moments, as the bot's own values.

Tested by tests/bot/past/test_writing.py.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.model.market import Bar, ConId, Freshness, Instrument, Quote, Snapshot
from core.model.money import Price
from core.rules.ranking import KEEP
from core.sandbox.market.data import BarsRequest, MarketQuote, ScanRequest
from core.sandbox.trading.exchange import Exchange


ROWS: Final = 10
"""How many of the scanner's fifty rows are used: enough to draw random rows from."""

_CENT: Final = Decimal("0.0001")
_SECOND: Final = timedelta(seconds=1)


class PastMarket:
    """Reads *exchange*'s market at any moment (UTC)."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def rows(self, request: ScanRequest, at: datetime) -> tuple[Snapshot, ...]:
        """The first ROWS of a scan at that moment, the card's five with bars."""
        stocks = self._exchange.scan(request, at)[:ROWS]
        return tuple(
            Snapshot(
                rank=place,
                instrument=Instrument(con_id=ConId(stock.con_id), symbol=stock.symbol),
                quote=self.quote(stock.con_id, at),
                bars=self._two_bars(stock.con_id, at) if place <= KEEP else None,
            )
            for place, stock in enumerate(stocks, start=1)
        )

    def quote(self, con_id: int, at: datetime) -> Quote:
        return _as_quote(self._exchange.quote(con_id, at), at)

    def _two_bars(self, con_id: int, at: datetime) -> tuple[Bar, ...]:
        wanted = BarsRequest(con_id=con_id, duration="2 D", bar_size="1 day")
        return tuple(
            Bar(
                day=each.day,
                open=_price(each.open),
                high=_price(each.high),
                low=_price(each.low),
                close=_price(each.close),
                volume=int(each.volume),
            )
            for each in self._exchange.bars(wanted, at)
        )

    def bid(self, con_id: int, at: datetime) -> Price | None:
        """The bid one second before *at*, since there is none at the close itself."""
        bid = self._exchange.bid(con_id, at - _SECOND)
        return None if bid is None else _price(bid)


def _as_quote(seen: MarketQuote, at: datetime) -> Quote:
    return Quote(
        at=at,
        freshness=Freshness.LIVE,
        bid=_known(seen.bid),
        ask=_known(seen.ask),
        last=_known(seen.last),
        open=_known(seen.open),
        close=_known(seen.close),
        high=_known(seen.high),
        low=_known(seen.low),
        volume=int(seen.volume),
        halted=seen.halted > 0,
    )


def _known(price: float) -> Price | None:
    return _price(price) if price > 0 else None


def _price(price: float) -> Price:
    return Price(Decimal(price).quantize(_CENT))
