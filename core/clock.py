"""The only reader of the time of day."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """This machine's clock, or one that is *ahead* of it by so many seconds.

    Only the sandbox is ahead: all that takes part in it shares one distance, so its
    clocks agree, also after a restart.
    """

    def __init__(self, *, ahead: float = 0.0) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC) + self._ahead  # noqa: TID251  this is the Clock
