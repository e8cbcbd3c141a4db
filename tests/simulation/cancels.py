"""Checks that IB is asked to cancel what the owner is told is to be cancelled, and again for
as long as it does not confirm that. By the cards as he saw them, and by the wire.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.sandbox.trading.order_state import BookOrder
from tests.simulation.sends import Sends


_TOLD: Final = "cancel asked for"
_AT_ONCE: Final = 15.0
"""Seconds between a card's word that IB is asked to cancel, and the request."""

_A_MINUTE: Final = 75.0
"""Seconds of the first wait for IB, and what an answer takes."""


@dataclass(slots=True, kw_only=True)
class Cancels:
    """The cancels of one world. Times are in seconds of the event loop."""

    sends: Sends
    wrong: Callable[[str], None]
    must_settle: bool = False
    """Nothing of this day keeps a request from IB."""

    _worded_at: dict[str, float] = field(default_factory=dict)
    """When a card's words about a stock and side have changed, last."""

    _told: list[tuple[str, float, float]] = field(default_factory=list)
    """Stocks and sides of which a card said so, when, and since when it had said something
    else."""

    def reworded(self, name: str, words: Sequence[str]) -> None:
        """Take a card's new words about the stock and side *name*."""
        now = self.sends.loop_time()
        if any(each.startswith(_TOLD) for each in words):
            self._told.append((name, now, self._worded_at.get(name, now)))
        self._worded_at[name] = now

    def close(self, alive: Iterable[BookOrder]) -> None:
        """Check the calm end, in which the orders *alive* are at IB."""
        for order in alive:
            self._is_asked_again(order)
        for name, at, since in self._told if self.must_settle else ():
            if not any(since <= each <= at + _AT_ONCE for each in self._asked(name)):
                self.wrong(f"{name}: told as to be cancelled, and IB was not asked")

    def _asked(self, name: str) -> list[float]:
        """When IB was asked to cancel orders that are called so."""
        cancels = self.sends.line.cancels
        return [at for one in self.sends.ids[name] for at in cancels.get(one, ())]

    def _is_asked_again(self, order: BookOrder) -> None:
        """Check that IB is asked again over this line: after a minute, and then after
        twice as long each time."""
        line, now = self.sends.line, self.sends.loop_time()
        every = line.cancels.get(f"{order.key.order_id}", ())
        times = [at for at in every if at >= line.stands_since]
        if times and now - times[-1] > times[-1] - times[0] + _A_MINUTE:
            self.wrong(f"{order.ticket.order_ref}: IB was not asked again to cancel it")
