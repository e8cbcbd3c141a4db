"""Checks timed exits: what is to be sold before a close is sold in the ten minutes before
that one, or its owner hears that it was not; and a stop that ends for a sale ends for one
that leaves.

It shares no code with the product. The times of sessions come from the exchange's
published calendar.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.hours import NEW_YORK, Hours, TradingPhase
from core.sandbox.trading.order_state import BookOrder
from tests.simulation.exit_plans import ExitPlan
from tests.simulation.wire import TIMED, exit_kind


_BEFORE: Final = timedelta(minutes=10)
_ABOUT: Final = timedelta(seconds=5)
"""By so much the machine's clock may be off, and an order on its way."""

_TOLD_WITHIN: Final = timedelta(minutes=1)
_TOLD_FROM: Final = timedelta(seconds=55)
"""So long exits are tried before their owner hears that they cannot be placed."""

_SYMBOL: Final = r"([A-Z][A-Z.]*)"
_MISSED: Final = re.compile(rf"{_SYMBOL} was not sold before the close of ")
_KEPT_BACK: Final = re.compile(rf"The exits of {_SYMBOL} could not be placed")
_PROTECTS: Final = frozenset({"stop", "trailing stop"})


@dataclass(slots=True, kw_only=True)
class TimedExits:
    """The timed exits of one world, by the symbols of their stocks; times in UTC."""

    hours: Hours
    now: Callable[[], datetime]
    wrong: Callable[[str], None]
    must_settle: bool = False
    """Nothing of this day is a reason to leave them unsold and their owner without a
    word."""

    _due: dict[str, datetime] = field(default_factory=dict)
    """The close before which each is to be sold."""

    _missed: set[str] = field(default_factory=set)
    _approved_at: dict[str, datetime] = field(default_factory=dict)
    _kept_back: dict[str, datetime] = field(default_factory=dict)
    """When its owner was told, last, that its exits cannot be placed."""

    _without_stop: set[str] = field(default_factory=set)
    """Those whose stop the bot has ended, and that nothing has sold since."""

    def approved(self, symbol: str, plan: ExitPlan) -> None:
        """Take the exits that count for a stock from now on."""
        self._approved_at[symbol] = self.now()
        self._due.pop(symbol, None)
        if TIMED in plan:
            self._due[symbol] = self._close(plan[TIMED].sessions)

    def _close(self, number: int) -> datetime:
        """The close of the session with that *number*; 1 is the next one to close."""
        day = self.now().astimezone(NEW_YORK).date()
        session = self.hours.session(day) or self.hours.next(day)
        if session.close <= self.now():
            session = self.hours.next(session.day)
        for _ in range(number - 1):
            session = self.hours.next(session.day)
        return session.close

    def taken_back(self) -> None:
        """The owner has taken all exits off."""
        self._due.clear()
        self._without_stop.clear()

    def read(self, text: str) -> None:
        """Take the text of a message of the bot's."""
        if found := _KEPT_BACK.match(text):
            self._is_kept_back(found[1])
        if found := _MISSED.match(text):
            symbol, now = found[1], self.now()
            self._missed.add(symbol)
            due = self._due.get(symbol, now)
            if now < due - _ABOUT:
                self.wrong(f"{symbol}: told as not sold before a close that is to come")
            self._due[symbol] = max(due, self._close(1))

    def _is_kept_back(self, symbol: str) -> None:
        now = self._kept_back[symbol] = self.now()
        tried = now - self._approved_at.get(symbol, now - _TOLD_FROM)
        if self.must_settle and tried < _TOLD_FROM:
            self.wrong(f"{symbol}: told as kept back {tried.seconds} s after the Yes")

    def is_told(self, symbol: str, since: datetime) -> bool:
        """Whether its owner was told from *since* on that its exits cannot be placed."""
        return self._kept_back.get(symbol, since) > since

    def placed(self, ref: str, symbol: str) -> None:
        """Check a timed exit as it is sent."""
        self.sold(symbol)
        now, due = self.now(), self._due.get(symbol)
        if due is not None and now < due - _BEFORE - _ABOUT:
            self.wrong(f"{ref}: a timed exit that left before its time")
        if self.hours.state(now + _ABOUT) is not TradingPhase.OPEN:
            self.wrong(f"{ref}: a timed exit that waits for the next open")

    def ended(self, order: BookOrder, symbol: str, *, held: float) -> None:
        """Take an exit that works or has ended; *held* are the shares of its stock."""
        if exit_kind(order.ticket) not in _PROTECTS:
            return
        if order.completed_at is None:
            self._is_for_nothing(symbol)
        elif order.remaining and held > 0:
            self._without_stop.add(symbol)

    def sold(self, symbol: str) -> None:
        """An order that sells the stock leaves now."""
        self._without_stop.discard(symbol)

    def _is_for_nothing(self, symbol: str) -> None:
        if self.must_settle and symbol in self._without_stop:
            self.wrong(f"{symbol}: its stop was ended, and nothing was sold")

    def close(self, symbol: str, *, left: float) -> None:
        """Check the end; *left* are the shares with exits that are still held."""
        due = self._due.get(symbol)
        self._is_for_nothing(symbol)
        if due is None or left <= 0:
            return
        if self.now() > due + _TOLD_WITHIN:
            self.wrong(f"{symbol}: was not sold before its close, and nobody said so")
        if self.must_settle and symbol in self._missed:
            self._told_in_time(symbol)

    def _told_in_time(self, symbol: str) -> None:
        """Whether its owner could still sell it himself."""
        if symbol not in self._kept_back:
            self.wrong(f"{symbol}: was not sold before its close, and told behind it")
