"""Why nothing may be sent until the owner resumes, and that he wants out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final


THE_BOT: Final = "the bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """One reason, since ``at`` (UTC). ``by`` is the owner's name, or THE_BOT.
    ``old_copy``: the journal may be an older one, whose plans hold no more, so that no
    exit is placed or ended by it either."""

    at: datetime
    by: str
    reason: str
    old_copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """The owner wants out, since ``at`` (UTC), said ``by`` him: all orders are cancelled,
    then the card with the name ``key`` asks whether to sell all that is held."""

    at: datetime
    by: str
    key: str
