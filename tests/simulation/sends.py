"""Checks an order as its bytes are sent: it is written, approved and wanted, and what
the bot knows of IB is not old.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from core.sandbox.market.hours import NEW_YORK, TradingPhase
from core.sandbox.server import GatewayServer
from tests.simulation.approvals import Approval, Approvals
from tests.simulation.book import CLIENT, Book
from tests.simulation.exits import Exits
from tests.simulation.halt import Halt
from tests.simulation.limits import Limits
from tests.simulation.line import Line, order_id_of
from tests.simulation.wire import Placed, order_of


SENDING: Final = "sending"
SOON: Final = timedelta(seconds=5)
"""An order may be on its way for so long after what it was judged by."""

_FRESH: Final = 2.0
"""Seconds for which a judgement counts."""

_ANSWERS_WITHIN: Final = 9.0
"""Seconds in which IB's first word of an order is waited for before another leaves."""

_MOST_A_SECOND: Final = 50
_BEFORE_A_CLOSE: Final = timedelta(seconds=57)
"""In the last minute before a close nothing is sent unasked; three seconds for the way."""

KEPT_BACK: Final = re.compile(
    r"([\d,]+) ([A-Z][A-Z.]*): not sent\. You hold [\d,]+ \2, of which [\d,]+ can be sold"
)
_TOO_SLOW: Final = "IB answers too slowly"
_A_MINUTE: Final = 60.0
_LISTED: Final = timedelta(minutes=3)
"""How long IB may list what was sold."""

_APART: Final = 59.0
"""Seconds between two questions to IB about one order; and one for the way."""

_START_API: Final = "71"
_AT_ONCE: Final = 0.05
"""Seconds between an order's being on disk and its leaving."""


def _day(moment: datetime) -> date:
    """New York's date then."""
    return moment.astimezone(NEW_YORK).date()


class Written(NamedTuple):
    """An order on disk: its state, the token of the buttons that approved it, and
    whether its cancel was accepted.
    """

    state: str
    token: str
    cancel_asked: int = 0


