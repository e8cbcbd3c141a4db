"""What happens between the judgement and the bytes: nothing leaves on old facts."""

from collections.abc import Callable

import pytest

from core.model.evidence import LineState
from core.model.points import SENT, W1, W2
from core.model.proposal import Choice, Proposal
from core.rules.sending import FRESH
from tests.builders import FDMX, QRVX
from tests.harness.core import OWNER, House, turns, when


PRE_W2 = W2.before
"""Judged, and about to be written as being sent."""


def once(happens: Callable[[], object]) -> Callable[[], None]:
    """It happens the first time only."""
    left = [happens]

    def happen() -> None:
        if left:
            left.pop()()

    return happen


async def a_yes_during_which(
    house: House, point: str, happens: Callable[[Proposal], object]
) -> Proposal:
    """A Yes to one leg; something happens at *point* on its way to IB."""
    card = await house.scan()
    house.reached = when(point, once(lambda: happens(card)))
    house.tap(card, Choice.FIRST)
    await turns()
    return card


@pytest.mark.attack(1)
@pytest.mark.parametrize("point", [W1.after, PRE_W2])
async def test_a_cancel_before_the_send_means_that_nothing_leaves(
    house: House, point: str
) -> None:
    async with house.trading():
        card = await a_yes_during_which(
            house,
            point,
            lambda card: house.engine.cancel(house.orders(card)[0].ref, by=OWNER),
        )
        await house.calm(card)

    (order,) = house.orders(card)
    assert (order.state.value, order.cancel_asked) == ("lapsed", True)
    assert house.broker.sent == []


@pytest.mark.attack(1)
async def test_a_halt_after_the_judgement_means_that_nothing_leaves(
    house: House,
) -> None:
    async with house.trading():
        card = await a_yes_during_which(
            house, PRE_W2, lambda _: house.engine.halt(by=OWNER, reason="lunch")
        )
        await house.calm(card)

    assert house.states(card) == ["lapsed"]
    assert house.broker.sent == []


@pytest.mark.attack(1)
async def test_an_offer_that_ends_after_the_judgement_is_not_sent(house: House) -> None:
    async with house.trading():
        card = await a_yes_during_which(
            house, PRE_W2, lambda card: setattr(house.clock, "moment", card.expires_at)
        )
        await house.calm(card)

    assert house.states(card) == ["lapsed"]
    assert house.broker.sent == []


@pytest.mark.attack(1)
async def test_over_another_line_than_it_was_judged_on_nothing_leaves(
    house: House,
) -> None:
    async with house.trading():
        card = await a_yes_during_which(
            house, PRE_W2, lambda _: house.broker.go(LineState.CUT_OFF, "1100")
        )
        assert house.states(card) == ["planned"]
        assert house.broker.sent == []


@pytest.mark.attack(2)
async def test_what_was_judged_before_a_sleep_is_judged_again(house: House) -> None:
    def sleep(_: Proposal) -> None:
        house.clock.forward(seconds=45)
        house.quote(QRVX, last=house.market.known[QRVX.con_id].last)
        house.quote(FDMX, last=house.market.known[FDMX.con_id].last * 2)  # type: ignore[operator]  # it has a price

    async with house.trading():
        card = await a_yes_during_which(house, PRE_W2, sleep)
        await house.calm(card)

    assert house.states(card) == ["needs reconfirm"]
    assert house.broker.sent == []


@pytest.mark.attack(2)
async def test_an_order_whose_machine_slept_after_it_was_written_does_not_leave(
    house: House,
) -> None:
    async with house.trading():
        card = await a_yes_during_which(
            house, W2.after, lambda _: house.clock.forward(seconds=45)
        )
        await house.calm(card)

    (order,) = house.orders(card)
    assert order.state.value == "lapsed"
    assert "stood still for 45 s" in (order.reason or "")
    assert SENT not in house.points
    assert house.broker.sent == []


@pytest.mark.attack(2)
@pytest.mark.parametrize(("more", "leaves"), [(0.0, True), (0.001, False)])
async def test_two_seconds_are_the_most_between_judgement_and_bytes(
    house: House, more: float, *, leaves: bool
) -> None:
    late = FRESH.total_seconds() + more
    async with house.trading():
        card = await a_yes_during_which(
            house, W2.after, lambda _: house.clock.forward(seconds=late)
        )
        await house.calm(card)

    assert bool(house.broker.sent) is leaves
