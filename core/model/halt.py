"""Why nothing may be sent until the owner resumes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final


THE_BOT: Final = "the bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """One reason, since ``at`` (UTC). ``by`` is the owner's name, or THE_BOT."""

    at: datetime
    by: str
    reason: str
