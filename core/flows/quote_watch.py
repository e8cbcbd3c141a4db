"""The quotes of the latest offer, kept running so that they are current at a Yes."""

import asyncio
from dataclasses import dataclass, field

from core.model.errors import BrokerAway
from core.model.order import FINAL
from core.model.proposal import Proposal, ProposalId, ProposalState
from core.ports.market import QuoteSource
from core.ports.orders import CardOrders
from core.ports.proposals import ProposalReader


@dataclass(slots=True, kw_only=True)
class QuoteWatch:
    """Follows one offer at a time, from its card until its orders have ended, because a
    paper account may not fill orders of a stock without a running quote."""

    market: QuoteSource
    proposals: ProposalReader
    orders: CardOrders
    _followed: Proposal | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, proposal: Proposal) -> None:
        """Follow this offer instead of the one before."""
        self._followed = proposal
        self._changed.set()

    def look(self) -> None:
        """Time has passed: stop following an offer that is settled."""
        if self._followed is not None and self._settled(self._followed.id):
            self._followed = None
            self._changed.set()

    def line_changed(self) -> None:
        """Restart the quotes: those of an earlier connection are not current."""
        self._changed.set()

    async def run(self) -> None:
        """Hold the streams open; never ends."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._followed is not None:
                await self._hold(self._followed)

    async def _hold(self, proposal: Proposal) -> None:
        legs = [leg.instrument for leg in proposal.legs]
        try:
            async with self.market.quotes(legs):
                await self._changed.wait()
        except BrokerAway:
            return  # a new line starts it again

    def _settled(self, proposal_id: ProposalId) -> bool:
        proposal = self.proposals.by_id(proposal_id)
        if proposal is None or proposal.state is ProposalState.OFFERED:
            return proposal is None
        return all(o.state in FINAL for o in self.orders.of_proposal(proposal_id))
