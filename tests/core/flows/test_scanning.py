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
from tests.harness.core import House, an_open_house, until


async def test_a_scan_becomes_a_card_at_its_placeholder(house: House) -> None:
    async with house.trading():
        served = await house.engine.scan(key="a")

    card = house.card()
    assert served
    assert card.state is ProposalState.OFFERED
    assert card.shown == house.notifier.places["a"]
    assert [leg.instrument for leg in card.legs] == [FDMX, QRVX]
    assert (card.funds, card.net_liquidation) == (money("97400"), money("101240"))
    assert house.news(CardChanged) == [CardChanged(proposal_id=card.id)]
    assert house.notifier.progressed


async def test_a_card_without_the_accounts_figures_is_a_card(house: House) -> None:
    house.broker.summary = None
    async with house.trading():
        card = await house.scan()

    assert (card.funds, card.net_liquidation) == (None, None)


async def test_quotes_that_come_after_the_card_complete_its_table_and_not_its_five(
    tmp_path: Path,
) -> None:
    others = [replace(QRVX, con_id=ConId(number)) for number in (901, 902, 903, 904)]
    with an_open_house(tmp_path, patience=replace(AT_ONCE, quotes=5.0)) as house:
        house.market.rows = (QRVX, FDMX, *others)
        for each in others[:3]:
            house.quote(each)
        async with house.running(), asyncio.TaskGroup() as tasks:
            tasks.create_task(house.engine.scan(key="a"), name="scan")
            await until(lambda: bool(house.journal.proposals.offers()))
            early = house.card()
            house.quote(QRVX, last=price("4.99"))
            house.quote(others[3])

        assert early.ranking.rows[5].quote is None
        assert house.card().ranking.rows[5].quote is not None
        assert house.card().ranking.candidates == early.ranking.candidates
        assert house.card().legs == early.legs


async def test_a_scan_asked_for_while_the_last_table_still_fills_is_another_card(
    tmp_path: Path,
) -> None:
    late = replace(QRVX, con_id=ConId(901))
    with an_open_house(tmp_path, patience=replace(AT_ONCE, quotes=5.0)) as house:
        house.market.rows = (
            QRVX,
            FDMX,
            *(replace(late, con_id=ConId(n)) for n in (902, 903, 904)),
            late,
        )
        for number in (902, 903, 904):
            house.quote(replace(late, con_id=ConId(number)))
        async with house.running(), asyncio.TaskGroup() as tasks:
            tasks.create_task(house.engine.scan(key="a"), name="scan")
            await until(lambda: bool(house.journal.proposals.offers()))
            first = house.card()
            again = tasks.create_task(house.engine.scan(key="b"), name="again")
            await until(lambda: house.card().id != first.id)
            house.quote(late)

        assert again.result()
        old = house.journal.proposals.by_id(first.id)
        assert old is not None
        assert old.state is ProposalState.SUPERSEDED


async def test_a_decided_card_is_not_completed(tmp_path: Path) -> None:
    with an_open_house(tmp_path, automatic=True) as house:
        house.market.rows = (QRVX, FDMX)
        async with house.trading():
            await house.engine.scan(key="a")

        assert house.card().state is ProposalState.APPROVED


async def test_nothing_up_is_a_card_without_an_offer(house: House) -> None:
    house.quote(QRVX, last=price("4.00"))
    house.quote(FDMX, last=price("20.00"))
    async with house.trading():
        await house.engine.scan(key="a")

    (news,) = house.news(CardChanged)
    card = house.journal.proposals.by_id(news.proposal_id)
    assert card is not None
    assert (card.state, card.legs) == (ProposalState.DRAFT, ())


async def test_an_empty_scan_says_so_at_the_placeholder(house: House) -> None:
    house.market.rows = ()
    async with house.trading():
        await house.engine.scan(key="a")

    (failed,) = house.news(ScanFailed)
    assert "no stock passes" in failed.problem
    assert failed.shown == house.notifier.places["a"]


async def test_a_refused_scan_says_why(house: House) -> None:
    house.market.scan_fails = ScanRefused(162, "no", "No scanner subscription")
    async with house.trading():
        await house.engine.scan(key="a")

    assert "No scanner subscription" in house.news(ScanFailed)[0].problem


async def test_a_scan_that_times_out_says_so(house: House) -> None:
    house.market.mute = True
    async with house.trading():
        await house.engine.scan(key="a")

    assert "did not answer within" in house.news(ScanFailed)[0].problem


