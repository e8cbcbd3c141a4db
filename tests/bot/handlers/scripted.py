"""An engine and records that answer as they are told to."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TextIO

from core.engine import Engine
from core.flows.named.by_name import ByName
from core.flows.named.purchases import NoPurchase
from core.flows.named.sales import NoSale
from core.flows.research.charts import charts
from core.model.audit import AuditTrail
from core.model.chart import Charts
from core.model.chosen.schedule import Anchor, Beside
from core.model.errors import BrokerAway, BrokerError, StoreError
from core.model.fills import BY_WORD
from core.model.market import ConId
from core.model.money import Money, Size
from core.model.order import Order, OrderRef, OrderState
from core.model.order_events import WordOfFill
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import (
    Decision,
    Proposal,
    ProposalId,
    Shown,
    Tap,
    Token,
    Verdict,
)
from core.model.scoring.score import Score
from core.model.scoring.trades import ListedHoldings, PastPick, Trades
from core.model.status import Halt, Status
from core.queries.chat import Planned, Queries
from core.rules.chosen.schedule import next_run
from core.rules.figures.size import said
from core.rules.selling.amount import Amount
from tests.bot.hands import Watch
from tests.bot.values import a_status
from tests.builders import NOW, a_fill, an_account
from tests.calendars import a_week
from tests.core.wishes import instructions
from tests.fakes.market import FakeMarket


class ScriptedByName(ByName):
    """Writes down who panicked, and what was to be sold or bought: nothing is found."""

    asked: list[str]

    def __init__(self, asked: list[str]) -> None:
        object.__setattr__(self, "asked", asked)  # it is frozen

    def panic(self, *, by: str, key: str) -> tuple[Order, ...]:
        self.asked.append(f"panic by {by}")
        return ()

    def cancel_all(self, *, by: str, symbol: str | None = None) -> tuple[Order, ...]:
        self.asked.append(f"cancel {symbol}")
        return ()

    async def sell(
        self, holding: ConId | str, amount: Amount, *, key: str
    ) -> NoSale | None:
        many = amount.shares or f"{amount.percent}%"
        self.asked.append(f"sell {holding} {many}")
        return NoSale(problem=f"IB lists no {holding} in this account.")

    async def buy(
        self, stock: ConId | str, size: Size, *, key: str
    ) -> NoPurchase | None:
        self.asked.append(f"buy {stock} {said(size)}")
        return NoPurchase(problem=f"IB knows no stock {stock} in dollars.")


class ScriptedEngine(Engine, Queries):
    """Writes down what it was asked, and shows what it was told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.named = ScriptedByName(self.asked)
        self.taps: list[Tap] = []
        self.decision = Decision(verdict=Verdict.APPROVED, proposal=None)
        self.known: dict[Token, Proposal] = {}
        self.ours: dict[OrderRef, Order] = {}
        self.listed: tuple[OpenOrder, ...] = ()
        self.held: tuple[Position, ...] = ()
        self.trouble: BrokerError | None = None
        self.stands = a_status()
        self.busy = False
        self.stopped: tuple[Halt, ...] = ()
        self.bars = FakeMarket()
        self.scored: Score | None = None
        self.limits = instructions().limits

    def lose_the_line(self) -> None:
        self.trouble = BrokerAway("connection refused")

    async def scan(self, *, key: str) -> bool:
        self.asked.append(f"scan {key.partition(':')[0]}")
        return not self.busy

    async def report(self, *, key: str) -> None:
        self.asked.append(f"report {key.partition(':')[0]}")

    def decide(self, tap: Tap) -> Decision:
        self.taps.append(tap)
        return self.decision

    def score(self) -> Score | None:
        return self.scored

    def card_at(self, shown: Shown | None) -> Proposal | None:
        there = [one for one in self.known.values() if one.shown == shown]
        return next(iter([*there, *self.known.values()]), None)

    def proposal_of(self, card: ProposalId) -> Proposal | None:
        return next((p for p in self.known.values() if p.id == card), None)

    def proposal(self, token: Token) -> Proposal | None:
        return self.known.get(token)

    async def charts(self, proposal: Proposal) -> Charts:
        return await charts(self.bars, proposal, within=1, clock=Watch(NOW))

    async def positions(self) -> tuple[Position, ...]:
        self._may_fail()
        return self.held

    async def listed_otherwise(self) -> Mapping[str, Decimal]:
        return {}

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        self._may_fail()
        return self.listed

    def orders(self) -> tuple[Order, ...]:
        return tuple(self.ours.values())

    async def account(self) -> AccountSummary:
        self._may_fail()
        return an_account()

    async def read_other_trades(self) -> None:
        """Nothing was traded by hand."""

    async def see_data(self) -> None:
        """A quote has come already."""

    def planned(self) -> Planned:
        lines = self.schedule.entries()
        return Planned(
            lines=tuple((e, next_run(e, a_week(), NOW, ())) for e in lines),
            report=None,
            report_when=Beside(anchor=Anchor.OPEN, minutes=5),
            limits=self.limits,
        )

    def shares_listed(self) -> ListedHoldings:
        return ListedHoldings(account="DU1234567", at=NOW)

    def status(self) -> Status:
        return self.stands

    def cancel(self, ref: OrderRef, *, by: str) -> Order:
        self._may_fail()
        self.asked.append(f"cancel {ref} by {by}")
        return self.ours[ref]

    def halt(self, *, by: str, reason: str) -> None:
        self.asked.append(f"halt by {by}: {reason}")

    def halts(self) -> tuple[Halt, ...]:
        return self.stopped

    def resume(self, *, by: str, named: Iterable[Halt]) -> None:
        reasons = ", ".join(halt.reason for halt in named)
        self.asked.append(f"resume by {by}: {reasons}")

    def settle_filled(self, word: WordOfFill, *, by: str) -> Order:
        self._may_fail()
        said = f"{word.shares} at {word.price}"
        self.asked.append(f"settle {word.ref} filled {said} by {by}")
        by_word = f"{BY_WORD}{word.ref}"
        fill = a_fill(exec_id=by_word, shares=word.shares, price=word.price)
        return replace(
            self.ours[word.ref],
            fills=(fill,),
            reason=f"{by} says it was filled",
            state=OrderState.FILLED,
        )

    def settle(self, ref: OrderRef, *, there: bool, by: str) -> Order:
        self.asked.append(f"settle {ref} there={there} by {by}")
        reason = f"{by} says it {'is there' if there else 'is not there'}"
        state = OrderState.CLOSED_BY_HUMAN
        return replace(self.ours[ref], reason=reason, state=state)

    def _may_fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble


