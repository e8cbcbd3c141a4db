"""Daily bars of earlier scans, kept for as long as they can serve another one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.model.market import Bar, ConId
from core.rules.figures.bars import lasting


@dataclass(slots=True)
class BarBook:
    """One session's bars by stock. Those of another session are forgotten; those that
    were fetched during the session too, once it *is_over*: its own bar was not whole."""

    _of: tuple[date, bool] | None = None
    _bars: dict[ConId, tuple[Bar, ...]] = field(default_factory=dict)

    def recall(
        self, con_id: ConId, *, session_day: date, is_over: bool = False
    ) -> tuple[Bar, ...] | None:
        """The bars that were kept, None if none were; the session's own bar is as it was when
        they were fetched."""
        return self._bars.get(con_id) if (session_day, is_over) == self._of else None

    def keep(
        self,
        con_id: ConId,
        bars: Sequence[Bar],
        *,
        session_day: date,
        is_over: bool = False,
    ) -> None:
        """Keep *bars* if today's and the prior day's open are among them; else the next
        scan requests them again."""
        if (session_day, is_over) != self._of:
            self._of, self._bars = (session_day, is_over), {}
        if lasting(bars, session_day=session_day):
            self._bars[con_id] = tuple(bars)
