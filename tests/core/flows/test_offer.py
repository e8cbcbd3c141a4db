"""From a ranking to a card, and from a tap to a decision: one winner, whoever taps."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from core.model.errors import BrokerAway, NotifierAway, ScanRefused
from core.model.evidence import LineState
from core.model.market import ConId, Sessions
from core.model.news import CardChanged, ScanFailed
from core.model.order import OrderState
from core.model.proposal import Choice, Mode, ProposalState, Tap, Token, Verdict
from tests.builders import (
    FDMX,
    FRIDAY,
    NOW,
    OPENS,
    QRVX,
    a_shown,
    money,
    price,
    sessions_of,
)
from tests.core.trading import AT_ONCE, OWNER, House, an_open_house, turns, until


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
            await until(lambda: bool(house.journal.offers()))
            early = house.card()
            house.quote(QRVX, last=price("4.99"))
            house.quote(others[3])

        assert early.ranking.rows[5].quote is None
        assert house.card().ranking.rows[5].quote is not None
        assert house.card().ranking.candidates == early.ranking.candidates
        assert house.card().legs == early.legs


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
    card = house.journal.proposal(news.proposal_id)
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


async def test_no_ends_the_offer_and_sends_nothing(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        decision = house.tap(card, Choice.NO)
        later = house.tap(card, Choice.YES)
        await turns()

    assert decision.verdict is Verdict.DECLINED
    assert decision.proposal is not None
    assert (decision.proposal.decided_by, decision.proposal.decided_at) == (OWNER, NOW)
    assert later.verdict is Verdict.ALREADY
    assert house.broker.sent == []


async def test_the_second_tap_buys_nothing(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        verdicts = [house.tap(card, Choice.YES).verdict for _ in range(5)]
        await house.calm(card)

    assert verdicts == [Verdict.APPROVED, *[Verdict.ALREADY] * 4]
    assert len(house.broker.sent) == 2


async def test_a_tap_with_a_decision_finishes_its_update_with_it(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        with house.journal.transaction():
            house.journal.receive([(8, "{}")], at=NOW)
        house.engine.decide(
            Tap(
                token=card.token,
                choice=Choice.YES,
                shown=card.shown,
                by=OWNER,
                at=NOW,
                update=8,
            )
        )

        assert house.journal.unread() == ()


async def test_a_tap_in_another_place_or_of_another_person_counts_for_nothing(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        elsewhere = replace(card.shown, message=card.shown.message + 1)
        stranger = replace(card.shown, owner=6)
        verdicts = {
            house.tap(card, Choice.YES, shown=shown).verdict
            for shown in (elsewhere, stranger, a_shown(chat=5))
        }

    assert verdicts == {Verdict.UNKNOWN}
    assert house.orders(card) == ()


async def test_a_tap_on_an_unknown_token_counts_for_nothing(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        decision = house.tap(replace(card, token=Token("forged")), Choice.YES)

    assert (decision.verdict, decision.proposal) == (Verdict.UNKNOWN, None)


async def test_a_choice_that_the_card_does_not_have_counts_for_nothing(
    house: House,
) -> None:
    house.quote(QRVX, last=price("4.00"))
    async with house.trading():
        card = await house.scan()
        decision = house.tap(card, Choice.SECOND)

    assert len(card.legs) == 1
    assert decision.verdict is Verdict.UNKNOWN
    assert house.card().state is ProposalState.OFFERED


async def test_a_tap_after_the_offers_end_is_too_late(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.clock.moment = card.expires_at
        decision = house.tap(card, Choice.YES)

    assert decision.verdict is Verdict.EXPIRED
    assert house.orders(card) == ()


async def test_an_offer_ends_by_itself_when_its_time_is_over(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.clock.moment = card.expires_at
        house.engine.look()

    ended = house.journal.proposal(card.id)
    assert ended is not None
    assert (ended.state, ended.decided_by) == (ProposalState.EXPIRED, "time")


async def test_a_yes_that_cannot_be_sent_now_is_told_why_and_the_offer_stands(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.go(LineState.CUT_OFF, "1100")
        decision = house.tap(card, Choice.YES)
        noted = house.card()
        house.broker.connect()
        await house.ready()
        again = house.tap(noted, Choice.YES)
        await house.calm(card)

    assert decision.verdict is Verdict.NOT_NOW
    assert "lost its connection to IB" in decision.reasons[0]
    assert noted.note is not None
    assert decision.reasons[0] in noted.note
    assert again.verdict is Verdict.APPROVED
    assert len(house.broker.sent) == 2


async def test_a_halt_blocks_a_yes(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.engine.halt(by=OWNER, reason="lunch")
        decision = house.tap(card, Choice.YES)

    assert decision.verdict is Verdict.NOT_NOW
    assert "lunch" in decision.reasons[0]


async def test_a_halt_in_the_last_moment_ends_the_order(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.YES)
        house.engine.halt(by=OWNER, reason="second thoughts")
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert "second thoughts" in (house.orders(card)[0].reason or "")


async def test_in_a_closed_market_a_yes_is_asked_whether_to_wait(house: House) -> None:
    house.clock.moment = OPENS.replace(hour=22)
    for instrument in (QRVX, FDMX):
        house.quote(instrument)
    async with house.trading():
        card = await house.scan()
        decision = house.tap(card, Choice.FIRST)
        stale = house.tap(card, Choice.YES)
        asked = house.card()
        answer = house.tap(asked, Choice.YES)
        await house.calm(asked)

    assert decision.verdict is Verdict.ASK_QUEUE
    assert asked.queue_for == OPENS.replace(day=24)
    assert [leg.instrument for leg in asked.legs] == [FDMX]
    assert stale.verdict is Verdict.UNKNOWN
    assert answer.verdict is Verdict.APPROVED
    assert [order.instrument for order in house.broker.sent] == [FDMX]


async def test_no_to_the_question_about_waiting_ends_it(house: House) -> None:
    house.clock.moment = OPENS.replace(hour=22)
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.YES)
        decision = house.tap(house.card(), Choice.NO)

    assert decision.verdict is Verdict.DECLINED


async def test_automatic_mode_says_yes_by_itself(tmp_path: Path) -> None:
    with an_open_house(tmp_path, automatic=True) as house:
        async with house.trading():
            await house.engine.scan(key="a")
            await house.calm(house.card())

        card = house.card()
        assert card.state is ProposalState.APPROVED
        assert card.decided_by == "automatic mode"
        assert house.states(card) == ["filled", "filled"]


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


async def test_a_calendar_that_ends_blocks_every_order(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.calendar.known = Sessions(first=FRIDAY, last=FRIDAY, all=())
        decision = house.tap(card, Choice.YES)

    assert decision.verdict is Verdict.NOT_NOW
    assert "Nobody knows" in decision.reasons[0]
