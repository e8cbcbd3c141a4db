"""What all twists have in common: the four moments at which one acts, and its count.

A twist acts when the card is there, when Yes was said, while the bot is dead, and when the
owner looks; it counts what should not have come of it.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.market.universe import universe
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderKey, OrderTicket
from tests.campaign import judge
from tests.campaign.dying_bot import KillPoint
from tests.campaign.judge import Count
from tests.campaign.plan import Plan
from tests.harness.market import SEED
from tests.harness.product import MOST_PERCENT, ProductHarness


SHARES: Final = 7
"""Of another tool's order, far below the market: it works as long as nobody cancels it."""

LONG: Final = 3.0
"""Seconds of a suspension or a silence: more than a judgement, or a price, may be old."""

POLL_INTERVAL: Final = 0.05


@dataclass(slots=True, kw_only=True)
class Twisted:
    """Nothing else goes wrong; what the others have in common."""

    plan: Plan
    harness: ProductHarness
    kill: Callable[[], None] = lambda: None
    """Ends the bot's life."""
    others: list[BookOrder] = field(default_factory=list)
    """Orders of other tools that work, as they were placed."""
    elsewhere: Sequence[BookOrder] = ()
    """Orders of ours at another gateway."""
    _keys: set[OrderKey] = field(default_factory=set)
    """Of all orders of other tools, those that IB refused at once too."""

    def settings(self, life: int) -> Mapping[str, str]:
        """What the bot's *life* is started with."""
        return self.harness.settings

    def pause(self, life: int) -> KillPoint | None:
        """Where the bot's *life* is suspended."""
        return None

    async def before_yes(self, card: Message) -> None:
        """The card is there."""

    def after_yes(self, pid: int) -> None:
        """The first Yes was said, to the bot in process *pid*."""

    def while_dead(self) -> None:
        """Between two lives."""

    def look(self, card: Message) -> None:
        """The owner looks at the chat."""

    def is_over(self, card: Message) -> bool:
        """Whether the card has come to an end of its own kind."""
        return False

    @property
    def met(self) -> bool:
        """Whether the trouble has come about."""
        return False

    def expects(self, exit_code: int) -> bool:
        """Whether the bot should have ended by itself, with that code."""
        return False

    def is_other(self, order: BookOrder) -> bool:
        """Whether the order is another tool's."""
        return order.key in self._keys

    def count(self, ours: judge.Book) -> Count:
        """What should not have come about; *ours* is the book without others' orders."""
        return Count(touched=sum(not self._is_untouched(each) for each in self.others))

    def end(self) -> None:
        """The trial is over."""

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        """What is there for the whole of the trial."""
        yield

    def _is_untouched(self, other: BookOrder) -> bool:
        working = {each.key: each for each in self.harness.gateway.orders()}
        now = working.get(other.key)
        return now is not None and now.ticket == other.ticket

    def place(self, *, client_id: int, order_id: int, ref: str) -> None:
        """An order of another tool, under an id that the gateway does not count."""
        gateway = self.harness.gateway.gateway
        ticket = OrderTicket(
            client_id=client_id,
            order_id=order_id,
            con_id=_con_id(MOST_PERCENT),
            action="BUY",
            quantity=SHARES,
            order_type="LMT",
            limit_price=0.5,
            tif="GTC",
            order_ref=ref,
        )
        self._keys.add(ticket.key)
        now = self.harness.gateway.clock.now()
        gateway.advance(now)
        gateway.publish(gateway.exchange.place(ticket, now))
        working = self.harness.gateway.orders()
        self.others += [each for each in working if each.key == ticket.key]


def _con_id(symbol: str) -> int:
    return next(n for n, s in universe(SEED).by_con_id.items() if s.symbol == symbol)
