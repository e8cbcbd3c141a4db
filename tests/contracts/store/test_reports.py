"""Each step in the life of a day's report happens once."""

from datetime import timedelta

import pytest

from core.model.errors import Contradiction
from core.model.report import ReportState
from core.ports import Store
from tests.builders import (
    FRIDAY,
    MONDAY,
    NOW,
)


def test_a_day_has_one_report(store: Store) -> None:
    with store.transaction():
        opened = [
            store.open_report(MONDAY, ReportState.DUE),
            store.open_report(MONDAY, ReportState.CLOSED),
        ]

    assert opened == [True, False]
    assert store.report_state(MONDAY) is ReportState.DUE
    assert store.report_state(FRIDAY) is None


def test_a_report_is_claimed_once(store: Store) -> None:
    with store.transaction():
        store.open_report(MONDAY, ReportState.DUE)
        claimed = [
            store.claim_report(MONDAY, now=NOW, lease=NOW + timedelta(minutes=10))
            for _ in range(2)
        ]

    assert claimed == [True, False]
    assert store.report_state(MONDAY) is ReportState.RUNNING


@pytest.mark.parametrize(
    ("after", "claims"),
    [
        pytest.param(timedelta(minutes=9, seconds=59), False, id="lease runs"),
        pytest.param(timedelta(minutes=10), True, id="lease ended"),
    ],
)
def test_a_report_left_running_is_claimed_when_its_lease_has_ended(
    store: Store, after: timedelta, *, claims: bool
) -> None:
    lease = timedelta(minutes=10)
    with store.transaction():
        store.open_report(MONDAY, ReportState.DUE)
        store.claim_report(MONDAY, now=NOW, lease=NOW + lease)

        claimed = store.claim_report(MONDAY, now=NOW + after, lease=NOW + after + lease)

    assert claimed is claims


@pytest.mark.parametrize(
    "end", [ReportState.SENT, ReportState.MISSED, ReportState.CLOSED]
)
def test_a_report_that_ended_is_not_claimed_again(
    store: Store, end: ReportState
) -> None:
    with store.transaction():
        store.open_report(MONDAY, ReportState.DUE)
        store.close_report(MONDAY, end)

        claimed = store.claim_report(MONDAY, now=NOW, lease=NOW)

    assert not claimed
    assert store.report_state(MONDAY) is end


def test_a_report_nobody_opened_cannot_be_claimed(store: Store) -> None:
    with store.transaction():
        claimed = store.claim_report(MONDAY, now=NOW, lease=NOW)

    assert not claimed


def test_a_report_nobody_opened_cannot_be_closed(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction():
        store.close_report(MONDAY, ReportState.SENT)
