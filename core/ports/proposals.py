"""Cards on disk. See core.ports.journal for what *write* means."""

from datetime import date, datetime
from typing import Protocol

from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token


class ProposalReader(Protocol):
    """Looks cards up."""

    def by_id(self, proposal_id: ProposalId) -> Proposal | None: ...
    def by_token(self, token: Token) -> Proposal | None: ...
    def offers(self) -> tuple[Proposal, ...]:
        """The proposals in state OFFERED, oldest first."""


class ShownProposals(Protocol):
    """Finds cards by the message that shows them."""

    def newest_in(self, shown: Shown) -> ProposalId | None:
        """The last card shown in this message."""


class LatestPicks(Protocol):
    """Finds the last picks."""

    def latest(self, *, before: date | None) -> Proposal | None:
        """The newest card of a scan that has legs; only of sessions before *before*
        (New York date), if given."""


class NewestScan(Protocol):
    """Finds the last scan."""

    def newest_scan(self) -> Proposal | None:
        """The newest card of a scan, whether it offered anything or not."""


class ProposalFinder(ProposalReader, ShownProposals, LatestPicks, NewestScan, Protocol):
    """Finds cards in every way, and changes none."""


class CardPlaces(Protocol):
    """Writes in which message a card is shown."""

    def set_shown(self, proposal_id: ProposalId, shown: Shown) -> None:
        """*write* Its card is shown there from now on, whatever its state; an unknown
        id changes nothing."""


class WrittenProposals(ProposalReader, Protocol):
    """Cards, and the one answer that each can have."""

    def add(self, proposal: Proposal) -> None:
        """*write*"""

    def amend(self, proposal: Proposal) -> None:
        """*write* Replace the content of an undecided proposal; its state stays.

        Raises:
            Contradiction: it has been decided.
        """

    def move(
        self,
        proposal_id: ProposalId,
        *,
        to: ProposalState,
        by: str,
        at: datetime,
        shown: Shown | None,
    ) -> bool:
        """*write* OFFERED -> *to*, compare-and-set; True only for the first.

        With *shown*, only if the card is shown there and *at* (UTC) is before its end;
        without it, unconditionally.
        """

    def offer_ids(self, *, over_at: datetime | None = None) -> tuple[ProposalId, ...]:
        """The ids in state OFFERED, oldest first; with *over_at* (UTC), only those
        whose time is over by then."""


class Proposals(WrittenProposals, ProposalFinder, CardPlaces, Protocol):
    """All of it; each part is given only what it uses."""