class ScriptedRecords:
    """Implements Records: an audit trail that takes as long as it is told to."""

    def __init__(self) -> None:
        self.text = "seq,what\r\n1,born\r\n"
        self.trail = AuditTrail(lines=1, first=NOW, last=NOW, faults=())
        self.trouble: StoreError | None = None
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def export(self, to: TextIO) -> AuditTrail:
        await self.may_end.wait()
        if self.trouble is not None:
            raise self.trouble
        to.write(self.text)
        return self.trail


class ScriptedResults:
    """Results that a test sets; ``problem`` is why the journal cannot be read."""

    def __init__(self) -> None:
        self.known = NOTHING_TRADED
        self.picks: tuple[PastPick, ...] = ()
        self.problem: StoreError | None = None
        self.asked: list[tuple[str | None, int]] = []

    async def trades(self, held: ListedHoldings) -> Trades:
        del held
        self._may_fail()
        return self.known

    async def past_picks(
        self, held: ListedHoldings, *, symbol: str | None, skip: int, most: int
    ) -> tuple[PastPick, ...]:
        del held
        self._may_fail()
        self.asked.append((symbol, skip))
        return self.picks[skip : skip + most]

    def _may_fail(self) -> None:
        if self.problem is not None:
            raise self.problem


NOTHING_TRADED = Trades(
    trips=(), lots=(), unmatched=(), fees=Money(Decimal(0)), values=()
)
