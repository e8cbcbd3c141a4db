"""New cards: each is written down before the chat shows it, and its quotes are
followed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.flows.amending.price_steps import StepFinder
from core.flows.quote_watch import QuoteWatch
from core.ledger.cards import Cards
from core.model.instructions import Limits
from core.model.market import Freshness, RankBy
from core.model.money import Money, Size
from core.model.proposal import Leg, Proposal, ProposalState, Purpose, Shown
from core.model.ranking import Ranking
from core.ports.account import SummaryReader
from core.ports.chat import NewId, NewToken
from core.ports.market import Clock
from core.rules.figures import terms
from core.rules.figures.sizing import sized
from core.rules.new_york import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """What a card is made from."""

    key: str
    """The request that it answers, which has one card."""
    shown: Shown
    """The message that becomes the card."""
    legs: Sequence[Leg]
    """What it asks about; without one it has no buttons."""
    limits: Limits
    """The settings in force at its making."""
    ranking: Ranking | None = None
    """The scan behind it; None if the owner named the stocks."""
    purpose: Purpose = Purpose.PICKS
    size: Size | None = None
    """What the owner asked for. Without one a scan's picks have the default size, and
    all others the shares of their legs."""
    note: str | None = None
    """A sentence that the card shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCards:
    """Puts new cards into the journal, and follows their quotes."""

    broker: SummaryReader
    clock: Clock
    cards: Cards
    watch: QuoteWatch
    steps: StepFinder
    new_id: NewId
    new_token: NewToken

    def offer(self, new_card: NewCard) -> Proposal:
        """Write *new_card* into the journal, from which the chat shows it, and follow its
        quotes if it offers anything."""
        account, now = self.broker.account(), self.clock.now()
        worth = account.net_liquidation if account else None
        ranking = new_card.ranking or no_ranking(now)
        proposal = Proposal(
            id=self.new_id(),
            token=self.new_token(),
            state=_state_of(new_card.legs),
            mode=new_card.limits.mode,
            account=new_card.limits.account,
            session_day=ranking.session_day,
            made_at=now,
            expires_at=now + new_card.limits.offer_life,
            ranking=ranking,
            legs=_sized(new_card, worth),
            shown=new_card.shown,
            funds=account.available_funds if account else None,
            net_liquidation=worth,
            note=new_card.note,
            purpose=new_card.purpose,
            size=new_card.size,
        )
        self.cards.offer(proposal, key=new_card.key)
        if proposal.legs:
            self.watch.follow(proposal)
            self.steps.look()
        return proposal

    def offer_again(self, old: Proposal, changed: Proposal, limits: Limits) -> Proposal:
        """Offer *changed*, which is *old* with the prices of now, as a new proposal in the
        message of *old*."""
        now = self.clock.now()
        new = replace(
            changed,
            id=self.new_id(),
            token=self.new_token(),
            state=_state_of(changed.legs),
            made_at=now,
            expires_at=now + limits.offer_life,
            decided_by=None,
            decided_at=None,
        )
        self.cards.offer(new, key=f"again:{old.id}")
        if new.legs:
            self.watch.follow(new)
        return new


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


def _state_of(legs: Sequence[Leg]) -> ProposalState:
    return ProposalState.OFFERED if legs else ProposalState.DRAFT


def _sized(new_card: NewCard, worth: Money | None) -> tuple[Leg, ...]:
    is_pick, limits = new_card.purpose is Purpose.PICKS, new_card.limits
    size = limits.default_size if is_pick and new_card.size is None else new_card.size
    if size is None:
        return tuple(new_card.legs)
    return sized([terms.now(leg, limits) for leg in new_card.legs], size, worth=worth)
