"""The Clock port, set by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class HandClock:
    """It is *moment* until somebody moves the hands; ``wrong`` is how far it was set."""

    moment: datetime
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        return self.moment

    def boottime(self) -> float:
        return (self.moment - self.wrong).timestamp()

    def forward(self, **by: float) -> None:
        """Move on by so many days, hours, minutes or seconds."""
        self.moment += timedelta(**by)

    def turn(self, **by: float) -> None:
        """Set the time of day, ahead or back by so much; no time passes."""
        self.wrong += timedelta(**by)
        self.forward(**by)
