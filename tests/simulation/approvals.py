"""What the owner has approved, read from the card that he saw and the button he
pressed.

It shares no code with the product. The button's data names the card and the answer; the
card's text names the stocks and shares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.market.hours import NEW_YORK
from tests.simulation.card_terms import terms_on
from tests.simulation.cards import named
from tests.simulation.exit_plans import ExitPlan, plans_on, prices_on


_ASKS: Final = re.compile(
    r"(?:yes:? |offered: |queue: )?(buy|sell)s?\b(.*)", re.IGNORECASE
)
_LEG: Final = re.compile(r"([\d,]+)(?: of [\d,.]+)? ([A-Z][A-Z.]*)\b")
_HOLDING: Final = re.compile(r"([A-Z][A-Z.]*) ([\d,]+) +[\d,.]+ +\$?[\d,.]+")
"""A row of the card that sells all: stock, shares, price, worth."""

_SYMBOL: Final = re.compile(r"\b[A-Z][A-Z.]*\b")
_ANSWER: Final = re.compile(r"v1:o:([y12]):(.+)")
_ENDS: Final = re.compile(r"offer ends (?:\w+ )?(\d\d):(\d\d) ET")
_A_MINUTE, _HALF_A_DAY = timedelta(minutes=1), timedelta(hours=12)
_QUEUE: Final = "Queue"
_EVERYTHING: Final = "y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approving press: the card's token, and shares by name of stock and side (see
    ``named``).
    """

    token: str
    shares: Mapping[str, int]
    queued: bool
    terms: AbstractSet[tuple[str, str]]
    """The time in force and the type that the card names."""

    exits: Mapping[str, ExitPlan] = field(default_factory=dict)
    """The exits that come with it, by the stock's symbol."""

    prices: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """What the card showed as a stock's price, in dollars."""

    message: int = 0
    sells_all: bool = False
    at: datetime | None = None
    late: bool = False
    """Pressed when the offer was over by what the card says."""


class UnreadableError(ValueError):
    """The card's text does not say what a press on it approves."""


@dataclass(slots=True)
class Approvals:
    """All approvals of one world."""

    _selling_all: set[int] = field(default_factory=set)
    """Messages that have asked whether to sell all; they may ask anew, in other words."""

    _of: dict[str, list[Approval]] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)

    def look(self, message: int, text: str) -> None:
        """Record that *message* shows *text* now."""
        side, rest = next(_asking(text), ("", ""))
        if side == "SELL" and not _LEG.search(rest):
            self._selling_all.add(message)

    def press(
        self, message: Message, label: str, data: str, at: datetime
    ) -> Approval | None:
        """Record a press at *at* (UTC); returns the approval, None if it approves
        nothing.

        Raises:
            UnreadableError: it approves something, but the card does not say what.
        """
        approval = read(message, label, data)
        if approval is None:
            return None
        if message.message_id in self._selling_all:
            approval = replace(approval, sells_all=True)
        approval = replace(approval, at=at, late=is_over(message.text, at))
        known = self._of.setdefault(approval.token, [])
        before = {name for each in known for name in each.shares}
        self._times.update(approval.shares.keys() - before)
        known.append(approval)
        return approval

    def of_message(self, message: int) -> Approval | None:
        """The last approval on that message."""
        every = (each for several in self._of.values() for each in several)
        return next((a for a in reversed([*every]) if a.message == message), None)

    def first_at(self, token: str) -> datetime | None:
        """When (UTC) the card was approved first: a second press changes nothing."""
        return min((a.at for a in self._of.get(token, ()) if a.at), default=None)

    def prices(self, symbol: str) -> set[float]:
        """The prices of a stock on the approved cards, in dollars."""
        return {
            price
            for several in self._of.values()
            for each in several
            for price in each.prices.get(symbol, ())
        }

    def sells_all_at(self, name: str) -> datetime | None:
        """When (UTC) a card of /panic that sells *name* was approved last."""
        every = (each for several in self._of.values() for each in several)
        times = (a.at for a in every if a.sells_all and name in a.shares)
        return max((at for at in times if at is not None), default=None)

    def any_since(self, at: datetime) -> bool:
        """Whether anything was approved from *at* (UTC) on."""
        every = (each for several in self._of.values() for each in several)
        return any(each.at is not None and each.at >= at for each in every)

    def times(self, name: str) -> int:
        """The number of cards on which such an order was approved."""
        return self._times[name]

    def on(self, token: str) -> list[Approval]:
        """The approvals on the card with that token."""
        return self._of.get(token, [])

    def terms(self, name: str) -> set[tuple[str, str]]:
        """The time in force and the type that such orders were approved with."""
        every = (each for several in self._of.values() for each in several)
        return {terms for each in every if name in each.shares for terms in each.terms}

    def shares(self, name: str) -> set[int]:
        """Each number of shares that was approved for such an order."""
        every = (each for several in self._of.values() for each in several)
        return {each.shares[name] for each in every if name in each.shares}


def read(message: Message, label: str, data: str) -> Approval | None:
    """What a press on *label*, whose data is *data*, approves; None if nothing.

    Raises:
        UnreadableError: it approves something, but the card does not say what.
    """
    answer = _ANSWER.fullmatch(data)
    if answer is None:
        return None
    legs, exits = dict(asked(message.text)), plans_on(message.text)
    one = [name for name in legs if name.split()[-1] in _SYMBOL.findall(label)]
    if answer[1] != _EVERYTHING or one:
        legs = {name: legs[name] for name in one}
    if not legs and not exits:
        raise UnreadableError(f"{label!r} on a card that names no such order")
    return Approval(
        token=answer[2],
        shares=legs,
        queued=label.startswith(_QUEUE),
        terms=terms_on(message.text),
        exits=exits
        if not legs
        else {name: exits[name] for name in legs if name in exits},
        prices={s: prices_on(message.text, s) for s in {*exits, *_symbols(legs)}},
        message=message.message_id,
    )


def _symbols(legs: Mapping[str, int]) -> set[str]:
    return {name.split()[-1] for name in legs}


def is_over(text: str, at: datetime) -> bool:
    """Whether the card's offer had ended at *at* by its text, which is exact to the
    minute.
    """
    match = _ENDS.search(text)
    if match is None:
        return False
    day = at.astimezone(NEW_YORK)
    end = day.replace(hour=int(match[1]), minute=int(match[2]), second=0)
    return _A_MINUTE < day - end < _HALF_A_DAY


def asked(text: str) -> Iterator[tuple[str, int]]:
    """The orders that a card asks about: shares by name."""
    for side, rest in _asking(text):
        legs = _LEG.findall(rest)
        if legs:
            for shares, symbol in legs:
                yield named(symbol, side), _number(shares)
            return
        if side == "SELL":
            for symbol, shares in _HOLDING.findall(text):
                yield named(symbol, side), _number(shares)
            return


def _asking(text: str) -> Iterator[tuple[str, str]]:
    """Each line that asks: the side, and the rest of the line."""
    for line in text.replace("\nand ", " and ").splitlines():
        if match := _ASKS.match(line):
            yield match[1].upper(), match[2]


def _number(text: str) -> int:
    return int(text.replace(",", ""))
