"""The message budget: what may leave now, what waits, and in which order.

IB's gateway allows half as many messages a second as there are market-data lines: 50
by default, of all kinds together; the third breach ends the session. Ours leave
within that, so neither the gateway nor ib_async ever holds one back.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from core.model.errors import BrokerAway


LINES: Final = 100
"""Instruments that may be quoted at once; the default of every IB account."""

SCANS: Final = 10
"""Scans that may be active at once; the eleventh gets code 322."""

HISTORIES: Final = 50
"""History requests that may be open at once."""

RATE: Final = LINES // 2
"""Messages in a window, orders included."""

WINDOW: Final = 1.02
"""Seconds. The gateway's own and a little: it may read one burst late, the next not."""

WIDER_WINDOW: Final = 1.10
"""The same for the rest of a session whose gateway has complained: it reads later."""

ROOM_FOR_ORDERS: Final = 2
"""Of each window, only orders may use the last few."""

ROOM_FOR_BARS: Final = 8
"""Young quote requests leave this many to what a scan asks for next."""

YOUTH: Final = 0.25
"""Seconds after which a quote request may use that room too."""

COOL_DOWN: Final = 2.0
"""Seconds of silence after the gateway has complained of too many messages (100): it
may have read a burst late, and the third complaint ends the session."""

DRIP: Final = 0.1
"""Seconds between two messages that nobody waits for."""

Request = Callable[[], None]


class Urgency(IntEnum):
    """Whose turn it is. Orders are not here: they overtake everything."""

    VITAL = 0  # heartbeats, evidence, scans, and cancels of what blocks others
    BARS = 1
    QUOTES = 2
    LEFTOVERS = 3  # cancels of quotes that nobody looks at any more


@dataclass(slots=True)
class Ticket:
    """A message that waits for its turn; withdraw it while it does."""

    message: Request
    since: float
    waiting: bool = True

    def withdraw(self) -> bool:
        """Let it never leave; True if it had not left yet."""
        was, self.waiting = self.waiting, False
        return was


@dataclass(slots=True)
class Budget:
    """The rule, without a clock: every time is the caller's, in seconds."""

    _sent: deque[float] = field(default_factory=deque)
    _queues: dict[Urgency, deque[Ticket]] = field(
        default_factory=lambda: {urgency: deque() for urgency in Urgency}
    )
    _dripped: float = float("-inf")
    _silent_until: float = float("-inf")
    _window: float = WINDOW

    def push(self, urgency: Urgency, message: Request, *, now: float) -> Ticket:
        """Let *message* wait for its turn."""
        ticket = Ticket(message, now)
        self._queues[urgency].append(ticket)
        return ticket

    def order_may_leave(self, now: float) -> bool:
        """Whether one more message of the highest kind fits in this moment."""
        return now >= self._silent_until and self._in_window(now) < RATE

    def back_off(self, now: float) -> None:
        """The gateway has complained: say nothing for a while, and then less."""
        self._silent_until = now + COOL_DOWN
        self._window = WIDER_WINDOW

    def count(self, now: float) -> None:
        """A message leaves now."""
        self._sent.append(now)

    def next(self, now: float) -> Ticket | None:
        """Take the one message that should leave now, if one may; it is counted."""
        for urgency, queue in self._queues.items():
            ticket = self._first(queue)
            if ticket is None:
                continue
            if self._opens(urgency, ticket, now) > now:
                return None
            queue.popleft()
            ticket.waiting = False
            self.count(now)
            if urgency is Urgency.LEFTOVERS:
                self._dripped = now
            return ticket
        return None

    def next_at(self, now: float) -> float | None:
        """When something may leave, if nothing else happens; None: nothing waits."""
        for urgency, queue in self._queues.items():
            ticket = self._first(queue)
            if ticket is not None:
                return max(now, self._opens(urgency, ticket, now))
        return None

    def clear(self) -> None:
        """Forget what waits."""
        for queue in self._queues.values():
            queue.clear()

    def _opens(self, urgency: Urgency, ticket: Ticket, now: float) -> float:
        share = RATE - ROOM_FOR_ORDERS
        if urgency is Urgency.QUOTES:
            grown = ticket.since + YOUTH
            early = self._room_at(share - ROOM_FOR_BARS, now)
            return min(early, max(grown, self._room_at(share, now)))
        if urgency is Urgency.LEFTOVERS:
            return max(self._dripped + DRIP, self._room_at(share // 2, now))
        return self._room_at(share, now)

    def _room_at(self, share: int, now: float) -> float:
        """When fewer than *share* messages lie in the window before."""
        if self._in_window(now) < share:
            return max(now, self._silent_until)
        return max(self._sent[-share] + self._window, self._silent_until)

    def _in_window(self, now: float) -> int:
        while self._sent and self._sent[0] + self._window <= now:
            self._sent.popleft()
        return len(self._sent)

    @staticmethod
    def _first(queue: deque[Ticket]) -> Ticket | None:
        while queue and not queue[0].waiting:
            queue.popleft()
        return queue[0] if queue else None


class Pace:
    """The budget at work on the running loop."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def send(self, urgency: Urgency, message: Request) -> Ticket:
        """Let *message* leave as soon as the budget allows.

        What is vital may leave in this very call. All else not before this turn of
        the loop ends, so that what is asked for in one breath leaves in the order of
        its urgency.
        """
        now = self._loop.time()
        if self._closed:
            return Ticket(message, now, waiting=False)
        ticket = self._budget.push(urgency, message, now=now)
        if urgency is Urgency.VITAL and self._budget.next_at(now) == now:
            self._leave()
        else:
            self._wake(at=now)
        return ticket

    def room_for_order(self) -> bool:
        """Whether an order would leave at once."""
        return self._budget.order_may_leave(self._loop.time())

    def overtake(self, message: Request) -> None:
        """Send *message* in this very call, before everything that waits.

        Raises:
            BrokerAway: it would breach the gateway's rate; nothing was sent.
        """
        now = self._loop.time()
        if not self._budget.order_may_leave(now):
            raise BrokerAway("too many messages were sent in the last second")
        self._budget.count(now)
        message()

    def back_off(self) -> None:
        """The gateway has complained of the rate: say nothing for a while."""
        self._budget.back_off(self._loop.time())

    def close(self) -> None:
        """Send nothing more."""
        self._closed = True
        self._budget.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self, *, at: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._pump)

    def _leave(self) -> bool:
        """Send the one message that should leave now; False if none may."""
        ticket = self._budget.next(self._loop.time())
        if ticket is None:
            return False
        ticket.message()
        return True

    def _pump(self) -> None:
        self._timer = None
        while self._leave():
            pass
        at = self._budget.next_at(self._loop.time())
        if at is not None:
            self._wake(at=at)
