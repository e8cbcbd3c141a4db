"""From a ranking to a card, and from a tap to a decision: one winner, whoever taps."""

from dataclasses import replace

from core.model.evidence import LineState
from core.model.market import Sessions
from core.model.proposal import Choice, ProposalState, Tap, Token, Verdict
from tests.builders import (
    FDMX,
    FRIDAY,
    NOW,
    OPENS,
    QRVX,
    a_shown,
    price,
)
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import turns


async def test_no_ends_the_offer_and_sends_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(card, Choice.NO)
        later = harness.tap(card, Choice.YES)
        await turns()

    assert decision.verdict is Verdict.DECLINED
    assert decision.proposal is not None
    assert (decision.proposal.decided_by, decision.proposal.decided_at) == (OWNER, NOW)
    assert later.verdict is Verdict.ALREADY
    assert harness.broker.sent == []


async def test_the_second_tap_buys_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        verdicts = [harness.tap(card, Choice.YES).verdict for _ in range(5)]
        await harness.until_settled(card)

    assert verdicts == [Verdict.APPROVED, *[Verdict.ALREADY] * 4]
    assert len(harness.broker.sent) == 2


async def test_a_tap_with_a_decision_finishes_its_update_with_it(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        with harness.journal.transaction():
            harness.journal.inbox.receive([(8, "{}")], at=NOW)
        harness.engine.decide(
            Tap(
                token=card.token,
                choice=Choice.YES,
                shown=card.shown,
                by=OWNER,
                at=NOW,
                update=8,
            )
        )

        assert harness.journal.inbox.unread() == ()


async def test_a_tap_in_another_place_or_of_another_person_counts_for_nothing(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        elsewhere = replace(card.shown, message=card.shown.message + 1)
        stranger = replace(card.shown, owner=6)
        verdicts = {
            harness.tap(card, Choice.YES, shown=shown).verdict
            for shown in (elsewhere, stranger, a_shown(chat=5))
        }

    assert verdicts == {Verdict.UNKNOWN}
    assert harness.orders(card) == ()


async def test_a_tap_on_an_unknown_token_counts_for_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(replace(card, token=Token("forged")), Choice.YES)

    assert (decision.verdict, decision.proposal) == (Verdict.UNKNOWN, None)


async def test_a_choice_that_the_card_does_not_have_counts_for_nothing(
    harness: Harness,
) -> None:
    harness.quote(QRVX, last=price("4.00"))
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(card, Choice.SECOND)

    assert len(card.legs) == 1
    assert decision.verdict is Verdict.UNKNOWN
    assert harness.card().state is ProposalState.OFFERED


async def test_a_tap_after_the_offers_end_is_too_late(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.moment = card.expires_at
        decision = harness.tap(card, Choice.YES)

    assert decision.verdict is Verdict.EXPIRED
    assert harness.orders(card) == ()


async def test_an_offer_ends_by_itself_when_its_time_is_over(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.moment = card.expires_at
        harness.engine.look()

    ended = harness.journal.proposals.by_id(card.id)
    assert ended is not None
    assert (ended.state, ended.decided_by) == (ProposalState.EXPIRED, "time")


async def test_a_yes_that_cannot_be_sent_now_is_told_why_and_the_offer_stands(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.go(LineState.CUT_OFF, "1100")
        decision = harness.tap(card, Choice.YES)
        noted = harness.card()
        harness.broker.connect()
        await harness.ready()
        again = harness.tap(noted, Choice.YES)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.NOT_NOW
    assert "lost its connection to IB" in decision.reasons[0]
    assert noted.note is not None
    assert decision.reasons[0] in noted.note
    assert again.verdict is Verdict.APPROVED
    assert len(harness.broker.sent) == 2


async def test_a_halt_blocks_a_yes(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.engine.halt(by=OWNER, reason="lunch")
        decision = harness.tap(card, Choice.YES)

    assert decision.verdict is Verdict.NOT_NOW
    assert "lunch" in decision.reasons[0]


async def test_a_halt_in_the_last_moment_ends_the_order(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        harness.engine.halt(by=OWNER, reason="second thoughts")
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert "second thoughts" in (harness.orders(card)[0].reason or "")


async def test_in_a_closed_market_a_yes_is_asked_whether_to_wait(
    harness: Harness,
) -> None:
    harness.clock.moment = OPENS.replace(hour=22)
    for instrument in (QRVX, FDMX):
        harness.quote(instrument)
    async with harness.trading():
        card = await harness.scan()
        decision = harness.tap(card, Choice.FIRST)
        stale = harness.tap(card, Choice.YES)
        asked = harness.card()
        answer = harness.tap(asked, Choice.YES)
        await harness.until_settled(asked)

    assert decision.verdict is Verdict.ASK_QUEUE
    assert asked.queue_for == OPENS.replace(day=24)
    assert [leg.instrument for leg in asked.legs] == [FDMX]
    assert stale.verdict is Verdict.NOT_NOW
    assert answer.verdict is Verdict.APPROVED
    assert [order.instrument for order in harness.broker.sent] == [FDMX]


async def test_no_to_the_question_about_waiting_ends_it(harness: Harness) -> None:
    harness.clock.moment = OPENS.replace(hour=22)
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        decision = harness.tap(harness.card(), Choice.NO)

    assert decision.verdict is Verdict.DECLINED


async def test_a_calendar_that_ends_blocks_every_order(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.calendar.known = Sessions(first=FRIDAY, last=FRIDAY, all=())
        decision = harness.tap(card, Choice.YES)

    assert decision.verdict is Verdict.NOT_NOW
    assert "not known whether the market is open" in decision.reasons[0]