async def test_a_line_lost_in_mid_scan_fails_the_scan_and_shows_no_half_card(
    house: House,
) -> None:
    house.market.bars_fail[FDMX.con_id] = BrokerAway("cable")
    async with house.trading():
        await house.engine.scan(key="a")

    assert "cable" in house.news(ScanFailed)[0].problem
    assert house.news(CardChanged) == []


async def test_without_a_line_a_scan_fails_in_words(house: House) -> None:
    house.market.away = "nothing listens"
    async with house.running():
        await house.engine.scan(key="a")

    assert "nothing listens" in house.news(ScanFailed)[0].problem


async def test_without_a_calendar_a_scan_waits_a_little_and_says_so(
    house: House,
) -> None:
    house.calendar.loading = True
    house.calendar.known = sessions_of(first=FRIDAY, last=FRIDAY)
    async with house.running():
        await house.engine.scan(key="a")

    assert "calendar" in house.news(ScanFailed)[0].problem


async def test_two_overlapping_scans_are_one(house: House) -> None:
    house.market.mute = True
    async with house.running(), asyncio.TaskGroup() as tasks:
        one = tasks.create_task(house.engine.scan(key="a"), name="one")
        two = tasks.create_task(house.engine.scan(key="b"), name="two")

    assert (one.result(), two.result()) == (True, False)
    assert list(house.notifier.places) == ["a"]


async def test_a_request_is_answered_once_also_after_a_crash(house: House) -> None:
    async with house.trading():
        card = await house.scan()
    house.restart()
    async with house.trading():
        again = await house.scan()

    assert again.id == card.id
    assert len(house.market.scans) == 1


async def test_a_scan_needs_the_chat(house: House) -> None:
    house.notifier.away = True
    with pytest.raises(NotifierAway):
        await house.engine.scan(key="a")
    house.notifier.away = False

    assert await house.engine.scan(key="a")


async def test_a_newer_card_ends_the_older_offer(house: House) -> None:
    async with house.trading():
        old = await house.scan("a")
        new = await house.scan("b")
        decision = house.tap(old, Choice.YES)

    assert decision.verdict is Verdict.ALREADY
    assert decision.proposal is not None
    assert decision.proposal.state is ProposalState.SUPERSEDED
    assert house.card().id == new.id
    assert house.broker.sent == []


async def test_automatic_mode_says_yes_by_itself(tmp_path: Path) -> None:
    with an_open_house(tmp_path, automatic=True) as house:
        async with house.trading():
            await house.engine.scan(key="a")
            await house.calm(house.card())

        card = house.card()
        assert card.state is ProposalState.APPROVED
        assert card.decided_by == "automatic mode"
        assert house.states(card) == ["filled", "filled"]


@pytest.mark.attack(26)
@pytest.mark.parametrize(("buy_held", "orders"), [(False, 2), (True, 4)])
async def test_automatic_mode_does_not_buy_the_same_stock_at_every_scan(
    tmp_path: Path, *, buy_held: bool, orders: int
) -> None:
    with an_open_house(tmp_path, automatic=True, buy_held=buy_held) as house:
        async with house.trading():
            for key in ("a", "b"):
                await house.engine.scan(key=key)
                await house.calm(house.card())

        assert len(house.broker.sent) == orders


async def test_automatic_mode_asks_in_a_closed_market(tmp_path: Path) -> None:
    with an_open_house(tmp_path, automatic=True) as house:
        house.clock.moment = OPENS.replace(hour=22)
        async with house.trading():
            card = await house.scan()

        assert card.state is ProposalState.OFFERED


@pytest.mark.parametrize("named", [False, True])
async def test_automatic_mode_is_live_only_when_that_is_named(
    tmp_path: Path, *, named: bool
) -> None:
    live = {"mode": Mode.LIVE, "account": "U1", "automatic": True}
    with an_open_house(tmp_path, **live, automatic_live=named) as house:
        async with house.running():
            house.broker.connect()
            house.broker.go(LineState.UP, accounts=("U1",))
            await house.ready()
            await house.engine.scan(key="a")

        approved = house.card().state is ProposalState.APPROVED
        assert approved is named


async def test_the_same_stock_that_wins_both_is_one_order(house: House) -> None:
    house.quote(QRVX, last=price("9.99"), ask=price("10.00"))
    house.market.rows = (QRVX,)
    async with house.trading():
        orders = await house.yes()

    assert [order.state for order in orders] == [OrderState.FILLED]
