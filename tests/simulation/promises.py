"""Checks what the owner was promised or has asked for, and that he is not asked what he
should not be. By the messages as he saw them, and by the gateway's book.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.order_state import BookOrder
from tests.simulation.approvals import Approvals, asked
from tests.simulation.book import Book, name_of
from tests.simulation.cards import NEVER, named
from tests.simulation.exit_plans import answered
from tests.simulation.halt import ALLOWED
from tests.simulation.sends import Sends


_DECIDED: Final = re.compile(r"^Yes, said .+ · (\d\d):(\d\d):(\d\d) ET", re.MULTILINE)
_LATE_TAP: Final = timedelta(seconds=33)
"""A Yes that waited for longer before it was heard approves nothing; and some seconds."""

_NOT_THIS_LOGIN: Final = re.compile(
    r"I can't see what became of (BUY|SELL) [\d,]+ ([A-Z]+(?:\.[A-Z]+)*)"
)
_UNCONFIRMED: Final = re.compile(
    r"IB has not confirmed the cancel of (BUY|SELL) [\d,]+ ([A-Z]+(?:\.[A-Z]+)*)"
)
_UNASKED: Final = re.compile(
    r"IB could not be asked to cancel (BUY|SELL) [\d,]+ ([A-Z]+(?:\.[A-Z]+)*)"
)
_LEFT_TO_HIM: Final = re.compile(
    r"(BUY|SELL) [\d,]+ ([A-Z]+(?:\.[A-Z]+)*)\b.+ I cannot ask IB to cancel it"
)
_NOT_FOLLOWED: Final = re.compile(
    r"\bclosed it by your word: (BUY|SELL) [\d,]+ ([A-Z]+(?:\.[A-Z]+)*)"
)
_MAY_LIVE: Final = (_NOT_FOLLOWED, _NOT_THIS_LOGIN, _UNASKED, _LEFT_TO_HIM)
_DOUBT: Final = re.compile(r"v1:d:[a-z]:(.+)")
_SELL_ALL: Final = ("Sell all that you hold?", "Nothing to sell")
_STOPPED: Final = "Stopped: I send nothing new"
_MEANS_TO_STOP: Final = ("/halt", "/panic", "stop")
_CONFIRMED_WITHIN: Final = timedelta(seconds=9)
"""So long at least the card of /panic waits for cancels that IB has not confirmed."""

_PLEASE_LOOK: Final = "unknown – please look"  # noqa: RUF001  as it is shown
_IS_ASKED_WITHIN: Final = timedelta(seconds=20)
_A_MINUTE: Final = 55.0
_JUST_NOW: Final = timedelta(seconds=3)
_SOLD_LATELY: Final = timedelta(minutes=6)
"""So long a sale counts: IB may list what it sold for three minutes, and so may the
list that the sale was judged by."""

_OFFERS: Final = "offer ends "
_ASKED_AGAIN: Final = "% since the card."


@dataclass(slots=True, kw_only=True)
class Promises:
    """The promises in one world."""

    book: Book
    approvals: Approvals
    sends: Sends
    now: Callable[[], datetime]
    wrong: Callable[[str], None]
    reports: Callable[[], int]
    """How many reports were shown: each brings a card."""

    unclear: set[str] = field(default_factory=set)
    """Orders of which the owner was told that they may live on: another login's, which
    nobody can see here, and those whose cancel IB does not confirm."""

    has_stopped: bool = False
    """The owner has said that all must stop."""

    must_settle: bool = False
    """Nothing of this day keeps from the bot what becomes of an order."""

    _decided: set[int] = field(default_factory=set)
    _shown: set[int] = field(default_factory=set)
    _asked_about: set[str] = field(default_factory=set)
    _absent: dict[str, set[int]] = field(default_factory=dict)
    """Stocks and sides of which a card said "never reached IB", and which cards."""

    _not_there: dict[str, date] = field(default_factory=dict)
    """The day (New York) of the owner's last word that an exit of a stock is not there:
    on that day the bot sells no share that it may sell."""

    _in_doubt_since: dict[str, datetime] = field(default_factory=dict)
    _has_cancelled: bool = False
    _acts: int = 0
    _halts_seen: int = 0
    _halts_at_absence: int = 0
    _panicked_at: datetime | None = None
    _card_is_owed: bool = False
    _cancelled_all_at: datetime | None = None

    # what is heard

    def said(self, text: str) -> None:
        """Take a command from the owner."""
        self._acts += 1
        self.has_stopped |= text.startswith(_MEANS_TO_STOP)
        self._has_cancelled |= text.startswith("/cancel")
        if text.startswith("/cancel all"):
            self._cancelled_all_at = self.now()
        if text.startswith("/resume"):
            self._card_is_owed = False

    def tapped(self, label: str) -> None:
        """Take a press of the button *label*."""
        self._acts += 1
        self._has_cancelled |= label.startswith(("Cancel ", "Ask again: cancel "))

    def halted(self) -> None:
        """The bot has said that it sends nothing."""
        self._halts_seen += 1

    def read(self, message: int, text: str, data: Sequence[str]) -> None:
        """Take the new text of message *message* and the data of its buttons."""
        for each in data:
            if match := _DOUBT.fullmatch(each):
                self._asked_about.add(self.sends.names.get(match[1], match[1]))
        self._lives_on(text)
        if match := _DECIDED.search(text):
            self._decide(message, *map(int, match.groups()))
        self._panic(text)
        if _OFFERS in text and message not in self._shown:
            self._shown.add(message)
            self._asks(text)
            if len(self._shown) > self._acts + self.reports():
                self.wrong("more offers than anybody asked for")

    def _lives_on(self, text: str) -> None:
        """Take what a message says of orders that may live on."""
        for side, symbol in (m for each in _MAY_LIVE for m in each.findall(text)):
            self.unclear |= {named(symbol, side), *_exits_of(symbol, side)}
        for side, symbol in _UNCONFIRMED.findall(text):
            self._not_too_early()
            self.unclear |= {named(symbol, side), *_exits_of(symbol, side)}
        if symbol := answered(text):
            self._not_there[symbol] = self._today()

    def _not_too_early(self) -> None:
        """IB has a minute to confirm a cancel, whatever the time of day is set to."""
        asked, now = self.sends.line.cancels.values(), self.sends.loop_time()
        if now - min((times[0] for times in asked), default=now) < _A_MINUTE:
            self.wrong("a cancel told as not confirmed within a minute")

    def _decide(self, message: int, hour: int, minute: int, second: int) -> None:
        pressed = self.approvals.of_message(message)
        if message in self._decided or pressed is None or pressed.at is None:
            return
        self._decided.add(message)
        there = self.now().astimezone(NEW_YORK)
        at = there.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if self.sends.clock_is_right() and at - pressed.at > _LATE_TAP:
            self.wrong(f"message {message}: a Yes that came late was obeyed")

    def _panic(self, text: str) -> None:
        if text.startswith(_STOPPED) and not self.has_stopped:
            self.wrong("all was stopped, and nobody said so")
        if text.startswith(_STOPPED):
            self._panicked_at, self._card_is_owed = self.now(), True
        if ALLOWED.match(text):
            self._card_is_owed = False
        if text.startswith(_SELL_ALL) and self._card_is_owed:
            self._card_is_owed = False
            if not self.sends.went_back:  # else its journal lacks what was sent since
                self._nothing_works()
                self._all_asked_about(text)

    def _nothing_works(self) -> None:
        """Check, when the card of /panic is posted, that IB has confirmed the cancels
        or had its time.
        """
        assert self._panicked_at is not None
        if self.now() - self._panicked_at > _CONFIRMED_WITHIN:
            return
        for order in self.book.alive():
            if order.placed_at < self._panicked_at and not self._sells_all(order):
                self.wrong(f"asked to sell all while {name_of(order)} was alive")

    def _all_asked_about(self, text: str) -> None:
        """Check that the card of /panic names every stock that the bot has bought and
        that is held."""
        for name in self.book.names():
            if " " in name or not self.book.held_of(name):
                continue
            if not self._is_named(name, text) and not self._sells(name):
                self.wrong(f"asked to sell all, and not {name}")

    def _is_named(self, name: str, text: str) -> bool:
        """Whether the card asks about *name*, or leaves it out since it was sold just now,
        since a Yes to an earlier card sells it, or since an exit may sell it that the owner
        said is not there."""
        if asks_about(name, text) or (self._is_to_be_sold(name) and name in text):
            return True
        sold = self.book.sold_since(name, self.now() - _SOLD_LATELY)
        may_be_sold = self._not_there.get(name) == self._today()
        return bool(sold or may_be_sold) and name in text

    def _is_to_be_sold(self, name: str) -> bool:
        """Whether a Yes to a card of /panic sells it, and that has not been sent yet."""
        sale = named(name, "SELL")
        said = self.approvals.sells_all_at(sale)
        sent = self.sends.sent_at.get(sale)
        return said is not None and (sent is None or sent < said)

    def _today(self) -> date:
        return self.now().astimezone(NEW_YORK).date()

    def _sells(self, name: str) -> bool:
        """Whether it is being sold, or was just now."""
        lately = self.book.sold_since(name, self.now() - _JUST_NOW)
        return bool(self.book.being_sold(name) or lately)

    def sale_ended(self, order: BookOrder) -> None:
        """Check a sale that was cancelled: what /panic sells is cancelled on the
        owner's word alone."""
        if not self._has_cancelled and self._sells_all(order):
            self.wrong(f"{name_of(order)}: what /panic sells was cancelled unasked")

    def _sells_all(self, order: BookOrder) -> bool:
        """Whether an earlier /panic sells by it: a later one leaves that alone."""
        row = self.sends.written(order.ticket.order_ref)
        approved = self.approvals.on(row.token) if row else ()
        return any(each.sells_all for each in approved)

    def _asks(self, text: str) -> None:
        """Check that a card that asks again, as the price moved, is about what was not
        sent.
        """
        if _ASKED_AGAIN not in text:
            return  # a scan, or a report
        for name, _ in asked(text):
            sent_at = self.sends.sent_at.get(name)
            if sent_at is not None and self.now() - sent_at < _JUST_NOW:
                self.wrong(f"a card asks again for {name}, which was sent just now")
            at = self._cancelled_all_at
            if at is not None and not self.approvals.any_since(at):
                self.wrong(f"a card asks again for {name}, which was cancelled")

    def reworded(self, name: str, card: int, words: Sequence[str]) -> None:
        """Take a card's new text about a stock and side."""
        if any(each.startswith(NEVER) for each in words):
            if name not in self._absent:
                self._halts_at_absence = self._halts_seen
            self._absent.setdefault(name, set()).add(card)
        if any(each.startswith(_PLEASE_LOOK) for each in words):
            self._is_in_doubt(name)
        else:
            self._check_asked(name)
            self._in_doubt_since.pop(name, None)

    def _is_in_doubt(self, name: str) -> None:
        self._in_doubt_since.setdefault(name, self.now())
        if self.must_settle and self.sends.ids[name] & self.sends.line.refused:
            self.wrong(f"{name}: in doubt, and IB had said that it was too much")

    def _check_asked(self, name: str) -> None:
        """Check that the owner is asked about an order in doubt."""
        since = self._in_doubt_since.get(name)
        if since is None or name in self._asked_about | self.unclear:
            return
        if self.now() - since > _IS_ASKED_WITHIN:
            self.wrong(f"{name}: in doubt, and the owner was not asked")

    # in the calm at the end

    def close(self, words: Callable[[str, int], list[str]]) -> None:
        """Check the calm end. *words*: what a card says about a stock and side."""
        for order in self.book.alive():
            self._is_wanted(order)
        for name, cards in self._absent.items():
            now = [each for card in cards for each in words(name, card)]
            if any(not each.startswith(NEVER) for each in now):
                self._check_ghost(name)
        for name in [*self._in_doubt_since]:
            self._check_asked(name)
        if self._card_is_owed:
            self.wrong("no card came of /panic")

    def _is_wanted(self, order: BookOrder) -> None:
        ref, name = order.ticket.order_ref, name_of(order)
        row = self.sends.written(ref)
        if name in self.unclear or name in self._in_doubt_since:
            return
        is_told = (
            name in self._asked_about and row is not None and row.state == "unknown"
        )
        if row is not None and row.cancel_asked and not is_told:
            self.wrong(f"{ref} lives, and its cancel was accepted")
        at = self._cancelled_all_at
        if at is not None and self.sends.left.get(ref, order.placed_at) < at:
            self.wrong(f"{ref} lives, and all was to be cancelled")

    def _check_ghost(self, name: str) -> None:
        """Check an order that was reported absent and then was at IB: everything has
        halted, and it is not live.
        """
        if self._halts_seen == self._halts_at_absence:
            self.wrong(f"{name}: told as absent, then there, and nothing was halted")
        if any(name_of(order) == name for order in self.book.alive()):
            self.wrong(f"{name}: told as absent, and it lives on")


def _exits_of(symbol: str, side: str) -> tuple[str, ...]:
    """A message about a sale may mean an exit."""
    return (named(symbol, "EXIT"),) if side == "SELL" else ()


def asks_about(name: str, text: str) -> bool:
    """Whether the card of /panic asks to sell shares of *name*, beside those that it says
    are being sold already."""
    left_out = rf"[\d,.]+ {re.escape(name)} \(being sold already[^)]*\)"
    return name in re.sub(left_out, "", text)
