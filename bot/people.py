"""Who may use the bot: the owner in the settings, further owners, and viewers.

Each has a private chat, which gets all news once. Results appear in the first owner's
chat; a tap on a copy counts for the original card.
"""

from collections.abc import Callable
from typing import Final

from core.model.identity import Person, Rights
from core.model.proposal import ProposalId, Shown
from core.ports.outbox import SentNews
from core.ports.proposals import ProposalReader


_CARD: Final = "card:"


class People:
    """The *owner* and the *others*, who are read again at every update."""

    def __init__(self, *, owner: int, others: Callable[[], tuple[Person, ...]]) -> None:
        self.owner = owner
        self._others = others

    @property
    def others(self) -> tuple[Person, ...]:
        return tuple(each for each in self._others() if each.number != self.owner)

    def rights_of(self, number: int) -> Rights | None:
        """None for a stranger."""
        if number == self.owner:
            return Rights.OWNER
        found = (each.rights for each in self.others if each.number == number)
        return next(found, None)

    def may_act(self, number: int) -> bool:
        return self.rights_of(number) is Rights.OWNER


class Originals:
    """Finds the card that a message is a copy of."""

    def __init__(self, *, sent: SentNews, proposals: ProposalReader) -> None:
        self._sent, self._proposals = sent, proposals

    def of(self, shown: Shown) -> Shown:
        """The place of the original card of *shown*; *shown* itself if it is no
        copy."""
        key = self._sent.told_at(shown)
        if key is None or not key.startswith(_CARD):
            return shown
        card = self._proposals.by_id(ProposalId(key.removeprefix(_CARD)))
        return shown if card is None else card.shown
