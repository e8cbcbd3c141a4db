"""Reads both ends of the simulated world, and says what is wrong.

It shares no code with the product: what was approved it knows from the owner's taps,
what was ordered from the gateway's own book, what was told from the messages as the
owner saw them at each moment. A violation is a sentence; each is said once.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from bot.sandbox.nouns import Happening, Message
from bot.sandbox.server import OWNER, BotApiServer
from core.sandbox.market.universe import universe
from core.sandbox.server import GatewayServer
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderKey
from tests.harness.product import SEED
from tests.simulation.wire import Wire


CLIENT: Final = 17
"""The bot's client id at the gateway."""

SHARES: Final = 100
MOST_A_DAY: Final = 12_000.0
MOST_AN_ORDER: Final = 5_000.0
SLIPPAGE: Final = 1.15
"""A market order may fill above the price that it was judged by."""

_ROW: Final = re.compile(r"^(\S+) BUY ([\d,]+)\b *(.*)$")
_LEG: Final = re.compile(r"([\d,]+) ([A-Z][A-Z.]*)")
_FILLED: Final = re.compile(r"filled ([\d,]+)")
_DEAD: Final = ("never reached IB", "not sent", "refused", "cancelled")
"""Words that say that IB works nothing, and nothing was bought."""

_DOUBT: Final = ("unknown", "placed, unconfirmed", "closed by you")
_APPROVED: Final = "\nYes, said "
_HALTED: Final = ("Trading is halted", "Halted.")
_RESUMED: Final = "No longer halted"
_REPORT: Final = "Good morning"
_NO_REPORT: Final = "No report for"
_FULL: Final = "disk is full"
_BROKE: Final = "something went wrong in the bot itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a card says of one order."""

    card: int
    symbol: str
    words: str

    @property
    def dead(self) -> bool:
        return self.words.startswith(_DEAD)

    @property
    def doubtful(self) -> bool:
        return any(word in self.words for word in _DOUBT)

    @property
    def filled(self) -> int:
        match = _FILLED.match(self.words)
        return int(match[1].replace(",", "")) if match else 0


