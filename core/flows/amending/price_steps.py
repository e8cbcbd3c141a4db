"""The price steps of stocks offered with a limit or with exits, requested after the card
is shown.

The card does not wait for them. Until they have come, a guard refuses the orders whose
limit needs them, and the card says so; then the limit is computed, which is a new
question. Exits that turn out to be nearer than a step keep the purchase back.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core.ledger.cards import Cards
from core.model.errors import BrokerError
from core.model.market import ConId
from core.model.money import Steps
from core.model.proposal import Leg, Proposal, ProposalId, ProposalState
from core.ports.chat import NewToken
from core.ports.market import Clock, PriceRules
from core.ports.proposals import ProposalReader
from core.ports.settings import InstructionReader
from core.rules.exits.prices import need_steps
from core.rules.figures.sizing import sized
from core.rules.figures.terms import chosen, may_need_steps, needs_steps, repriced


_log: Final = logging.getLogger(__name__)

_AGAIN: Final = timedelta(seconds=10)
"""How long after a failed request a card's steps are requested again."""

StepsOfStocks = Mapping[ConId, Steps]


@dataclass(slots=True, kw_only=True)
class StepFinder:
    """Adds the price steps that open offers need."""

    market: PriceRules
    proposals: ProposalReader
    cards: Cards
    instructions: InstructionReader
    clock: Clock
    new_token: NewToken
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: dict[ProposalId, datetime] = field(default_factory=dict)
    _is_chosen: bool = True
    """Whether an open card may have terms or exits of its own; one of before a start
    may."""

    def look(self) -> None:
        """Note that an offer may need price steps; ignored if all purchases are at the
        market without a cap and without priced exits, by the settings and on every open
        card."""
        if self._is_chosen or may_need_steps(self.instructions.read().limits):
            self._due.set()

    def look_now(self) -> None:
        """An offer needs them, whatever the settings say: its terms or exits were
        chosen."""
        self._asked, self._is_chosen = {}, True
        self._due.set()

    async def run(self) -> None:
        """Ask for what is needed; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            offers = self.proposals.offers()
            self._is_chosen = any(map(_is_chosen, offers))
            for offer in offers:
                await self._see_to(offer)

    async def _see_to(self, offer: Proposal) -> None:
        limits = chosen(self.instructions.read().limits, offer.terms)
        now = self.clock.now()
        wanted = [leg for leg in offer.legs if needs_steps(leg, limits)]
        asked = self._asked.get(offer.id)
        if not wanted or (asked is not None and now - asked < _AGAIN):
            return
        self._asked = {offer.id: now}
        found = {leg.instrument.con_id: await self._steps(leg) for leg in wanted}
        self._amend(offer.id, found)

    async def _steps(self, leg: Leg) -> Steps:
        within = self.instructions.read().timeouts.quotes
        try:
            return await self.market.price_steps(leg.instrument, within=within)
        except BrokerError as problem:
            _log.warning("no price step of %s: %s", leg.instrument.symbol, problem)
            return ()

    def _amend(self, offer: ProposalId, found: StepsOfStocks) -> None:
        """Add what was *found* to the offer in its current state."""
        stands = self.proposals.by_id(offer)
        if stands is None or stands.state is not ProposalState.OFFERED:
            return
        legs = tuple(self._with_steps(leg, stands, found) for leg in stands.legs)
        if legs != stands.legs:
            is_same = [leg.limit for leg in legs] == [leg.limit for leg in stands.legs]
            token = stands.token if is_same else self.new_token()
            self.cards.price(stands, legs=legs, token=token)

    def _with_steps(self, leg: Leg, stands: Proposal, found: StepsOfStocks) -> Leg:
        steps = found.get(leg.instrument.con_id)
        company = leg.company or self.market.company(leg.instrument)
        leg = replace(leg, company=company)
        if not steps or leg.steps:
            return leg
        limits = chosen(self.instructions.read().limits, stands.terms)
        priced = repriced(replace(leg, steps=steps), limits)
        if priced.limit == leg.limit:
            return priced
        size = stands.size or limits.default_size
        (fitted,) = sized([priced], size, worth=stands.net_liquidation)
        return fitted


def _is_chosen(offer: Proposal) -> bool:
    """Whether *offer* may need steps that the settings do not."""
    return bool(offer.terms) or any(need_steps(leg.exits) for leg in offer.legs)
