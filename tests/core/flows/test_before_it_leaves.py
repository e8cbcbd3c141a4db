"""What happens between the judgement and the bytes: nothing leaves on old facts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.order import OrderState
from core.model.points import SENT, W1, W2
from core.model.proposal import Choice, Proposal
from core.rules.sending import FRESH
from tests.builders import FDMX, QRVX, an_account, money
from tests.harness.core import OWNER, Harness, an_open_harness, when
from tests.harness.waiting import turns


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
    harness: Harness, point: str, happens: Callable[[Proposal], object]
) -> Proposal:
    """A Yes to one leg; something happens at *point* on its way to IB."""
    card = await harness.scan()
    harness.reached = when(point, once(lambda: happens(card)))
    harness.tap(card, Choice.FIRST)
    await turns()
    return card


@pytest.mark.attack(1)
@pytest.mark.parametrize("point", [W1.after, PRE_W2])
async def test_a_cancel_before_the_send_means_that_nothing_leaves(
    harness: Harness, point: str
) -> None:
    async with harness.trading():
        card = await a_yes_during_which(
            harness,
            point,
            lambda card: harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER),
        )
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert (order.state.value, order.cancel_asked) == ("lapsed", True)
    assert harness.broker.sent == []


@pytest.mark.attack(1)
async def test_a_halt_after_the_judgement_means_that_nothing_leaves(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_yes_during_which(
            harness, PRE_W2, lambda _: harness.engine.halt(by=OWNER, reason="lunch")
        )
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.broker.sent == []


@pytest.mark.attack(1)
async def test_an_offer_that_ends_after_the_judgement_is_not_sent(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_yes_during_which(
            harness,
            PRE_W2,
            lambda card: setattr(harness.clock, "moment", card.expires_at),
        )
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.broker.sent == []


@pytest.mark.attack(1)
async def test_over_another_line_than_it_was_judged_on_nothing_leaves(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_yes_during_which(
            harness, PRE_W2, lambda _: harness.broker.go(LineState.CUT_OFF, "1100")
        )
        assert harness.states(card) == ["planned"]
        assert harness.broker.sent == []


@pytest.mark.attack(2)
async def test_what_was_judged_before_a_sleep_is_judged_again(harness: Harness) -> None:
    def sleep(_: Proposal) -> None:
        harness.clock.forward(seconds=45)
        harness.quote(QRVX, last=harness.market.known[QRVX.con_id].last)
        harness.quote(FDMX, last=harness.market.known[FDMX.con_id].last * 2)  # type: ignore[operator]  # it has a price

    async with harness.trading():
        card = await a_yes_during_which(harness, PRE_W2, sleep)
        await harness.until_settled(card)

    assert harness.states(card) == ["needs reconfirm"]
    assert harness.broker.sent == []


@pytest.mark.attack(2)
async def test_an_order_whose_machine_slept_after_it_was_written_does_not_leave(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_yes_during_which(
            harness, W2.after, lambda _: harness.clock.forward(seconds=45)
        )
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert order.state.value == "lapsed"
    assert "stood still for 45 s" in (order.reason or "")
    assert SENT not in harness.points
    assert harness.broker.sent == []


@pytest.mark.attack(2)
@pytest.mark.parametrize(("more", "leaves"), [(0.0, True), (0.001, False)])
async def test_two_seconds_are_the_most_between_judgement_and_bytes(
    harness: Harness, more: float, *, leaves: bool
) -> None:
    late = FRESH.total_seconds() + more
    async with harness.trading():
        card = await a_yes_during_which(
            harness, W2.after, lambda _: harness.clock.forward(seconds=late)
        )
        await harness.until_settled(card)

    assert bool(harness.broker.sent) is leaves


async def test_a_loss_that_comes_after_the_judgement_keeps_the_order_back(
    tmp_path: Path,
) -> None:
    """Whatever the guards say is asked again inside the transaction that writes it."""
    with an_open_harness(tmp_path, max_loss=money("500")) as harness:
        lost = an_account(day_profit=money("-512"))
        async with harness.trading():
            card = await a_yes_during_which(
                harness, PRE_W2, lambda _: setattr(harness.broker, "summary", lost)
            )
            await harness.until_settled(card)

        (order,) = harness.orders(card)
        assert order.state is OrderState.LAPSED
        assert order.reason == "The day's loss is $512: buying stops at $500."
        assert harness.broker.sent == []


async def test_what_leaves_is_synced_with_the_decision_behind_it(
    harness: Harness,
) -> None:
    """A power failure must not undo the Yes of an order that IB has. The decision itself
    waits for no disk: nothing of it has left the process then."""
    synced: dict[str, bool] = {}
    async with harness.trading():
        card = await harness.scan()
        access = harness.journal._access
        harness.reached = lambda point: synced.update({point: access.is_synced})
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert (synced[W1.after], synced[W2.after], synced[SENT]) == (False, True, True)
