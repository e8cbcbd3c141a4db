"""The message budget: what may be sent now, what waits, and in which order.

IB's gateway allows half as many messages a second as there are market-data lines: 50 by
default, of all kinds together; the third breach ends the session. We stay within that,
so neither the gateway nor ib_async ever delays a message.

The gateway counts messages when it reads them, which may be late and all at once: until
an answer proves that a message was read, it may still be in the gateway's socket. So a
message is sent only if fewer than the limit could be read together with it in one
second."""

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
"""Seconds for which a message counts after the proof that it was read: one second, plus
a few ticks of the gateway's clock."""

ORDERS_WINDOW: Final = 1.02
"""The same before an order: the gateway's clock may be coarse (15.6 ms on Windows)."""

WIDER_WINDOW: Final = 1.10
"""Both of these for the rest of a session after the gateway has complained."""

ROOM_FOR_ORDERS: Final = 2
"""The last messages of each window, which only orders may use."""

ROOM_FOR_PROOF: Final = 1
"""The one before those, which only a request for the gateway's clock may use: after a
burst it would otherwise wait for room that only its own answer makes."""

ROOM_FOR_BARS: Final = 8
"""How many messages recent quote requests leave to the bars that a scan needs next."""

BARS_FIRST_FOR: Final = 0.25
"""Seconds after which a quote request may use that room, too."""

COOL_DOWN: Final = 2.0
"""Seconds to send nothing after the gateway has complained of too many messages (100):
it may have read a burst late, and the third complaint ends the session."""

UNHURRIED_EVERY: Final = 0.1
"""Seconds between two messages that nobody waits for."""

MANY: Final = 10
"""After this many messages without a proof that they were read, the clock is
requested."""

LOST: Final = 3.0
"""Seconds without an answer to the last message after which answers may be lost. Vital
messages are then sent without a proof; otherwise nothing could ever be proven again."""

Request = Callable[[], None]


class Urgency(IntEnum):
    """The priority of a message. Orders have none: they overtake everything."""

    PROOF = 0  # the request for the clock: its answer makes room for all the others
    VITAL = 1  # evidence, scans, and what they wait for
    BARS = 2
    QUOTES = 3  # and the cancels that free lines for other quotes
    UNHURRIED = 4  # what nobody waits for: cancels of old quotes and scans, old bars


@dataclass(slots=True)
class Ticket:
    """A message that waits ``since`` then (the loop's seconds) and can be withdrawn. Its
    answers have ``number``, or None if they do not show which request they belong to."""

    message: Request
    since: float
    number: int | None = None
    waiting: bool = True

    def withdraw(self) -> bool:
        """Withdraw the message; True if it had not been sent yet."""
        was, self.waiting = self.waiting, False
        return was


@dataclass(slots=True)
class Budget:
    """The rule, without a clock: all times are given by the caller, in seconds."""

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
        """Queue *message*."""
        ticket = Ticket(message, now, number)
        self._queues[urgency].append(ticket)
        return ticket

    def order_may_leave(self, now: float) -> bool:
        """Whether the gateway will accept one more message, whenever it reads the
        others."""
        unread = self.unread.in_its_last(self._orders_window, now)
        return now >= self._silent_until and unread < RATE

    def back_off(self, now: float) -> None:
        """The gateway has complained and dropped requests: send nothing for a while,
        and then less."""
        self._silent_until = now + COOL_DOWN
        self._window = self._orders_window = WIDER_WINDOW
        self.unread.lose(CLOCK)

    def count(self, now: float, number: int | None = None) -> None:
        """Count a message that is sent now."""
        self._sent.append(now)
        self._last_left = now
        self.unread.leave(number)

    def next(self, now: float) -> Ticket | None:
        """Take and count the message to send now; None if none may be sent."""
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
        """When the next message may be sent if nothing else happens; None if none
        waits. Infinite while a proof has to come first."""
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
            grown = ticket.since + BARS_FIRST_FOR
            early = self._room_at(share - self._room_for_bars(now), now)
            return min(early, max(grown, self._room_at(share, now)))
        if urgency is Urgency.UNHURRIED:
            return max(
                self._left_at[urgency] + UNHURRIED_EVERY, self._room_at(share // 2, now)
            )
        return self._room_at(share, now)

    def _room_for_bars(self, now: float) -> int:
        """Until bars have left; a scan asks for all of them at once."""
        return ROOM_FOR_BARS if self._left_at[Urgency.BARS] + self._window <= now else 0

    def _room_at(self, share: int, now: float) -> float:
        """When fewer than *share* messages are in the window, read late or not."""
        read = self.unread.room_at(share, window=self._window, now=now)
        return max(read, now, self._silent_until)

    def _lost_at(self, share: int, now: float) -> float:
        """When an answer that would have made room counts as lost."""
        return max(self._last_left + LOST, self._sent_room_at(share, now))

    def _sent_room_at(self, share: int, now: float) -> float:
        """When fewer than *share* messages were sent in the window."""
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
    """Applies the budget on the running loop. ``when_unread`` is called when many
    messages were sent without a proof that they were read."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._loop = asyncio.get_running_loop()
        self.when_unread: Callable[[], None] = lambda: None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def send(
        self, urgency: Urgency, message: Request, *, number: int | None = None
    ) -> Ticket:
        """Send *message*, whose answers have *number*, as soon as the budget allows; never
        after ``close``.

        A vital message or a proof may be sent within this call. Others wait for the end
        of this turn of the loop, so that requests made together are sent in order of
        urgency.
        """
        now = self._loop.time()
        if self._closed:
            return Ticket(message, now, waiting=False)
        ticket = self._budget.push(urgency, message, now=now, number=number)
        if urgency <= Urgency.VITAL and self._budget.next_at(now) == now:
            self._leave()
        else:
            self._wake(at=now)
        return ticket

    def room_for_order(self) -> bool:
        """Whether an order would be sent at once."""
        return self._budget.order_may_leave(self._loop.time())

    def overtake(self, message: Request) -> int:
        """Send *message* within this call, before everything that waits. Returns its
        place among all sent messages.

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
        """An answer came for *number*."""
        unread = self._budget.unread
        if unread.awaits(number) and unread.answer(number, self._loop.time()):
            self._prove_read()
            self._wake_for_what_waits()

    def back_off(self) -> None:
        """The gateway has complained about the rate: send nothing for a while."""
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
        """Send the next message if one may be sent; False if none may."""
        ticket = self._budget.next(self._loop.time())
        if ticket is None:
            return False
        ticket.message()
        self._prove_read()
        return True

    def _prove_read(self) -> None:
        """Request a proof after many unanswered messages, at the end of this turn."""
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
