"""From what the owner named to a card that asks; there is no scan behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.flows.new_cards import NewCard, NewCards
from core.ledger.cards import Cards
from core.model.money import Size
from core.model.proposal import Leg, Proposal, Purpose
from core.ports.chat import Notifier
from core.ports.settings import InstructionReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposer:
    """Puts cards without a scan into the chat."""

    notifier: Notifier
    instructions: InstructionReader
    cards: Cards
    new_cards: NewCards

    def answered(self, key: str) -> bool:
        """Whether the request named *key* has its card already."""
        return self.cards.answered(key)

    async def propose(
        self,
        purpose: Purpose,
        legs: Sequence[Leg],
        *,
        key: str,
        note: str | None = None,
        size: Size | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Proposal | None:
        """Offer *legs* on a card of their own, each of *size* if given, once for *key*.
        None if *is_wanted* is false by the time the chat has a place for it.

        Raises:
            NotifierAway: the chat refused it or could not be reached; nothing is
                offered.
        """
        shown = await self.notifier.place(key)
        if not is_wanted():
            return None
        return self.new_cards.offer(
            NewCard(
                key=key,
                shown=shown,
                legs=legs,
                limits=self.instructions.read().limits,
                purpose=purpose,
                size=size,
                note=note,
            )
        )
