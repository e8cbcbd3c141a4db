"""The last question put to each chat: the next message may be its answer.

A question keeps the earlier arguments. After "/sell macv lots" the answer "half" is
"/sell macv half", and after "/buy 50" the answer "macv" is "/buy macv 50". An answer
only reads, makes a card that asks, or changes what rings and which keys are shown: none
places an order.

Tested by tests/bot/handlers/test_follow_up.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.handlers.vocabulary import OF_SHARES, spoken, stock_and_amount
from core.rules.figures.size import size_in
from core.rules.selling.amount import amount_in


ANSWER_TIMEOUT: Final = timedelta(minutes=5)
"""For how long a message may be the answer to the last question."""

_ANSWER: Final = re.compile(r"[A-Za-z0-9.,:$%!? -]{1,30}", re.ASCII)
_LONGEST: Final = 5  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question for the missing argument of the command *name*; *stock* and *amount*
    are the known ones, "" if missing.
    """

    name: str
    stock: str = ""
    amount: str = ""

    def with_answer(self, words: Sequence[str]) -> tuple[str, ...]:
        """The arguments of the command, completed by the answer *words*."""
        if self.name not in OF_SHARES:
            known = self.stock.split()
            repeated = [w.lower() for w in words[: len(known)]] == self.stock.split()
            return tuple(words) if repeated else (*known, *words)
        stock, amount = stock_and_amount(words)
        return tuple(f"{stock or self.stock} {amount or self.amount}".split())

    def takes(self, words: Sequence[str]) -> bool:
        """Whether *words* may be its answer: a stock, an amount, or both. "Sell ko" and "use
        limit orders" name no amount and are another message."""
        if self.name not in OF_SHARES or len(words) == 1:
            return True
        _, amount = stock_and_amount(words)
        read = size_in(amount) is not None or amount_in(amount) is not None
        return read or not amount


class Questions:
    """The last question put to each chat; lost at a restart."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Question, datetime]] = {}

    def put(self, chat: int, question: Question, at: datetime) -> None:
        """Put a question in *chat* at *at* (UTC), instead of the one before."""
        self._open[chat] = question, at

    def close(self, chat: int) -> None:
        """Forget the question in *chat*."""
        self._open.pop(chat, None)

    def answered(self, chat: int, text: str, now: datetime) -> Question | None:
        """The question that *text* may answer; None if none was put lately, or if
        *text* cannot be an answer.
        """
        question, at = self._open.get(chat, (None, now))
        if question is None or now - at > ANSWER_TIMEOUT:
            return None
        fits = _ANSWER.fullmatch(text.strip()) and len(text.split()) <= _LONGEST
        words = spoken(text)
        return question if fits and words and question.takes(words) else None