@dataclass(slots=True, kw_only=True)
class Auditor:
    """Watches one world."""

    gateway: GatewayServer
    chat: BotApiServer
    now: Callable[[], datetime]
    tell: Callable[[str], None] = print
    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    _approved: dict[str, set[str]] = field(default_factory=dict)
    _book: dict[OrderKey, BookOrder] = field(default_factory=dict)
    _wire: Wire = field(default_factory=Wire)
    _sent: dict[str, datetime] = field(default_factory=dict)
    _hands: set[int] = field(default_factory=set)
    _halted_at: datetime | None = None
    _asked_report: int = 0

    def wrong(self, what: str) -> None:
        """Note a violation, once."""
        if what not in self.violations:
            self.violations.append(what)
            self.tell(f"VIOLATION {what}")

    # what the bot writes

    def overhear(self, port: int, connection: int, data: bytes) -> None:
        """The bot has written *data* to *port*."""
        if port == self.gateway.port:
            for ref in self._wire.orders_in(connection, data):
                self._placed(ref)

    def _placed(self, ref: str) -> None:
        self.counts["orders sent"] += 1
        self.tell(f"wire: placeOrder {ref}")
        if ref in self._sent:
            self.wrong(f"{ref} was sent again")
        if self._halted_at is not None:
            self.wrong(f"{ref} was sent while halted")
        self._sent[ref] = self.now()

    # what is done to the bot

    def tapped(self, message: Message, label: str, data: str) -> None:
        """The owner pressed a button, as he saw it on *message*."""
        self.counts["taps"] += 1
        if label.startswith(("Yes", "Only", "Queue")):
            token = data.rpartition(":")[2]
            self._approved.setdefault(token, set()).update(_legs(message, label))

    def said(self, text: str) -> None:
        """The owner sent a command."""
        self.counts["commands"] += 1
        if text.startswith("/report"):
            self._asked_report += 1
        if text.startswith("/resume"):
            self._halted_at = None

    def traded_by_hand(self, before: set[int]) -> None:
        """Somebody placed an order by another tool; *before* are those of earlier."""
        for order in self.gateway.orders():
            if order.perm_id not in before:
                self._hands.add(order.perm_id)

    def bot_ended(self, why: str) -> None:
        """The bot ended, and nobody had told it to."""
        self.ends[why] += 1
        if _FULL not in why:  # a supervisor starts it again, and nothing may be lost
            self.wrong(f"the bot ended by itself: {why}")

    def logged(self, record: logging.LogRecord) -> None:
        """The bot, a library, or the loop has logged something."""
        if record.name == "asyncio" and record.levelno >= logging.ERROR:
            self.wrong(f"asyncio: {record.getMessage().splitlines()[0]}")

    # what the owner sees

    def heard(self, happening: Happening) -> None:
        """A message, or a change of one."""
        message: dict[str, Any] = happening.body["message"]
        if not message["from"]["is_bot"]:
            return
        self.counts["messages"] += 1
        text = message.get("text", "")
        if _BROKE in text:
            self.wrong("a command failed in the bot itself")
        if text.startswith(_HALTED) and self._halted_at is None:
            self._halted_at = self.now()
        if text.startswith(_RESUMED):
            self._halted_at = None
        self.check()

    # the checks of every moment

    def check(self) -> None:
        """Compare both ends as they are now."""
        self.counts["checks"] += 1
        self._read_book()
        self._sent_once()
        self._caps()
        self._words_now()
        self._hands_untouched()

    def _read_book(self) -> None:
        for order in (*self.gateway.completed(), *self.gateway.orders()):
            if order.ticket.client_id == CLIENT:
                if order.key not in self._book:
                    self.counts["orders"] += 1
                self._book[order.key] = order

    def _ours(self, symbol: str | None = None) -> Iterator[BookOrder]:
        for order in self._book.values():
            if symbol is None or _symbol(order) == symbol:
                yield order

    def _sent_once(self) -> None:
        refs = Counter(order.ticket.order_ref for order in self._ours())
        for ref, number in refs.items():
            if number > 1:
                self.wrong(f"{ref} was sent {number} times")
        sent = Counter(_symbol(order) for order in self._ours())
        for symbol, number in sent.items():
            if number > self._approvals(symbol):
                self.wrong(
                    f"{number} orders for {symbol}, {self._approvals(symbol)} approved"
                )
        for order in self._ours():
            ticket = order.ticket
            if (ticket.action, ticket.quantity, ticket.tif, ticket.order_type) != (
                *("BUY", SHARES, "GTC", "MKT"),
            ):
                self.wrong(f"an order that nobody approved so: {ticket}")

    def _approvals(self, symbol: str) -> int:
        return sum(symbol in symbols for symbols in self._approved.values())

    def _caps(self) -> None:
        days: Counter[date] = Counter()
        for order in self._ours():
            worth = order.filled * order.avg_price
            days[order.placed_at.date()] += int(worth)
            if worth > MOST_AN_ORDER * SLIPPAGE:
                self.wrong(f"an order of ${worth:,.0f}")
        for day, worth in days.items():
            if worth > MOST_A_DAY * SLIPPAGE:
                self.wrong(f"${worth:,.0f} bought on {day}")

    def _words_now(self) -> None:
        """No word claims what the book does not have."""
        claims = list(self.claims())
        for symbol in {claim.symbol for claim in claims}:
            ours = list(self._ours(symbol))
            about = [claim for claim in claims if claim.symbol == symbol]
            alive = sum(_alive_or_filled(order) for order in ours)
            dead = sum(claim.dead for claim in about)
            if alive + dead > self._approvals(symbol):
                self.wrong(f"{symbol}: a card says that none is there, and one is")
            told = sum(claim.filled for claim in about)
            if told > sum(order.filled for order in ours):
                self.wrong(f"{symbol}: {told} told as filled, but fewer are")

    def _hands_untouched(self) -> None:
        for order in (*self.gateway.completed(), *self.gateway.orders()):
            cancelled = order.status is OrderStatus.CANCELLED
            if order.perm_id in self._hands and cancelled:
                self.wrong("an order of another tool was cancelled")

    # the checks of the end

    def close(self, *, tasks: int, report_due: bool) -> None:
        """Everything is calm: what is told must be all, and true.

        *tasks* are those that the bot left behind, *report_due* whether this day must
        have had its report by now.
        """
        self.check()
        if tasks:
            self.wrong(f"{tasks} tasks were left behind")
        self._all_told()
        self._reports(due=report_due)

    def _all_told(self) -> None:
        claims = list(self.claims())
        for symbol in {_symbol(order) for order in self._ours()}:
            ours = list(self._ours(symbol))
            about = [claim for claim in claims if claim.symbol == symbol]
            living = [claim for claim in about if not claim.dead]
            alive = sum(_alive_or_filled(order) for order in ours)
            if alive > len(living):
                self.wrong(
                    f"{symbol}: {alive} orders live or filled, {len(living)} told"
                )
            if any(claim.doubtful for claim in about):
                self.counts["doubts at the end"] += 1
                continue
            if alive < len(living):
                self.wrong(f"{symbol}: {len(living)} told as there, {alive} are")
            filled, told = sum(o.filled for o in ours), sum(c.filled for c in about)
            if filled != told:
                self.wrong(f"{symbol}: {filled:.0f} filled, {told} told in the end")
        for claim in claims:
            if claim.words.startswith(("waiting to be sent", "placed, unconfirmed")):
                self.wrong(f"{claim.symbol}: still {claim.words!r} in the end")

    def _reports(self, *, due: bool) -> None:
        texts = [m.text for m in self.chat.phone.heard]
        made = sum(text.startswith(_REPORT) for text in texts)
        none = any(text.startswith(_NO_REPORT) for text in texts)
        self.counts["reports"] += made
        if made > 1 + self._asked_report:
            self.wrong(f"{made} reports, {self._asked_report} of them asked for")
        if due and not made and not none:
            self.wrong("no report, and no word why")

    # what a person can look up at IB

    def has(self, ref: str) -> bool:
        """Whether IB has, or had, an order with this ref."""
        self._read_book()
        return any(order.ticket.order_ref == ref for order in self._ours())

    # what the cards say

    def claims(self) -> Iterator[Claim]:
        """What every approved card says of its orders now."""
        for message in self.chat.chats.messages(OWNER.id):
            if message.from_bot and _APPROVED in message.text:
                yield from _claims_of(message)