@dataclass(slots=True, kw_only=True)
class Sends:
    """The orders sent in one world. *written* returns what the journal on disk has of a
    ref.
    """

    gateway: GatewayServer
    book: Book
    approvals: Approvals
    exits: Exits
    halt: Halt
    now: Callable[[], datetime]
    loop_time: Callable[[], float]
    written: Callable[[str], Written | None]
    wrong: Callable[[str], None]
    tell: Callable[[str], None]
    counts: Counter[str]
    unsent: Callable[[int], int] = lambda _: 0
    """Bytes that wait before the next ones of a connection."""

    clock_is_right: Callable[[], bool] = lambda: True
    on_order: Callable[[Placed], None] = lambda _: None
    """Called when an order's bytes leave."""

    on_probe: Callable[[], None] = lambda: None
    """Called when the bot asks for IB's clock."""

    asked_since_sleep: bool = True
    slept_at: float = -1e9
    """When (the loop's seconds) the machine slept last."""

    committed_at: float = 0.0
    """When (the loop's seconds) an order was written as being sent, last."""

    went_back: bool = False
    must_halt: bool = False
    """Its files are of before an order: until it says so, nothing may leave."""

    names: dict[str, str] = field(default_factory=dict)
    """What the order of each ref is called; see ``named``."""

    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The ids of all orders that are called so."""

    sent_at: dict[str, datetime] = field(default_factory=dict)
    """When an order that is called so left, last."""

    left: dict[str, datetime] = field(default_factory=dict)
    """When the order of each ref left."""

    pressed: dict[str, float] = field(default_factory=dict)
    """When (the loop's seconds) each card was approved, by its token."""

    line: Line = field(init=False)
    limits: Limits = field(init=False)
    _asked_at: dict[str, float] = field(default_factory=dict)
    """When (the loop's seconds) IB was asked what an order so called would do."""

    _sent: set[str] = field(default_factory=set)
    _of: Counter[str] = field(default_factory=Counter)
    _highest_id: int = 0
    _used: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.line = Line(
            now=self.loop_time, wrong=self.wrong, day=lambda: _day(self.now())
        )
        self.limits = Limits(
            gateway=self.gateway,
            book=self.book,
            line=self.line,
            now=self.now,
            wrong=self.wrong,
        )

    def slept(self, seconds: float) -> None:
        """The machine has slept: what the bot knows of the market is old."""
        self._asked_at.clear()
        if seconds > _FRESH:
            self.asked_since_sleep, self.slept_at = False, self.loop_time()

    def take_written(self, connection: int, data: bytes) -> None:
        """Take bytes that the bot has written to the gateway."""
        for fields in self.line.writes(connection, data):
            if (placed := order_of(fields)) and placed.ticket.what_if:
                self._asked_about(placed, order_id_of(fields))
            elif placed:
                if self.unsent(connection):
                    self.wrong(f"{placed.ref} was sent behind what waits in the socket")
                self._placed(placed)
                self._by_its_own_id(placed.ref, order_id_of(fields))
                self.on_order(placed)
            else:
                self.asked_since_sleep = True
                self._by_its_client_id(fields)
                if self.line.probed_at == self.loop_time():
                    self.on_probe()

    def _asked_about(self, placed: Placed, order_id: str) -> None:
        """Check a question to IB what an order would do: at most once a minute for each
        stock, under an id that no order has or gets.
        """
        self.counts["questions to IB"] += 1
        now, name = self.loop_time(), placed.name
        if now - self._asked_at.get(name, -1e9) < _APART:
            self.wrong(f"IB was asked about {name} twice within a minute")
        self._asked_at[name] = now
        self._above_all(f"a question about {name}", order_id)

    def _placed(self, placed: Placed) -> None:
        ref, name = placed.ref, placed.name
        self.counts["orders sent"] += 1
        self.counts["sales sent"] += placed.sells
        self.tell(f"wire: placeOrder {ref} {name} {placed.shares:.0f}")
        if ref in self._sent:
            self.wrong(f"{ref} was sent again")
        self._of_now(ref)
        self._on_disk(placed)
        self._sent.add(ref)
        self._of[name] += 1
        self.names[ref], self.sent_at[name] = name, self.now()
        self.left[ref] = self.now()
        approved = self.approvals.times(name)
        if not placed.exit and self._of[name] > approved:
            self.wrong(f"{self._of[name]} orders for {name} sent, {approved} approved")
        if placed.sells and self.loop_time() - self.line.held_at > _FRESH:
            self.wrong(f"{ref} sells, and IB was not asked what is held")
        if placed.sells and self.line.held_asked_at < self.slept_at:
            self.wrong(f"{ref} sells what was asked for before the machine slept")
        self._joins_in_time(placed)
        if placed.sells and not placed.exit:
            self.exits.timed.sold(placed.symbol)
        free = self.book.sellable(placed.con_id, group=placed.ticket.oca_group)
        if placed.sells and placed.shares > free:
            self._would_be_short(ref)

    def kept_back(self, message: int, text: str) -> None:
        """A sale that the card did not send because of its own exits was not waited for
        as long as IB may take to end them; nothing else sells, and IB has just listed."""
        self._is_slow(text)
        refused, pressed = KEPT_BACK.search(text), self.approvals.of_message(message)
        if refused is not None and self.exits.timed.must_settle:
            self.wrong("a sale was offered, and then kept back")
        at = self.approvals.first_at(pressed.token) if pressed else None
        if refused is None or at is None:
            return
        symbol, now = refused[2], self.now()
        is_early = now - at < timedelta(seconds=_ANSWERS_WITHIN)
        is_listed = self.loop_time() - self.line.held_at < _FRESH
        if not (is_early and is_listed and self.halt.since is None):
            return
        is_sold = self.book.sold_since(symbol, now - _LISTED)
        free = self.book.held_of(symbol) - self.book.being_sold(symbol)
        if not is_sold and free >= int(refused[1].replace(",", "")):
            self.wrong(f"a sale of {symbol} was not sent for the exits that it ends")

    def _is_slow(self, text: str) -> None:
        """Check that IB was slow where its owner is told so."""
        is_told = _TOO_SLOW in text and self.exits.timed.must_settle
        if is_told and self.loop_time() - self.line.slow_at > _A_MINUTE:
            self.wrong("told that IB answers too slowly, and it answered in time")

    def _joins_in_time(self, placed: Placed) -> None:
        """IB takes off one that joins a group only what the others sell from then on."""
        group, asked = (
            placed.ticket.oca_group,
            self.loop_time() - self.line.held_asked_at,
        )
        by = self.now() - timedelta(seconds=asked)
        if group and self.book.group_has_sold(group, by=by):
            self.wrong(f"{placed.ref} joins a group that has sold")

    def _by_its_own_id(self, ref: str, order_id: str) -> None:
        self._above_all(ref, order_id)
        self.ids[self.names[ref]].add(order_id)
        self.line.sent(order_id)

    def _by_its_client_id(self, fields: tuple[str, ...]) -> None:
        """Check that a connection begins under the client id that the settings name:
        orders belong to it."""
        if fields[0] != _START_API:
            return
        self._asked_at.clear()
        if fields[2] != f"{CLIENT}":
            self.wrong(f"connected under the client id {fields[2]}")

    def _above_all(self, ref: str, order_id: str) -> None:
        """Check that its order id is above every earlier one, of any life."""
        if int(order_id) <= self._highest_id and not self.went_back:
            self.wrong(f"{ref} was sent under the id {order_id}, not above all before")
        self._highest_id = max(self._highest_id, int(order_id))

    def _of_now(self, ref: str) -> None:
        """Check that IB was just asked, has answered, and has listed what was sent
        before.
        """
        line, now = self.line, self.loop_time()
        self._compared(ref)
        if now - line.answered_at > _FRESH:
            self.wrong(f"{ref} was sent, and IB had not answered for a while")
        waiting = [at for at in line.unanswered.values() if now - at < _ANSWERS_WITHIN]
        if waiting:
            self.wrong(f"{ref} was sent while IB had not named the one before")
        if now - self.committed_at > _AT_ONCE:
            self.wrong(f"{ref} waited on its way to the wire")
        if line.rate() > _MOST_A_SECOND:
            self.wrong(f"{ref} left among {line.rate()} messages of a second")
        if self.must_halt:
            self.wrong(f"{ref} was sent on files of before an order, without a word")

    def _compared(self, ref: str) -> None:
        """Check that the orders were compared over this line, on this day, and that the
        machine has not slept since IB was asked."""
        if not self.asked_since_sleep:
            self.wrong(f"{ref} was sent on what was known before the machine slept")
        if self.line.compared_on != _day(self.now()):
            self.wrong(f"{ref} was sent on what was compared on another day")
        if not self.line.is_compared:
            self.wrong(f"{ref} was sent before the orders were compared with IB's")

    def _would_be_short(self, ref: str) -> None:
        """Unless somebody traded by hand between the bot's question and its order."""
        by_hand, asked = (
            self.book.by_hand_at,
            self.loop_time() - self.line.held_asked_at,
        )
        if by_hand is None or self.now() - by_hand > timedelta(seconds=asked):
            self.wrong(f"{ref} would sell more than there is")

    def _on_disk(self, placed: Placed) -> None:
        """Check that it was written first, with an approval of its own."""
        ref, row = placed.ref, self.written(placed.ref)
        if row is None or row.state != SENDING:
            self.wrong(f"{ref} was sent, and on disk it was {row and row.state}")
            return
        if row.cancel_asked:
            self.wrong(f"{ref} was sent after its cancel was accepted")
        approved = self.approvals.on(row.token)
        if placed.exit:
            self.exits.placed(placed, approved)
        else:
            self._by_its_own_approval(placed, row.token, approved)

    def _by_its_own_approval(
        self, placed: Placed, token: str, on_card: list[Approval]
    ) -> None:
        ref, name = placed.ref, placed.name
        approved = [a for a in on_card if name in a.shares]
        if not approved:
            self.wrong(f"{ref} was sent, and nobody had approved {name} on its card")
        elif all(a.late for a in approved):
            self.wrong(f"{ref} was sent on a Yes after the offer's end")
        elif (token, name) in self._used:
            self.wrong(f"{name} was sent twice on one approval")
        self._used.add((token, name))
        if self.line.answered_at <= self.pressed.get(token, -1e9):
            self.wrong(f"{ref} was sent, and IB had not answered since the Yes")
        if self.halt.since is not None and not any(a.sells_all for a in approved):
            self.wrong(f"{ref} was sent while halted")
        if placed.ticket.action == "BUY":
            self.limits.placed(placed, approved)
            self.exits.can_stand(placed, approved)
        if not any(a.queued for a in approved):
            self._market_is_open(ref)

    def _market_is_open(self, ref: str) -> None:
        """Check that no order waits for an open unless that was approved."""
        hours = self.gateway.gateway.exchange.hours
        around = (self.now() - SOON, self.now(), self.now() + SOON)
        if not self.clock_is_right():
            return
        if TradingPhase.OPEN not in map(hours.state, around):
            self.wrong(f"{ref} was sent while the market was closed")
        elif hours.state(self.now() + _BEFORE_A_CLOSE) is not TradingPhase.OPEN:
            self.wrong(f"{ref} was sent right before the close")
