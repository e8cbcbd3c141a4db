"""From the owner's Yes to IB's hands: in order, one at a time, never twice."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from core.model.evidence import LineState
from core.model.news import AskedAgain, InDoubt, Settled
from core.model.order import OrderState
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState
from tests.builders import FDMX, NOW, QRVX, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


async def test_yes_sends_each_leg_once_and_tells_when_all_is_filled(
    harness: Harness,
) -> None:
    async with harness.trading():
        first, second = await harness.yes()

    assert (first.instrument, second.instrument) == (FDMX, QRVX)
    assert {first.state, second.state} == {OrderState.FILLED}
    assert [order.ref for order in harness.broker.sent] == [first.ref, second.ref]
    assert len(harness.news(Settled)) == 1


async def test_an_order_is_on_disk_as_sending_before_it_leaves(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        await harness.yes()

    sent = harness.broker.sent[0]
    assert sent.state is OrderState.SENDING
    assert (sent.order_id, sent.client_id, sent.epoch) == (1, 7, 1)
    assert (sent.position_before, sent.sent_at) == (Decimal(0), NOW)
    assert harness.points.index("W2") < harness.points.index("sent")


async def test_every_order_gets_an_id_above_all_that_were_ever_seen(
    harness: Harness,
) -> None:
    harness.broker.next_valid_id = 70
    async with harness.trading():
        orders = await harness.yes()
    harness.restart()
    harness.broker.next_valid_id = 1  # the gateway has forgotten
    harness.broker.forget()
    async with harness.trading():
        later = await harness.yes("b")

    assert [o.order_id for o in (*orders, *later)] == [70, 71, 72, 73]


async def test_the_second_leg_waits_until_ib_has_named_the_first(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        await until(lambda: len(harness.broker.sent) == 1)
        await turns()

        assert harness.states(card) == ["sending", "planned"]


async def test_only_this_one_sends_only_this_one(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.SECOND)
        await harness.until_settled(card)

    assert [order.instrument for order in harness.broker.sent] == [QRVX]


async def test_a_price_that_moved_asks_again_with_this_moments_price(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("28.00"), ask=price("28.10"))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        again = harness.card()

    assert harness.states(card) == ["needs reconfirm"] * 2
    assert harness.broker.sent == []
    assert again.id != card.id
    assert again.token != card.token
    assert again.state is ProposalState.OFFERED
    assert again.shown == card.shown
    assert [leg.reference for leg in again.legs] == [price("28.00"), price("4.82")]
    assert again.legs[0].change
    assert again.legs[0].change.dollars == price("28.00") - price("23.49")
    assert "FDMX is at 28.00 now" in (again.note or "")
    assert harness.news(Settled) == []


@pytest.mark.attack(22)
@pytest.mark.parametrize("last", ["27.40", "25.70"], ids=["+3 %", "-3 %"])
async def test_a_price_that_moved_is_told_in_a_message_of_its_own(
    harness: Harness, last: str
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price(last), ask=price(last))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        again = harness.card()

    (told,) = harness.news(AskedAgain)
    assert told.proposal_id == again.id != card.id
    assert f"FDMX is at {last} now" in told.reason
    assert harness.broker.sent == []


@pytest.mark.attack(22)
@pytest.mark.parametrize(
    ("quote", "is_asked"),
    [
        ({"last": "27.12", "ask": "27.12"}, False),
        ({"last": "27.13", "ask": "27.13"}, True),
        ({"last": "26.06", "ask": "26.08"}, False),
        ({"last": "26.05", "ask": "26.08"}, True),
        ({"ask": "27.40"}, True),
        ({"bid": "27.40"}, True),
        ({"ask": "25.00", "bid": "24.98"}, False),
    ],
    ids=[
        "the band upwards",
        "a cent above it",
        "the band downwards",
        "a cent below it",
        "only the ask, upwards",
        "only the bid, upwards",
        "only bid and ask, downwards",
    ],
)
async def test_what_has_moved_by_more_than_the_band_is_asked_about_and_rings(
    harness: Harness, quote: dict[str, str], *, is_asked: bool
) -> None:
    """The card: last 26.59, ask 26.61; the band: 2 %."""
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, **{side: price(at) for side, at in quote.items()})
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert len(harness.news(AskedAgain)) == len(harness.news(Settled)) ^ 1 == is_asked
    assert (harness.broker.sent == []) is is_asked


@pytest.mark.attack(22)
async def test_a_price_that_moves_again_asks_and_rings_again(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        for last in ("27.40", "28.40", "29.40"):
            harness.quote(FDMX, last=price(last), ask=price(last))
            harness.tap(card, Choice.FIRST)
            await harness.until_settled(card)
            card = harness.card()

    asked = [each.proposal_id for each in harness.news(AskedAgain)]
    assert len(set(asked)) == 3
    assert asked[-1] == card.id
    assert harness.broker.sent == []


async def test_a_pick_that_fell_below_the_open_is_not_asked_about_again(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        again = harness.card()

    assert [leg.instrument for leg in again.legs] == [QRVX]
    assert again.state is ProposalState.OFFERED


async def test_a_new_card_without_a_gain_offers_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("20.00"), ask=price("20.02"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)
        made = harness.journal.memory.answer_to(f"again:{card.id}")
        again = harness.journal.proposals.by_id(made or ProposalId(""))

    assert again is not None
    assert again.legs == ()
    assert again.state is ProposalState.DRAFT
    assert harness.journal.proposals.offers() == ()


async def one_is_bought_and_the_other_moves(
    harness: Harness, meanwhile: Callable[[], None] = lambda: None
) -> Proposal:
    """While the first order's answer is late, the second one's price moves."""
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    card = await harness.scan()
    harness.tap(card, Choice.YES)
    await until(lambda: len(harness.broker.sent) == 1)
    harness.quote(QRVX, last=price("6.00"))
    meanwhile()
    harness.broker.behaviour = BrokerBehaviour.FILLS
    harness.broker.place(harness.broker.sent.pop())
    await harness.until_settled(card)
    return card


async def test_the_new_card_asks_only_for_what_was_not_sent(harness: Harness) -> None:
    async with harness.trading():
        card = await one_is_bought_and_the_other_moves(harness)

    assert harness.states(card) == ["filled", "needs reconfirm"]
    assert [leg.instrument for leg in harness.card().legs] == [QRVX]


async def test_the_card_of_an_order_that_was_sent_keeps_its_place(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await one_is_bought_and_the_other_moves(harness)

    assert harness.card().shown == harness.notifier.places[f"again:{card.id}"]
    assert harness.journal.proposals.newest_in(card.shown) == card.id


async def test_without_a_place_for_a_new_card_the_order_ends_with_its_reason(
    harness: Harness,
) -> None:
    def the_chat_is_away() -> None:
        harness.notifier.away = True

    async with harness.trading():
        card = await one_is_bought_and_the_other_moves(harness, the_chat_is_away)

    assert harness.states(card) == ["filled", "lapsed"]
    assert "6.00 now" in (harness.orders(card)[1].reason or "")


@pytest.mark.attack(1)
async def test_what_is_cancelled_while_the_chat_is_waited_for_is_not_asked_about_again(
    harness: Harness,
) -> None:
    def cancel() -> None:
        (_, second) = harness.orders(harness.card())
        harness.engine.cancel(second.ref, by=OWNER)

    def the_chat_is_slow() -> None:
        harness.notifier.meanwhile = cancel

    async with harness.trading():
        card = await one_is_bought_and_the_other_moves(harness, the_chat_is_slow)

    assert harness.states(card) == ["filled", "lapsed"]
    assert harness.orders(card)[1].reason == "QRVX was cancelled by you."
    assert harness.journal.proposals.offers() == ()


async def test_only_this_one_is_asked_again_about_alone(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("28.00"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert [leg.instrument for leg in harness.card().legs] == [FDMX]


async def test_asking_again_and_ending_the_old_order_are_one_write(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("28.00"))
        harness.tap(card, Choice.YES)
        before = harness.notifier.woken
        await harness.until_settled(card)

    assert harness.notifier.woken == before + 1


async def test_a_yes_on_the_new_card_buys_at_the_new_price(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.quote(FDMX, last=price("28.00"), ask=price("28.10"))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        again = harness.card()
        harness.tap(again, Choice.YES)
        await harness.until_settled(again)

    assert harness.states(again) == ["filled", "filled"]


async def test_a_card_just_before_the_close_asks_for_the_next_open(
    harness: Harness,
) -> None:
    harness.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    for instrument in (QRVX, FDMX):
        harness.quote(instrument)
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.clock.forward(seconds=2))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        again = harness.card()

    assert harness.states(card) == ["needs reconfirm"] * 2
    assert again.queue_for == NOW.replace(day=24, hour=14, minute=30, second=0)


async def test_a_line_lost_in_the_last_moment_means_that_nothing_was_sent(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W2", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert order.state is OrderState.LAPSED
    assert "cable" in (order.reason or "")
    assert harness.news(InDoubt) == []
