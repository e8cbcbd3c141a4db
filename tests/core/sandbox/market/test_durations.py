"""A history request is worded as IB has it, and not longer than its bars allow."""

import pytest

from core.sandbox.market.data import HistoryRejected
from core.sandbox.market.durations import BAR_SIZES, LONGEST, Duration, bar_size


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not specified"),
        ("2", "integer{SPACE}unit"),
        ("2 X", "integer{SPACE}unit"),
        ("D", "integer{SPACE}unit"),
        ("-1 D", "integer{SPACE}unit"),
        ("0 D", "duration is invalid"),
        ("29 S", "duration is invalid"),
        ("99999999999 Y", "duration is invalid"),
        ("86401 S", "greater than 86400 seconds"),
        ("366 D", "longer than 365 days must be made in years"),
        ("53 W", "longer than 52 weeks must be made in years"),
        ("13 M", "longer than 12 months must be made in years"),
    ],
)
def test_a_duration_that_is_none_is_refused_in_ibs_words(text: str, words: str) -> None:
    with pytest.raises(HistoryRejected) as refusal:
        Duration.read(text)

    assert refusal.value.code == 321
    assert words in refusal.value.text


@pytest.mark.parametrize("text", ["30 S", "86400 S", "365 D", "52 W", "12 M", "68 Y"])
def test_the_longest_of_each_unit_is_read(text: str) -> None:
    found = Duration.read(text)

    assert f"{found.count} {found.unit}" == text


@pytest.mark.parametrize("size", LONGEST)
def test_small_bars_go_back_as_far_as_the_table_says(size: int) -> None:
    longest = LONGEST[size]
    Duration(count=longest, unit="S").suits(size)

    for too_long in (Duration(count=longest + 1, unit="S"), Duration.read("1 D")):
        with pytest.raises(HistoryRejected, match="Time length exceed max") as refusal:
            too_long.suits(size)
        assert refusal.value.code == 162


def test_bars_of_a_minute_and_more_go_back_as_far_as_one_likes() -> None:
    for size in BAR_SIZES.values():
        if size >= 60:
            Duration.read("10 Y").suits(size)


def test_an_unknown_bar_size_is_told_the_legal_ones() -> None:
    with pytest.raises(HistoryRejected, match="1 secs, 5 secs") as refusal:
        bar_size("1 D")

    assert refusal.value.code == 321
