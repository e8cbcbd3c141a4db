"""Whatever becomes of a card is in the audit trail, and is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.news import CardChanged
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState, Token
from tests.builders import NOW, a_leg, a_proposal, a_ranking
from tests.harness.core import OWNER, Harness


Act = Callable[[Harness, Proposal], object]


def decide(choice: Choice) -> Act:
    def act(harness: Harness, card: Proposal) -> None:
        harness.cards().decide(harness.a_tap(card, choice), card, (a_leg(),))

    return act


def let_it_end(harness: Harness, card: Proposal) -> None:
    harness.clock.forward(minutes=30)
    harness.cards().expire()


def offer_another(harness: Harness, card: Proposal) -> None:
    newer = replace(card, id=ProposalId("bbbbbbbbbb"), token=Token("b"))
    harness.cards().offer(newer, key="b")


def ask_to_queue(harness: Harness, card: Proposal) -> None:
    harness.cards().ask_to_queue(
        card, legs=card.legs, opens=NOW + timedelta(hours=1), token=Token("c")
    )


def an_offer(harness: Harness) -> Proposal:
    card = a_proposal(expires_at=NOW + timedelta(minutes=10))
    harness.cards().offer(card, key="a")
    return card


def trail_of(harness: Harness, card: Proposal) -> list[tuple[str, str]]:
    return [
        (e.kind, e.payload) for e in harness.journal.trail.lines() if e.ref == card.id
    ]


def editions(harness: Harness, card: Proposal) -> int:
    """How often the card was asked to be drawn."""
    changed = CardChanged(proposal_id=card.id)
    return sum(i.edition for i in harness.journal.outbox.unsent() if i.news == changed)


def test_a_new_card_is_recorded_and_told(harness: Harness) -> None:
    card = an_offer(harness)

    assert trail_of(harness, card) == [("offer", "offered 2")]
    assert editions(harness, card) == 1


@pytest.mark.parametrize(
    ("act", "state", "recorded"),
    [
        (decide(Choice.YES), ProposalState.APPROVED, ("approved", "by Ada: YES")),
        (decide(Choice.NO), ProposalState.DECLINED, ("declined", "by Ada: NO")),
        (let_it_end, ProposalState.EXPIRED, ("expired", "time")),
        (offer_another, ProposalState.SUPERSEDED, ("superseded", "a newer card")),
        (
            lambda harness, card: harness.cards().void(by="a copy"),
            ProposalState.SUPERSEDED,
            ("superseded", "a copy"),
        ),
        (
            ask_to_queue,
            ProposalState.OFFERED,
            ("asked to queue", (NOW + timedelta(hours=1)).isoformat()),
        ),
    ],
    ids=["yes", "no", "its time is over", "a newer card", "void", "to wait?"],
)
def test_what_becomes_of_a_card_is_recorded_and_told(
    harness: Harness, act: Act, state: ProposalState, recorded: tuple[str, str]
) -> None:
    card = an_offer(harness)
    act(harness, card)

    after = harness.journal.proposals.by_id(card.id)
    assert after is not None
    assert after.state is state
    assert trail_of(harness, card)[1:] == [recorded]
    assert editions(harness, card) == 2


def test_a_note_on_a_card_is_told(harness: Harness) -> None:
    card = an_offer(harness)
    harness.cards().note(card, "Not now.")

    assert editions(harness, card) == 2


@pytest.mark.parametrize("state", [ProposalState.DRAFT, ProposalState.OFFERED])
def test_a_card_that_offers_nothing_is_completed_too(
    harness: Harness, state: ProposalState
) -> None:
    card = a_proposal(state=state)
    harness.cards().offer(card, key="a")
    harness.cards().complete(replace(card, ranking=a_ranking(candidates=())))

    after = harness.journal.proposals.by_id(card.id)
    assert after is not None
    assert after.ranking.candidates == ()


def test_a_decision_names_who_made_it(harness: Harness) -> None:
    card = an_offer(harness)
    decide(Choice.NO)(harness, card)

    after = harness.journal.proposals.by_id(card.id)
    assert after is not None
    assert (after.decided_by, after.decided_at) == (OWNER, NOW)
