"""Checks a purchase, as its bytes leave, against the limits that the day's settings name:
by the gateway's book, the market as it is, and what has arrived from IB.

It shares no code with the product. A limit that is not set holds nothing back.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.hours import NEW_YORK, TradingPhase
from core.sandbox.server import GatewayServer
from tests.simulation.approvals import Approval
from tests.simulation.book import Book, alive_or_filled
from tests.simulation.card_terms import limits_on
from tests.simulation.exits import PROTECTS
from tests.simulation.line import Line
from tests.simulation.wire import Placed


_LATELY: Final = tuple(timedelta(seconds=seconds) for seconds in range(0, 61, 5))
"""How long ago the price may have been heard by which an order was judged."""

_FOR_SOME_TIME: Final = 2
"""So many of these: five seconds."""

_BAND, _SLACK = 2.0, 0.5
"""Percent that a price may have moved since the card, and what the spread may be."""

_SIZES, _MARKED = "v1:z:", "• "
"""Data of the buttons with sizes, and what marks the one in force."""

_LATE: Final = re.compile(r"be bought at (\d\d:\d\d) ET: nothing is bought from")
_OPENS: Final = "09:30"

_AT_THE_OPEN: Final = "OPG"
"""The time in force of an order for the auction of an open alone."""

_ON_ITS_WAY: Final = timedelta(seconds=0.25)
"""Between a judgement and the bytes of its order."""

_A_BIT: Final = 1.001
_NOBODY_TRADES_SO: Final = 100.0
"""No stock of the market trades so many times its average volume."""


@dataclass(slots=True, kw_only=True)
class Limits:
    """The limits of one day. *settings* are by name, as in the environment."""

    gateway: GatewayServer
    book: Book
    line: Line
    now: Callable[[], datetime]
    wrong: Callable[[str], None]
    settings: Mapping[str, str] = field(default_factory=dict)
    _chosen: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Sizes that the owner has pressed on a card, by its message."""

    def tapped(self, message: int, label: str, data: str) -> None:
        """Take a press of a button."""
        if data.startswith(_SIZES):
            self._chosen[message].add(label.lstrip(_MARKED).replace(",", ""))

    def placed(self, placed: Placed, approved: list[Approval]) -> None:
        """Check a purchase as it is sent, under these approvals."""
        for broken in self._broken(placed, approved):
            self.wrong(f"{placed.ref}: {broken}")

    def shows(self, text: str) -> None:
        """Check the limits that a card names as it is shown."""
        percent = self._number("limit_percent", 1.0)
        for symbol, at_most in limits_on(text):
            con_id = self.book.number_of(symbol)
            most = max(q.ask for q in self._lately(con_id)) * (1 + percent / 100)
            if "for the open" not in text and at_most > most + 1e-6:
                self.wrong(f"a limit of {at_most} for {symbol}, above {most:.4f}")
            if not self.line.has_price_steps:
                self.wrong(f"a limit for {symbol}, and IB has named no price step")
        for at in _LATE.findall(text):
            if at != _OPENS and not self._is_open(at):
                self.wrong(f"told as bought at {at}, when the market is closed")

    def _is_open(self, at: str) -> bool:
        """Whether a session is open at that time of today, by New York's clock."""
        day = self.now().astimezone(NEW_YORK).date()
        moment = datetime.combine(day, time.fromisoformat(at), NEW_YORK)
        return self.gateway.gateway.exchange.hours.state(moment) is TradingPhase.OPEN

    def _broken(self, placed: Placed, approved: list[Approval]) -> Iterator[str]:
        waits = self._waits(approved)
        yield from self._of_the_session(placed, waits=waits)
        yield from self._of_the_stock(placed)
        yield from self._of_the_size(placed, approved)
        if not waits:
            yield from self._of_the_market(placed)
            yield from self._of_the_price(placed, approved)
        elif self.settings.get("max_gap_percent") and placed.ticket.order_type == "MKT":
            yield "waits for an open at whatever price that brings"
        if placed.ticket.tif == _AT_THE_OPEN and self._has_opened():
            yield "left for an open that has begun"

    def _has_opened(self) -> bool:
        hours = self.gateway.gateway.exchange.hours
        return hours.state(self.now() - _ON_ITS_WAY) is TradingPhase.OPEN

    def _waits(self, approved: list[Approval]) -> bool:
        return any(each.queued for each in approved)

    def _of_the_session(self, placed: Placed, *, waits: bool) -> Iterator[str]:
        if (most := self._number("max_buys")) and self._bought() + 1 > most:
            yield f"the buy number {self._bought() + 1} of {most:.0f}"
        if most := self._number("max_positions"):
            there = self._positions()
            if placed.symbol not in there and len(there) + 1 > most:
                yield f"position {len(there) + 1} of {most:.0f}"
        if (until := self.settings.get("no_buy_after")) and (
            at := self._hour(waits=waits)
        ) >= until:
            yield f"bought at {at}, and nothing is from {until} on"
        if most := self._number("max_loss_dollars"):
            loss = self.line.day_loss
            if loss is None or loss >= most:
                yield f"bought with a loss of {loss}, and {most:.0f} is the limit"

    def _bought(self) -> int:
        """Purchases that live or have bought."""
        return sum(
            alive_or_filled(order)
            for name in self.book.names()
            if " " not in name
            for order in self.book.ours(name)
        )

    def _positions(self) -> set[str]:
        """Stocks that are held, or are being bought."""
        coming = {
            name
            for name in self.book.names()
            if " " not in name and any(not o.done for o in self.book.ours(name))
        }
        return coming | self.book.held_symbols()

    def _hour(self, *, waits: bool) -> str:
        """New York's clock when it is bought."""
        hours = self.gateway.gateway.exchange.hours
        at = self.now()
        if waits and hours.state(at) is not TradingPhase.OPEN:
            return "09:30"
        return f"{at.astimezone(NEW_YORK):%H:%M}"

    def _of_the_stock(self, placed: Placed) -> Iterator[str]:
        held = self.book.held(placed.con_id)
        if self.settings.get("buy_held") == "false" and held > 0:
            yield f"buys {placed.symbol}, of which {held:.0f} are held"
        if most := self._number("max_stock_dollars"):
            coming = sum(o.remaining for o in self.book.ours(placed.symbol))
            shares = held + coming + placed.shares
            worth = shares * min(q.bid for q in self._lately(placed.con_id))
            if worth > most:
                yield f"comes to ${worth:,.0f} in {placed.symbol} of ${most:,.0f}"

    def _of_the_size(self, placed: Placed, approved: list[Approval]) -> Iterator[str]:
        size = self.settings.get("size", "")
        plans = [each.exits.get(placed.symbol, {}) for each in approved]
        if size.endswith("%") and not any(PROTECTS & plan.keys() for plan in plans):
            yield f"{placed.shares:.0f} shares by the risk of a stop, and it has none"
        sizes = {size}.union(*(self._chosen[each.message] for each in approved))
        if all(each.startswith("$") for each in sizes):
            dollars = max(float(each[1:]) for each in sizes)
            if placed.shares > dollars / min(
                q.bid for q in self._lately(placed.con_id)
            ):
                yield f"{placed.shares:.0f} shares for ${dollars:.0f}"
        if placed.shares < 1:
            yield "buys not one share"

    def _of_the_price(self, placed: Placed, approved: list[Approval]) -> Iterator[str]:
        """Not at a price that has moved beyond the band since the card for some time."""
        band = self._number("price_band_percent", _BAND) + _SLACK
        shown = [p for each in approved for p in each.prices.get(placed.symbol, ())]
        lately = [q.last for q in self._lately(placed.con_id)[:_FOR_SOME_TIME]]
        moved = [100 * abs(now / was - 1) for now in lately for was in shown if was]
        if moved and min(moved) > band:
            yield f"left, and the price had moved by {min(moved):.1f}%"

    def _of_the_market(self, placed: Placed) -> Iterator[str]:
        quotes = self._lately(placed.con_id)
        if most := self._number("max_spread_percent"):
            least = min((q.ask - q.bid) / q.ask for q in quotes if q.ask > 0)
            if 100 * least > most * _A_BIT:
                yield f"a spread of {100 * least:.2f}%"
        if self._number("min_relative_volume") >= _NOBODY_TRADES_SO:
            yield "bought, and no stock trades so much"
        limit = placed.ticket.limit_price
        asks = min(quote.ask for quote in quotes[:2])
        if placed.ticket.order_type == "LMT" and asks > (limit or asks) * _A_BIT:
            yield f"a limit of {limit} below the ask"

    def _lately(self, con_id: int) -> list[MarketQuote]:
        """What the market showed in the last minute, the newest first."""
        market, now = self.gateway.gateway.exchange, self.now()
        quotes = [market.quote(con_id, now - before) for before in _LATELY]
        return [quote for quote in quotes if quote.ask > 0 < quote.bid] or quotes[:1]

    def _number(self, name: str, otherwise: float = 0.0) -> float:
        return float(self.settings.get(name) or otherwise)
