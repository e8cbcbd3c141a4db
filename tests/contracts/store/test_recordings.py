"""A scan is recorded once, whole, and each of its horizons is followed once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.errors import Contradiction
from core.model.market import Snapshot
from core.model.money import Shares
from core.model.proposal import ProposalId, Token
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.ports.journal import Store
from tests.builders import (
    FDMX,
    FRIDAY,
    MONDAY,
    NOW,
    PROPOSAL_ID,
    QRVX,
    a_bar,
    a_prior_bar,
    a_proposal,
    a_quote,
    price,
)


A_RECORDING = Recording(
    proposal_id=PROPOSAL_ID,
    session_day=MONDAY,
    at=NOW,
    series="12345678",
    settings="50 rows; ranked by scanner",
    shares=Shares(100),
    rows=(
        Snapshot(
            rank=1,
            instrument=QRVX,
            quote=a_quote(),
            bars=(a_prior_bar(), a_bar()),
        ),
        Snapshot(rank=2, instrument=FDMX, quote=None, problem="no permission"),
    ),
    picked=(QRVX.con_id,),
)


def at(horizon: Horizon, recording: Recording = A_RECORDING) -> Followed:
    return Followed(
        proposal_id=recording.proposal_id,
        horizon=horizon,
        until=NOW + timedelta(hours=1),
        spy_from=price("659.10"),
        spy_to=price("660.00"),
        rows=(
            FollowedRow(
                con_id=QRVX.con_id,
                price=price("4.50"),
                best=price("5.10"),
                worst=price("4.40"),
                factor=Decimal(1) / 2,
            ),
            FollowedRow(con_id=FDMX.con_id, problem="no bid in that time"),
        ),
    )


def an_older_one() -> Recording:
    return replace(
        A_RECORDING, proposal_id=ProposalId("anolderone"), session_day=FRIDAY
    )


@pytest.fixture
def recorded(store: Store) -> Store:
    with store.transaction():
        store.proposals.add(a_proposal())
        store.recordings.add(A_RECORDING)
    return store


def record_an_older_one(store: Store) -> None:
    older = an_older_one()
    with store.transaction():
        store.proposals.add(
            a_proposal(id=older.proposal_id, token=Token("another"), session_day=FRIDAY)
        )
        store.recordings.add(older)


def test_a_recording_comes_back_the_same(recorded: Store) -> None:
    assert recorded.recordings.by_id(PROPOSAL_ID) == A_RECORDING
    assert recorded.recordings.by_id(ProposalId("unknown")) is None


def test_two_different_recordings_are_sealed_differently(store: Store) -> None:
    with store.transaction():
        store.proposals.add(a_proposal())
        store.proposals.add(a_proposal(id=ProposalId("b"), token=Token("b")))
        seals = [
            store.recordings.add(A_RECORDING),
            store.recordings.add(replace(A_RECORDING, proposal_id=ProposalId("b"))),
        ]
    assert len(set(seals)) == 2
    assert all(len(seal) == 64 for seal in seals)


def test_what_became_of_it_is_sealed_too(recorded: Store) -> None:
    with recorded.transaction():
        seals = [recorded.recordings.follow(at(each)) for each in Horizon]
    assert len(set(seals)) == len(Horizon)
    assert all(len(seal) == 64 for seal in seals)


def test_a_card_is_recorded_once(recorded: Store) -> None:
    with pytest.raises(Contradiction), recorded.transaction():
        recorded.recordings.add(replace(A_RECORDING, settings="others"))
    assert recorded.recordings.by_id(PROPOSAL_ID) == A_RECORDING


def test_a_horizon_is_followed_once(recorded: Store) -> None:
    with recorded.transaction():
        recorded.recordings.follow(at(Horizon.HOUR))
    with pytest.raises(Contradiction), recorded.transaction():
        recorded.recordings.follow(at(Horizon.HOUR))
    assert list(recorded.recordings.followed()) == [(A_RECORDING, (at(Horizon.HOUR),))]


def test_nothing_is_followed_that_was_not_recorded(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction():
        store.recordings.follow(at(Horizon.HOUR))


def test_unfinished_says_what_is_followed_already(recorded: Store) -> None:
    record_an_older_one(recorded)
    with recorded.transaction():
        recorded.recordings.follow(at(Horizon.HOUR))
        recorded.recordings.follow(at(Horizon.CLOSE))
    newer, older = recorded.recordings.unfinished(since=FRIDAY)
    assert (newer.proposal_id, newer.session_day, newer.at) == (
        *(PROPOSAL_ID, MONDAY, NOW),
    )
    assert set(newer.done) == {Horizon.HOUR, Horizon.CLOSE}
    assert (older.proposal_id, older.done) == ("anolderone", ())
    assert recorded.recordings.unfinished(since=MONDAY) == (newer,)


def test_what_is_followed_to_its_end_is_finished(recorded: Store) -> None:
    with recorded.transaction():
        for horizon in Horizon:
            recorded.recordings.follow(at(horizon))
    assert recorded.recordings.unfinished(since=FRIDAY) == ()


def test_all_that_is_known_comes_by_the_order_of_recording(recorded: Store) -> None:
    record_an_older_one(recorded)
    with recorded.transaction():
        recorded.recordings.follow(at(Horizon.HOUR, an_older_one()))
        recorded.recordings.follow(at(Horizon.CLOSE))
        recorded.recordings.follow(at(Horizon.ONE))
    found = {
        recording.proposal_id: [each.horizon for each in became]
        for recording, became in recorded.recordings.followed()
    }
    assert list(found) == [PROPOSAL_ID, "anolderone"]
    assert found[PROPOSAL_ID] == [Horizon.CLOSE, Horizon.ONE]
