"""Whatever becomes of a card is in the audit trail, and is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.news import CardChanged
from core.model.proposal import Choice, Proposal, ProposalId, ProposalState, Token
from tests.builders import NOW, a_leg, a_proposal, a_ranking
from tests.harness.core import OWNER, House


Act = Callable[[House, Proposal], object]


def decide(choice: Choice) -> Act:
    def act(house: House, card: Proposal) -> None:
        house.cards().decide(house.a_tap(card, choice), card, (a_leg(),))

    return act


def let_it_end(house: House, card: Proposal) -> None:
    house.clock.forward(minutes=30)
    house.cards().expire()


def offer_another(house: House, card: Proposal) -> None:
    newer = replace(card, id=ProposalId("bbbbbbbbbb"), token=Token("b"))
    house.cards().offer(newer, key="b")


def ask_to_queue(house: House, card: Proposal) -> None:
    house.cards().ask_to_queue(
        card, legs=card.legs, opens=NOW + timedelta(hours=1), token=Token("c")
    )


def an_offer(house: House) -> Proposal:
    card = a_proposal(expires_at=NOW + timedelta(minutes=10))
    house.cards().offer(card, key="a")
    return card


def trail_of(house: House, card: Proposal) -> list[tuple[str, str]]:
    return [
        (e.kind, e.payload) for e in house.journal.trail.lines() if e.ref == card.id
    ]


def editions(house: House, card: Proposal) -> int:
    """How often the card was asked to be drawn."""
    changed = CardChanged(proposal_id=card.id)
    return sum(i.edition for i in house.journal.outbox.untold() if i.news == changed)


def test_a_new_card_is_recorded_and_told(house: House) -> None:
    card = an_offer(house)

    assert trail_of(house, card) == [("offer", "offered 2")]
    assert editions(house, card) == 1


@pytest.mark.parametrize(
    ("act", "state", "recorded"),
    [
        (decide(Choice.YES), ProposalState.APPROVED, ("approved", "by Ada: YES")),
        (decide(Choice.NO), ProposalState.DECLINED, ("declined", "by Ada: NO")),
        (let_it_end, ProposalState.EXPIRED, ("expired", "time")),
        (offer_another, ProposalState.SUPERSEDED, ("superseded", "a newer card")),
        (
            lambda house, card: house.cards().void(by="a copy"),
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
    house: House, act: Act, state: ProposalState, recorded: tuple[str, str]
) -> None:
    card = an_offer(house)
    act(house, card)

    after = house.journal.proposals.by_id(card.id)
    assert after is not None
    assert after.state is state
    assert trail_of(house, card)[1:] == [recorded]
    assert editions(house, card) == 2


def test_a_note_on_a_card_is_told(house: House) -> None:
    card = an_offer(house)
    house.cards().note(card, "Not now.")

    assert editions(house, card) == 2


@pytest.mark.parametrize("state", [ProposalState.DRAFT, ProposalState.OFFERED])
def test_a_card_that_offers_nothing_is_completed_too(
    house: House, state: ProposalState
) -> None:
    card = a_proposal(state=state)
    house.cards().offer(card, key="a")
    house.cards().complete(replace(card, ranking=a_ranking(candidates=())))

    after = house.journal.proposals.by_id(card.id)
    assert after is not None
    assert after.ranking.candidates == ()


def test_a_decision_names_who_made_it(house: House) -> None:
    card = an_offer(house)
    decide(Choice.NO)(house, card)

    after = house.journal.proposals.by_id(card.id)
    assert after is not None
    assert (after.decided_by, after.decided_at) == (OWNER, NOW)
