"""What the owner is told when something stands in the way, and what is not done."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from tests.harness.product import (
    A_GOOD_MORNING,
    MOST_DOLLARS,
    MOST_PERCENT,
    at,
    has,
    opened,
)


async def test_the_bot_answers_while_the_gateway_is_down_and_trades_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        harness.gateway.restart(down=6)
        await harness.start()

        status = await harness.asked("/status")
        no_card = await harness.card(button="Scan again")
        await harness.ready()
        card = await harness.card()

        assert "Ready to" not in status.text
        assert "nothing was bought" in no_card.text
        assert has(card, "Yes")


async def test_a_yes_without_a_line_is_not_sent_and_can_be_said_again(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        harness.gateway.flap(1100)
        await harness.prices_have_come()

        await harness.phone.tap(card, "Yes, buy both")
        held = await harness.becomes(card, lambda c: "Not sent" in c.text)
        harness.gateway.flap(1102)
        await harness.ready()
        await harness.phone.tap(held, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)

        assert harness.placed() == sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_a_refused_order_says_why_and_leaves_the_other_alone(
    tmp_path: Path,
) -> None:
    refused = replace(
        A_GOOD_MORNING[MOST_PERCENT], refuse=(201, "Order rejected - reason: no")
    )
    shapes = {**A_GOOD_MORNING, MOST_PERCENT: refused}
    async with opened(tmp_path, clock=at(9, 41), shapes=shapes) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, "Yes, buy both")
        record = await harness.becomes(
            card, lambda c: "refused" in c.text and "filled 100" in c.text
        )

        assert "201" in record.text


async def test_an_order_is_told_as_it_fills_part_by_part(tmp_path: Path) -> None:
    thin = replace(A_GOOD_MORNING[MOST_DOLLARS], ask_size=40, refill_seconds=3)
    shapes = {**A_GOOD_MORNING, MOST_DOLLARS: thin}
    async with opened(tmp_path, clock=at(9, 41), shapes=shapes) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        part = await harness.becomes(card, lambda c: "of 100" in c.text)
        whole = await harness.becomes(card, lambda c: "filled 100" in c.text, within=30)

        assert "40 of 100" in part.text
        assert part.message_id == whole.message_id


async def test_a_silent_order_is_never_sent_again_and_the_owner_is_asked(
    tmp_path: Path,
) -> None:
    swallowed = Scenario(
        name="swallowed",
        seen="paper servers have given zero callbacks for an order",
        troubles=(Trouble(message="placeOrder", action=Action.SWALLOW),),
    )
    config = GatewayConfig(scenario=swallowed)
    async with opened(tmp_path, clock=at(9, 41), config=config) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        asked = await harness.phone.wait_for(
            lambda phone: next(
                (m for m in phone.received if has(m, "It is there")), None
            ),
            within=30,
        )

        assert MOST_DOLLARS in asked.text
        assert harness.placed() == []


async def test_a_killed_bot_never_buys_twice_and_tells_what_became_of_each(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, "Yes, buy both")
        await harness.kill()

        await harness.start()
        told = await harness.phone.reads("· SANDBOX", after=card, within=60)

        placed = [symbol for symbol, _ in harness.placed()]
        assert len(placed) == len(set(placed))
        for symbol in (MOST_PERCENT, MOST_DOLLARS):
            bought = f"100 {symbol} @" in told.text
            assert bought == (symbol in placed)


async def test_outside_the_session_yes_asks_for_which_open_the_order_would_wait(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(17, 30)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        question = await harness.becomes(card, lambda c: has(c, "Queue for Tue 09:30"))
        assert harness.placed() == []
        await harness.phone.tap(question, "Queue for Tue 09:30")
        held = await harness.becomes(card, lambda c: "queued" in c.text)

        assert "Tue" in held.text
        assert harness.placed() == [(MOST_DOLLARS, 100)]


async def test_a_queued_order_is_called_cancelled_when_ib_says_so(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(17, 30)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        question = await harness.becomes(card, lambda c: has(c, "Queue for Tue 09:30"))
        await harness.phone.tap(question, "Queue for Tue 09:30")
        await harness.becomes(card, lambda c: "queued" in c.text)

        offered = await harness.asked("/cancel")
        await harness.phone.tap(offered, f"Cancel {MOST_DOLLARS} 100")
        record = await harness.becomes(card, lambda c: "cancelled" in c.text)

        assert MOST_DOLLARS in record.text
        assert [order.status.value for order in harness.gateway.completed()] == [
            "Cancelled"
        ]


@pytest.mark.attack(17)
async def test_an_order_that_a_full_second_refused_is_told_as_refused(
    tmp_path: Path,
) -> None:
    full = Trouble(
        message="placeOrder",
        action=Action.REFUSE,
        code=100,
        text="Max rate of messages per second has been exceeded: max=50 rec=51 (1)",
        untied=True,
    )
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        harness.gateway.add_trouble(full)

        await harness.phone.tap(card, "Yes, buy both")
        record = await harness.becomes(
            card, lambda c: "refused" in c.text and "filled 100" in c.text
        )

        assert "TWS 100" in record.text
        assert len(harness.placed()) == 1


@pytest.mark.attack(30)
async def test_in_sandbox_mode_nothing_is_sent_to_a_gateway_that_may_be_real(
    tmp_path: Path,
) -> None:
    real = Trouble(
        message="error",
        action=Action.REPLACE,
        containing="2158",
        field=4,
        times=0,
        text="Sec-def data farm connection is OK:secdefil",
    )
    looks_real = Scenario(name="real", seen="a port that was changed", troubles=(real,))
    config = GatewayConfig(scenario=looks_real)
    async with opened(tmp_path, clock=at(9, 41), config=config) as harness:
        await harness.start()
        card = await harness.card(button="No")
        status = await harness.asked("/status")

        assert "may be a real one" in status.text
        assert "may be a real one" in card.text
        assert not has(card, "Yes")
        assert harness.placed() == []
