"""An offer has one answer: the first that stands in its place and time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.errors import Contradiction
from core.model.proposal import ProposalId, ProposalState, Purpose, Shown, Token
from core.ports.journal import Store
from tests.builders import (
    FRIDAY,
    MONDAY,
    NOW,
    PROPOSAL_ID,
    a_leg,
    a_proposal,
    a_shown,
)


SECOND = timedelta(seconds=1)


def offered(store: Store) -> None:
    with store.transaction():
        store.proposals.add(a_proposal())


def test_a_proposal_is_found_as_it_was_added(store: Store) -> None:
    offered(store)

    assert store.proposals.by_id(PROPOSAL_ID) == a_proposal()
    assert store.proposals.by_token(a_proposal().token) == a_proposal()
    assert store.proposals.by_id(ProposalId("unknown")) is None
    assert store.proposals.by_token(Token("forged")) is None


def test_a_token_belongs_to_one_proposal(store: Store) -> None:
    offered(store)
    other = a_proposal(id=ProposalId("other"))

    with pytest.raises(Contradiction), store.transaction():
        store.proposals.add(other)


def test_only_the_first_answer_moves_an_offer(store: Store) -> None:
    offered(store)

    with store.transaction():
        won = [
            store.proposals.move(
                PROPOSAL_ID, to=to, by=str(to), at=NOW, shown=a_shown()
            )
            for to in (ProposalState.APPROVED, ProposalState.DECLINED)
        ]

    decided = store.proposals.by_id(PROPOSAL_ID)
    assert won == [True, False]
    assert decided is not None
    assert (decided.state, decided.decided_by) == (ProposalState.APPROVED, "approved")
    assert decided.decided_at == NOW


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(a_shown(owner=1), id="another user"),
        pytest.param(a_shown(chat=1), id="another chat"),
        pytest.param(a_shown(message=1), id="another message"),
    ],
)
def test_a_tap_counts_only_in_its_place(store: Store, elsewhere: Shown) -> None:
    offered(store)

    with store.transaction():
        won = store.proposals.move(
            PROPOSAL_ID, to=ProposalState.APPROVED, by="x", at=NOW, shown=elsewhere
        )

    assert not won
    assert store.proposals.offers() == (a_proposal(),)


@pytest.mark.parametrize(
    ("late", "wins"),
    [
        pytest.param(timedelta(microseconds=-1), True, id="just before"),
        pytest.param(timedelta(0), False, id="at the end"),
        pytest.param(SECOND, False, id="after"),
    ],
)
def test_a_tap_counts_only_before_the_end_of_the_offer(
    store: Store, late: timedelta, *, wins: bool
) -> None:
    offered(store)
    at = a_proposal().expires_at + late

    with store.transaction():
        won = store.proposals.move(
            PROPOSAL_ID, to=ProposalState.APPROVED, by="x", at=at, shown=a_shown()
        )

    assert won is wins


def test_an_offer_can_be_ended_whatever_its_time_and_place(store: Store) -> None:
    offered(store)
    after = a_proposal().expires_at + timedelta(days=1)

    with store.transaction():
        moved = store.proposals.move(
            PROPOSAL_ID, to=ProposalState.EXPIRED, by="time", at=after, shown=None
        )

    assert moved
    assert store.proposals.offers() == ()


def test_amending_changes_all_but_the_state(store: Store) -> None:
    offered(store)
    amended = a_proposal(
        state=ProposalState.DRAFT,
        token=Token("another"),
        shown=a_shown(message=99),
        queue_for=NOW,
        legs=(a_leg(),),
    )

    with store.transaction():
        store.proposals.amend(amended)

    stands = replace(amended, state=ProposalState.OFFERED)
    assert store.proposals.by_token(Token("another")) == stands
    assert store.proposals.by_token(a_proposal().token) is None


def test_the_new_place_of_an_amended_card_is_the_one_that_counts(store: Store) -> None:
    offered(store)
    moved = a_shown(message=99)

    with store.transaction():
        store.proposals.amend(a_proposal(shown=moved))
        won = [
            store.proposals.move(
                PROPOSAL_ID, to=ProposalState.APPROVED, by="x", at=NOW, shown=shown
            )
            for shown in (a_shown(), moved)
        ]

    assert won == [False, True]


def test_a_decided_proposal_cannot_be_amended(store: Store) -> None:
    with store.transaction():
        store.proposals.add(a_proposal(state=ProposalState.DECLINED))

    with pytest.raises(Contradiction), store.transaction():
        store.proposals.amend(a_proposal())


def test_offers_are_listed_oldest_first(store: Store) -> None:
    young = a_proposal(
        id=ProposalId("a"), token=Token("1"), made_at=NOW + timedelta(minutes=1)
    )
    old = a_proposal(id=ProposalId("b"), token=Token("2"))
    draft = a_proposal(id=ProposalId("c"), token=Token("3"), state=ProposalState.DRAFT)

    with store.transaction():
        for proposal in (young, old, draft):
            store.proposals.add(proposal)

    assert store.proposals.offers() == (old, young)


def test_the_latest_proposal_is_the_newest_one_with_legs(store: Store) -> None:
    friday = a_proposal(
        id=ProposalId("f"),
        token=Token("1"),
        session_day=FRIDAY,
        made_at=NOW - timedelta(days=3),
        state=ProposalState.DECLINED,
    )
    empty = a_proposal(
        id=ProposalId("e"), token=Token("2"), made_at=NOW + SECOND, legs=()
    )

    with store.transaction():
        for proposal in (friday, a_proposal(), empty):
            store.proposals.add(proposal)

    assert store.proposals.latest(before=None) == a_proposal()
    assert store.proposals.latest(before=MONDAY) == friday
    assert store.proposals.latest(before=FRIDAY) is None
    assert store.proposals.newest_scan() == empty


def test_the_last_card_to_take_a_place_is_the_newest_in_it(store: Store) -> None:
    first = a_proposal()
    second = replace(first, id=ProposalId("secondtwo2"), token=Token("second"))
    elsewhere = replace(
        first,
        id=ProposalId("elsewhere3"),
        token=Token("third"),
        shown=a_shown(message=9),
    )
    with store.transaction():
        for each in (first, second, elsewhere):
            store.proposals.add(each)

    assert store.proposals.newest_in(first.shown) == second.id
    assert store.proposals.newest_in(elsewhere.shown) == elsewhere.id
    assert store.proposals.newest_in(a_shown(message=10)) is None


@pytest.mark.parametrize("state", ProposalState)
def test_a_card_stands_elsewhere_whatever_state_it_is_in(
    store: Store, state: ProposalState
) -> None:
    card = a_proposal(state=state)
    elsewhere = a_shown(message=9)
    with store.transaction():
        store.proposals.add(card)
        store.proposals.set_shown(card.id, elsewhere)
        store.proposals.set_shown(ProposalId("unknown"), elsewhere)

    assert store.proposals.by_id(card.id) == replace(card, shown=elsewhere)
    assert store.proposals.newest_in(elsewhere) == card.id
    assert store.proposals.newest_in(card.shown) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_only_a_scan_s_card_is_the_latest(store: Store, purpose: Purpose) -> None:
    with store.transaction():
        store.proposals.add(a_proposal(purpose=purpose))

    latest = store.proposals.latest(before=None)

    assert (latest is not None) == (purpose is Purpose.PICKS)
    assert store.proposals.newest_scan() == latest
    kept = store.proposals.by_id(PROPOSAL_ID)
    assert kept is not None
    assert kept.purpose is purpose
