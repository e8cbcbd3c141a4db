"""What one trial came to, whatever it was about."""

from dataclasses import dataclass

from tests.campaign.holding.watch import Lapse
from tests.campaign.judge import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``label`` is where the bot was to die and ``has_died_there`` whether it did;
    ``besides`` what else was to go wrong, and ``met`` whether it came about. ``words``
    are those for each order's end; ``naked`` the times without protection; ``story``
    tells all of it."""

    plan: str
    label: str
    behaviour: str
    besides: str
    count: Count
    has_died_there: bool
    met: bool
    words: tuple[str, ...]
    story: str
    naked: tuple[Lapse, ...] = ()
