"""The least that each scan could have taken: from the gateway's own draws alone.

Nothing is counted but the drawn delays and the gateway's message rate: no socket, no
gateway's own work, no client.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.bench.site import BARS, QUOTE, SCAN, Entry


RATE: Final = 50
"""Messages in any second, by IB's rule for a hundred lines."""

LINES: Final = 100
FIVE: Final = 5


@dataclass(slots=True)
class _Line:
    """Messages that leave as soon as the rate allows."""

    sent: list[float] = field(default_factory=list)

    def leave(self, at: float) -> float:
        """One more message, not before *at*; when it leaves."""
        free = self.sent[-RATE] + 1.0 if len(self.sent) >= RATE else at
        moment = max(at, free)
        self.sent.append(moment)
        return moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What the answers of one scan were drawn to take, in the order asked for."""

    scans: tuple[float, ...]
    quotes: tuple[float, ...]
    bars: tuple[float, ...]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Draws":
        """Those of one client that has scanned once."""

        def takes(message: int) -> tuple[float, ...]:
            return tuple(e.takes for e in entries if e.message == message)

        return cls(scans=takes(SCAN), quotes=takes(QUOTE), bars=takes(BARS))

    def card(self) -> float:
        """The scanner's answer and the slowest of what the five need."""
        return max(self.scans) + max(*self.quotes[:FIVE], *self.bars)

    def live_card(self) -> float:
        """By the open: all quotes at the gateway's rate, and then the five's bars."""
        line = _Line()
        quoted = self._quoted(line, self._found(line))
        return max(line.leave(quoted) + takes for takes in self.bars[-FIVE:])

    def table(self) -> float:
        """The last row's quote, everything at the gateway's rate; the scanners'
        cancels and the bars first."""
        line = _Line()
        found = self._found(line)
        for _ in (*self.scans, *self.bars):
            line.leave(found)
        return self._quoted(line, found)

    def _found(self, line: _Line) -> float:
        return max([line.leave(0.0) + takes for takes in self.scans])

    def _quoted(self, line: _Line, found: float) -> float:
        """Every row, and a cancel for each that needs another's line."""
        last = found
        for number, takes in enumerate(self.quotes):
            if number >= LINES:
                line.leave(found)
            last = max(last, line.leave(found) + takes)
        return last
