"""The Clock port, set by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class HandClock:
    """It is *moment* until somebody moves the hands."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def boottime(self) -> float:
        return self.moment.timestamp()

    def forward(self, **by: float) -> None:
        """Move on by so many days, hours, minutes or seconds."""
        self.moment += timedelta(**by)
