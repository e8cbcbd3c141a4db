"""From a ranking to an offer, and from a tap to a decision."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from core.flows.bar_book import BarBook
from core.flows.quote_watch import QuoteWatch
from core.flows.scan import ScanPlan, scan
from core.ledger.cards import Cards
from core.ledger.orders import Ledger
from core.model.errors import BrokerError, ScanError
from core.model.instructions import Instructions
from core.model.market import ConId, Quote, Session
from core.model.money import Price
from core.model.news import ScanFailed
from core.model.proposal import (
    Choice,
    Decision,
    Leg,
    Mode,
    Proposal,
    ProposalState,
    Shown,
    Tap,
    Verdict,
)
from core.model.ranking import Ranking
from core.model.status import MarketPhase, MarketState, ScanProgress
from core.ports import NewId, NewToken, World
from core.rules.ranking import change, requoted
from core.rules.selection import legs as legs_of
from core.rules.sessions import latest_session, market_state


_AUTOMATIC: Final = "automatic mode"
_NOTHING_FOUND: Final = "The scanner answered that no stock passes its filters now."
_AGAIN: Final = "Nothing was bought. When that is over, tap Yes again."
_NO_CALENDAR: Final = "The exchange calendar is not loaded yet. Try again in a moment."


@dataclass(slots=True)
class Offers:
    """Makes cards, and hears the taps on them.

    *blocks* are the reasons why a Yes could not be sent at this moment.
    """

    world: World
    instructions: Instructions
    ledger: Ledger
    cards: Cards
    new_id: NewId
    new_token: NewToken
    blocks: Callable[[], tuple[str, ...]]
    approved: Callable[[], None]
    watch: QuoteWatch
    _on_its_way: str | None = None
    _book: BarBook = field(default_factory=BarBook)

    # scanning

    async def scan(self, *, key: str) -> bool:
        """Scan and offer, once for *key*; the outcome stands at its placeholder.

        False when a card was on its way: it serves both. One that has come may be
        decided already, and its table still be filling: then this is another scan.
        """
        if self._on_its_way is not None:
            return False
        self._on_its_way = key
        try:
            if not self.cards.answered(key):
                await self._scan(key, await self.world.notifier.place(key))
        finally:
            self._finish_scan(key)
        return True

    def _finish_scan(self, key: str) -> None:
        if self._on_its_way == key:
            self._on_its_way = None

    async def _scan(self, key: str, shown: Shown) -> None:
        session = await self.session()
        if session is None:
            self._fail(shown, _NO_CALENDAR)
            return
        offered: list[Proposal] = []

        def on_ranked(ranking: Ranking) -> None:
            if ranking.rows:
                offered.append(self._offer(ranking, key=key, shown=shown))
                self._finish_scan(key)

        def on_progress(progress: ScanProgress) -> None:
            self.world.notifier.progress(shown, progress)

        try:
            ranking = await scan(
                self.world.market,
                self._plan(session.day),
                book=self._book,
                clock=self.world.clock,
                on_progress=on_progress,
                on_ranked=on_ranked,
            )
        except (BrokerError, ScanError) as problem:
            self._fail(shown, str(problem))
            return
        if offered:
            # The five stay as the picks were made from them; the table gets the rest.
            whole = replace(offered[0].ranking, rows=ranking.rows)
            self.cards.complete(replace(offered[0], ranking=whole))
        else:
            self._fail(shown, _NOTHING_FOUND)

    async def session(self) -> Session | None:
        """Whose open is today's; right after a start the calendar may still come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.instructions.patience.calendar):
                await self.world.calendar.ready()
        sessions = self.world.calendar.sessions()
        return latest_session(sessions, self.world.clock.now())

    def _plan(self, day: date) -> ScanPlan:
        return ScanPlan(
            requests=self.instructions.requests,
            rank_by=self.instructions.rank_by,
            session_day=day,
            patience=self.instructions.patience,
        )

    def _fail(self, shown: Shown, problem: str) -> None:
        self.ledger.announce([ScanFailed(shown=shown, problem=problem)])

    def _offer(self, ranking: Ranking, *, key: str, shown: Shown) -> Proposal:
        account = self.world.broker.account()
        now = self.world.clock.now()
        legs = legs_of(ranking, shares=self.instructions.limits.shares)
        proposal = Proposal(
            id=self.new_id(),
            token=self.new_token(),
            state=ProposalState.OFFERED if legs else ProposalState.DRAFT,
            mode=self.instructions.limits.mode,
            account=self.instructions.limits.account,
            session_day=ranking.session_day,
            made_at=now,
            expires_at=now + self.instructions.limits.offer_life,
            ranking=ranking,
            legs=legs,
            shown=shown,
            funds=account.available_funds if account else None,
            net_liquidation=account.net_liquidation if account else None,
        )
        self.cards.offer(proposal, key=key)
        if legs:
            self.watch.follow(proposal)
            self._decide_by_itself(proposal)
        return proposal

    def ask_again(
        self,
        old: Proposal,
        legs: Iterable[Leg],
        quotes: Mapping[ConId, Quote],
        reason: str,
    ) -> None:
        """The prices or the market changed before *legs* were sent: those that are
        still a gain stand on a new offer, with this moment's prices, where *old* says
        that it is shown."""
        now = self.world.clock.now()
        market = self.market_state()
        renewed = (_at_this_moment(leg, quotes) for leg in legs)
        gains = tuple(leg for leg in renewed if leg.change.dollars > 0)
        new = replace(
            old,
            id=self.new_id(),
            token=self.new_token(),
            state=ProposalState.OFFERED if gains else ProposalState.DRAFT,
            made_at=now,
            expires_at=now + self.instructions.limits.offer_life,
            ranking=requoted(old.ranking, quotes),
            legs=gains,
            queue_for=market.next_open if market.phase is MarketPhase.CLOSED else None,
            note=reason,
            decided_by=None,
            decided_at=None,
        )
        self.cards.offer(new, key=f"again:{old.id}")
        if gains:
            self.watch.follow(new)

    # deciding

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap. What it approves is on disk when this returns."""
        self.cards.expire()
        proposal = self.world.store.proposal_by_token(tap.token)
        if proposal is None or proposal.shown != tap.shown:
            return Decision(verdict=Verdict.UNKNOWN, proposal=None)
        if proposal.state is ProposalState.EXPIRED:
            return Decision(verdict=Verdict.EXPIRED, proposal=proposal)
        if proposal.state is not ProposalState.OFFERED:
            return Decision(verdict=Verdict.ALREADY, proposal=proposal)
        if tap.choice is Choice.NO:
            return self.cards.decide(tap, proposal, ())
        return self._approve(tap, proposal, _chosen(proposal, tap.choice))

    def _approve(self, tap: Tap, proposal: Proposal, legs: tuple[Leg, ...]) -> Decision:
        if not legs:
            return Decision(verdict=Verdict.UNKNOWN, proposal=proposal)
        if reasons := self.blocks():
            self.cards.note(proposal, " ".join(("Not sent.", *reasons, _AGAIN)))
            return Decision(verdict=Verdict.NOT_NOW, proposal=proposal, reasons=reasons)
        market = self.market_state()
        opens = market.next_open if market.phase is MarketPhase.CLOSED else None
        if opens is not None and proposal.queue_for != opens:
            asked = self.cards.ask_to_queue(
                proposal, legs=legs, opens=opens, token=self.new_token()
            )
            return Decision(verdict=Verdict.ASK_QUEUE, proposal=asked)
        self.world.broker.knock()  # its answer comes while the decision is written
        decision = self.cards.decide(tap, proposal, legs)
        self.approved()
        return decision

    def _decide_by_itself(self, proposal: Proposal) -> None:
        """Automatic mode: a Yes that nobody tapped, in an open market only."""
        allowed = self.instructions.limits.automatic and (
            self.instructions.limits.mode is not Mode.LIVE
            or self.instructions.limits.automatic_live
        )
        if allowed and self.market_state().phase is MarketPhase.OPEN:
            self.decide(
                Tap(
                    token=proposal.token,
                    choice=Choice.YES,
                    shown=proposal.shown,
                    by=_AUTOMATIC,
                    at=self.world.clock.now(),
                )
            )

    def market_state(self) -> MarketState:
        """The regular market at this moment."""
        return market_state(self.world.calendar.sessions(), self.world.clock.now())


def _chosen(proposal: Proposal, choice: Choice) -> tuple[Leg, ...]:
    if choice is Choice.YES:
        return proposal.legs
    number = int(choice.value)
    return tuple(leg for leg in proposal.legs if leg.number == number)


def _at_this_moment(leg: Leg, quotes: Mapping[ConId, Quote]) -> Leg:
    """A stock without a quote is refused, and never asked about again."""
    quote = quotes[leg.instrument.con_id]
    opened = Price(leg.reference - leg.change.dollars)
    last = quote.last or leg.reference
    return replace(leg, reference=last, change=change(opened, last), ask=quote.ask)
