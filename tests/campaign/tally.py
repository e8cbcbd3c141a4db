"""What a campaign comes to: counts, and where its bots died."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import Final

from tests.campaign.holding.plan import LABELS as AT_A_HOLDING
from tests.campaign.holding.watch import Lapse
from tests.campaign.judge import Count
from tests.campaign.outcome import Outcome
from tests.campaign.plan import LABELS, RANDOM


EVERY_LABEL: Final = tuple(dict.fromkeys((*LABELS, *AT_A_HOLDING)))


@dataclass(slots=True)
class Tally:
    """What a campaign comes to."""

    total: Count = field(default_factory=Count)
    meant: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    ends: dict[str, Counter[str]] = field(default_factory=dict)
    besides: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    naked: dict[str, list[Lapse]] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """Since the campaign began."""
        return monotonic() - self.began

    def add(self, outcome: Outcome) -> None:
        """Count one trial."""
        self.total += outcome.count
        self.meant[outcome.label] += 1
        self.besides[outcome.besides] += 1
        self.met[outcome.besides] += outcome.met
        self.died[outcome.label] += outcome.has_died_there
        ends = self.ends.setdefault(outcome.behaviour, Counter())
        ends.update(_end(words) for words in outcome.words)
        self.naked.setdefault(outcome.besides, []).extend(outcome.naked)

    def lines(self) -> Iterator[str]:
        """Where the bot died, what became of the orders, and the sum of it."""
        for label in (*EVERY_LABEL, RANDOM):
            if self.meant[label]:
                yield f"{label}: died there in {self.died[label]} of {self.meant[label]}"
        for behaviour, ends in self.ends.items():
            words = ", ".join(f"{end} {ends[end]}" for end in sorted(ends))
            yield f"{behaviour}: {words}"
        for besides, trials in self.besides.items():
            yield f"besides, {besides}: came about in {self.met[besides]} of {trials}"
        yield from self._without_a_stop()
        each = self.seconds / max(1, self.total.trials)
        yield f"{self.seconds:.0f} s, {each:.2f} s for a trial"
        yield f"{self.total}"

    def _without_a_stop(self) -> Iterator[str]:
        """How long shares were held without one: the median and the worst."""
        for scene, lapses in self.naked.items():
            if not lapses:
                continue
            awake = sorted(each.awake for each in lapses)
            whole = sorted(each.seconds for each in lapses)
            yield (
                f"without a stop, {scene}: {len(lapses)} times, bot connected median "
                f"{median(awake):.2f} s, worst {awake[-1]:.2f} s; in all median "
                f"{median(whole):.2f} s, worst {whole[-1]:.2f} s"
            )


def _end(words: str) -> str:
    """The words for an order's end, without its price and fee."""
    over = "rest cancelled" in words
    filled = words.split(" @ ", maxsplit=1)[0].split(" fee", maxsplit=1)[0]
    return f"{filled}, the rest cancelled" if over else filled
