"""One message when the line stays down, one when it is back, restarts included."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from core.model.evidence import LineState
from core.model.news import CardChanged, LineBack, LineLost, TradingHalted
from core.model.proposal import Choice, Proposal
from tests.builders import IDENTITY, NOW
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import turns


MIDNIGHT: Final = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""In New York, between two sessions."""


async def wait(harness: Harness, seconds: float) -> None:
    """Time passes, and somebody looks."""
    await turns()
    harness.clock.forward(seconds=seconds)
    harness.engine.look()
    await turns()


async def test_a_long_outage_is_told_once_and_so_is_its_end(harness: Harness) -> None:
    async with harness.trading():
        harness.broker.go(LineState.DOWN, "cable")
        for _ in range(4):
            await wait(harness, 40)
        harness.broker.connect()
        await harness.ready()
        await wait(harness, 100)

    (lost,) = harness.news(LineLost)
    (back,) = harness.news(LineBack)
    assert (lost.since, lost.reason) == (NOW, "cable")
    assert back.since == NOW


async def test_a_short_drop_is_not_worth_a_message(harness: Harness) -> None:
    async with harness.trading():
        harness.broker.go(LineState.DOWN, "nightly restart")
        await wait(harness, 50)
        harness.broker.connect()
        await harness.ready()
        await wait(harness, 100)

    assert harness.news(LineLost) == []
    assert harness.news(LineBack) == []


async def test_a_clock_set_forward_makes_no_short_drop_a_long_one(
    harness: Harness,
) -> None:
    """Above all no halt for another program under our client id."""
    async with harness.trading():
        harness.broker.go(LineState.DOWN, "client id 17 is in use", id_in_use=True)
        await wait(harness, 5)
        harness.clock.turn(hours=3)
        await wait(harness, 5)
        early = harness.news(LineLost), harness.engine.queries.halts()
        for _ in range(3):
            await wait(harness, 20)

    assert early == ([], ())
    assert len(harness.news(LineLost)) == 1


async def test_the_nightly_restart_is_waited_for(harness: Harness) -> None:
    async with harness.trading():
        harness.clock.moment = MIDNIGHT
        harness.broker.go(LineState.DOWN, "nightly restart")
        await wait(harness, 1)
        await wait(harness, 890)
        unsent = harness.news(LineLost)
        await wait(harness, 20)

    assert unsent == []
    assert len(harness.news(LineLost)) == 1


async def test_what_is_away_since_the_night_is_told_well_before_the_open(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.clock.moment = MIDNIGHT + timedelta(hours=7, minutes=55)
        harness.broker.go(LineState.DOWN, "a login is wanted")
        await wait(harness, 1)
        await wait(harness, 280)
        unsent = harness.news(LineLost)
        await wait(harness, 30)

    assert unsent == []
    assert len(harness.news(LineLost)) == 1  # at 08:00, an hour and a half before


@pytest.mark.attack(17)
async def test_a_client_id_that_stays_in_use_halts(harness: Harness) -> None:
    async with harness.running():
        harness.broker.go(LineState.DOWN, "client id 17 is in use", id_in_use=True)
        await wait(harness, 0)
        await wait(harness, 50)
        before = harness.engine.queries.status().halted
        for _ in range(3):
            await wait(harness, 20)
        harness.broker.connect()
        await harness.ready()
        (halt,) = harness.engine.queries.halts()

    assert before is None
    assert "let only one run" in halt.reason
    assert len(harness.news(TradingHalted)) == 1


async def test_a_gateway_that_never_was_there_is_told(harness: Harness) -> None:
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 61)

    assert harness.news(LineLost)[0].reason == "nothing listens"


async def test_a_line_on_which_orders_cannot_be_compared_is_told(
    harness: Harness,
) -> None:
    harness.broker.silent = True
    async with harness.running():
        harness.broker.connect()
        await wait(harness, 0)
        await wait(harness, 200)
        early = harness.news(LineLost)
        await wait(harness, 101)

    assert early == []
    [lost] = harness.news(LineLost)
    assert lost.state is LineState.UP
    assert "listings" in lost.reason


