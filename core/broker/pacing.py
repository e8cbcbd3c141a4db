"""The message budget: what may leave now, what waits, and in which order.

IB's gateway allows half as many messages a second as there are market-data lines: 50
by default, of all kinds together; the third breach ends the session. Ours leave
within that, so neither the gateway nor ib_async ever holds one back.

The gateway counts when it reads, which may be late and all at once: until an answer
proves that a message was read, it may still lie in the gateway's socket. So a message
leaves only when fewer than the limit could be read with it in one second.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from core.broker.unread import CLOCK, Unread
from core.model.errors import BrokerAway


LINES: Final = 100
"""Instruments that may be quoted at once; the default of every IB account."""

SCANS: Final = 10
"""Scans that may be active at once; the eleventh gets code 322."""

HISTORIES: Final = 50
"""History requests that may be open at once."""

RATE: Final = LINES // 2
"""Messages in a window, orders included."""

WINDOW: Final = 1.005
"""Seconds for which a message counts from the proof that it was read: the gateway's own
second, and a few ticks of its clock."""

ORDERS_WINDOW: Final = 1.02
"""The same before an order leaves: the clock that the gateway counts by may be a coarse
one (a tick of Windows is 15.6 ms)."""

WIDER_WINDOW: Final = 1.10
"""Both, for the rest of a session whose gateway has complained."""

ROOM_FOR_ORDERS: Final = 2
"""Of each window, only orders may use the last few."""

ROOM_FOR_PROOF: Final = 1
"""And the one before those only a question for the gateway's clock: behind a burst that
filled the window it would wait for room that only its own answer makes."""

ROOM_FOR_BARS: Final = 8
"""Young quote requests leave this many to the bars that a scan asks for next."""

YOUTH: Final = 0.25
"""Seconds after which a quote request may use that room too."""

COOL_DOWN: Final = 2.0
"""Seconds of silence after the gateway has complained of too many messages (100): it
may have read a burst late, and the third complaint ends the session."""

DRIP: Final = 0.1
"""Seconds between two messages that nobody waits for."""

MANY: Final = 10
"""So many messages without a proof that they were read: the clock is asked behind them."""

LOST: Final = 3.0
"""Seconds of silence behind the last message after which its answers may be lost, and
what is vital is sent without a proof: else nothing could ever be proven again."""

Request = Callable[[], None]


class Urgency(IntEnum):
    """Whose turn it is. Orders are not here: they overtake everything."""

    PROOF = 0  # the question for the clock: its answer makes room for all the others
    VITAL = 1  # evidence, scans, and what they wait for
    BARS = 2
    QUOTES = 3  # and the cancel of each that gives its line to the next
    UNHURRIED = 4  # what nobody waits for: cancels of old quotes and scans, old bars


@dataclass(slots=True)
class Ticket:
    """A message that waits for its turn; withdraw it while it does. Its answers come
    under ``number``; None: they do not say that they are its."""

    message: Request
    since: float
    number: int | None = None
    waiting: bool = True

    def withdraw(self) -> bool:
        """Let it never leave; True if it had not left yet."""
        was, self.waiting = self.waiting, False
        return was


@dataclass(slots=True)
class Budget:
    """The rule, without a clock: every time is the caller's, in seconds."""

    unread: Unread = field(default_factory=Unread)
    _sent: deque[float] = field(default_factory=deque)
    _queues: dict[Urgency, deque[Ticket]] = field(
        default_factory=lambda: {urgency: deque() for urgency in Urgency}
    )
    _left_at: dict[Urgency, float] = field(
        default_factory=lambda: dict.fromkeys(Urgency, float("-inf"))
    )
    _last_left: float = float("-inf")
    _silent_until: float = float("-inf")
    _window: float = WINDOW
    _orders_window: float = ORDERS_WINDOW

    def push(
        self,
        urgency: Urgency,
        message: Request,
        *,
        now: float,
        number: int | None = None,
    ) -> Ticket:
        """Let *message* wait for its turn."""
        ticket = Ticket(message, now, number)
        self._queues[urgency].append(ticket)
        return ticket

    def order_may_leave(self, now: float) -> bool:
        """Whether the gateway will take one more message, whenever it reads the rest."""
        unread = self.unread.in_its_last(self._orders_window, now)
        return now >= self._silent_until and unread < RATE

    def back_off(self, now: float) -> None:
        """The gateway has complained: say nothing for a while, and then less. It has
        thrown questions away."""
        self._silent_until = now + COOL_DOWN
        self._window = self._orders_window = WIDER_WINDOW
        self.unread.lose(CLOCK)

    def count(self, now: float, number: int | None = None) -> None:
        """A message leaves now."""
        self._sent.append(now)
        self._last_left = now
        self.unread.leave(number)

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
            self.count(now, ticket.number)
            self._left_at[urgency] = now
            return ticket
        return None

    def next_at(self, now: float) -> float | None:
        """When something may leave, if nothing else happens; None: nothing waits.
        Infinite while it waits for a proof of what was read."""
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
        if urgency is not Urgency.PROOF:
            share -= ROOM_FOR_PROOF
        if urgency <= Urgency.VITAL:
            return min(self._room_at(share, now), self._lost_at(share, now))
        if urgency is Urgency.QUOTES:
            grown = ticket.since + YOUTH
            early = self._room_at(share - self._room_for_bars(now), now)
            return min(early, max(grown, self._room_at(share, now)))
        if urgency is Urgency.UNHURRIED:
            return max(self._left_at[urgency] + DRIP, self._room_at(share // 2, now))
        return self._room_at(share, now)

    def _room_for_bars(self, now: float) -> int:
        """Until bars have left; a scan asks for all of them at once."""
        return ROOM_FOR_BARS if self._left_at[Urgency.BARS] + self._window <= now else 0

    def _room_at(self, share: int, now: float) -> float:
        """When fewer than *share* messages lie in the window before, read late or not."""
        read = self.unread.room_at(share, window=self._window, now=now)
        return max(read, now, self._silent_until)

    def _lost_at(self, share: int, now: float) -> float:
        """When an answer that would have made room is taken for lost."""
        return max(self._last_left + LOST, self._sent_room_at(share, now))

    def _sent_room_at(self, share: int, now: float) -> float:
        """When fewer than *share* messages left in the window before."""
        if self._in_window(now) < share:
            return max(now, self._silent_until)
        return max(self._sent[-share] + self._orders_window, self._silent_until)

    def _in_window(self, now: float) -> int:
        while self._sent and self._sent[0] + self._orders_window <= now:
            self._sent.popleft()
        return len(self._sent)

    @staticmethod
    def _first(queue: deque[Ticket]) -> Ticket | None:
        while queue and not queue[0].waiting:
            queue.popleft()
        return queue[0] if queue else None


class MessagePace:
    """The budget at work on the running loop. ``when_unread`` is called when many
    messages have left without a proof that they were read."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._loop = asyncio.get_running_loop()
        self.when_unread: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def send(
        self, urgency: Urgency, message: Request, *, number: int | None = None
    ) -> Ticket:
        """Let *message*, whose answers come under *number*, leave as soon as the budget
        allows.

        What is vital may leave in this very call. All else not before this turn of
        the loop ends, so that what is asked for at once leaves in the order of
        its urgency.
        """
        now = self._loop.time()
        if self._closed:
            return Ticket(message, now, waiting=False)
        ticket = self._budget.push(urgency, message, now=now, number=number)
        if urgency is Urgency.VITAL and self._budget.next_at(now) == now:
            self._leave()
        else:
            self._wake(at=now)
        return ticket

    def room_for_order(self) -> bool:
        """Whether an order would leave at once."""
        return self._budget.order_may_leave(self._loop.time())

    def overtake(self, message: Request) -> int:
        """Send *message* in this very call, before everything that waits; its place
        among all that were sent.

        Raises:
            BrokerAway: it could breach the gateway's rate; nothing was sent.
        """
        now = self._loop.time()
        if not self._budget.order_may_leave(now):
            raise BrokerAway("too many messages may lie in the gateway's last second")
        self._budget.count(now)
        message()
        self._prove_read()
        return self._budget.unread.left

    def is_read(self, place: int) -> bool:
        """Whether an answer has proven that the message at *place* was read."""
        return place <= self._budget.unread.read

    def answered(self, number: int) -> None:
        """Something came under *number*."""
        unread = self._budget.unread
        if unread.awaits(number) and unread.answer(number, self._loop.time()):
            self._prove_read()
            self._wake_for_what_waits()

    def back_off(self) -> None:
        """The gateway has complained of the rate: say nothing for a while."""
        self._budget.back_off(self._loop.time())
        self._loop.call_later(COOL_DOWN, self._prove_read)

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
        self._prove_read()
        return True

    def _prove_read(self) -> None:
        """Behind many that nothing has answered, when this turn of the loop ends."""
        if self._is_much_unread():
            self._wake(at=self._loop.time())

    def _is_much_unread(self) -> bool:
        unread = self._budget.unread
        return unread.left - unread.read >= MANY

    def _pump(self) -> None:
        self._timer = None
        while self._leave():
            pass
        if self._is_much_unread() and not self._closed:
            self.when_unread()
        self._wake_for_what_waits()

    def _wake_for_what_waits(self) -> None:
        at = self._budget.next_at(self._loop.time())
        if at is not None and at < float("inf") and not self._closed:
            self._wake(at=at)
