"""Short pauses before the exits of a stock are looked at again.

Tested by tests/core/flows/exits/test_lagging.py and test_splits.py.
"""

from dataclasses import dataclass, field
from typing import Final

from core.model.market import ConId
from core.ports.market import SteadyClock
from core.rules.exits.coverage import Need


_REST: Final = 2.0
"""Seconds between two requests to IB about a stock whose listings do not agree."""

_LOOK: Final = 300.0
"""Seconds between two looks at what others may sell beside exits that stand."""

_WINDOW: Final = 240.0
"""Seconds. IB renews the account window every three minutes."""


@dataclass(slots=True, kw_only=True)
class ExitPauses:
    """When (boottime) IB was last asked about each stock, and since when others have ended
    its exits."""

    clock: SteadyClock
    _asked: dict[ConId, tuple[Need, float]] = field(default_factory=dict)
    _looked: dict[ConId, float] = field(default_factory=dict)
    _ended_since: dict[ConId, float] = field(default_factory=dict)

    def before_asking(self, con_id: ConId, supposed: Need) -> bool:
        """Note that IB is about to be asked about *supposed*. Returns whether it was just
        now, so that it rests."""
        now, last = self.clock.boottime(), self._asked.get(con_id)
        if last is not None and last[0] == supposed and now - last[1] < _REST:
            return True
        self._asked[con_id] = supposed, now
        return False

    def answered(self, con_id: ConId) -> None:
        """Something was to be done: the next question is another one."""
        self._asked.pop(con_id, None)

    def before_looking(self, con_id: ConId) -> bool:
        """Returns whether a look at what others may sell is due, and notes it. The first
        is due after five minutes: exits are placed by what IB has just listed."""
        now = self.clock.boottime()
        if now - self._looked.setdefault(con_id, now) < _LOOK:
            return False
        self._looked[con_id] = now
        return True

    def before_telling(self, con_id: ConId, *, ended: bool) -> bool:
        """Note whether others have *ended* exits while the market is closed, as IB does at
        a split. Returns whether to wait, until the account window shows if it was one."""
        if not ended:
            self._ended_since.pop(con_id, None)
            return False
        now = self.clock.boottime()
        return now - self._ended_since.setdefault(con_id, now) < _WINDOW
