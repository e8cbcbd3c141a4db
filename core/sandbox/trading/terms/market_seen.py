"""What an order's conditions are compared with: the tape, the account, its fills.

Tested by tests/core/sandbox/trading/terms/test_terms.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock
from core.sandbox.trading.accounts import Account
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import Condition


_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSeen:
    """The market and the account at one moment, as one order's conditions see them."""

    now: datetime
    tape: Tape
    stocks: Callable[[int], Stock]
    order: BookOrder
    account: Account
    executions: Iterable[Executed]

    def price(self, con_id: int) -> float:
        """The last price, in the unit that the stock is quoted in."""
        return self.tape.today(self.stocks(con_id), self.now).last(self.now)

    def volume(self, con_id: int) -> float:
        """Shares traded today."""
        return self.tape.today(self.stocks(con_id), self.now).volume(self.now)

    def percent_change(self, con_id: int) -> float:
        """Change since the previous close, per cent."""
        today = self.tape.today(self.stocks(con_id), self.now)
        return _PERCENT * (today.last(self.now) / today.previous_close - 1)

    def margin_cushion(self) -> float:
        """Excess liquidity divided by net liquidation value, per cent."""
        figures = self.account.figures(self.price)
        net = figures.net_liquidation
        return _PERCENT * figures.excess / net if net > 0 else 0.0

    def executed(self, condition: Condition) -> bool:
        """Whether the account has traded that symbol since the order was placed."""
        return any(
            done.at >= self.order.placed_at
            and done.execution.account == self.account.name
            and self.stocks(done.order.ticket.con_id).symbol == condition.value
            for done in self.executions
        )
