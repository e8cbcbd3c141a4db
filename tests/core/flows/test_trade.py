"""From the owner's Yes to IB's hands: in order, one at a time, never twice."""

from collections.abc import Callable

from core.model.evidence import LineState
from core.model.news import InDoubt, Settled
from core.model.order import OrderState
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState
from tests.builders import FDMX, NOW, QRVX, price
from tests.fakes.broker import Conduct
from tests.harness.core import House, turns, until, when


async def test_yes_sends_each_leg_once_and_tells_when_all_is_filled(
    house: House,
) -> None:
    async with house.trading():
        first, second = await house.yes()

    assert (first.instrument, second.instrument) == (FDMX, QRVX)
    assert {first.state, second.state} == {OrderState.FILLED}
    assert [order.ref for order in house.broker.sent] == [first.ref, second.ref]
    assert len(house.news(Settled)) == 1


async def test_an_order_is_on_disk_as_sending_before_it_leaves(house: House) -> None:
    house.broker.conduct = Conduct.LOSES
    async with house.trading():
        await house.yes()

    sent = house.broker.sent[0]
    assert sent.state is OrderState.SENDING
    assert (sent.order_id, sent.client_id, sent.epoch) == (1, 7, 1)
    assert (sent.position_before, sent.sent_at) == (0, NOW)
    assert house.points.index("W2") < house.points.index("sent")


async def test_every_order_gets_an_id_above_all_that_were_ever_seen(
    house: House,
) -> None:
    house.broker.next_valid_id = 70
    async with house.trading():
        orders = await house.yes()
    house.restart()
    house.broker.next_valid_id = 1  # the gateway has forgotten
    house.broker.forget()
    async with house.trading():
        later = await house.yes("b")

    assert [o.order_id for o in (*orders, *later)] == [70, 71, 72, 73]


async def test_the_second_leg_waits_until_ib_has_named_the_first(house: House) -> None:
    house.broker.conduct = Conduct.SWALLOWS
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.YES)
        await until(lambda: len(house.broker.sent) == 1)
        await turns()

        assert house.states(card) == ["sending", "planned"]


async def test_only_this_one_sends_only_this_one(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.SECOND)
        await house.calm(card)

    assert [order.instrument for order in house.broker.sent] == [QRVX]


async def test_a_price_that_moved_asks_again_with_this_moments_price(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("28.00"), ask=price("28.10"))
        house.tap(card, Choice.YES)
        await house.calm(card)
        again = house.card()

    assert house.states(card) == ["needs reconfirm"] * 2
    assert house.broker.sent == []
    assert again.id != card.id
    assert again.token != card.token
    assert again.state is ProposalState.OFFERED
    assert again.shown == card.shown
    assert [leg.reference for leg in again.legs] == [price("28.00"), price("4.82")]
    assert again.legs[0].change.dollars == price("28.00") - price("23.49")
    assert "FDMX is at 28.00 now" in (again.note or "")
    assert house.news(Settled) == []


async def test_a_pick_that_fell_below_the_open_is_not_asked_about_again(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        house.tap(card, Choice.YES)
        await house.calm(card)
        again = house.card()

    assert [leg.instrument for leg in again.legs] == [QRVX]
    assert again.state is ProposalState.OFFERED


async def test_a_new_card_without_a_gain_offers_nothing(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)
        made = house.journal.memory.answer_to(f"again:{card.id}")
        again = house.journal.proposals.by_id(made or ProposalId(""))

    assert again is not None
    assert again.legs == ()
    assert again.state is ProposalState.DRAFT
    assert house.journal.proposals.offers() == ()


async def one_is_bought_and_the_other_moves(
    house: House, meanwhile: Callable[[], None] = lambda: None
) -> Proposal:
    """While the first order's answer is late, the second one's price moves."""
    house.broker.conduct = Conduct.SWALLOWS
    card = await house.scan()
    house.tap(card, Choice.YES)
    await until(lambda: len(house.broker.sent) == 1)
    house.quote(QRVX, last=price("6.00"))
    meanwhile()
    house.broker.conduct = Conduct.FILLS
    house.broker.place(house.broker.sent.pop())
    await house.calm(card)
    return card


async def test_the_new_card_asks_only_for_what_was_not_sent(house: House) -> None:
    async with house.trading():
        card = await one_is_bought_and_the_other_moves(house)

    assert house.states(card) == ["filled", "needs reconfirm"]
    assert [leg.instrument for leg in house.card().legs] == [QRVX]


async def test_the_card_of_an_order_that_was_sent_keeps_its_place(house: House) -> None:
    async with house.trading():
        card = await one_is_bought_and_the_other_moves(house)

    assert house.card().shown == house.notifier.places[f"again:{card.id}"]
    assert house.journal.proposals.newest_in(card.shown) == card.id


async def test_without_a_place_for_a_new_card_the_order_ends_with_its_reason(
    house: House,
) -> None:
    def the_chat_is_away() -> None:
        house.notifier.away = True

    async with house.trading():
        card = await one_is_bought_and_the_other_moves(house, the_chat_is_away)

    assert house.states(card) == ["filled", "lapsed"]
    assert "6.00 now" in (house.orders(card)[1].reason or "")


async def test_only_this_one_is_asked_again_about_alone(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("28.00"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    assert [leg.instrument for leg in house.card().legs] == [FDMX]


async def test_asking_again_and_ending_the_old_order_are_one_write(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("28.00"))
        house.tap(card, Choice.YES)
        before = house.notifier.woken
        await house.calm(card)

    assert house.notifier.woken == before + 1


async def test_a_yes_on_the_new_card_buys_at_the_new_price(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.quote(FDMX, last=price("28.00"), ask=price("28.10"))
        house.tap(card, Choice.YES)
        await house.calm(card)
        again = house.card()
        house.tap(again, Choice.YES)
        await house.calm(again)

    assert house.states(again) == ["filled", "filled"]


async def test_a_card_just_before_the_close_asks_for_the_next_open(
    house: House,
) -> None:
    house.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    for instrument in (QRVX, FDMX):
        house.quote(instrument)
    async with house.trading():
        card = await house.scan()
        house.reached = when("W1", lambda: house.clock.forward(seconds=2))
        house.tap(card, Choice.YES)
        await house.calm(card)
        again = house.card()

    assert house.states(card) == ["needs reconfirm"] * 2
    assert again.queue_for == NOW.replace(day=24, hour=14, minute=30, second=0)


async def test_a_line_lost_in_the_last_moment_means_that_nothing_was_sent(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W2", lambda: house.broker.go(LineState.DOWN, "cable"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    (order,) = house.orders(card)
    assert order.state is OrderState.LAPSED
    assert "cable" in (order.reason or "")
    assert house.news(InDoubt) == []
