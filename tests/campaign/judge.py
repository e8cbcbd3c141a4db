"""What the owner was told, against the gateway's own book."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from tests.campaign.plan import Fills


SHARES: Final = 100
PART: Final = 40
"""Shares that are offered when only a part of an order can be filled."""

_ORDER: Final = re.compile(rf"^(\w+) BUY {SHARES}\b *(.*)$")
_PART_OF: Final = re.compile(r"BUY (\d+) of (\d+) @")
"""A part fill stands in the place of the order's shares."""

_REST: Final = re.compile(rf"\b{SHARES} (\w+)\b(?=.*: .*The rest is cancelled\.)")
"""A stock of which the sentence below the orders says how its part fill ended."""

_FILLED: Final = re.compile(rf"filled (\d+)(?: of {SHARES})?\b")
NOT_THERE: Final = ("never reached IB", "not sent")
"""Words that say that IB has no such order."""

ASKED: Final = "please look"
_ENDED: Final = ("refused", "cancelled")
_SETTLED: Final = (
    *("Bought ", "Part bought ", "Nothing bought", "Refused ·", "Cancelled ·"),
    *("Not sent", "Not bought", "Closed"),
)
APPROVED: Final = "\nYes, said "
"""What only an approved card says: who said it, below what became of it."""

REPORT: Final = "Good morning"

Told = Mapping[str, str]
"""Each order of an approved card: its stock, and the words for where it stands."""

Book = Mapping[str, Sequence[BookOrder]]
"""The gateway's orders by their stock."""


def told_by(card: Message) -> Told:
    """The orders of a card; none unless it says that it was approved."""
    told: dict[str, str] = {}
    name = ""
    for line in _PART_OF.sub(r"BUY \2 filled \1 of \2 @", card.text).splitlines():
        if match := _ORDER.match(line):
            name = match[1]
            told[name] = match[2]
        elif name and line.startswith(" "):
            told[name] += f" {line.strip()}"
        else:
            name = ""
            for ended in told.keys() & set(_REST.findall(line)):
                told[ended] += ", the rest cancelled"
    return told if APPROVED in card.text else {}


def is_true(words: str, orders: Sequence[BookOrder]) -> bool:
    """Whether *words* say where these orders of one stock stand, for good."""
    if any(words.startswith(each) for each in NOT_THERE):
        return not orders
    if ASKED in words or words.startswith("closed by you"):
        return True
    if len(orders) != 1:
        return False
    order = orders[0]
    if match := _FILLED.match(words):
        over = "rest cancelled" in words or order.filled == SHARES
        return order.filled == int(match[1]) and order.done == over
    if words.startswith(_ENDED):
        return order.done and order.filled == 0
    return words.startswith("working") and not order.done and order.filled == 0


def is_told(
    card: Message, received: Sequence[Message], book: Book, fills: Fills
) -> bool:
    """Whether nothing will happen any more by itself, the card says so truly, and
    its end, or each doubt about it, has a message of its own."""
    told = told_by(card)
    doubts = [symbol for symbol, words in told.items() if ASKED in words]
    works = any("working" in words for words in told.values())
    return (
        is_quiet(book, fills)
        and all(is_true(words, book.get(symbol, ())) for symbol, words in told.items())
        and all(asks_about(symbol, received) for symbol in doubts)
        and (bool(doubts) or works or has_settled(received))
    )


def is_quiet(book: Book, fills: Fills) -> bool:
    """Whether nothing will happen to any order by itself any more."""
    resting = {Fills.NONE: 0, Fills.PART: PART, Fills.ALL: None}[fills]
    return all(
        order.done or order.filled == resting
        for orders in book.values()
        for order in orders
    )


def asks_about(symbol: str, messages: Sequence[Message]) -> bool:
    """Whether the owner has the facts of a doubt and the buttons to answer it."""
    return any(
        f"{SHARES} {symbol}" in message.text and has(message, "It is there")
        for message in messages
    )


def has_settled(messages: Sequence[Message]) -> bool:
    ends = (m.text for m in messages if APPROVED not in m.text)
    return any(text.startswith(_SETTLED) for text in ends)


def is_halted(message: Message) -> bool:
    """Whether the bot says that it has found something, and halts."""
    return message.text.startswith("Trading is halted since")


def is_barred(symbol: str, answer: str) -> bool:
    """Whether the answer to a tap on Cancel says that nothing of it will leave."""
    return f" {symbol} will not be sent" in answer


def is_cancel_asked(symbol: str, answer: str) -> bool:
    """Whether the answer to a tap on Cancel says that IB is asked, now or later."""
    return f" {symbol}" in answer and answer.startswith(("Asked IB", "Not cancelled"))


def has(message: Message, words: str) -> bool:
    """Whether a button of *message* begins with *words*."""
    return any(label.startswith(words) for row in message.buttons for label in row)


def label_of(message: Message, words: str) -> str:
    """The button of *message* that begins with *words*."""
    return next(
        label for row in message.buttons for label in row if label.startswith(words)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What went wrong, counted; and what the trial was."""

    trials: int = 0
    kills: int = 0
    duplicates: int = 0
    lost: int = 0
    unexplained: int = 0
    false_absent: int = 0
    second_reports: int = 0
    crashes: int = 0
    after_cancel: int = 0
    cancels_lost: int = 0
    touched: int = 0
    stale: int = 0
    while_halted: int = 0
    unnoticed: int = 0
    short: int = 0
    oversold: int = 0
    alive_on_flat: int = 0
    unprotected: int = 0
    unapproved: int = 0
    untold: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            **{
                name: getattr(self, name) + getattr(other, name)
                for name in self.__slots__
            }
        )

    def __str__(self) -> str:
        return " ".join(f"{name}={getattr(self, name)}" for name in self.__slots__)

    @property
    def clean(self) -> bool:
        return not sum(
            getattr(self, name)
            for name in self.__slots__
            if name not in {"trials", "kills"}
        )


def duplicates(book: Book, told: Told) -> int:
    """Orders beyond the one that each approved leg may have; any at all of a stock
    that nobody approved."""
    refs: list[str] = [o.ticket.order_ref for orders in book.values() for o in orders]
    twice = len(refs) - len(set(refs))
    beyond = sum(
        max(0, len(orders) - (1 if symbol in told else 0))
        for symbol, orders in book.items()
    )
    return max(twice, beyond)


def alive_or_filled(orders: Sequence[BookOrder]) -> bool:
    """Whether IB took one of them: what it refused, it never held."""
    return any(order.status is not OrderStatus.INACTIVE for order in orders)
