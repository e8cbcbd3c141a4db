"""A fill whose rest goes on working is told, and not only drawn on the card."""

import pytest

from core.flows.sent.part_fills import WAIT
from core.model.exits.news import ExitDone, ExitPartFilled
from core.model.news import Settled
from core.model.order import Order
from core.model.order_news import PartFilled
from core.model.proposal import Choice, Proposal
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.waiting import turns, until


pytestmark = pytest.mark.attack(10)


async def filled(harness: Harness, order: Order, shares: int) -> None:
    harness.broker.fill(order, shares)
    await turns()
    harness.engine.look()


def after_the_wait(harness: Harness) -> list[PartFilled]:
    harness.clock.forward(seconds=WAIT)
    harness.engine.look()
    return harness.news(PartFilled)


async def both_working(harness: Harness) -> tuple[Proposal, Order, Order]:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan()
    harness.tap(card, Choice.YES)
    await until(lambda: harness.states(card) == ["acked", "acked"])
    one, other = harness.orders(card)
    return card, one, other


async def test_a_part_fill_is_told_once_however_many_executions_follow(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        await filled(harness, order, 40)
        early = harness.news(PartFilled)
        first = after_the_wait(harness)
        await filled(harness, order, 20)
        later = after_the_wait(harness)

    assert early == []
    assert first == later == [PartFilled(proposal_id=card.id, filled_orders=1)]
    assert harness.news(Settled) == []


async def test_an_order_that_is_filled_in_pieces_at_once_is_told_by_its_end_alone(
    harness: Harness,
) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
        await filled(harness, order, 40)
        await filled(harness, order, 60)
        told = after_the_wait(harness)

    assert told == []
    assert len(harness.news(Settled)) == 1


async def test_a_whole_fill_is_told_while_the_other_order_of_its_card_works(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order, other = await both_working(harness)
        await filled(harness, order, 100)
        first = after_the_wait(harness)
        await filled(harness, other, 40)
        second = after_the_wait(harness)

    one, two = (PartFilled(proposal_id=card.id, filled_orders=n) for n in (1, 2))
    assert (first, second) == ([one], [one, two])


async def test_fills_of_both_orders_are_one_message(harness: Harness) -> None:
    async with harness.trading():
        card, order, other = await both_working(harness)
        await filled(harness, order, 40)
        await filled(harness, other, 40)
        told = after_the_wait(harness)

    assert told == [PartFilled(proposal_id=card.id, filled_orders=2)]


async def test_while_a_cancel_is_asked_for_the_end_tells_it(harness: Harness) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        await filled(harness, order, 40)
        harness.engine.cancel(order.ref, by=OWNER)
        told = after_the_wait(harness)

    assert told == []


async def test_a_new_start_does_not_tell_it_again(harness: Harness) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
        await filled(harness, order, 40)
        after_the_wait(harness)
        (item,) = (
            i for i in harness.journal.outbox.unsent() if isinstance(i.news, PartFilled)
        )
        with harness.journal.transaction():
            harness.journal.outbox.mark_sent(item.news, edition=item.edition, message=1)
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        told = after_the_wait(harness)

    assert told == []


async def test_an_exit_whose_rest_works_is_told_once_at_its_first_fill(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        _, target = await protected(harness)
        await filled(harness, target, 40)
        early = harness.news(ExitPartFilled)
        after_the_wait(harness)
        first = harness.news(ExitPartFilled)
        await filled(harness, target, 20)
        told = after_the_wait(harness)

    assert not early
    assert not told
    assert not harness.news(ExitDone)
    assert first == harness.news(ExitPartFilled) == [ExitPartFilled(ref=target.ref)]


async def test_an_exit_that_is_filled_in_pieces_at_once_is_told_by_its_end_alone(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        await filled(harness, stop, 40)
        await filled(harness, stop, 60)
        await until(lambda: not alive(harness))
        after_the_wait(harness)

    assert harness.news(ExitPartFilled) == []
    assert [news.ref for news in harness.news(ExitDone)] == [stop.ref]
