"""Exits are approved with the purchase, and changed by a card of their own."""

import pytest

from core.model.exits.news import Unprotected
from core.model.exits.plan import NO_EXITS, ExitKind
from core.model.points import ignore
from core.model.proposal import (
    Choice,
    ChooseExits,
    ProposalState,
    Purpose,
    Verdict,
)
from tests.builders import QRVX, price
from tests.core.game import KilledError, die
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import (
    a_plan,
    alive,
    bought,
    exits,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


async def asked(harness: Harness, text: str, key: str = "exits:1") -> None:
    """/exits QRVX *text*, and Yes."""
    problem = await harness.engine.named.exits.offer("qrvx", a_plan(text), key=key)
    assert problem is None
    card = harness.card()
    assert (card.purpose, card.state) == (Purpose.EXITS, ProposalState.OFFERED)
    assert harness.tap(card, Choice.YES).verdict is Verdict.APPROVED


async def test_other_exits_on_the_card_are_a_new_question(harness: Harness) -> None:
    """A Yes to the older ones approves nothing."""
    async with harness.trading():
        older = await harness.scan()
        tap = ChooseExits(token=older.token, plan=a_plan("trail 3%"), shown=older.shown)
        chosen = harness.engine.choose_exits(tap).proposal
        assert chosen is not None
        late = harness.tap(older, Choice.YES)
        assert harness.tap(chosen, Choice.SECOND).verdict is Verdict.APPROVED
        (trail,) = await protected(harness)

    assert late.verdict is not Verdict.APPROVED
    assert [leg.exits for leg in chosen.legs] == [a_plan("trail 3%")] * 2
    assert (trail.exit, str(trail.trail_percent)) == (ExitKind.TRAIL, "3")


async def test_a_holding_of_any_origin_gets_exits(harness: Harness) -> None:
    harness.broker.fill_price = price("4.83")
    harness.broker.trade_by_hand(QRVX, 250)
    async with harness.trading():
        await asked(harness, "stop 5% target 10%")
        stop, target = await protected(harness, 250)

    assert (stop.stop, target.limit) == (price("4.58"), price("5.30"))  # from 4.82
    assert {stop.shares, target.shares} == {250}


async def test_exits_are_moved_by_a_card_and_taken_off_by_a_card(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        await asked(harness, "trail 4%")
        await until(lambda: [o.exit for o in alive(harness)] == [ExitKind.TRAIL])
        await protected(harness)
        await asked(harness, "none", key="exits:2")
        await until(lambda: not alive(harness))
        harness.engine.look()
        await turns()

    assert harness.journal.memory.protections() == ()
    assert held(harness) == 100
    assert harness.news(Unprotected) == []


async def test_no_changes_nothing(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        before = await protected(harness)
        offer = harness.engine.named.exits.offer
        await offer("QRVX", NO_EXITS, key="exits:1")
        harness.tap(harness.card(), Choice.NO)
        await turns()

    assert alive(harness) == before


async def test_what_is_naked_is_named(harness: Harness) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 60)
        await protected(harness, 60)
        harness.broker.trade_by_hand(QRVX, 40)
        (holding,) = await harness.engine.named.exits.holdings()

    assert (holding.shares, holding.naked) == (100, 40)
    assert holding.protection is not None


async def test_what_was_bought_just_now_is_shown_and_can_have_other_exits(
    harness: Harness,
) -> None:
    """The account window lags behind the purchase by minutes; IB lists it on request."""
    with_exits(harness)
    async with harness.trading():
        harness.broker.listed = ()
        await bought(harness)
        await protected(harness)
        (holding,) = await harness.engine.named.exits.holdings()
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 8%")
        await until(lambda: [o.stop for o in alive(harness)] == [price("4.45")])

    assert (holding.shares, holding.naked) == (100, 0)


async def test_a_target_alone_leaves_a_holding_naked(harness: Harness) -> None:
    with_exits(harness, "target 10%")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        (holding,) = await harness.engine.named.exits.holdings()

    assert holding.naked == 100


async def test_who_cancels_an_exit_takes_the_exits_of_the_stock_off(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.engine.cancel(stop.ref, by="Ada")
        await until(lambda: not alive(harness))
        harness.engine.look()
        await turns()

    assert len(exits(harness)) == 2
    assert harness.news(Unprotected) == []


@pytest.mark.parametrize("point", ["in-note", "noted"])
@pytest.mark.parametrize("how", ["one", "all"])
async def test_killed_in_a_cancel_the_exits_are_there_or_given_up(
    harness: Harness, how: str, point: str
) -> None:
    """Never ended, and then placed anew against the owner's word."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
    harness.reached = when(point, die)
    one, all_ = harness.engine.cancel, harness.engine.named.cancel_all
    with pytest.raises(KilledError):
        _ = one(stop.ref, by="Ada") if how == "one" else all_(by="Ada")
    harness.reached = ignore
    harness.restart()

    (protection,) = harness.journal.memory.protections()
    wanted = any(order.cancel_asked for order in exits(harness))
    assert wanted is bool(protection.off)


async def test_ranges_are_dollars_when_they_are_known(harness: Harness) -> None:
    harness.broker.trade_by_hand(QRVX, 100)
    async with harness.trading():
        offer = harness.engine.named.exits.offer
        refused = await offer("QRVX", a_plan("stop 2atr"), key="exits:1")

    assert refused is not None
    assert "true range" in refused


async def test_exits_are_set_while_the_market_is_closed(harness: Harness) -> None:
    """They wait at IB by nature: nobody is asked about an open."""
    harness.broker.trade_by_hand(QRVX, 100)
    harness.clock.forward(hours=9)
    async with harness.trading():
        await asked(harness, "stop 5%")
        found = await protected(harness)

    assert len(found) == 1
