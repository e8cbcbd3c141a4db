"""A past for the demo: sixty made-up sessions of cards with the outcome of their picks,
so that /score, /history and /pnl have something to show.

It is the simulated market's own past, recorded and followed as by the bot; which cards
were bought, and the sales in the next session, are made up. It runs in a process of its
own, because it takes some seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from bot.past.market import PastMarket
from core.clock import SystemClock
from core.flows.new_cards import no_ranking
from core.flows.research.snapshots import SPY
from core.model.fees.published import commission, sale_fees
from core.model.fills import Fill
from core.model.market import ConId, RankBy, Side
from core.model.money import Money, Price, Shares
from core.model.order import Order, OrderState
from core.model.proposal import (
    Leg,
    Mode,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Shown,
    Token,
)
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.rules.new_york import day_of
from core.rules.ranking import rank
from core.rules.scoring.following import CLOSES
from core.rules.scoring.recording import recording, settings_of
from core.rules.selection import legs, planned
from core.sandbox.market.data import ScanRequest
from core.sandbox.market.hours import TradingSession
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from core.settings.settings import Settings
from core.store.journal import Journal
from core.store.scores import score_of


SESSIONS: Final = 60
SCANNED: Final = timedelta(minutes=5)
"""After the open: when the report comes."""

SOLD: Final = timedelta(minutes=30)
"""After the next open, in this made-up past."""

DECLINED: Final = 3
"""Every third card is declined."""

OWNER: Final = "the demo's owner"
SHARES: Final = Shares(100)
NOWHERE: Final = Shown(owner=0, chat=0, message=0)
"""No message of the chat shows these cards."""

_LOOKS: Final = timedelta(minutes=30)
"""The time between two sampled prices of a pick."""


class MadeUpPast:
    """The past of *exchange*'s market before *until* (UTC), as the owner of *account*
    would have seen it."""

    def __init__(
        self, exchange: Exchange, account: str, *, until: datetime, sessions: int
    ) -> None:
        self._exchange = exchange
        self._market = PastMarket(exchange)
        self._account = account
        self._until = until
        last = exchange.hours.last_sessions(sessions + 1, day_of(until))
        self._sessions = [each for each in last if each.close < until][-sessions:]
        # the same text as from the bot's settings: another one would be another series
        plan = Settings.model_construct()
        self._settings = settings_of(plan.scan_requests(), plan.rank_by)
        request = plan.scan_requests()[0]
        self._request = ScanRequest(code=request.code, filters=dict(request.filters))

    def write(self, journal: Journal) -> Iterator[int]:
        """Write each session into *journal*; yields how many are written. The account
        ends at its present value."""
        realised: dict[date, Decimal] = {}
        for number, session in enumerate(self._sessions):
            with journal.transaction():
                proposal = self._proposal(number, session)
                journal.proposals.add(proposal)
                self._record(journal, number, proposal)
                if proposal.state is ProposalState.APPROVED:
                    sold_on = self._sessions[number + 1].day
                    realised[sold_on] = self._buy_and_sell(journal, number, proposal)
            yield number + 1
        with journal.transaction():
            self._value(journal, realised)

    def _value(self, journal: Journal, realised: Mapping[date, Decimal]) -> None:
        value = self._worth() - sum(realised.values())
        for session in self._sessions:
            value += realised.get(session.day, Decimal(0))
            journal.memory.set_account_value(session.day, Money(value))

    def _worth(self) -> Decimal:
        rows = self._exchange.account_values(self._account, self._until)
        (worth,) = (row.value for row in rows if row.tag == "NetLiquidation")
        return Decimal(worth)

    def _record(self, journal: Journal, number: int, proposal: Proposal) -> None:
        recorded = recording(proposal, settings=self._settings, shares=SHARES)
        digest = journal.recordings.add(recorded)
        journal.trail.append(
            at=proposal.made_at,
            ref=proposal.id,
            kind="recorded",
            payload=f"{recorded.series} {digest}",
        )
        for became in self._followed(number, proposal):
            digest = journal.recordings.follow(became)
            journal.trail.append(
                at=proposal.made_at,
                ref=proposal.id,
                kind="followed",
                payload=f"{became.horizon} {digest}",
            )

    def _proposal(self, number: int, session: TradingSession) -> Proposal:
        at = session.open + SCANNED
        rows = self._market.rows(self._request, at)
        ranking = rank(rows, rank_by=RankBy.SCANNER, session_day=session.day, at=at)
        said_no = number % DECLINED == 0 or number == len(self._sessions) - 1
        return Proposal(
            id=ProposalId(f"past{number:06}"),
            token=Token(f"past-{number}"),
            state=ProposalState.DECLINED if said_no else ProposalState.APPROVED,
            mode=Mode.SANDBOX,
            account=self._account,
            session_day=session.day,
            made_at=at,
            expires_at=at + timedelta(minutes=10),
            ranking=ranking,
            legs=legs(ranking, shares=SHARES),
            shown=NOWHERE,
            decided_by=OWNER,
            decided_at=at + timedelta(minutes=1),
        )

    # what became of it

    def _followed(self, number: int, proposal: Proposal) -> Iterator[Followed]:
        picked = {leg.instrument.con_id for leg in proposal.legs}
        for horizon, end in self._ends(number, proposal.made_at):
            yield Followed(
                proposal_id=proposal.id,
                horizon=horizon,
                until=end,
                spy_from=self._market.bid(SPY.con_id, proposal.made_at),
                spy_to=self._market.bid(SPY.con_id, end),
                rows=tuple(
                    self._row(row.instrument.con_id, proposal.made_at, end, picked)
                    for row in proposal.ranking.rows
                ),
            )

    def _ends(self, number: int, at: datetime) -> Iterator[tuple[Horizon, datetime]]:
        yield Horizon.HOUR, at + timedelta(hours=1)
        for horizon, after in CLOSES.items():
            if number + after < len(self._sessions):
                yield horizon, self._sessions[number + after].close

    def _row(
        self, con_id: ConId, begin: datetime, end: datetime, picked: set[ConId]
    ) -> FollowedRow:
        price = self._market.bid(con_id, end)
        if price is None:
            return FollowedRow(con_id=con_id, problem="no bid in that time")
        if con_id not in picked or end - begin > timedelta(days=1):
            return FollowedRow(con_id=con_id, price=price)
        way = [price, *self._way(con_id, begin, end)]
        return FollowedRow(con_id=con_id, price=price, best=max(way), worst=min(way))

    def _way(self, con_id: ConId, begin: datetime, end: datetime) -> Iterator[Price]:
        at = begin + _LOOKS
        while at < end:
            if bid := self._market.bid(con_id, at):
                yield bid
            at += _LOOKS

    # what was bought, and sold on the next session

    def _buy_and_sell(
        self, journal: Journal, number: int, proposal: Proposal
    ) -> Decimal:
        """Buy a minute after the card and sell in the next session. Returns the profit
        in dollars."""
        sale = self._sale(proposal, self._sessions[number + 1].open + SOLD)
        journal.proposals.add(sale)
        made = Decimal(0)
        for done in (proposal, sale):
            for leg in done.legs:
                order = self._filled(leg, done, journal.memory.journal_names()[0])
                journal.orders.add(order)
                (fill,) = order.fills
                came = fill.shares * fill.price
                made += came if leg.side is Side.SELL else -came
                made -= fill.commission or 0
        return made

    def _sale(self, proposal: Proposal, at: datetime) -> Proposal:
        return replace(
            proposal,
            id=ProposalId(proposal.id.replace("past", "sold")),
            token=Token(f"sold-{proposal.token}"),
            session_day=day_of(at),
            made_at=at,
            expires_at=at + timedelta(minutes=10),
            ranking=no_ranking(at),
            legs=tuple(self._sold(leg, at) for leg in proposal.legs),
            decided_at=at + timedelta(minutes=1),
            purpose=Purpose.SELL,
        )

    def _sold(self, leg: Leg, at: datetime) -> Leg:
        quote = self._market.quote(leg.instrument.con_id, at)
        return Leg(
            number=leg.number,
            instrument=leg.instrument,
            shares=leg.shares,
            picks=(),
            change=None,
            reference=quote.last or leg.reference,
            ask=quote.ask,
            side=Side.SELL,
            bid=quote.bid or leg.reference,
            bought_here=leg.shares,
        )

    def _filled(self, leg: Leg, proposal: Proposal, journal: str) -> Order:
        """The order, filled at the quote at the time of the Yes."""
        assert proposal.decided_at is not None
        quote = self._market.quote(leg.instrument.con_id, proposal.decided_at)
        quoted = quote.ask if leg.side is Side.BUY else quote.bid
        price = quoted or quote.last or leg.reference
        fill = Fill(
            exec_id=f"{proposal.id}.{leg.number}.01",
            shares=leg.shares,
            price=price,
            at=proposal.decided_at,
            commission=_charged(leg, leg.shares * price, day_of(proposal.decided_at)),
        )
        return replace(
            planned(leg, proposal, journal=journal),
            state=OrderState.FILLED,
            sent_at=proposal.decided_at,
            sent_day=proposal.session_day,
            fills=(fill,),
        )


def _charged(leg: Leg, amount: Decimal, day: date) -> Money:
    """What IB charges for *leg*, traded for *amount* dollars on *day* (New York)."""
    of_both = commission(leg.shares, amount)
    if leg.side is Side.BUY:
        return of_both
    return Money(of_both + sale_fees(leg.shares, amount, day))


def write(
    path: Path,
    *,
    seed: int,
    holder: AccountSpec,
    until: datetime,
    sessions: int = SESSIONS,
) -> Iterator[int]:
    """A new journal at *path* with the past of *holder*'s account in the market of
    *seed*; yields how many of *sessions* are written. *until* is in UTC.

    Raises:
        StoreError: the journal cannot be written.
    """
    exchange = Exchange(seed=seed, accounts=(holder,))
    with Journal.opened(path, clock=SystemClock()) as journal:
        past = MadeUpPast(exchange, holder.account, until=until, sessions=sessions)
        yield from past.write(journal)
    score = score_of(path)
    assert score is not None, "something was followed"
    with Journal.opened(path, clock=SystemClock()) as journal, journal.transaction():
        journal.memory.set_score(score)
        journal.trail.append(
            at=until,
            ref="",
            kind="demo",
            payload=f"the {sessions} sessions before this are made up",
        )
