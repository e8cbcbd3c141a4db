"""The quotes that all clients are shown, renewed four times a second."""

from datetime import UTC, datetime
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.trading.exchange import Exchange


BEATS: Final = 4  # a second; IB aggregates the ticks of stocks over 250 ms
KEPT: Final = 5000  # quotes; a hundred lines of live and delayed data are far fewer
EPOCH: Final = datetime.fromtimestamp(0, UTC)


class QuoteCache:
    """Asks the exchange once a stock and quarter of a second, for all clients."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._shown: dict[tuple[int, int], MarketQuote] = {}
        self._at = (0, EPOCH)
        self._asked = (EPOCH, 0)

    def quote(self, con_id: int, moment: datetime) -> MarketQuote:
        """The quote at the start of the quarter of a second that *moment* is in."""
        beat = self._beat_of(moment)
        found = self._shown.get((con_id, beat))
        if found is None:
            if len(self._shown) >= KEPT:
                self._shown.clear()
            at = self._moment_of(beat)
            found = self._shown[con_id, beat] = self._exchange.quote(con_id, at)
        return found

    def _beat_of(self, moment: datetime) -> int:
        """The quarter of a second since 1970 that *moment* is in, computed once a moment."""
        if moment is not self._asked[0]:
            self._asked = (moment, int(moment.timestamp() * BEATS))
        return self._asked[1]

    def _moment_of(self, beat: int) -> datetime:
        """The start of that quarter of a second since 1970, computed once for all
        stocks.
        """
        if self._at[0] != beat:
            self._at = (beat, datetime.fromtimestamp(beat / BEATS, UTC))
        return self._at[1]

    def clear(self) -> None:
        """Forget every quote, because a stock's tape was changed."""
        self._shown.clear()
