"""Checks exits: they were approved, never sell more than there is, and are reported
truly.

It shares no code with the product. Approvals come from the cards, live orders and fills
from the gateway's own book.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.hours import TradingPhase
from core.sandbox.trading.order_state import BookOrder
from tests.simulation.approvals import Approval, Approvals
from tests.simulation.book import Book
from tests.simulation.exit_plans import (
    AT_IB,
    NOT_YET,
    ExitClaim,
    ExitPlan,
    answered,
    bare,
    claims_on,
    closed,
    none_placed,
    unconfirmed,
)
from tests.simulation.halt import Halt
from tests.simulation.timed import TimedExits
from tests.simulation.wire import TIMED, Placed, exit_kind


PROTECTS: Final = frozenset({"stop", "trailing stop"})
_UNTIL_THERE: Final = timedelta(seconds=15)
"""Between a fill and its exits, as long as nothing goes wrong: IB has ten seconds to
confirm the purchase, then the listing, the probe and the two frames."""

_STEP: Final = 0.01
"""Dollars by which a price may be off for IB's step, towards the price paid."""

_A_BIT: Final = 1e-6
_TURNED_UP: Final = "An order turned up that should not exist"
_LOOKS_WITHIN: Final = timedelta(minutes=7)
_MAY_LAG: Final = timedelta(minutes=3)
"""IB renews its list of what is held so often."""

_MOST_LATE: Final = 100.0
"""Seconds; a minute passes before it is told that exits cannot be placed."""

_SOLD: Final = re.compile(
    r"(?:Stop|Trailing stop|Target|Timed exit): sold (?:[\d,]+ of )?[\d,]+ ([A-Z][A-Z.]*)"
)

_SAID_YES: Final = "\nYes, said "
_HELD: Final = "/exits shows what protects the shares that you hold."
_ELSEWHERE: Final = re.compile(r"(?:^|\. )([A-Z]+(?:\.[A-Z]+)*) is at ", re.MULTILINE)
_TAKES_BACK: Final = ("/cancel", "/panic", "stop")
_CANCEL: Final = "v1:c:"


