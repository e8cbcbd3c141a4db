"""From the scanner to a card at its placeholder, or to a sentence why not."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from core.model.errors import BrokerAway, NotifierAway, ScanRefused
from core.model.evidence import LineState
from core.model.market import ConId
from core.model.news import CardChanged, ScanFailed
from core.model.order import OrderState
from core.model.proposal import Choice, Mode, ProposalState, Verdict
from tests.builders import (
    FDMX,
    FRIDAY,
    OPENS,
    QRVX,
    money,
    price,
    sessions_of,
)
from tests.core.wishes import AT_ONCE
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import until


async def test_a_scan_becomes_a_card_at_its_placeholder(harness: Harness) -> None:
    async with harness.trading():
        served = await harness.engine.scan(key="a")

    card = harness.card()
    assert served
    assert card.state is ProposalState.OFFERED
    assert card.shown == harness.notifier.places["a"]
    assert [leg.instrument for leg in card.legs] == [FDMX, QRVX]
    assert (card.funds, card.net_liquidation) == (money("97400"), money("101240"))
    assert harness.news(CardChanged) == [CardChanged(proposal_id=card.id)]
    assert harness.notifier.progressed


async def test_a_card_without_the_accounts_figures_is_a_card(harness: Harness) -> None:
    harness.broker.summary = None
    async with harness.trading():
        card = await harness.scan()

    assert (card.funds, card.net_liquidation) == (None, None)


async def test_quotes_that_come_after_the_card_complete_its_table_and_not_its_five(
    tmp_path: Path,
) -> None:
    others = [replace(QRVX, con_id=ConId(number)) for number in (901, 902, 903, 904)]
    with an_open_harness(tmp_path, timeouts=replace(AT_ONCE, quotes=5.0)) as harness:
        harness.market.rows = (QRVX, FDMX, *others)
        for each in others[:3]:
            harness.quote(each)
        async with harness.running(), asyncio.TaskGroup() as tasks:
            tasks.create_task(harness.engine.scan(key="a"), name="scan")
            await until(lambda: bool(harness.journal.proposals.offers()))
            early = harness.card()
            harness.quote(QRVX, last=price("4.99"))
            harness.quote(others[3])

        assert early.ranking.rows[5].quote is None
        assert harness.card().ranking.rows[5].quote is not None
        assert harness.card().ranking.candidates == early.ranking.candidates
        assert harness.card().legs == early.legs


async def test_a_scan_asked_for_while_the_last_table_still_fills_is_another_card(
    tmp_path: Path,
) -> None:
    late = replace(QRVX, con_id=ConId(901))
    with an_open_harness(tmp_path, timeouts=replace(AT_ONCE, quotes=5.0)) as harness:
        harness.market.rows = (
            QRVX,
            FDMX,
            *(replace(late, con_id=ConId(n)) for n in (902, 903, 904)),
            late,
        )
        for number in (902, 903, 904):
            harness.quote(replace(late, con_id=ConId(number)))
        async with harness.running(), asyncio.TaskGroup() as tasks:
            tasks.create_task(harness.engine.scan(key="a"), name="scan")
            await until(lambda: bool(harness.journal.proposals.offers()))
            first = harness.card()
            again = tasks.create_task(harness.engine.scan(key="b"), name="again")
            await until(lambda: harness.card().id != first.id)
            harness.quote(late)

        assert again.result()
        old = harness.journal.proposals.by_id(first.id)
        assert old is not None
        assert old.state is ProposalState.SUPERSEDED


async def test_a_decided_card_is_not_completed(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, automatic=True) as harness:
        harness.market.rows = (QRVX, FDMX)
        async with harness.trading():
            await harness.engine.scan(key="a")

        assert harness.card().state is ProposalState.APPROVED


async def test_nothing_up_is_a_card_without_an_offer(harness: Harness) -> None:
    harness.quote(QRVX, last=price("4.00"))
    harness.quote(FDMX, last=price("20.00"))
    async with harness.trading():
        await harness.engine.scan(key="a")

    (news,) = harness.news(CardChanged)
    card = harness.journal.proposals.by_id(news.proposal_id)
    assert card is not None
    assert (card.state, card.legs) == (ProposalState.DRAFT, ())


async def test_an_empty_scan_says_so_at_the_placeholder(harness: Harness) -> None:
    harness.market.rows = ()
    async with harness.trading():
        await harness.engine.scan(key="a")

    (failed,) = harness.news(ScanFailed)
    assert "no stock passes" in failed.problem
    assert failed.shown == harness.notifier.places["a"]


async def test_a_refused_scan_says_why(harness: Harness) -> None:
    harness.market.scan_fails = ScanRefused(162, "no", "No scanner subscription")
    async with harness.trading():
        await harness.engine.scan(key="a")

    assert "No scanner subscription" in harness.news(ScanFailed)[0].problem


async def test_a_scan_that_times_out_says_so(harness: Harness) -> None:
    harness.market.mute = True
    async with harness.trading():
        await harness.engine.scan(key="a")

    assert "did not answer within" in harness.news(ScanFailed)[0].problem


async def test_a_line_lost_in_mid_scan_fails_the_scan_and_shows_no_half_card(
    harness: Harness,
) -> None:
    harness.market.bars_fail[FDMX.con_id] = BrokerAway("cable")
    async with harness.trading():
        await harness.engine.scan(key="a")

    assert "cable" in harness.news(ScanFailed)[0].problem
    assert harness.news(CardChanged) == []


async def test_without_a_line_a_scan_fails_in_words(harness: Harness) -> None:
    harness.market.away = "nothing listens"
    async with harness.running():
        await harness.engine.scan(key="a")

    assert "nothing listens" in harness.news(ScanFailed)[0].problem


async def test_without_a_calendar_a_scan_waits_a_little_and_says_so(
    harness: Harness,
) -> None:
    harness.calendar.loading = True
    harness.calendar.known = sessions_of(first=FRIDAY, last=FRIDAY)
    async with harness.running():
        await harness.engine.scan(key="a")

    assert "calendar" in harness.news(ScanFailed)[0].problem


async def test_two_overlapping_scans_are_one(harness: Harness) -> None:
    harness.market.mute = True
    async with harness.running(), asyncio.TaskGroup() as tasks:
        one = tasks.create_task(harness.engine.scan(key="a"), name="one")
        two = tasks.create_task(harness.engine.scan(key="b"), name="two")

    assert (one.result(), two.result()) == (True, False)
    assert list(harness.notifier.places) == ["a"]


async def test_a_request_is_answered_once_also_after_a_crash(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
    harness.restart()
    async with harness.trading():
        again = await harness.scan()

    assert again.id == card.id
    assert len(harness.market.scans) == 1


async def test_a_scan_needs_the_chat(harness: Harness) -> None:
    harness.notifier.away = True
    with pytest.raises(NotifierAway):
        await harness.engine.scan(key="a")
    harness.notifier.away = False

    assert await harness.engine.scan(key="a")


async def test_a_newer_card_ends_the_older_offer(harness: Harness) -> None:
    async with harness.trading():
        old = await harness.scan("a")
        new = await harness.scan("b")
        decision = harness.tap(old, Choice.YES)

    assert decision.verdict is Verdict.ALREADY
    assert decision.proposal is not None
    assert decision.proposal.state is ProposalState.SUPERSEDED
    assert harness.card().id == new.id
    assert harness.broker.sent == []


async def test_automatic_mode_says_yes_by_itself(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, automatic=True) as harness:
        async with harness.trading():
            await harness.engine.scan(key="a")
            await harness.until_settled(harness.card())

        card = harness.card()
        assert card.state is ProposalState.APPROVED
        assert card.decided_by == "automatic mode"
        assert harness.states(card) == ["filled", "filled"]


@pytest.mark.attack(26)
@pytest.mark.parametrize(("buy_held", "orders"), [(False, 2), (True, 4)])
async def test_automatic_mode_does_not_buy_the_same_stock_at_every_scan(
    tmp_path: Path, *, buy_held: bool, orders: int
) -> None:
    with an_open_harness(tmp_path, automatic=True, buy_held=buy_held) as harness:
        async with harness.trading():
            for key in ("a", "b"):
                await harness.engine.scan(key=key)
                await harness.until_settled(harness.card())

        assert len(harness.broker.sent) == orders


async def test_automatic_mode_asks_in_a_closed_market(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, automatic=True) as harness:
        harness.clock.moment = OPENS.replace(hour=22)
        async with harness.trading():
            card = await harness.scan()

        assert card.state is ProposalState.OFFERED


@pytest.mark.parametrize("named", [False, True])
async def test_automatic_mode_is_live_only_when_that_is_named(
    tmp_path: Path, *, named: bool
) -> None:
    live = {"mode": Mode.LIVE, "account": "U1", "automatic": True}
    with an_open_harness(tmp_path, **live, automatic_live=named) as harness:
        harness.broker.is_sandbox = False
        async with harness.running():
            harness.broker.connect()
            harness.broker.go(LineState.UP, accounts=("U1",))
            await harness.ready()
            await harness.engine.scan(key="a")

        approved = harness.card().state is ProposalState.APPROVED
        assert approved is named


async def test_the_same_stock_that_wins_both_is_one_order(harness: Harness) -> None:
    harness.quote(QRVX, last=price("9.99"), ask=price("10.00"))
    harness.market.rows = (QRVX,)
    async with harness.trading():
        orders = await harness.yes()

    assert [order.state for order in orders] == [OrderState.FILLED]
