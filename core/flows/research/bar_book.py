"""Daily bars of earlier scans, kept for as long as they can serve another one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.model.market import Bar, ConId
from core.rules.figures.bars import lasting


@dataclass(slots=True)
class BarBook:
    """One session's bars by stock. Those of another session are forgotten, and those
    of a session that went on once it *is_over*: they were not whole."""

    _of: tuple[date, bool] | None = None
    _bars: dict[ConId, tuple[Bar, ...]] = field(default_factory=dict)

    def recall(
        self, con_id: ConId, *, session_day: date, is_over: bool = False
    ) -> tuple[Bar, ...] | None:
        """The bars that were kept; the day's own is as old as they are."""
        return self._bars.get(con_id) if (session_day, is_over) == self._of else None

    def keep(
        self,
        con_id: ConId,
        bars: Sequence[Bar],
        *,
        session_day: date,
        is_over: bool = False,
    ) -> None:
        """Keep *bars* if both opens are among them; else they are worth asking for
        again."""
        if (session_day, is_over) != self._of:
            self._of, self._bars = (session_day, is_over), {}
        if lasting(bars, session_day=session_day):
            self._bars[con_id] = tuple(bars)
