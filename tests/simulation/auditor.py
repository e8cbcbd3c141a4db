"""Checks both ends of the simulated world against each other.

It shares no code with the product. Approvals come from the owner's taps, orders from
the bytes sent and the gateway's own book, and the product's words from the messages as
the owner saw them at each moment. A violation is a sentence; each is noted once. The
cost of a check depends on what has changed, not on the age of the world.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.sandbox.api_types import ChatEvent, Message
from bot.sandbox.server import OWNER, BotApiServer
from core.sandbox.server import GatewayServer
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderTicket
from tests.simulation.afterwards import Afterwards
from tests.simulation.approvals import Approvals, UnreadableError
from tests.simulation.book import Book, alive_or_filled, dollars, name_of
from tests.simulation.cancels import Cancels
from tests.simulation.cards import Cards, Claim
from tests.simulation.exits import Exits
from tests.simulation.halt import Halt
from tests.simulation.promises import Promises
from tests.simulation.sends import Sends, Written
from tests.simulation.telling import Telling
from tests.simulation.timed import TimedExits
from tests.simulation.wire import exit_kind


MOST_AN_ORDER: Final = 5_000.0
SLIPPAGE: Final = 1.15
"""A market order may fill above the price that it was judged by."""

_COMES_WITHIN: Final = timedelta(minutes=1)
_REPORT: Final = "Good morning"
_NO_REPORT: Final = "No report for"
_FILLED_BY_WORD: Final = "v1:d:f:"
_BROKE: Final = "something went wrong in the bot itself"
_OVER_AND_HELD: Final = "cancelled. IB holds it."
_UNFINISHED: Final = ("waiting to be sent", "placed, unconfirmed")


@dataclass(slots=True, kw_only=True)
class Auditor:
    """Watches one world. *written* says what the journal has of a ref that no power
    failure takes, *kept* which updates it has, *lost_updates* which of them one would
    take; *lives* how many the bot has had."""

    gateway: GatewayServer
    chat: BotApiServer
    now: Callable[[], datetime]
    loop_time: Callable[[], float]
    written: Callable[[str], Written | None] = lambda _: None
    kept: Callable[[], Collection[int]]
    lost_updates: Callable[[], Collection[int]] = lambda: ()
    lives: Callable[[], int] = lambda: 1
    tell: Callable[[str], None] = print
    must_settle: bool = False
    """Nothing of this day leaves an order in doubt, or shares without their exits."""

    halts: bool | None = None
    """Whether something of this day is a reason to halt; None where it may be."""

    ib_is_wrong: bool = False
    """IB has said of an order what is not so; the bot may believe it until it sees the
    order again."""

    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    reports: set[int] = field(default_factory=set)
    """The messages that show a report, or have shown one."""

    book: Book = field(init=False)
    halt: Halt = field(init=False)
    exits: Exits = field(init=False)
    sends: Sends = field(init=False)
    promises: Promises = field(init=False)
    cancels: Cancels = field(init=False)
    telling: Telling = field(init=False)
    afterwards: Afterwards = field(init=False)
    cards: Cards = field(default_factory=Cards)
    approvals: Approvals = field(default_factory=Approvals)
    _by_word: set[str] = field(default_factory=set)
    """Stocks and sides of which the owner has said that an order was filled."""

    _asked_report: int = 0
    _no_report: bool = False
    _went_back: bool = False
    _kept: frozenset[str] = frozenset()
    """The refs of the orders that had left when the files were copied."""

    def __post_init__(self) -> None:
        self.book = Book(self.gateway)
        self.halt = Halt(now=self.now)
        self.exits = Exits(
            book=self.book,
            approvals=self.approvals,
            now=self.now,
            wrong=self.wrong,
            counts=self.counts,
            token_of=self._token_of,
            halt=self.halt,
            timed=TimedExits(
                hours=self.gateway.gateway.exchange.hours,
                now=self.now,
                wrong=self.wrong,
            ),
            has_code=lambda order_id: order_id in self.sends.line.coded,
        )
        self.sends = Sends(
            gateway=self.gateway,
            book=self.book,
            approvals=self.approvals,
            exits=self.exits,
            halt=self.halt,
            now=self.now,
            loop_time=self.loop_time,
            written=self.written,
            wrong=self.wrong,
            tell=self.tell,
            counts=self.counts,
        )
        self.promises = Promises(
            book=self.book,
            approvals=self.approvals,
            sends=self.sends,
            now=self.now,
            wrong=self.wrong,
            reports=lambda: len(self.reports),
        )
        self.cancels = Cancels(sends=self.sends, wrong=self.wrong)
        self.afterwards = Afterwards(book=self.book, wrong=self.wrong)
        self.telling = Telling(
            chat=self.chat,
            loop_time=self.loop_time,
            wrong=self.wrong,
            kept=self.kept,
            lost=self.lost_updates,
            state_of=self._state_of,
            exits_sold=self._exits_sold,
            lives=self.lives,
        )

    def _exits_sold(self, symbol: str, shares: int) -> int:
        exits = self.book.ours(f"EXIT {symbol}")
        return sum(order.filled == shares for order in exits)

    def _token_of(self, order: BookOrder) -> str:
        row = self.written(order.ticket.order_ref)
        return row.token if row else ""

    def _state_of(self, ref: str) -> str:
        row = self.written(ref)
        return row.state if row else ""

    def wrong(self, what: str) -> None:
        """Note a violation, once."""
        if what not in self.violations:
            self.violations.append(what)
            self.tell(f"VIOLATION {what}")

    # what the bot writes

    def take_written(self, port: int, connection: int, data: bytes) -> None:
        """Take bytes that the bot has written to *port*."""
        if port == self.gateway.port:
            self.sends.take_written(connection, data)
        else:
            self.telling.writes(connection, data)

    def arrived(self, port: int, connection: int, data: bytes) -> None:
        """Take bytes from *port* that the bot has read."""
        if port == self.gateway.port:
            self.sends.line.receives(connection, data)
        else:
            self.telling.reads(connection, data)

    # what is done to the bot

    def tapped(self, message: Message, label: str, data: str) -> None:
        """Take a press of a button on *message* as the owner saw it."""
        self.counts["taps"] += 1
        self.exits.tapped(data)
        if data.startswith(_FILLED_BY_WORD):
            self._by_word.add(self.sends.names.get(data.rpartition(":")[2], ""))
        self.promises.tapped(label)
        self.halt.tapped(data)
        self.sends.limits.tapped(message.message_id, label, data)
        try:
            if found := self.approvals.press(message, label, data, self.now()):
                self.sends.pressed.setdefault(found.token, self.loop_time())
        except UnreadableError as unreadable:
            self.wrong(f"the auditor cannot read it: {unreadable}")

    def said(self, text: str) -> None:
        """Take a command from the owner."""
        self.counts["commands"] += 1
        self.exits.said(text)
        self.promises.said(text)
        if text.startswith("/report"):
            self._asked_report += 1
        self.halt.said(text)

    def slept(self, seconds: float) -> None:
        """The machine has slept: what the bot knows of the market is old."""
        self.sends.slept(seconds)

    def files_kept(self) -> None:
        """The bot's files have been copied."""
        self._kept = frozenset(self.sends.left)

    def files_went_back(self) -> None:
        """The bot's files were replaced by an old copy: from now on only what it does
        is checked.
        """
        self._went_back = self.sends.went_back = self.telling.went_back = True
        since = self.sends.left.keys() - self._kept
        self.sends.must_halt = any(self.book.has_had(ref) for ref in since)

    def bot_ended(self, why: str) -> None:
        """The bot ended without being told to: a violation."""
        self.ends[why] += 1
        self.wrong(f"the bot ended by itself: {why}")

    def logged(self, record: logging.LogRecord) -> None:
        """Take a log record of the bot, a library, or the event loop."""
        if record.name == "asyncio" and record.levelno >= logging.ERROR:
            self.wrong(f"asyncio: {record.getMessage().splitlines()[0]}")

    # what the owner sees

    def received(self, event: ChatEvent) -> None:
        """Take a new or changed message."""
        message: dict[str, Any] = event.body["message"]
        if not message["from"]["is_bot"] or message["chat"]["id"] != OWNER.id:
            return
        self.counts["messages"] += 1
        self.check()
        number, text = message["message_id"], message.get("text", "")
        self._cannot_be(number, text)
        was_halted = self.halt.since is not None
        if self.halt.read(number, text):
            self._halted(is_new=not was_halted)
        self.counts["seen report"] += text.startswith(_REPORT)
        if text.startswith(_REPORT):
            self.reports.add(number)
        self._no_report |= text.startswith(_NO_REPORT)
        if self.cards.is_another_scan(number, text) and not self._went_back:
            self.wrong(f"message {number} shows another scan than it did")
        self.approvals.look(number, text)
        self.sends.limits.shows(text)
        self.sends.kept_back(number, text)
        self.promises.read(number, text, _data_of(message))
        self.afterwards.read(text)
        exits, reworded = self.exits.read(number, text), self.cards.read(number, text)
        if self.cards.says_too_much(number, text):
            self.wrong(f"message {number} says that all was done, and it was not")
        for name in reworded:
            words = self.cards.words(name, number)
            self.promises.reworded(name, number, words)
            self.cancels.reworded(name, words)
        self.check(reworded | {f"EXIT {each}" for each in exits})

    def _cannot_be(self, number: int, text: str) -> None:
        """Check for words that are wrong on any day."""
        if _BROKE in text:
            self.wrong("a command failed in the bot itself")
        if _OVER_AND_HELD in text:
            self.wrong(f"message {number} says that IB holds what is cancelled")

    def _halted(self, *, is_new: bool) -> None:
        self.promises.halted()
        self.sends.must_halt = False
        self.counts["seen halt"] += is_new
        if self.halts is False and not self.promises.has_stopped:
            self.wrong("halted, and there was no reason")

    # the checks of every moment

    def check(self, reworded: Iterable[str] = ()) -> None:
        """Compare both ends now; *reworded* are the stocks about which a card has
        changed.
        """
        self.counts["checks"] += 1
        changes = self.book.changes()
        self.counts["orders"] = self.book.number
        for order in changes:
            self._order(order)
        for name in sorted({*reworded, *map(name_of, changes)}):
            if not (self._went_back or self.ib_is_wrong):
                self._words_now(name)
        if changes and self.book.is_short() and self.book.by_hand_at is None:
            self.wrong("more was sold than there was")
        if self.book.cancelled_hands():
            self.wrong("an order of another tool was cancelled")

    def _order(self, order: BookOrder) -> None:
        ticket, name = order.ticket, name_of(order)
        if (number := self.book.refs[ticket.order_ref]) > 1:
            self.wrong(f"{ticket.order_ref} was sent {number} times")
        if exit_kind(ticket):
            self.exits.changed(order, name.split()[-1])
            return
        self._not_more_than_approved(name, len(self.book.ours(name)), "at IB")
        if (ticket.tif, ticket.order_type) not in self.approvals.terms(name):
            self.wrong(f"an order that nobody approved so: {_words(ticket)}")
        if order.perm_id in self.book.resized:
            return  # what it costs is by another hand, too
        if ticket.quantity not in self.approvals.shares(name):
            self.wrong(f"of another size than approved: {_words(ticket)}")
        if ticket.action != "SELL":
            self._within_caps(order)
        elif order.status is OrderStatus.CANCELLED:
            self.promises.sale_ended(order)

    def _within_caps(self, order: BookOrder) -> None:
        if (worth := dollars(order)) > MOST_AN_ORDER * SLIPPAGE:
            self.wrong(f"an order of ${worth:,.0f}")
        day = order.placed_at.date()
        if (worth := self.book.bought[day]) > self._most_a_day() * SLIPPAGE:
            self.wrong(f"${worth:,.0f} bought on {day}")

    def _most_a_day(self) -> float:
        return float(self.sends.limits.settings["max_day_dollars"])

    def _not_more_than_approved(self, name: str, number: int, where: str) -> None:
        if number > (approved := self.approvals.times(name)):
            self.wrong(f"{number} orders for {name} {where}, {approved} approved")

    def _words_now(self, name: str) -> None:
        """Check that no card claims what the book does not have."""
        if name.startswith("EXIT "):
            self.exits.words_now(name.removeprefix("EXIT "))
            return
        ours, about = self.book.ours(name), self.cards.about(name)
        alive = sum(map(alive_or_filled, self._there_in_time(ours)))
        dead = sum(claim.dead for claim in about)
        if alive + dead > self.approvals.times(name):
            self.wrong(f"{name}: a card says that none is there, and one is")
        told = sum(claim.filled for claim in about)
        if told > sum(order.filled for order in ours) and name not in self._by_word:
            self.wrong(f"{name}: {told} told as filled, but fewer are")

    def _there_in_time(self, ours: list[BookOrder]) -> list[BookOrder]:
        """Those that IB had when it could still be believed that it lists what it has: of
        one that came a minute later than it was sent, what is told in the end counts."""
        left = self.sends.left
        return [
            order
            for order in ours
            if order.placed_at - left.get(order.ticket.order_ref, order.placed_at)
            < _COMES_WITHIN
        ]

    # the checks of the end

    def close(self, *, tasks: int, report_due: bool) -> None:
        """Check the calm end: every order must be reported, and truly.

        *tasks* is how many the bot left behind, *report_due* whether there must be a
        report today.
        """
        self.check()
        if tasks:
            self.wrong(f"{tasks} tasks were left behind")
        if self._went_back:
            return
        told_of = {claim.symbol for claim in self.cards.all()}
        for name in sorted(told_of.union(self.book.names())):
            if not name.startswith("EXIT "):
                self._all_told(name)
        self.exits.close(self._is_doubtful)
        self.afterwards.close()
        self.telling.close()
        if not self.ib_is_wrong:
            self.promises.close(self.cards.words)
            self.cancels.close(self.book.alive())
        self._claims()
        self._halts()
        self._reports(due=report_due)

    def _halts(self) -> None:
        if self.halts and not self.counts["seen halt"]:
            self.wrong("there was a reason to halt, and nothing halted")

    def _claims(self) -> None:
        for claim in self.cards.all():
            if claim.words.startswith(_UNFINISHED):
                self.wrong(f"{claim.symbol}: still {claim.words!r} in the end")

    def _all_told(self, name: str) -> None:
        ours, about = self.book.ours(name), self.cards.about(name)
        living = [claim for claim in about if not claim.dead]
        alive = sum(map(alive_or_filled, ours))
        if alive > len(living):
            self.wrong(f"{name}: {alive} orders live or filled, {len(living)} told")
        if any(claim.doubtful for claim in about) or name in self.promises.unclear:
            self._in_doubt(name, about)
            return
        if alive < len(living):
            self.wrong(f"{name}: {len(living)} told as there, {alive} are")
        self._fills_told(name, ours, about)

    def _in_doubt(self, name: str, about: list[Claim]) -> None:
        self.counts["doubts at the end"] += 1
        if self.must_settle:
            self.wrong(f"{name}: in doubt, although IB could be asked")

    def _is_doubtful(self, symbol: str) -> bool:
        about = (*self.cards.about(symbol), *self.cards.about(f"SELL {symbol}"))
        if {symbol, f"SELL {symbol}"} & self.promises.unclear:
            return True
        return self.ib_is_wrong or any(claim.doubtful for claim in about)

    def _fills_told(self, name: str, ours: list[BookOrder], about: list[Claim]) -> None:
        filled, told = sum(o.filled for o in ours), sum(c.filled for c in about)
        if filled != told:
            self.wrong(f"{name}: {filled:.0f} filled, {told} told in the end")

    def _reports(self, *, due: bool) -> None:
        self.counts["reports"] += (made := len(self.reports))
        if made > 1 + self._asked_report:
            self.wrong(f"{made} reports, {self._asked_report} of them asked for")
        if due and not made and not self._no_report:
            self.wrong("no report, and no word why")

    # what a person can look up at IB

    def at_ib(self, ref: str) -> BookOrder | None:
        """The order with this ref at IB, alive or ended; None if there is none."""
        self.check()
        return self.book.by_ref.get(ref)


def _data_of(message: dict[str, Any]) -> list[str]:
    """The data of the message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [str(each.get("callback_data", "")) for row in rows for each in row]


def _words(ticket: OrderTicket) -> str:
    return (
        f"{ticket.order_ref} {ticket.action} {ticket.quantity:g} {ticket.order_type} "
        f"{ticket.tif}"
    )
