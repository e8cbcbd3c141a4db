"""From a ranking to an offer."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from core.flows.amending.headlines import HeadlineFinder
from core.flows.decide import Decider
from core.flows.new_cards import NewCard, NewCards
from core.flows.research.bar_book import BarBook
from core.flows.research.scan import ScanPlan, scan
from core.flows.standing import Standing
from core.ledger.cards import Cards
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import BrokerError, ScanError
from core.model.instructions import Instructions, Limits
from core.model.market import ConId, Freshness, Quote, Session, Side
from core.model.money import Price
from core.model.news import AskedAgain, ScanFailed
from core.model.proposal import (
    Choice,
    Leg,
    Mode,
    Proposal,
    Purpose,
    Shown,
    Tap,
)
from core.model.ranking import Ranking
from core.model.status import MarketPhase, ScanProgress
from core.ports.chat import Notifier
from core.ports.market import Calendar, Clock, ScanData
from core.ports.settings import InstructionReader
from core.rules.figures import terms
from core.rules.figures.sizing import sized
from core.rules.ranking import change, requoted
from core.rules.scoring.recording import recording, settings_of
from core.rules.selection import legs as legs_of
from core.rules.selling.legs import is_priced
from core.rules.sessions import coming_close, latest_session, open_to_queue_for


_AUTOMATIC: Final = "automatic mode"
_NOTHING_FOUND: Final = "The scanner answered that no stock passes its filters now."
_NO_CALENDAR: Final = "The exchange calendar is not loaded yet. Try again in a moment."


@dataclass(slots=True, kw_only=True)
class Offers:
    """Makes cards. In automatic mode it gives *decider* a Yes that nobody tapped."""

    market: ScanData
    notifier: Notifier
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader
    unit: UnitOfWork
    cards: Cards
    standing: Standing
    decider: Decider
    headlines: HeadlineFinder
    new_cards: NewCards
    seconds: float | None = None
    """How long the last scan took up to its card, in seconds; None before the first."""
    _on_its_way: str | None = None
    _book: BarBook = field(default_factory=BarBook)

    # scanning

    async def scan(self, *, key: str, within: float | None = None) -> bool:
        """Scan and offer, once for *key*. The outcome replaces a placeholder in the
        chat, also where IB gave no ranking; if *within* is given, the chat is waited for
        that many seconds.

        False if another scan's card was on its way, which then serves both requests.
        Once that card is shown, a request is a scan of its own, even while the first
        one's table is still filling.

        Raises:
            NotifierAway: the chat refused the placeholder or was not reached in time;
                nothing was scanned.
        """
        if self._on_its_way is not None:
            return False
        self._on_its_way = key
        try:
            if not self.cards.answered(key):
                shown = await self.notifier.place(key, within=within)
                await self._scan(key, shown)
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
        # read once, so that one scan has one set of settings
        instructions = self.instructions.read()
        begun = self.clock.now()
        offered: list[Proposal] = []

        def on_ranked(ranking: Ranking) -> None:
            if ranking.rows:
                made = self._offer(ranking, instructions.limits, key=key, shown=shown)
                offered.append(made)
                self.seconds = (self.clock.now() - begun).total_seconds()
                self._finish_scan(key)

        def on_progress(progress: ScanProgress) -> None:
            self.notifier.progress(shown, progress)

        try:
            ranking = await scan(
                self.market,
                _scan_plan(instructions, session, self.clock.now()),
                book=self._book,
                clock=self.clock,
                on_progress=on_progress,
                on_ranked=on_ranked,
            )
        except (BrokerError, ScanError) as problem:
            self._fail(shown, str(problem))
            self._record(offered, instructions)
            return
        if offered:
            # The five stay as the picks were made from them; the table gets the rest.
            whole = replace(offered[0].ranking, rows=ranking.rows)
            offered[0] = replace(offered[0], ranking=whole)
            self.cards.complete(offered[0])
            self.headlines.follow(offered[0])
        else:
            self._fail(shown, _NOTHING_FOUND)
        self._record(offered, instructions)

    def _record(self, offered: Iterable[Proposal], instructions: Instructions) -> None:
        settings = settings_of(instructions.requests, instructions.rank_by)
        for proposal in offered:
            shares = instructions.limits.shares
            self.cards.record(recording(proposal, settings=settings, shares=shares))

    async def session(self) -> Session | None:
        """The last session that has opened, whose open counts as today's. After a start it
        waits for the calendar, at most as long as the settings say; None if that does not
        know it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.instructions.read().timeouts.calendar):
                await self.calendar.ready()
        sessions = self.calendar.sessions()
        return latest_session(sessions, self.clock.now())

    def _fail(self, shown: Shown, problem: str) -> None:
        self.unit.announce(ScanFailed(shown=shown, problem=problem))

    def _offer(
        self, ranking: Ranking, limits: Limits, *, key: str, shown: Shown
    ) -> Proposal:
        legs = legs_of(ranking, shares=limits.shares, exits=limits.exits)
        proposal = self.new_cards.offer(
            NewCard(key=key, shown=shown, legs=legs, limits=limits, ranking=ranking)
        )
        if legs:
            self._decide_by_itself(proposal, limits)
        return proposal

    def ask_again(
        self,
        old: Proposal,
        legs: Iterable[Leg],
        quotes: Mapping[ConId, Quote],
        reason: str,
    ) -> None:
        """Ask again after prices or the market changed before *legs* were sent: they go
        onto a new offer with the prices in *quotes*, in the message of *old*; of a scan's
        picks only those that are still a gain. *reason* says what has changed."""
        limits = self.instructions.read().limits
        opens = open_to_queue_for(self.standing.market(), self.clock.now())
        renewed = tuple(_at_this_moment(leg, quotes) for leg in legs)
        if old.purpose in {Purpose.PICKS, Purpose.BUY}:
            of_card = terms.chosen(limits, old.terms)
            price = terms.now if opens is None else terms.at_open
            priced = [price(leg, of_card) for leg in renewed]
            size = old.size or limits.default_size
            renewed = sized(priced, size, worth=old.net_liquidation)
        changed = replace(
            old,
            ranking=requoted(old.ranking, quotes),
            legs=tuple(leg for leg in renewed if _is_wanted(leg, old.purpose)),
            queue_for=None if old.has_own_hours else opens,
            note=f"Not {old.purpose.done}. {reason}",
        )
        new = self.new_cards.offer_again(old, changed, limits)
        self.unit.announce(AskedAgain(proposal_id=new.id, reason=reason))

    def _decide_by_itself(self, proposal: Proposal, limits: Limits) -> None:
        """Automatic mode: give a Yes that nobody tapped, but only in an open market and
        not right before its close, since nobody has chosen to wait for an open."""
        allowed = limits.automatic and (
            limits.mode is not Mode.LIVE or limits.automatic_live
        )
        market, now = self.standing.market(), self.clock.now()
        is_open = market.phase is MarketPhase.OPEN and not coming_close(market, now)
        if allowed and is_open:
            self.decider.decide(
                Tap(
                    token=proposal.token,
                    choice=Choice.YES,
                    shown=proposal.shown,
                    by=_AUTOMATIC,
                    at=now,
                )
            )


def _scan_plan(instructions: Instructions, session: Session, now: datetime) -> ScanPlan:
    return ScanPlan(
        requests=instructions.requests,
        rank_by=instructions.rank_by,
        session_day=session.day,
        timeouts=instructions.timeouts,
        is_over=now >= session.closes,
    )


def _at_this_moment(leg: Leg, quotes: Mapping[ConId, Quote]) -> Leg:
    """*leg* at current prices. Where there are none a sale keeps its own, which are not
    live any more; a purchase was refused before and does not get here."""
    quote = quotes.get(leg.instrument.con_id)
    if quote is None or (leg.side is Side.SELL and not is_priced(quote)):
        return replace(leg, freshness=Freshness.UNKNOWN)
    last = quote.last or leg.reference
    gain = leg.change and change(Price(leg.reference - leg.change.dollars), last)
    return replace(
        leg,
        reference=last,
        change=gain,
        ask=quote.ask,
        bid=quote.bid,
        freshness=quote.freshness,
    )


def _is_wanted(leg: Leg, purpose: Purpose) -> bool:
    """Whether to offer *leg* again: a scan's pick while it gains, a named stock
    always."""
    if purpose is not Purpose.PICKS:
        return True
    return leg.change is not None and leg.change.dollars > 0
