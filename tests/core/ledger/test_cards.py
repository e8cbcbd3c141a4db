"""Every offer has one answer, whoever taps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.news import CardChanged
from core.model.order import OrderState
from core.model.proposal import (
    Choice,
    Proposal,
    ProposalId,
    ProposalState,
    Purpose,
    Tap,
    Token,
    Verdict,
)
from tests.builders import NOW, a_leg, a_proposal, a_ranking, a_second_leg
from tests.harness.core import OWNER, Harness


def offered(harness: Harness, **named: object) -> Proposal:
    proposal = a_proposal(**named)
    harness.cards().offer(proposal, key="a")
    return proposal


def a_tap(proposal: Proposal, choice: Choice) -> Tap:
    return Tap(
        token=proposal.token, choice=choice, shown=proposal.shown, by=OWNER, at=NOW
    )


def test_a_yes_and_its_orders_are_one_write(harness: Harness) -> None:
    proposal = offered(harness)
    harness.points.clear()
    cards = harness.cards()
    decision = cards.decide(
        a_tap(proposal, Choice.YES), proposal, (a_leg(), a_second_leg())
    )

    assert decision.verdict is Verdict.APPROVED
    assert decision.proposal is not None
    assert decision.proposal.decided_by == OWNER
    orders = harness.journal.orders.of_proposal(proposal.id)
    assert [order.state for order in orders] == [OrderState.PLANNED] * 2
    assert [order.estimate for order in orders] == [
        leg.estimate for leg in proposal.legs
    ]
    assert harness.points == ["pre-W1", "in-W1", "W1"]


def test_who_comes_second_is_told_that_it_is_decided(harness: Harness) -> None:
    proposal = offered(harness)
    cards = harness.cards()
    cards.decide(a_tap(proposal, Choice.NO), proposal, ())
    decision = cards.decide(a_tap(proposal, Choice.YES), proposal, proposal.legs)

    assert decision.verdict is Verdict.ALREADY
    assert harness.journal.orders.of_proposal(proposal.id) == ()


def test_a_tap_with_an_update_finishes_it_also_when_it_loses(harness: Harness) -> None:
    proposal = offered(harness)
    with harness.journal.transaction():
        harness.journal.inbox.receive([(3, "{}"), (4, "{}")], at=NOW)
    for update in (3, 4):
        tap = replace(a_tap(proposal, Choice.NO), update=update)
        harness.cards().decide(tap, proposal, ())

    assert harness.journal.inbox.unread() == ()


def test_a_request_has_one_card(harness: Harness) -> None:
    before = harness.cards().answered("a")
    offered(harness)

    assert (before, harness.cards().answered("a")) == (False, True)


def test_a_newer_card_ends_the_older_in_the_same_write(harness: Harness) -> None:
    old = offered(harness)
    new = a_proposal(id=ProposalId("bbbbbbbbbb"), token=Token("b"))
    woken = harness.notifier.woken
    harness.cards().offer(new, key="b")

    ended = harness.journal.proposals.by_id(old.id)
    assert ended is not None
    assert (ended.state, ended.decided_by) == (
        ProposalState.SUPERSEDED,
        "a newer card",
    )
    assert harness.notifier.woken == woken + 1


def test_a_card_is_completed_as_it_stands(harness: Harness) -> None:
    proposal = offered(harness)
    harness.cards().note(proposal, "A note.")
    harness.cards().complete(replace(proposal, ranking=a_ranking(candidates=())))

    stands = harness.journal.proposals.by_id(proposal.id)
    assert stands is not None
    assert (stands.note, stands.ranking.candidates) == ("A note.", ())


def test_a_decided_or_unknown_card_is_not_completed(harness: Harness) -> None:
    proposal = offered(harness)
    harness.cards().decide(a_tap(proposal, Choice.NO), proposal, ())
    woken = harness.notifier.woken
    harness.cards().complete(proposal)
    harness.cards().complete(replace(proposal, id=ProposalId("zzzzzzzzzz")))

    assert harness.notifier.woken == woken


def test_the_question_about_waiting_has_a_token_of_its_own(harness: Harness) -> None:
    proposal = offered(harness)
    asked = harness.cards().ask_to_queue(
        proposal, legs=(a_leg(),), opens=NOW, token=Token("another")
    )

    assert harness.journal.proposals.by_token(proposal.token) is None
    assert harness.journal.proposals.by_token(Token("another")) == asked
    assert (asked.queue_for, asked.legs) == (NOW, (a_leg(),))


def test_offers_end_when_their_time_is_over_and_not_before(harness: Harness) -> None:
    proposal = offered(harness, expires_at=NOW + timedelta(minutes=1))
    harness.cards().expire()
    early = harness.journal.proposals.offers()
    harness.clock.forward(minutes=1)
    harness.cards().expire()

    assert len(early) == 1
    assert harness.journal.proposals.offers() == ()
    assert harness.news(CardChanged) == [CardChanged(proposal_id=proposal.id)]


def test_offers_of_a_journal_that_cannot_be_trusted_are_void(harness: Harness) -> None:
    offered(harness)
    harness.cards().void(by="an old copy")

    assert harness.journal.proposals.offers() == ()


@pytest.mark.parametrize(
    ("older", "newer", "stands"),
    [
        (Purpose.PICKS, Purpose.BUY, False),
        (Purpose.BUY, Purpose.PICKS, False),
        (Purpose.PICKS, Purpose.SELL, True),
        (Purpose.SELL, Purpose.PICKS, True),
        (Purpose.SELL, Purpose.SELL, False),
        (Purpose.SELL, Purpose.SELL_ALL, False),
        (Purpose.SELL_ALL, Purpose.SELL, True),
        (Purpose.SELL_ALL, Purpose.PICKS, True),
        (Purpose.SELL_ALL, Purpose.SELL_ALL, False),
    ],
)
def test_a_newer_card_ends_the_offers_that_it_takes_the_place_of(
    harness: Harness, older: Purpose, newer: Purpose, *, stands: bool
) -> None:
    before = offered(harness, purpose=older)
    after = replace(
        before, id=ProposalId("newer23456"), token=Token("newer"), purpose=newer
    )

    harness.cards().offer(after, key="b")

    kept = harness.journal.proposals.by_id(before.id)
    assert kept is not None
    assert (kept.state is ProposalState.OFFERED) == stands
