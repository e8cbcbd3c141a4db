"""What is old and over is forgotten; what still counts is not, however old."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.errors import Contradiction
from core.model.news import CardChanged, Settled
from core.model.order import SETTLED, OrderState, order_ref
from core.model.proposal import Proposal, ProposalId, ProposalState, Purpose, Token
from core.model.scoring.following import Horizon
from core.ports.journal import Store
from tests.builders import (
    JOURNAL,
    MONDAY,
    NOW,
    a_fill,
    a_proposal,
    a_shown,
    an_order,
)
from tests.contracts.store.test_recordings import A_RECORDING, an_older_one, at


pytestmark = pytest.mark.attack(28)

DAY = timedelta(days=1)
LATER = NOW + 800 * DAY


def a_card(letter: str, state: ProposalState = ProposalState.DECLINED) -> Proposal:
    return a_proposal(
        id=ProposalId(letter * 10), token=Token(f"token {letter}"), state=state
    )


def forget_cards(store: Store, most: int = 10) -> int:
    with store.transaction():
        return store.retention.forget_cards(before=LATER - 730 * DAY, most=most)


def add(store: Store, *cards: Proposal) -> None:
    with store.transaction():
        for card in cards:
            store.proposals.add(card)


def test_finished_updates_go_when_they_are_old_and_waiting_ones_never(
    store: Store,
) -> None:
    with store.transaction():
        store.inbox.receive([(1, "old"), (2, "old, waiting"), (3, "bad")], at=NOW)
        store.inbox.receive([(4, "new")], at=NOW + 2 * DAY)
        for number in (1, 4):
            store.inbox.finish(number)
        store.inbox.give_up_on(3, reason="not JSON")
        forgotten = store.retention.forget_updates(before=NOW + DAY, most=10)

    assert forgotten == 2
    assert store.inbox.unread() == ((2, "old, waiting"),)
    with store.transaction():
        assert store.retention.forget_updates(before=NOW + 3 * DAY, most=10) == 1


def test_updates_go_a_few_at_a_time(store: Store) -> None:
    with store.transaction():
        store.inbox.receive([(number, "x") for number in range(5)], at=NOW)
        for number in range(5):
            store.inbox.finish(number)
        counts = [
            store.retention.forget_updates(before=NOW + DAY, most=2) for _ in range(4)
        ]

    assert counts == [2, 2, 1, 0]


def test_an_old_card_goes_with_all_that_hangs_on_it(store: Store) -> None:
    card, young = a_card("a"), a_card("b")
    order = an_order(
        ref=order_ref(JOURNAL, card.id, 1),
        proposal_id=card.id,
        state=OrderState.LAPSED,
    )
    add(store, card)
    with store.transaction():
        store.orders.add(order)
        store.memory.add_answer("scan 7", card.id)
        store.outbox.place("scan 7", a_shown())
        store.outbox.place(f"card:{card.id}", a_shown())
        store.outbox.notify(CardChanged(proposal_id=card.id))
        store.outbox.mark_sent(CardChanged(proposal_id=card.id), edition=1, message=5)
    add(store, young)
    known = store.orders.by_ref(order.ref)

    with store.transaction():
        forgotten = store.retention.forget_cards(before=NOW + DAY, most=1)

    assert (forgotten, known) == (1, order)
    assert store.proposals.by_id(card.id) is None
    assert store.orders.by_ref(order.ref) is None
    assert store.memory.answer_to("scan 7") is None
    assert store.outbox.open_places() == ()
    assert store.proposals.by_id(young.id) == young


def test_what_was_recorded_of_an_old_card_stays_for_the_score(store: Store) -> None:
    card = a_card("a")
    recording = replace(A_RECORDING, proposal_id=card.id)
    add(store, card)
    with store.transaction():
        store.recordings.add(recording)
        for horizon in Horizon:
            store.recordings.follow(at(horizon, recording))

    assert forget_cards(store) == 1
    assert store.proposals.by_id(card.id) is None
    assert store.recordings.by_id(card.id) == recording
    became = tuple(at(horizon, recording) for horizon in Horizon)
    assert list(store.recordings.followed()) == [(recording, became)]


def test_the_oldest_recording_leaves_once_it_is_exported(store: Store) -> None:
    older = an_older_one()
    with store.transaction():
        for recording in (A_RECORDING, older):
            store.recordings.add(recording)
            store.recordings.follow(at(Horizon.CLOSE, recording))

    exported = store.retention.export_recording(before=MONDAY)
    still_there = store.recordings.by_id(older.proposal_id)
    with store.transaction():
        store.retention.forget_recording(older.proposal_id)

    assert (exported, still_there) == (older.proposal_id, older)
    assert store.recordings.by_id(older.proposal_id) is None
    assert [each for each, _ in store.recordings.followed()] == [A_RECORDING]
    assert store.retention.export_recording(before=MONDAY) is None


def test_a_recording_that_was_never_exported_cannot_be_deleted(store: Store) -> None:
    with store.transaction():
        store.recordings.add(A_RECORDING)

    with pytest.raises(Contradiction), store.transaction():
        store.retention.forget_recording(A_RECORDING.proposal_id)

    assert store.recordings.by_id(A_RECORDING.proposal_id) == A_RECORDING


@pytest.mark.parametrize("state", sorted(set(OrderState) - SETTLED))
def test_a_card_with_an_order_that_can_still_count_stays(
    store: Store, state: OrderState
) -> None:
    add(store, card := a_card("a"))
    with store.transaction():
        store.orders.add(
            an_order(
                ref=order_ref(JOURNAL, card.id, 1), proposal_id=card.id, state=state
            )
        )

    assert forget_cards(store) == 0


def test_what_was_filled_stays_for_good(store: Store) -> None:
    add(store, card := a_card("a", ProposalState.APPROVED))
    with store.transaction():
        store.orders.add(
            an_order(
                ref=order_ref(JOURNAL, card.id, 1),
                proposal_id=card.id,
                state=OrderState.FILLED,
                fills=(a_fill(),),
            )
        )

    assert forget_cards(store) == 0


def test_an_open_offer_stays_however_old(store: Store) -> None:
    add(store, a_card("a", ProposalState.OFFERED), a_card("b", ProposalState.EXPIRED))

    assert forget_cards(store) == 1
    assert len(store.proposals.offers()) == 1


def test_a_card_whose_exits_may_stand_stays_however_old(store: Store) -> None:
    """New exits hang on it as long as the holding is protected by it."""
    exits = replace(a_card("a", ProposalState.APPROVED), purpose=Purpose.EXITS)
    add(store, exits, a_card("b", ProposalState.APPROVED))

    assert forget_cards(store) == 1
    assert store.proposals.by_id(exits.id) is not None


@pytest.mark.parametrize("kind", [CardChanged, Settled])
def test_a_card_whose_news_is_not_told_stays_until_it_is(
    store: Store, kind: type[CardChanged | Settled]
) -> None:
    add(store, card := a_card("a"))
    news = kind(proposal_id=card.id)
    with store.transaction():
        store.outbox.notify(news)

    before = forget_cards(store)
    with store.transaction():
        store.outbox.mark_sent(news, edition=1, message=5)

    assert (before, forget_cards(store)) == (0, 1)


def test_nothing_is_forgotten_by_a_transaction_that_fails(store: Store) -> None:
    add(store, card := a_card("a"))

    def forget_and_fail() -> None:
        with store.transaction():
            store.retention.forget_cards(before=LATER, most=10)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        forget_and_fail()

    assert store.proposals.by_id(card.id) == card


def test_the_audit_trail_stays_whole(store: Store) -> None:
    add(store, a_card("a"))
    with store.transaction():
        store.trail.append(at=NOW, ref="aaaaaaaaaa", kind="offer", payload="x")

    forget_cards(store)

    assert store.retention.size().bytes > 0
