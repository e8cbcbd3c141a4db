"""What each chat was asked last: what is typed next may be the answer.

A question keeps what was said before it. After "/sell macv lots" the answer "half" is
"/sell macv half", and after "/buy 50" the answer "macv" is "/buy macv 50". Each answer is
only looked at, ends in a card that asks, or changes what rings: none places an order.

Tested by tests/bot/handlers/test_follow_up.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.handlers.vocabulary import OF_SHARES, spoken, stock_and_amount


PATIENCE: Final = timedelta(minutes=5)
"""So long what is typed may be the answer to the question before."""

_ANSWER: Final = re.compile(r"[A-Za-z0-9.,:$%!? -]{1,30}", re.ASCII)
_LONGEST: Final = 5  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the command *name* asks for: the *stock* and the *amount* are what is known
    already, "" for nothing."""

    name: str
    stock: str = ""
    amount: str = ""

    def with_answer(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words behind the command, now that *words* were answered."""
        if self.name not in OF_SHARES:
            known = self.stock.split()
            repeated = [w.lower() for w in words[: len(known)]] == self.stock.split()
            return tuple(words) if repeated else (*known, *words)
        stock, amount = stock_and_amount(words)
        return tuple(f"{stock or self.stock} {amount or self.amount}".split())


class Questions:
    """What each chat was asked last; forgotten at a restart, when it is asked anew."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Question, datetime]] = {}

    def put(self, chat: int, question: Question, at: datetime) -> None:
        """It stands in *chat* since *at* (UTC), in the place of the one before."""
        self._open[chat] = question, at

    def close(self, chat: int) -> None:
        """Something else was asked for."""
        self._open.pop(chat, None)

    def answered(self, chat: int, text: str, now: datetime) -> Question | None:
        """The question that *text* may answer; None when nothing was asked lately, or it
        is no answer."""
        question, at = self._open.get(chat, (None, now))
        if question is None or now - at > PATIENCE:
            return None
        fits = _ANSWER.fullmatch(text.strip()) and len(text.split()) <= _LONGEST
        return question if fits and spoken(text) else None