def _claims_of(message: Message) -> Iterator[Claim]:
    name, words = "", ""
    for line in (*message.text.splitlines(), "."):
        match = _ROW.match(line)
        if name and (match or not line.startswith(" ")):
            yield Claim(card=message.message_id, symbol=name, words=words)
            name = ""
        if match:
            name, words = match[1], match[3]
        elif name:
            words += f" {line.strip()}"


def _legs(message: Message, label: str) -> Iterable[str]:
    """Which stocks a press on *label* approves, as the message shows it."""
    if label.startswith("Only "):
        return [label.removeprefix("Only ")]
    if label.startswith("Yes, buy ") and label != "Yes, buy both":
        return [label.removeprefix("Yes, buy ")]
    labels = [each for row in message.buttons for each in row]
    only = [each.removeprefix("Only ") for each in labels if each.startswith("Only ")]
    if only:
        return only
    asked = next(
        line for line in message.text.splitlines() if "BUY " in line and "?" in line
    )
    return [symbol for _, symbol in _LEG.findall(asked)]


def _alive_or_filled(order: BookOrder) -> bool:
    return not order.done or order.filled > 0


@cache
def _symbols() -> dict[int, str]:
    return {number: each.symbol for number, each in universe(SEED).by_con_id.items()}


def _symbol(order: BookOrder) -> str:
    return _symbols()[order.ticket.con_id]
