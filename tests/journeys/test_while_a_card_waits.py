"""What happens at the gateway between a card and its Yes, and what the owner then reads."""

import asyncio
from pathlib import Path

from core.sandbox.trouble.faults import QUIET_DAY
from core.sandbox.trouble.library.market import QUOTES
from tests.harness.product import MOST_DOLLARS, MOST_PERCENT, at, opened


BOTH = sorted([(MOST_PERCENT, 100), (MOST_DOLLARS, 100)])


async def test_a_yes_during_a_competing_session_says_so_and_buys_once_it_is_over(
    tmp_path: Path,
) -> None:
    [competing] = [each for each in QUOTES if each.name == "competing-session"]
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        harness.gateway.reload(competing)
        await harness.prices_have_come()

        await harness.phone.tap(card, "Yes, buy both")
        held = await harness.becomes(card, lambda c: "Not sent" in c.text)
        await asyncio.sleep(40)
        status = await harness.asked("/status")
        nothing = harness.placed()
        harness.gateway.reload(QUIET_DAY)
        await asyncio.sleep(40)  # SPY is asked for every 30 s
        await harness.phone.tap(held, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)

        assert "somebody is logged in elsewhere" in held.text
        assert "Ready" not in status.text
        assert "somebody is logged in elsewhere" in status.text
        assert "Nothing was bought. When that is over, tap Yes again." in held.text
        assert nothing == []
        assert harness.placed() == BOTH


async def test_a_yes_during_a_restart_is_not_kept_and_can_be_said_again(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        harness.gateway.restart(down=20)
        await harness.prices_have_come()

        await harness.phone.tap(card, "Yes, buy both")
        held = await harness.becomes(card, lambda c: "Not sent" in c.text)
        await harness.phone.reads("IB is there again", after=card, within=60)
        nothing = harness.placed()
        await harness.phone.tap(held, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)

        assert "IB Gateway is not connected" in held.text
        assert nothing == []
        assert harness.placed() == BOTH
