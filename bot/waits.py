"""How long what the owner says may have waited before it was heard.

A message carries the date of its sending. A tap carries none: it can have waited since
the last time that Telegram answered us, or longer in the journal of an earlier run. By
the time of day, which goes on while the machine sleeps; how long an answer took says
nothing, for it may have been held back, been slow, or lain here during a sleep.
"""

from datetime import datetime, timedelta
from typing import Final

from telegram import Update


LONG: Final = timedelta(minutes=3)
"""What waited longer may not be wanted any more."""


class Waits:
    """Kept by the inbox, asked by the handlers."""

    def __init__(self) -> None:
        self._listening = False
        self._answered: datetime | None = None
        self._before: dict[int, timedelta] = {}

    def begin(self) -> None:
        """From now on what comes is noted; what was there before has waited."""
        self._listening = True

    def answered(self, *numbers: int, at: datetime, more: bool = False) -> None:
        """Telegram answered a poll with the updates of these numbers: they came after
        its last answer. When there are *more* behind them, those have waited as these
        have. A clock that was set back in between tells nothing."""
        gap = timedelta.max if self._answered is None else at - self._answered
        if gap < timedelta(0):
            gap = timedelta.max
        self._before |= dict.fromkeys(numbers, gap)
        if not more:
            self._answered = at

    def of(self, update: Update, *, now: datetime) -> timedelta:
        """How long *update* may have waited, at most."""
        if update.message is not None:
            return now - update.message.date
        unknown = timedelta.max if self._listening else timedelta(0)
        return self._before.get(update.update_id, unknown)

    def done(self, number: int) -> None:
        """The update has been handled."""
        self._before.pop(number, None)
