"""`replay` says what other knobs would have made of the recordings."""

import argparse
from pathlib import Path

import pytest

from bot.exits import OK
from bot.prompt.replay import add_arguments, run
from tests.bot.prompt.test_score import journal


__all__ = ["journal"]


def replayed(*flags: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(flags))


def test_a_table_says_that_it_is_in_sample(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed("--rank-by", "open", "--stop", "5%", "--exclude", "spread>2%") == OK
    said = capsys.readouterr().out
    assert said.startswith("In-sample, over your own recordings from Mon 23 Nov on.")
    assert "later" in said


def test_the_sets_of_knobs_are_counted_each_once(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for stop in ("5%", "5", "6%"):
        replayed("--stop", stop)
    last = capsys.readouterr().out.rpartition("In-sample")[2]
    assert "2 sets of knobs were tried so far" in last


@pytest.mark.parametrize(
    "flags",
    [
        ("--exclude", "beta>2"),
        ("--exclude", "spread=2"),
        ("--stop", "much"),
        ("--stop", "0%"),
        ("--target", "300%"),
        ("--rank-by", "luck"),
    ],
)
def test_what_is_no_knob_is_refused_in_words(
    flags: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        replayed(*flags)
    assert flags[1] in capsys.readouterr().err
