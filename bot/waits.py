"""How long what the owner says may have waited before it was heard.

A message carries the date of its sending. A tap carries none: it can have waited since
the last time that Telegram answered us, or longer in the journal of an earlier run. By
two clocks, which both go on while the machine sleeps: the time of day may be set back in
an outage, and then says less than has passed. How long an answer took says nothing, for
it may have been held back, been slow, or lain here during a sleep.
"""

from datetime import datetime, timedelta
from typing import Final

from telegram import Update

from core.rules.sending import Moment, apart


LONG: Final = timedelta(minutes=3)
"""What waited longer may not be wanted any more."""

_SET_BACK: Final = timedelta(seconds=2)
"""A clock that shows so much less than has passed was set back."""


class Waits:
    """Kept by the inbox, asked by the handlers."""

    def __init__(self) -> None:
        self._listening = False
        self._answered: Moment | None = None
        self._before: dict[int, timedelta] = {}
        self._misdated: set[int] = set()

    def begin(self) -> None:
        """From now on what comes is noted; what was there before has waited."""
        self._listening = True

    def answered(self, *numbers: int, at: Moment, more: bool = False) -> None:
        """Telegram answered a poll with the updates of these numbers: they came after
        its last answer. When there are *more* behind them, those have waited as these
        have. Where the clock was set back in between, no date of theirs says how long."""
        before = self._answered
        gap = timedelta.max if before is None else apart(before, at)
        self._before |= dict.fromkeys(numbers, gap)
        if before is not None and gap - (at.at - before.at) > _SET_BACK:
            self._misdated.update(numbers)
        if not more:
            self._answered = at

    def of(self, update: Update, *, now: datetime) -> timedelta:
        """How long *update* may have waited, at most."""
        number = update.update_id
        if update.message is not None and number not in self._misdated:
            return now - update.message.date
        unknown = timedelta.max if self._listening else timedelta(0)
        return self._before.get(number, unknown)

    def done(self, number: int) -> None:
        """The update has been handled."""
        self._before.pop(number, None)
        self._misdated.discard(number)
