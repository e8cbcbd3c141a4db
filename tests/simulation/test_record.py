"""The record of nights: what one night wrote the next one continues."""

from collections import Counter
from pathlib import Path

from tests.simulation.day import Outcome
from tests.simulation.directed import plan
from tests.simulation.record import Record


def outcome(seed: int, *violations: str) -> Outcome:
    return Outcome(
        plan=plan(seed),
        violations=violations,
        counts=Counter({"days": 1, "taps": seed}),
        story=(),
        seconds=2.0,
    )


def test_a_later_night_plays_what_the_file_lacks_and_adds_it_up(tmp_path: Path) -> None:
    file = tmp_path / "nights.jsonl"
    first = Record(file)
    first.add(outcome(1), "aaa")
    first.add(outcome(3, "sent twice"), "aaa")

    second = Record(file)

    assert second.missing(3, first=1) == [2, 4, 5]
    second.add(outcome(2), "bbb")
    assert Record(file).counts == Counter({"days": 3, "taps": 6})
    assert Record(file).failed == [3]
    assert list(Record(file).by_commit()) == [
        "aaa: 2 days, 1 failed, 2.00 s of CPU a day",
        "bbb: 1 days, 0 failed, 2.00 s of CPU a day",
    ]


def test_without_a_file_a_record_is_of_one_run() -> None:
    record = Record(None)

    record.add(outcome(1), "aaa")

    assert record.missing(2, first=1) == [2, 3]
    assert record.seconds == 2.0
