"""What happens while IB is being asked where an exit lies is not passed over."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.model.errors import BrokerSilent
from core.model.exits.plan import ExitKind
from core.model.order import OrderState
from core.model.points import EXITS, ignore
from core.model.portfolio import Inventory
from core.model.proposal import Choice, Verdict
from tests.builders import ACCOUNT, QRVX, a_protection
from tests.core.flows.exits.test_cards import asked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import (
    a_plan,
    alive,
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def once(happens: Callable[[], object]) -> Callable[[], None]:
    """*happens* at the first call only."""
    left = [happens]

    def now() -> None:
        if left:
            left.pop()()

    return now


async def test_a_panic_meanwhile_keeps_the_exit_back(harness: Harness) -> None:
    """All is to be sold: no new exit may leave behind the panic."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.market.meanwhile = once(
            lambda: harness.engine.named.panic(by="Ada", key="panic:1")
        )
        harness.broker.fill(entry, 100)
        await until(harness.engine.queries.halts)
        harness.engine.look()
        await turns()

    assert [order.side for order in harness.broker.sent if order.exit] == []


async def test_exits_taken_off_meanwhile_stay_off(harness: Harness) -> None:
    """The owner's Yes to none is the newest word."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    harness.market.steps[QRVX.con_id] = ()
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 40)
        offer = harness.engine.named.exits.offer
        assert await offer("QRVX", a_plan("none"), key="exits:1") is None
        card = harness.card()
        said: list[Verdict] = []
        harness.market.meanwhile = once(
            lambda: said.append(harness.tap(card, Choice.YES).verdict)
        )
        harness.broker.fill(entry, 60)
        await until(lambda: said)
        await turns()

    assert said == [Verdict.APPROVED]
    assert harness.journal.memory.protections() == ()


async def test_a_newer_plan_meanwhile_is_the_one_that_is_placed(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.trade_by_hand(QRVX, 100)
        offer = harness.engine.named.exits.offer
        assert await offer("QRVX", a_plan("trail 4%"), key="exits:1") is None
        card = harness.card()
        harness.market.meanwhile = once(lambda: harness.tap(card, Choice.YES))
        harness.broker.fill(entry, 100)
        await protected(harness, 200)
        await turns()

    assert {order.exit for order in exits(harness)} == {ExitKind.TRAIL}


async def test_exits_taken_off_while_one_is_judged_are_not_sent(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.trade_by_hand(QRVX, 5)
        offer = harness.engine.named.exits.offer
        assert await offer("QRVX", a_plan("none"), key="exits:1") is None
        card = harness.card()
        said: list[Verdict] = []

        def judged() -> None:
            if not said and any(o.state is OrderState.PLANNED for o in exits(harness)):
                said.append(harness.tap(card, Choice.YES).verdict)

        harness.broker.meanwhile = judged
        harness.broker.fill(entry, 100)
        await until(lambda: said and not alive(harness))

    assert said == [Verdict.APPROVED]
    assert [order for order in harness.broker.sent if order.exit] == []


async def test_the_plan_of_another_account_waits_for_it(harness: Harness) -> None:
    """That this login holds none of the stock says nothing of the other's."""
    with_exits(harness, "close 2")
    async with harness.trading():
        await bought(harness)
        await turns()
    approved = harness.journal.memory.protections()
    harness.clock.forward(minutes=10)
    harness.broker.held.clear()
    limits = replace(harness.instructions.limits, account="DU7654321")
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        await turns()
        assert harness.journal.memory.protections() == approved != ()


async def test_an_exit_closed_by_word_is_not_written_over_and_over(
    harness: Harness,
) -> None:
    """It counts as selling for its session: until then none can be placed beside it."""
    with_exits(harness, "stop 5%")
    harness.instructions = replace(
        harness.instructions, timeouts=replace(harness.instructions.timeouts, ack=0.05)
    )
    harness.restart()
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.SWALLOWS
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.UNKNOWN for o in exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        (stop,) = exits(harness)
        harness.engine.settle(stop.ref, there=False, by="Ada")
        for _ in range(20):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await asyncio.sleep(0.05)

    assert len(exits(harness)) == 1
    assert alive(harness) == []


def in_account(harness: Harness, account: str) -> None:
    """The owner's settings name another account, and the bot is started again."""
    limits = replace(harness.instructions.limits, account=account)
    harness.instructions = replace(harness.instructions, limits=limits)
    assert harness.broker.summary is not None
    harness.broker.summary = replace(harness.broker.summary, account=account)
    both = (ACCOUNT, "DU7654321")
    harness.broker.identity = replace(harness.broker.identity, accounts=both)
    harness.restart()


async def test_each_account_has_its_own_exits_of_a_stock(harness: Harness) -> None:
    """What is approved in one ends nothing in the other, and takes no plan away."""
    with_exits(harness, "stop 5%")
    in_account(harness, ACCOUNT)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 100)
        (stop,) = await protected(harness)
    in_account(harness, "DU7654321")
    async with harness.trading():
        await asked(harness, "trail 3%")
        await until(lambda: any(o.exit is ExitKind.TRAIL for o in exits(harness)))
        await turns()
    plans = harness.journal.memory.protections()
    in_account(harness, stop.account)
    async with harness.trading():
        harness.engine.look()
        await turns()
        (still,) = [o for o in alive(harness) if o.account == stop.account]

    assert {(p.account, p.plan) for p in plans} == {
        (stop.account, a_plan("stop 5%")),
        ("DU7654321", a_plan("trail 3%")),
    }
    assert (still.ref, still.cancel_asked) == (stop.ref, False)


async def test_an_exit_that_was_taken_off_is_not_sent_although_ib_did_not_answer(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the first part were cancelled in TWS while the stop of the second was lost
    on its way. IB did not answer what is held, and the target of the second part left,
    alone, behind the news that the stock has no exit."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    inventory, failed = harness.broker.inventory, False

    async def fails_once() -> Inventory:
        nonlocal failed
        (plan,) = harness.journal.memory.protections() or (a_protection(),)
        if plan.off and not failed:
            failed, harness.broker.behaviour = True, BrokerBehaviour.HOLDS
            raise BrokerSilent("its positions", 10.0)
        return await inventory()

    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 30)
        first = await protected(harness, 30)
        monkeypatch.setattr(type(harness.broker), "inventory", lambda _: fails_once())

        def ended_in_tws() -> None:
            for order in first:
                harness.broker._status(harness.broker.book[order.ref], "Cancelled")
            harness.broker.behaviour = BrokerBehaviour.LOSES

        harness.reached = when(EXITS.after, ended_in_tws)
        harness.broker.fill(entry, 70)
        await until(lambda: failed)
        harness.reached = ignore
        for _ in range(3):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()
        sent = [order for order in harness.broker.sent if order.exit]

    one_part = [ExitKind.STOP, ExitKind.TARGET]
    assert [order.exit for order in sent] == [*one_part, ExitKind.STOP]
    assert alive(harness) == []
