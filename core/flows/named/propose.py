"""From what the owner named to a card that asks; there is no scan behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.flows.amending.price_steps import StepFinder
from core.flows.quote_watch import QuoteWatch
from core.ledger.cards import Cards
from core.model.market import Freshness, RankBy
from core.model.money import Size
from core.model.proposal import Leg, Proposal, ProposalState, Purpose
from core.model.ranking import Ranking
from core.ports.account import AccountReader
from core.ports.chat import NewId, NewToken, Notifier
from core.ports.market import Clock
from core.ports.settings import InstructionReader
from core.rules.figures import terms
from core.rules.figures.sizing import sized
from core.rules.new_york import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposer:
    """Puts cards without a scan into the chat."""

    broker: AccountReader
    notifier: Notifier
    clock: Clock
    instructions: InstructionReader
    cards: Cards
    watch: QuoteWatch
    steps: StepFinder
    new_id: NewId
    new_token: NewToken

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
            NotifierAway: the chat could not be reached; nothing is offered.
        """
        shown = await self.notifier.place(key)
        if not is_wanted():
            return None
        limits = self.instructions.read().limits
        account, now = self.broker.account(), self.clock.now()
        worth = account.net_liquidation if account else None
        if size is not None:
            priced = [terms.now(leg, limits) for leg in legs]
            legs = sized(priced, size, worth=worth)
        proposal = Proposal(
            id=self.new_id(),
            token=self.new_token(),
            state=ProposalState.OFFERED,
            mode=limits.mode,
            account=limits.account,
            session_day=day_of(now),
            made_at=now,
            expires_at=now + limits.offer_life,
            ranking=no_ranking(now),
            legs=tuple(legs),
            shown=shown,
            funds=account.available_funds if account else None,
            net_liquidation=worth,
            note=note,
            purpose=purpose,
            size=size,
        )
        self.cards.offer(proposal, key=key)
        self.watch.follow(proposal)
        self.steps.look()
        return proposal


def no_ranking(now: datetime) -> Ranking:
    """The empty ranking of a card without a scan."""
    return Ranking(
        at=now,
        session_day=day_of(now),
        prior_day=None,
        ranked_by=RankBy.SCANNER,
        freshness=Freshness.UNKNOWN,
        candidates=(),
        rows=(),
    )