async def test_who_was_told_not_now_hears_when_it_is_over(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.go(LineState.CUT_OFF, "1100")
        harness.tap(card, Choice.YES)
        harness.broker.connect()
        await harness.ready()

    assert harness.news(LineLost) == []
    assert len(harness.news(LineBack)) == 1


async def test_not_now_for_another_reason_promises_no_line(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.engine.halt(by=OWNER, reason="lunch")
        harness.tap(card, Choice.YES)
        await turns()
        harness.broker.connect()
        await turns()
        await harness.ready()

    assert harness.news(LineBack) == []


async def test_a_promise_before_anybody_noticed_the_outage_counts_from_then(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.go(LineState.DOWN, "cable")
        harness.tap(card, Choice.YES)  # nobody has heard of the cable yet
        harness.tap(card, Choice.YES)
        harness.broker.connect()
        await turns()
        await harness.ready()

    assert [back.since for back in harness.news(LineBack)] == [NOW]


# a restart in the middle of it


async def test_a_restart_in_a_long_outage_tells_it_no_second_time(
    harness: Harness,
) -> None:
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 61)
    harness.restart()
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 61)

    assert [lost.since for lost in harness.news(LineLost)] == [NOW]


async def test_an_outage_told_before_a_restart_is_over_after_it(
    harness: Harness,
) -> None:
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 61)
    harness.restart()
    async with harness.trading():
        await wait(harness, 100)
    harness.restart()
    async with harness.trading():
        await turns()

    (back,) = harness.news(LineBack)
    assert back.since == NOW


async def test_a_promise_made_before_a_restart_is_kept_after_it(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.go(LineState.CUT_OFF, "1100")
        harness.tap(card, Choice.YES)
    harness.restart()
    async with harness.trading():
        await turns()

    assert len(harness.news(LineBack)) == 1


async def test_the_next_outage_after_one_that_was_told_is_told_too(
    harness: Harness,
) -> None:
    async with harness.trading():
        for cause in ("cable", "fuse"):
            harness.broker.go(LineState.DOWN, cause)
            await wait(harness, 0)
            await wait(harness, 61)
            harness.broker.connect()
            await harness.ready()

    assert [lost.reason for lost in harness.news(LineLost)] == ["cable", "fuse"]
    assert len(harness.news(LineBack)) == 2


async def test_a_drop_that_nobody_was_told_of_is_forgotten_at_a_restart(
    harness: Harness,
) -> None:
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 50)
    harness.restart()
    async with harness.running():
        await wait(harness, 0)
        await wait(harness, 50)
        early = harness.news(LineLost)
        await wait(harness, 11)

    assert early == []
    assert len(harness.news(LineLost)) == 1


async def test_an_offer_is_drawn_again_when_its_login_is_back(
    harness: Harness,
) -> None:
    """It was drawn without a Yes while the bot was at another's; and not before the
    account is known, or it would be drawn without one again."""
    other = replace(IDENTITY, accounts=("DU7654321",))
    async with harness.trading():
        card, known = await harness.scan(), harness.broker.summary
        harness.broker.identity, harness.broker.summary = other, None
        await _reconnected(harness)
        while_away = _edition(harness)
        assert _refused(harness, card)
        harness.broker.identity = IDENTITY
        await _reconnected(harness)
        assert _edition(harness) == while_away
        harness.broker.summary = known
        harness.engine.look()
        await turns()
        assert _edition(harness) > while_away
        assert not _refused(harness, card)


async def _reconnected(harness: Harness) -> None:
    harness.broker.go(LineState.DOWN, "another login")
    await turns()
    harness.broker.connect()
    await harness.ready()
    await turns()


def _refused(harness: Harness, card: Proposal) -> bool:
    drawn = harness.cards_to_look_at().card(card.id)
    assert drawn is not None
    return bool(drawn.refused)


def _edition(harness: Harness) -> int:
    """How often a card was to be drawn."""
    items = harness.journal.outbox.unsent()
    return sum(item.edition for item in items if isinstance(item.news, CardChanged))
