"""After a crash or a cut: what arrived is adopted, what did not is never sent again."""

from dataclasses import replace

import pytest

from core.model.evidence import LineState
from core.model.news import Ghost, Settled
from core.model.proposal import Choice, Proposal
from tests.builders import an_open_order
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import Conduct
from tests.harness.core import House, turns, until, when


async def one_yes(house: House) -> Proposal:
    """One leg of a card is approved and on its way."""
    card = await house.scan()
    house.tap(card, Choice.FIRST)
    return card


async def test_after_a_crash_an_order_that_arrived_is_adopted(house: House) -> None:
    async with house.trading():
        house.reached = when("W2", house.hush)
        card = await one_yes(house)
        await until(lambda: len(house.broker.sent) == 1)
    house.restart()
    async with house.trading():
        await house.calm(card)

    assert house.states(card) == ["filled"]
    assert len(house.broker.sent) == 1


async def test_after_a_crash_a_lost_order_is_absent_and_never_sent_again(
    house: House,
) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: len(house.broker.sent) == 1)
    house.restart()
    house.broker.conduct = Conduct.FILLS
    async with house.trading():
        await until(lambda: house.states(card) == ["absent"])
        await turns()

    assert len(house.broker.sent) == 1
    assert len(house.news(Settled)) == 1


async def test_after_a_crash_a_planned_order_is_judged_and_sent_once(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
    house.tap(card, Choice.FIRST)  # nobody runs: it is only on disk
    house.restart()
    async with house.trading():
        await house.calm(card)

    assert house.states(card) == ["filled"]
    assert len(house.broker.sent) == 1


async def a_proven_absence(house: House) -> Proposal:
    """An order is lost, the owner is told that it never reached IB."""
    house.broker.conduct = Conduct.LOSES
    card = await one_yes(house)
    await until(lambda: house.states(card) == ["absent"])
    await house.ready()
    house.broker.conduct = Conduct.HOLDS
    return card


async def test_r16_an_absent_order_that_turns_up_is_cancelled_and_halts_the_trading(
    house: House,
) -> None:
    async with house.trading():
        card = await a_proven_absence(house)
        house.broker.place(house.broker.sent[0])
        await until(lambda: house.states(card) == ["cancelled"])
        halted = house.engine.queries.status().halted

    (ghost,) = house.news(Ghost)
    (order,) = house.orders(card)
    assert ghost.ref == order.ref
    assert "being cancelled" in ghost.text
    assert halted is not None
    assert "absent" in halted
    assert [each.ref for each in house.broker.cancelled] == [order.ref]


async def test_r16_a_ghost_found_by_a_pass_after_a_crash_is_cancelled_once(
    house: House,
) -> None:
    async with house.trading():
        card = await a_proven_absence(house)
    house.hush()
    house.broker.place(house.broker.sent[0])
    house.restart()
    async with house.trading():
        await until(lambda: house.states(card) == ["cancelled"])
        await turns()

    assert len(house.broker.cancelled) == 1


@pytest.mark.attack(10)
async def test_r16_a_ghost_that_goes_on_is_asked_at_every_pass_to_end(
    house: House,
) -> None:
    house.broker.stubborn = True
    async with house.trading():
        card = await a_proven_absence(house)
        house.broker.place(house.broker.sent[0])
        await until(lambda: house.states(card) == ["acked"])
        passes = house.broker.passes
        house.broker.connect()
        await until(lambda: house.broker.passes > passes)
        await house.ready()
        again = len(house.broker.cancelled)
        house.broker.stubborn = False
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert again == 2


async def test_r16_a_ghost_met_as_the_line_falls_is_cancelled_when_it_is_back(
    house: House,
) -> None:
    async with house.trading():
        card = await a_proven_absence(house)
        house.broker.place(house.broker.sent[0])
        house.broker.go(LineState.DOWN, "cable")
        await until(lambda: house.states(card) == ["acked"])
        too_early = list(house.broker.cancelled)
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert too_early == []
    assert len(house.broker.cancelled) == 1


async def test_r16_a_ghost_that_has_filled_is_only_told(house: House) -> None:
    async with house.trading():
        card = await a_proven_absence(house)
        house.broker.conduct = Conduct.FILLS
        house.hush()
        house.broker.place(house.broker.sent[0])
        house.broker.connect()
        await until(lambda: house.states(card) == ["filled"])

    assert len(house.news(Ghost)) == 1
    assert house.broker.cancelled == []


async def test_an_order_that_ib_reopens_is_told_and_left_to_the_owner(
    house: House,
) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["acked"])
        (order,) = house.orders(card)
        house.engine.cancel(order.ref, by="Ada")
        await until(lambda: house.states(card) == ["cancelled"])
        house.broker.book[order.ref].status = "Submitted"
        house.broker.connect()
        await until(lambda: house.states(card) == ["acked"])

    assert len(house.news(Ghost)) == 1
    assert len(house.broker.cancelled) == 1  # the owner's own


async def test_an_order_that_the_journal_never_wrote_halts_the_trading(
    house: House,
) -> None:
    async with house.trading():
        house.broker.strangers.append(an_open_order(ref="tb-zzzzzzzzzz-1"))
        house.broker.connect()
        await until(lambda: house.engine.queries.status().halted is not None)
        await house.ready()
        house.engine.resume(by="Ada", named=house.engine.queries.halts())
        house.broker.connect()
        await turns()
        await house.ready()

        assert house.engine.queries.status().halted is None  # the owner has looked

    assert [ghost.ref for ghost in house.news(Ghost)] == ["tb-zzzzzzzzzz-1"]


async def test_an_order_by_hand_is_nobodys_ghost(house: House) -> None:
    house.broker.strangers.append(an_open_order(ref=""))
    async with house.trading():
        await turns()

    assert house.news(Ghost) == []


async def test_a_line_that_falls_between_two_passes_makes_both_worth_nothing(
    house: House,
) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: len(house.broker.sent) == 1)
    house.restart()
    house.instructions = replace(
        house.instructions, patience=replace(AT_ONCE, settle=0.2)
    )
    house.restart()
    async with house.running():
        house.broker.connect()
        await turns()
        house.broker.connect()  # a new session, before the second pass
        await until(lambda: house.states(card) == ["absent"])
        await house.ready()

    assert house.engine.queries.status().reconciled


async def test_a_line_that_is_cut_in_a_pass_is_compared_when_it_is_back(
    house: House,
) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: len(house.broker.sent) == 1)
    house.instructions = replace(
        house.instructions, patience=replace(AT_ONCE, settle=0.1)
    )
    house.restart()
    async with house.running():
        house.broker.connect()
        await turns()
        house.broker.go(LineState.DOWN, "cable")
        await until(lambda: not house.engine._reconciler.comparing)
        house.broker.connect()
        await until(lambda: house.states(card) == ["absent"])


async def test_a_gateway_that_cannot_be_reached_again_leaves_the_doubt(
    house: House,
) -> None:
    house.broker.conduct = Conduct.LOSES
    house.broker.reachable = False
    async with house.trading():
        card = await one_yes(house)
        await until(lambda: house.states(card) == ["unknown"])
        await turns()
        house.broker.reachable = True
        house.broker.connect()
        await until(lambda: house.states(card) == ["absent"])
