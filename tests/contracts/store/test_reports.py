"""Each step in the life of a day's report happens once."""

from datetime import timedelta

import pytest

from core.model.errors import Contradiction
from core.model.report import ReportState
from core.ports.journal import Store
from tests.builders import (
    FRIDAY,
    MONDAY,
    NOW,
)


def test_a_day_has_one_report(store: Store) -> None:
    with store.transaction():
        opened = [
            store.reports.open_day(MONDAY, ReportState.DUE),
            store.reports.open_day(MONDAY, ReportState.CLOSED),
        ]

    assert opened == [True, False]
    assert store.reports.state(MONDAY) is ReportState.DUE
    assert store.reports.state(FRIDAY) is None


def test_a_report_is_claimed_once(store: Store) -> None:
    with store.transaction():
        store.reports.open_day(MONDAY, ReportState.DUE)
        claimed = [
            store.reports.claim(MONDAY, now=NOW, lease=NOW + timedelta(minutes=10))
            for _ in range(2)
        ]

    assert claimed == [True, False]
    assert store.reports.state(MONDAY) is ReportState.RUNNING


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
        store.reports.open_day(MONDAY, ReportState.DUE)
        store.reports.claim(MONDAY, now=NOW, lease=NOW + lease)

        claimed = store.reports.claim(
            MONDAY, now=NOW + after, lease=NOW + after + lease
        )

    assert claimed is claims


@pytest.mark.parametrize(
    "end", [ReportState.SENT, ReportState.MISSED, ReportState.CLOSED]
)
def test_a_report_that_ended_is_not_claimed_again(
    store: Store, end: ReportState
) -> None:
    with store.transaction():
        store.reports.open_day(MONDAY, ReportState.DUE)
        store.reports.close(MONDAY, end)

        claimed = store.reports.claim(MONDAY, now=NOW, lease=NOW)

    assert not claimed
    assert store.reports.state(MONDAY) is end


def test_a_report_nobody_opened_cannot_be_claimed(store: Store) -> None:
    with store.transaction():
        claimed = store.reports.claim(MONDAY, now=NOW, lease=NOW)

    assert not claimed


def test_a_report_nobody_opened_cannot_be_closed(store: Store) -> None:
    with pytest.raises(Contradiction), store.transaction():
        store.reports.close(MONDAY, ReportState.SENT)
