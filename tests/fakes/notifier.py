"""The Notifier port in memory: an owner's chat that can be out of reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from core.model.errors import NotifierAway
from core.model.proposal import Shown
from core.model.status import ScanProgress
from tests.builders import a_shown


@dataclass(slots=True)
class FakeNotifier:
    """``places`` are the placeholders by their key, ``progressed`` what was shown on
    the way, ``woken`` how often there was news. ``away`` is out of reach, ``meanwhile``
    happens while a place is waited for."""

    away: bool = False
    woken: int = 0
    meanwhile: Callable[[], object] = lambda: None
    places: dict[str, Shown] = field(default_factory=dict)
    progressed: list[tuple[Shown, ScanProgress]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(501))

    async def place(self, key: str, *, within: float | None = None) -> Shown:
        if self.away:
            raise NotifierAway
        self.meanwhile()
        if key not in self.places:
            self.places[key] = a_shown(message=next(self._numbers))
        return self.places[key]

    def progress(self, shown: Shown, progress: ScanProgress) -> None:
        self.progressed.append((shown, progress))

    def wake(self) -> None:
        self.woken += 1
