"""How long the gateway takes to answer, drawn from a seed.

Measured figures (355 live scans at server version 178): a scan takes 0.582 s in
the median, 0.860 s at the 95th percentile, 1.029 s at the 99th. The end of a snapshot comes
after 11 s. The other ranges are assumed from users' reports.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from types import MappingProxyType
from typing import Final


class AnswerKind(StrEnum):
    """The kinds of answer whose delay is drawn."""

    SCAN = "scan"
    QUOTE = "quote"
    BARS = "bars"
    REFERENCE = "reference"
    ACK = "ack"
    FILL = "fill"
    PARTIAL = "partial"
    COMMISSION = "commission"
    CANCEL = "cancel"
    ACCOUNT = "account"


class Profile(StrEnum):
    """How fast a gateway answers, chosen on the command line."""

    INSTANT = "instant"
    TYPICAL = "typical"
    SLOW = "slow"
    NIGHTLY = "nightly"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRange:
    """A range of delays in seconds: *low* at least, mostly about *usual*, *high* at
    most.
    """

    low: float
    usual: float
    high: float

    def draw(self, chance: Random) -> float:
        """Return one delay in seconds."""
        return chance.triangular(self.low, self.high, self.usual)


TYPICAL: Final = MappingProxyType(
    {
        AnswerKind.SCAN: DelayRange(low=0.35, usual=0.50, high=1.03),
        AnswerKind.QUOTE: DelayRange(low=0.15, usual=0.25, high=0.60),
        AnswerKind.BARS: DelayRange(low=0.25, usual=0.40, high=0.80),
        AnswerKind.REFERENCE: DelayRange(low=0.08, usual=0.15, high=0.40),
        AnswerKind.ACK: DelayRange(low=0.03, usual=0.06, high=0.12),
        AnswerKind.FILL: DelayRange(low=0.20, usual=0.50, high=1.50),
        AnswerKind.PARTIAL: DelayRange(low=0.10, usual=0.30, high=1.00),
        AnswerKind.COMMISSION: DelayRange(low=0.02, usual=0.10, high=0.50),
        AnswerKind.CANCEL: DelayRange(low=0.05, usual=0.10, high=0.30),
        AnswerKind.ACCOUNT: DelayRange(low=0.01, usual=0.03, high=0.10),
    },
)
SLOWER: Final = MappingProxyType(
    {
        Profile.INSTANT: 0.0,
        Profile.TYPICAL: 1.0,
        Profile.SLOW: 4.0,  # assumed: a bad line, still inside common time limits
        Profile.NIGHTLY: 10.0,  # assumed: the server resets; order actions are delayed
    },
)


class Latency:
    """Delays of one client's answers: same seed, same client, same delays."""

    def __init__(self, profile: Profile, *, seed: str) -> None:
        self._slower = SLOWER[profile]
        self._chance = Random(seed)  # noqa: S311  a simulation wants repeatable draws

    def __call__(self, step: AnswerKind) -> float:
        """Return the seconds the next answer of this kind takes."""
        return TYPICAL[step].draw(self._chance) * self._slower