@dataclass(slots=True, kw_only=True)
class Exits:
    """The exits of one world. ``wrong`` notes a violation."""

    book: Book
    approvals: Approvals
    now: Callable[[], datetime]
    wrong: Callable[[str], None]
    counts: Counter[str]
    token_of: Callable[[BookOrder], str]
    """The token of the card that an order belongs to."""

    halt: Halt
    """While trading stands still for a /panic, no exit is sent."""

    timed: TimedExits
    has_code: Callable[[str], bool]
    """Whether IB has sent a code about the order with that id."""

    _standing: dict[str, ExitPlan] = field(default_factory=dict)
    """What counts for each stock: the plan of the newest card that was approved."""

    _since: dict[str, datetime] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _approved: set[int] = field(default_factory=set)
    _bare: set[str] = field(default_factory=set)
    """Stocks that may lack an exit: the owner took it back, or was told."""

    _closed: dict[str, dict[int, int]] = field(default_factory=dict)
    """Shares told to have no stop, by stock and message."""

    _unconfirmed: set[str] = field(default_factory=set)
    """Stocks of which the owner was told that IB does not confirm a cancel."""

    _answered: set[str] = field(default_factory=set)
    """Stocks of which the owner has said where an exit in doubt is."""

    _elsewhere: set[str] = field(default_factory=set)
    """Stocks of a Yes that bought nothing: its exits stand, and /exits is said to show
    them."""

    _as_held: set[str] = field(default_factory=set)
    """Stocks of which all that was held has been given exits."""

    _ended_by_hand: set[tuple[str, str]] = field(default_factory=set)
    """Stocks and kinds of exits that somebody cancelled in the terminal; an approval of
    exits for that stock is another plan."""

    _kinds_sent: dict[tuple[str, str], str] = field(default_factory=dict)
    """The newest of each kind of exit, by its card and stock."""

    _none_placed: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    """The shares for which no exit is placed beside one in doubt, by the message that said
    so, by stock and kind."""

    _told_sold: set[str] = field(default_factory=set)
    """Stocks of which a message said that an exit has sold."""

    _claims: dict[int, tuple[ExitClaim, ...]] = field(default_factory=dict)
    _tied: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """The ref of the newest of each kind, by group."""

    _ids: dict[str, str] = field(default_factory=dict)
    """The id of each exit that left with others, by its ref."""

    # what is heard

    def tapped(self, data: str) -> None:
        """Take a press of a button; cancelling an exit removes its plan."""
        if data.startswith(_CANCEL):
            self._taken_back()

    def said(self, text: str) -> None:
        """Take a command from the owner."""
        if text.startswith(_TAKES_BACK):
            self._taken_back()

    def _taken_back(self) -> None:
        self._bare |= self._standing.keys()
        self.timed.taken_back()

    def read(self, message: int, text: str) -> set[str]:
        """Take the new text of message *message*; returns the stocks about which it has
        changed.
        """
        self.timed.read(text)
        self._told_sold.update(_SOLD.findall(text))
        symbol, kind, shares = none_placed(text)
        self._none_placed.setdefault((symbol, kind), {})[message] = shares
        if _TURNED_UP in text:
            self._none_placed.clear()
        is_approved = _SAID_YES in text
        if is_approved:
            self._take_yes(message)
        if symbol := bare(text):
            self._bare.add(symbol)
        symbol, shares = closed(text)
        if symbol:
            self._closed.setdefault(symbol, {})[message] = shares
        if symbol := answered(text):
            self._answered.add(symbol)
        self._elsewhere |= {*_ELSEWHERE.findall(text)} if _HELD in text else set()
        if symbol := unconfirmed(text):
            self._unconfirmed.add(symbol)
            self._bare.add(symbol)
        before = self._claims.get(message, ())
        after = claims_on(text) if is_approved else ()  # a card may ask again
        self._claims[message] = after
        return {claim.symbol for claim in {*before} ^ {*after}}

    def _take_yes(self, *messages: int) -> None:
        for message in messages:
            if message not in self._approved:
                self._approved.add(message)
                self._accept(message)

    def _accept(self, message: int) -> None:
        pressed = self.approvals.of_message(message)
        if pressed is None:
            return
        self._end_what_is_over(pressed)
        for name, plan in pressed.exits.items():
            symbol = name.split()[-1]
            if not plan and pressed.shares:
                continue  # a purchase without exits leaves what stands
            if not pressed.shares:
                self._as_held.add(symbol)
            self._standing[symbol] = plan
            self.timed.approved(symbol, plan)
            self._tokens[symbol] = pressed.token
            self._since[symbol] = self.now()
            self._bare.discard(symbol)
            self._elsewhere.discard(symbol)
            self._none_placed = {
                each: told
                for each, told in self._none_placed.items()
                if each[0] != symbol
            }
            self._closed.pop(symbol, None)
            self._ended_by_hand = {e for e in self._ended_by_hand if e[0] != symbol}

    def _end_what_is_over(self, pressed: Approval) -> None:
        """A plan ends with its holding: what is bought then has the exits of its card.
        Where others sold it, nobody can tell right after a purchase: IB's list may lag."""
        for symbol in pressed.shares.keys() & self._standing.keys():
            bought = self.book.bought_at(self.book.number_of(symbol))
            is_listed = self.now() - bought > _MAY_LAG or self.book.by_hand_at is None
            if is_listed and self.book.held_of(symbol) <= 0:
                del self._standing[symbol], self._tokens[symbol], self._since[symbol]
                self._as_held.discard(symbol)
                self.timed.approved(symbol, {})

    def cancelled_by_hand(self, order: BookOrder, symbol: str) -> None:
        """Take a cancel in the terminal of an order of the bot's; with an exit all of
        its group is cancelled.
        """
        kind = exit_kind(order.ticket)
        kinds = {kind, *self._tied[order.ticket.oca_group]} if kind else set()
        self._ended_by_hand |= {(symbol, each) for each in kinds}

    def changed(self, order: BookOrder, symbol: str) -> None:
        """Take an exit that is new at IB or has changed there."""
        self.timed.ended(order, symbol, held=self.book.held_of(symbol))

    # at the moment when its bytes leave

    def placed(self, placed: Placed, approved: list[Approval]) -> None:
        """Check an exit as it is sent; *approved* are the approvals of its card."""
        ref, symbol, kind = placed.ref, placed.symbol, placed.exit
        self._take_yes(*(each.message for each in approved))  # the chat shows it later
        self.counts["exits sent"] += 1
        plans = [a.exits[symbol] for a in approved if symbol in a.exits]
        fitting = [plan for plan in plans if kind in plan]
        if not fitting:
            self.wrong(f"{ref} was sent, and nobody had approved a {kind} of {symbol}")
        elif not any(self._is_so_far_away(placed, plan) for plan in fitting):
            self.wrong(f"{ref}: a {kind} that lies elsewhere than approved")
        is_as_held = symbol in self._as_held or not any(a.shares for a in approved)
        if not is_as_held and placed.shares > self.book.bought_of(placed.con_id):
            self.wrong(f"{ref}: a {kind} for more than was bought")
        if self._is_of_before_a_split(symbol):
            self.wrong(f"{ref}: a {kind} in the shares of before the split")
        if self.halt.by_panic:
            self.wrong(f"{ref}: a {kind} was sent in a panic")
        if (symbol, kind) in self._ended_by_hand:
            self.wrong(
                f"{ref}: a {kind} of {symbol} again, and it was cancelled in TWS"
            )
        kept = sum(self._none_placed.get((symbol, kind), {}).values())
        if kept and placed.shares + kept > self.book.held_of(symbol):
            self.wrong(f"{ref}: a {kind} beside one that the owner closed by word")
        self._at_its_time(placed)
        self._tie(placed)

    def _at_its_time(self, placed: Placed) -> None:
        """Check that it leaves neither too early nor too late."""
        ref, symbol, kind = placed.ref, placed.symbol, placed.exit
        if kind == TIMED:
            self.timed.placed(ref, symbol)
        if kind == "target" and not self._is_protected(placed):
            self.wrong(f"{ref}: a target whose stop is not at IB yet")
        if kind in PROTECTS:
            self._in_time(placed)
        if kind == "stop" and self._has_passed(placed):
            self.wrong(f"{ref}: a stop again, and its price has passed")
        self._kinds_sent[_card_of(placed), kind] = ref

    def _is_protected(self, placed: Placed) -> bool:
        """Whether the protecting exits that left with its group have reached IB, which may
        have refused one, or the owner was told that the stock lacks one."""
        if placed.symbol in self._bare:
            return True
        tied = self._tied[placed.ticket.oca_group]
        return all(self._has_reached(tied[kind]) for kind in PROTECTS & tied.keys())

    def _has_reached(self, ref: str) -> bool:
        return self.book.has_had(ref) or self.has_code(self._ids[ref])

    def _has_passed(self, placed: Placed) -> bool:
        """Whether one that had stood at IB, has ended unsold and is sent anew would sell
        at once. One that sold, or stands, was for other shares."""
        before = self._kinds_sent.get((_card_of(placed), placed.exit), "")
        last, stop = self.book.last(placed.con_id), placed.ticket.aux_price
        return self.book.ended_unsold(before) and last < (stop or 0.0)

    def _in_time(self, placed: Placed) -> None:
        """Check that what was bought had its stop soon, or its owner a word."""
        symbol = placed.symbol
        bought = self.book.bought_at(placed.con_id)
        since = max(bought, self._since.get(symbol, bought))
        if self.timed.must_settle and not self.timed.is_told(symbol, since):
            late = (self.now() - since).total_seconds()
            if late > _MOST_LATE:
                self.wrong(f"{placed.ref}: {late:.0f} s late, and nothing was told")

    def can_stand(self, placed: Placed, approved: list[Approval]) -> None:
        """Check that the stop approved with a purchase can be placed at all, and was
        named so that nobody misreads it."""
        for plan in (a.exits.get(placed.symbol, {}) for a in approved):
            if any(distance.is_like_a_price for distance in plan.values()):
                self.wrong(f"{placed.ref}: a distance in dollars reads like a price")
            for kind in PROTECTS & plan.keys():
                price = self.book.last(placed.con_id)
                if not plan[kind].is_unknown and not (
                    _STEP * 0.9 <= plan[kind].of(price) < price
                ):
                    self.wrong(f"{placed.ref}: bought with a {kind} that cannot stand")

    def _is_of_before_a_split(self, symbol: str) -> bool:
        """Whether what counts for the stock was approved before its split."""
        at, since = self.book.split_at(symbol), self._since.get(symbol)
        return at is not None and since is not None and since < at

    def _tie(self, placed: Placed) -> None:
        """Check that no group has two exits of a kind, unless the first never reached
        IB.
        """
        group = placed.ticket.oca_group
        if not group:
            return
        earlier = self._tied[group].get(placed.exit)
        if earlier is not None and self.book.has_had(earlier):
            self.wrong(f"{placed.ref}: two of a kind in the group {group}")
        self._tied[group][placed.exit] = placed.ref
        self._ids[placed.ref] = str(placed.ticket.order_id)
        if placed.ticket.oca_type != 2:
            self.wrong(f"{placed.ref} is not tied to its group as approved")

    def _is_so_far_away(self, placed: Placed, plan: ExitPlan) -> bool:
        """Whether its distance from the price paid, or shown on the card, is the
        plan's, rounded towards that price.
        """
        distance, ticket = plan[placed.exit], placed.ticket
        if placed.exit == "trailing stop":
            if distance.part is not None:
                return abs((ticket.trail_percent or 0) - 100 * distance.part) < _A_BIT
            return (
                distance.dollars is None or (ticket.aux_price or 0) <= distance.dollars
            )
        is_stop = placed.exit == "stop"
        at = ticket.aux_price if is_stop else ticket.limit_price
        prices = self._prices(placed)
        if at is None or not prices or distance.is_unknown:
            return True
        sign, down, up = (-1, 0.0, _STEP) if is_stop else (1, _STEP, 0.0)
        ends = [price + sign * distance.of(price) for price in prices]
        return min(ends) - down - _A_BIT <= at <= max(ends) + up + _A_BIT

    def _prices(self, placed: Placed) -> set[float]:
        """The prices that the bot paid; where a whole holding was given exits, also
        those that cards showed, in whole cents.
        """
        paid = self.book.paid(placed.con_id)
        if paid and placed.symbol not in self._as_held:
            return paid
        shown = self.approvals.prices(placed.symbol)
        return paid | {at + by for at in shown for by in (-_STEP / 2, 0.0, _STEP / 2)}

    # at every message

    def words_now(self, symbol: str) -> None:
        """Check that no card says that an exit has sold more than it has."""
        sold = sum(order.filled for order in self.book.ours(f"EXIT {symbol}"))
        if (told := sum(claim.sold for claim in self._about(symbol))) > sold:
            self.wrong(f"{symbol}: exits told as selling {told}, {sold:.0f} are sold")

    def _about(self, symbol: str) -> list[ExitClaim]:
        every = (claim for claims in self._claims.values() for claim in claims)
        return [claim for claim in every if claim.symbol == symbol]

    # in the calm at the end

    def close(self, doubtful: Callable[[str], bool]) -> None:
        """Check the calm end: exits are as approved, and reported truly. *doubtful*:
        whether an order of a stock is in doubt.
        """
        for symbol in sorted({*self._standing, *self._symbols()}):
            if not (doubtful(symbol) or self._is_doubtful(symbol)):
                self._until_settled(symbol)
            self._answered_by_a_split(symbol)

    def _answered_by_a_split(self, symbol: str) -> None:
        """Check that no exit is in doubt that a split has ended unsold."""
        sold = any(order.filled for order in self.book.ours(f"EXIT {symbol}"))
        if self.book.split_at(symbol) and self._is_doubtful(symbol) and not sold:
            self.wrong(f"{symbol}: exits in doubt, and a split has ended them")

    def _is_doubtful(self, symbol: str) -> bool:
        return any(claim.doubtful for claim in self._about(symbol))

    def _symbols(self) -> Iterator[str]:
        names = (name for name in self.book.names() if name.startswith("EXIT "))
        yield from (name.split()[-1] for name in names)

    def _until_settled(self, symbol: str) -> None:
        ours = self.book.ours(f"EXIT {symbol}")
        alive = [order for order in ours if not order.done]
        self._told(symbol, ours, alive)
        held = self.book.held_of(symbol)
        if alive and held <= 0:
            self.wrong(f"{symbol}: an exit is alive, and nothing is held")
        split_at = self.book.split_at(symbol)
        if split_at is not None and any(o.placed_at < split_at for o in alive):
            self.wrong(f"{symbol}: an exit lives in the shares of before the split")
        kinds = {exit_kind(order.ticket) for order in alive}
        free = held - self.book.being_sold(symbol)
        known = {} if symbol in self._unconfirmed else self._standing
        if symbol in known and not kinds <= self._standing[symbol].keys():
            self.wrong(f"{symbol}: an exit lives that is not approved any more")
        for kind in kinds:
            rest = sum(o.remaining for o in alive if exit_kind(o.ticket) == kind)
            if rest > held:
                self.wrong(f"{symbol}: {kind}s for {rest:.0f}, and {held:.0f} are held")
            elif self._is_looked_at(symbol) and rest > free:
                self.wrong(f"{symbol}: {kind}s for what others are selling")
        self._is_covered(symbol, alive, held)
        if symbol in self._tokens:
            self.timed.close(symbol, left=min(held, self._bought(symbol)))

    def _is_looked_at(self, symbol: str) -> bool:
        """Whether the market was open long enough for a look at what others sell."""
        state, now = self.timed.hours.state, self.now()
        return symbol not in self._bare and all(
            state(at) is TradingPhase.OPEN for at in (now - _LOOKS_WITHIN, now)
        )

    def _told(self, symbol: str, ours: list[BookOrder], alive: list[BookOrder]) -> None:
        about = self._about(symbol)
        sold = sum(order.filled for order in ours)
        told = sum(claim.sold for claim in about)
        by_message = symbol in self._elsewhere & self._told_sold  # its card asks again
        if told > sold or (told < sold and not by_message):
            self.wrong(f"{symbol}: exits sold {sold:.0f}, {told} told in the end")
        if sold and symbol not in self._told_sold:
            self.wrong(f"{symbol}: exits sold {sold:.0f}, and no message said so")
        there = sum(claim.words in AT_IB for claim in about)
        whole = sum(order.filled == 0 for order in alive)
        may_be_less = symbol in self._answered | self._elsewhere
        if there > whole or (there < whole and not may_be_less):
            self.wrong(f"{symbol}: {there} exits told as at IB, {whole} are")
        if any(claim.words in NOT_YET for claim in about):
            self.wrong(f"{symbol}: an exit that was still not sent in the end")

    def _is_covered(self, symbol: str, alive: list[BookOrder], held: float) -> None:
        """Whether shares bought with a stop have one."""
        plan = self._standing.get(symbol, {})
        if not PROTECTS & plan.keys() or symbol in self._bare:
            return
        covered = sum(
            order.remaining
            for order in alive
            if exit_kind(order.ticket) in PROTECTS & plan.keys()
        ) / len(PROTECTS & plan.keys())
        free = held - self.book.being_sold(symbol)  # S1: what is being sold has no exit
        told = sum(self._closed.get(symbol, {}).values())
        if covered < (wanted := min(free, self._bought(symbol)) - told):
            self.wrong(f"{symbol}: {covered:.0f} of {wanted:.0f} have their stop")

    def _bought(self, symbol: str) -> float:
        """Shares of the newest approval that have not been sold since; infinite where
        it covers all that is held.
        """
        token, since = self._tokens[symbol], self._since[symbol]
        approved = self.approvals.on(token)
        if all(not approval.shares for approval in approved):
            return float("inf")  # all that is held
        orders = self.book.ours(symbol)
        bought = sum(o.filled for o in orders if self.token_of(o) == token)
        return max(0.0, bought - self.book.sold_since(symbol, since - _UNTIL_THERE))


def _card_of(placed: Placed) -> str:
    """The part of its ref that all orders of its card have, and its stock."""
    return f"{placed.ref.rpartition('-')[0]} {placed.symbol}"
