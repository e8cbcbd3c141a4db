"""Whatever happens, in any order: bought once, told truly, never stuck.

Hypothesis plays the owner, IB and fate against a whole engine on a real journal. A
wait takes no time: the loop's clock jumps. With NIGHTLY in the environment it plays
2,000 games of 60 moves instead of 200 of 40.
"""

import asyncio
import os
import shutil
from random import Random
from typing import Any, Final
from unittest import TestCase

import pytest
from hypothesis import HealthCheck, seed, settings, strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)

from bot.sandbox.faults import Drop, Fault
from core.model.evidence import LineState
from core.model.market import Instrument
from core.model.order import FINAL, IN_DOUBT, WORKING, OrderRef, OrderState
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX, price
from tests.core.game import LABELS, Game, KilledError
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER
from tests.harness.waiting import turns


NEVER_THERE: Final = {
    OrderState.ABSENT,
    OrderState.LAPSED,
    OrderState.NEEDS_RECONFIRM,
}
STOCKS: Final = st.sampled_from([QRVX, FDMX])
BEHAVIOURS: Final = st.sampled_from(BrokerBehaviour)
CHOICES: Final = st.sampled_from([Choice.YES, Choice.YES, Choice.FIRST, Choice.NO])


class Trading(Game):
    """One owner, one bot, one IB."""

    # the owner

    @rule()
    def scan(self) -> None:
        self.keys += 1
        self.refresh()
        self.act(lambda: self.harness.engine.scan(key=f"scan {self.keys}"))

    def refresh(self) -> None:
        self.date_the_bars()
        for stock in (QRVX, FDMX):
            self.harness.quote(stock)

    @rule(
        choice=CHOICES,
        behaviour=BEHAVIOURS,
        dies_at=st.none() | st.sampled_from(LABELS),
    )
    def buy(
        self, choice: Choice, behaviour: BrokerBehaviour, dies_at: str | None
    ) -> None:
        """All is well, a card comes, the owner says Yes; and then who knows."""
        self.heal()
        self.scan()
        self.harness.broker.behaviour = behaviour
        if dies_at is not None:
            self.die_at(dies_at)
        if self.harness.journal.proposals.offers():
            self.tap(choice, 1, fresh=True)
        self.wait(1)

    @rule(
        choice=CHOICES, behaviour=BEHAVIOURS, then=st.sampled_from(["wait", "midnight"])
    )
    def buy_and_doubt(
        self, choice: Choice, behaviour: BrokerBehaviour, then: str
    ) -> None:
        """The same without a word from IB, and then time passes."""
        self.heal()
        self.scan()
        self.harness.broker.behaviour = behaviour
        if self.harness.journal.proposals.offers():
            self.harness.drop_events()
            self.tap(choice, 1, fresh=True)
        if then == "midnight" and self.nights < 2:
            self.midnight()
        self.wait(11)

    @rule(behaviour=BEHAVIOURS, seconds=st.sampled_from([0, 11, 80]))
    def buy_and_crash(self, behaviour: BrokerBehaviour, seconds: int) -> None:
        """A Yes, and the process is gone a little later."""
        self.buy(Choice.YES, behaviour, None)
        self.wait(seconds)
        self.crash()

    @rule()
    def heal(self) -> None:
        """IB and Telegram answer, trading is allowed, the orders are compared."""
        self.telegram.faults.clear()
        self.harness.broker.silent = False
        if self.harness.broker.line().state is not LineState.UP:
            self.do(self.harness.broker.connect)
        self.wait(5)
        self.resume()

    @precondition(lambda self: bool(self.harness.journal.proposals.offers()))
    @rule(choice=CHOICES, times=st.integers(1, 2), fresh=st.booleans())
    def tap(self, choice: Choice, times: int, *, fresh: bool) -> None:
        (card,) = self.harness.journal.proposals.offers()
        if fresh:
            self.refresh()
        tap = self.harness.a_tap(card, choice)
        self.taps.append(tap)
        for _ in range(times):
            self.do(lambda: self.harness.engine.decide(tap))

    @precondition(lambda self: bool(self.taps))
    @rule(which=st.randoms(use_true_random=False))
    def redeliver(self, which: Random) -> None:
        tap = which.choice(self.taps)
        self.do(lambda: self.harness.engine.decide(tap))

    def first(self, *states: OrderState) -> OrderRef | None:
        return next(
            (o.ref for o in self.harness.journal.orders.in_states(states)), None
        )

    @rule()
    def cancel(self) -> None:
        ref = self.first(*WORKING, *IN_DOUBT, OrderState.PLANNED)
        if ref is not None:
            self.do(lambda: self.harness.engine.cancel(ref, by=OWNER))

    @rule(there=st.booleans())
    def settle(self, *, there: bool) -> None:
        ref = self.first(OrderState.UNKNOWN)
        if ref is not None:
            self.do(lambda: self.harness.engine.settle(ref, there=there, by=OWNER))

    @rule()
    def resume(self) -> None:
        self.do(
            lambda: self.harness.engine.resume(
                by=OWNER, named=self.harness.engine.queries.halts()
            )
        )

    # fate

    @rule()
    def crash(self) -> None:
        self.restart()
        self.act(turns)

    @rule(label=st.sampled_from(LABELS))
    def die_at(self, label: str) -> None:
        """The process will be killed when it passes this point."""

        def reached(point: str) -> None:
            self.watch_w2(point)
            if point == label:
                self.harness.reached = self.watch_w2
                raise KilledError

        self.harness.reached = reached

    @rule(seconds=st.sampled_from([1, 11, 70, 700]))
    def wait(self, seconds: int) -> None:
        async def main() -> None:
            await asyncio.sleep(seconds)
            self.harness.engine.look()

        self.act(main)

    @rule()
    def connect(self) -> None:
        self.do(self.harness.broker.connect)

    @rule(state=st.sampled_from([LineState.DOWN, LineState.CUT_OFF]))
    def lose_the_line(self, state: LineState) -> None:
        self.do(lambda: self.harness.broker.go(state, "trouble"))

    @rule(rolls_back=st.booleans())
    def restart_gateway(self, *, rolls_back: bool) -> None:
        if rolls_back:
            self.harness.broker.forget()
        self.do(self.harness.broker.connect)

    @precondition(lambda self: self.nights < 2)
    @rule()
    def midnight(self) -> None:
        self.nights += 1
        self.harness.clock.forward(days=1)
        for booked in self.harness.broker.book.values():
            booked.end_the_day()

    @rule(stock=STOCKS, shares=st.sampled_from([100, -100]))
    def trade_by_hand(self, stock: Instrument, shares: int) -> None:
        self.harness.broker.trade_by_hand(stock, shares)

    @rule(behaviour=BEHAVIOURS)
    def behave(self, behaviour: BrokerBehaviour) -> None:
        self.harness.broker.behaviour = behaviour

    @rule()
    def drop_events(self) -> None:
        self.harness.drop_events()

    @rule(silent=st.booleans())
    def freeze(self, *, silent: bool) -> None:
        self.harness.broker.silent = silent

    @rule()
    def deliver(self) -> None:
        self.do(self.harness.broker.deliver)

    @rule(shares=st.sampled_from([40, 100]))
    def fill(self, shares: int) -> None:
        for booked in self.harness.broker.book.values():
            left = booked.order.shares - booked.filled
            if booked.works and left:
                self.harness.broker.fill(booked.order, min(shares, left))
        self.act(turns)

    @rule(last=st.sampled_from(["4.82", "4.85", "5.20", "4.00"]))
    def price_moves(self, last: str) -> None:
        self.harness.quote(QRVX, last=price(last), ask=price(last))

    # Telegram

    @rule(times=st.integers(1, 3), seconds=st.sampled_from([1, 5, 40]))
    def flood(self, times: int, seconds: int) -> None:
        """429: the next requests are to come back later."""
        asked = Fault(status=429, retry_after=seconds)
        self.telegram.faults.next("*", asked, times=times)

    @rule(times=st.integers(1, 3), drop=st.sampled_from(Drop))
    def cut_telegram(self, times: int, drop: Drop) -> None:
        """The next requests, or their answers, are lost."""
        self.telegram.faults.next("*", Fault(drop=drop), times=times)

    # what must hold

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        """I1, I4."""
        sent = self.harness.broker.sent
        ids = [order.order_id for order in sent]
        assert len({(o.proposal_id, o.instrument.con_id) for o in sent}) == len(sent)
        assert ids == sorted(set(ids))  # type: ignore[type-var]  # sent orders have one

    @invariant()
    def nothing_leaves_while_anything_is_being_sent(self) -> None:
        """I3."""
        assert self.wrong == []

    @invariant()
    def what_is_said_is_true(self) -> None:
        """I5, and the same for every other word."""
        book = self.harness.broker.book
        for order in self.harness.journal.orders.in_states(FINAL):
            booked = book.get(order.ref)
            if order.state in NEVER_THERE:
                assert booked is None, order
            elif order.state is OrderState.FILLED:
                assert booked is not None
                assert booked.filled == order.shares
            elif order.state is OrderState.CANCELLED:
                assert booked is not None
                assert booked.status == "Cancelled"

    def teardown(self) -> None:
        """I2: when everything works again, every order has come to an end or works,
        or the owner has been asked about it."""
        try:
            self.come_to_rest()
        finally:
            self.loop.close()
            shutil.rmtree(self.harness.directory)

    def come_to_rest(self) -> None:
        self.harness.reached = self.watch_w2
        self.telegram.faults.clear()
        self.harness.broker.silent = False
        self.harness.broker.behaviour = BrokerBehaviour.FILLS
        self.do(self.harness.broker.connect)
        for _ in range(4):
            self.wait(200)
        assert self.harness.journal.outbox.unsent() == ()
        for order in self.harness.journal.orders.in_states(OrderState):
            if order.state is OrderState.UNKNOWN:
                assert self.asks_about(order), order
            else:
                assert order.state in FINAL | WORKING, order
        for proposal in self.cards():
            assert self.is_shown(proposal), proposal
        self.nothing_is_sent_twice()
        self.nothing_leaves_while_anything_is_being_sent()
        self.what_is_said_is_true()
        assert self.harness.journal.verify() == ()
        assert self.harness.engine.queries.status().reconciled
        self.stop()


LONG: Final = "NIGHTLY" in os.environ
PARTS: Final = 4
PLAYED: Final = settings(
    deadline=None,
    max_examples=(2_000 if LONG else 200) // PARTS,
    stateful_step_count=60 if LONG else 40,
    suppress_health_check=list(HealthCheck),
)
pytestmark = [
    pytest.mark.timeout(7_200 if LONG else 600),
    pytest.mark.slow_on_purpose,  # a chat in memory lets the outbox tell all at a stretch
]


def a_part(number: int) -> type[TestCase]:
    """Games of its own, which another process may play; the same ones each time, but
    for those of the night."""
    machine: Any = type(f"Trading{number}", (Trading,), {})
    case: Any = (machine if LONG else seed(number)(machine)).TestCase
    case.settings = PLAYED
    return case  # type: ignore[no-any-return]  # Hypothesis makes it, and types nothing


TestFirstPart, TestSecondPart, TestThirdPart, TestFourthPart = map(a_part, range(PARTS))
