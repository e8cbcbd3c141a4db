"""`replay` says what other parameters would have made of the recordings."""

import argparse
import json
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

import pytest

from bot.exits import ENV_FILE, OK, WRONG
from bot.prompt import replay as prompt_replay
from bot.prompt.replay import PICTURE, TRIED, add_arguments, run
from core.model.proposal import ProposalId, Token
from core.model.scoring.following import Horizon
from core.rules.scoring.replay import Replayed
from core.settings.loading import load_settings
from core.store.journal import Journal
from core.store.scores import replay_of
from tests.bot.prompt.test_score import journal
from tests.builders import MONDAY, a_proposal
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.fakes.clock import HandClock
from tests.monday import NOW


__all__ = ["journal"]

PNG = b"\x89PNG"


@pytest.fixture
def week(journal: Path) -> Path:
    """The same for the four days after it, too."""
    with Journal.opened(journal, clock=HandClock(NOW)) as opened, opened.transaction():
        for days in range(1, 5):
            name, day = ProposalId(f"day{days}"), MONDAY + timedelta(days=days)
            recording = replace(A_RECORDING, proposal_id=name, session_day=day)
            opened.proposals.add(a_proposal(id=name, token=Token(name)))
            opened.recordings.add(recording)
            opened.recordings.follow(at(Horizon.CLOSE, recording))
    return journal


def replayed(*flags: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(flags))


def test_a_table_says_that_it_is_in_sample(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed("--rank-by", "open", "--stop", "5%", "--exclude", "spread>2%") == OK
    said = capsys.readouterr().out
    assert said.startswith(
        "In-sample, over your own recordings from Mon 23 Nov 2026 on."
    )
    assert "later" in said


def test_the_sets_of_knobs_are_counted_each_once(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for stop in ("5%", "5", "5.00", "6%"):
        replayed("--stop", stop)
    last = capsys.readouterr().out.rpartition("In-sample")[2]
    assert "2 sets of parameters were tried so far" in last


@pytest.mark.usefixtures("journal")
def test_the_same_rules_said_otherwise_are_one_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spread, gain = ("--exclude", "spread > 2.0%"), ("--exclude", "gain<-3")
    for rules in ((*spread, *gain), (*gain, *spread), (*spread, *gain, *spread)):
        replayed(*rules)
    replayed("--exclude", "gain<-3.0", "--exclude", "spread>2")
    last = capsys.readouterr().out.rpartition("In-sample")[2]
    assert "1 set of parameters was tried so far" in last


def test_what_cannot_be_counted_is_not_shown(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A set of parameters whose result was seen and not counted would make p too small."""
    journal.with_name(TRIED).with_suffix(".new").mkdir()
    assert replayed() == WRONG
    said = capsys.readouterr()
    assert (said.out, "cannot be counted" in said.err) == ("", True)


@pytest.mark.real_time
@pytest.mark.usefixtures("journal")
def test_two_replays_at_one_moment_are_both_counted() -> None:
    """Each read the sets of before, and the second to end wrote over the first's."""
    context = get_context("spawn")
    both = context.Barrier(2)
    flags = (("--stop", "5%"), ("--stop", "6%"))
    running = [context.Process(target=_replays, args=(both, each)) for each in flags]
    for each in running:
        each.start()
    for each in running:
        each.join()

    assert [each.exitcode for each in running] == [OK, OK]
    kept = load_settings(ENV_FILE).journal.with_name(TRIED)
    assert len(json.loads(kept.read_text())) == 2


def _replays(both: Barrier, flags: tuple[str, ...]) -> None:
    """In a process of its own: replay when the other does, if it ever does then."""
    begin = replay_of

    def together(*args: Any, **named: Any) -> Replayed | None:
        with suppress(BrokenBarrierError):
            both.wait(timeout=TOGETHER)
        return begin(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompt_replay, "replay_of", together)
        both.wait()
        sys.exit(replayed(*flags))


TOGETHER = 0.5
"""Seconds in which the other could come; it waits for its turn instead."""


@pytest.mark.usefixtures("journal")
def test_one_session_has_no_interval(capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed() == OK
    (line,) = (e for e in capsys.readouterr().out.splitlines() if e.startswith("all "))
    assert " to " not in line


def test_a_picture_goes_beside_the_journal(
    week: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed() == OK
    picture = week.with_name(PICTURE)
    assert picture.read_bytes().startswith(PNG)
    assert f"Picture: {picture}" in capsys.readouterr().out


def test_a_picture_goes_where_it_is_told_to(
    week: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed("--picture", str(tmp_path / "mine.png")) == OK
    assert (tmp_path / "mine.png").read_bytes().startswith(PNG)
    assert not week.with_name(PICTURE).exists()


@pytest.mark.usefixtures("week")
def test_a_picture_that_cannot_be_written_leaves_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed("--picture", str(tmp_path / "nowhere" / "mine.png")) == OK
    said = capsys.readouterr().out
    assert "earlier" in said
    assert "There is no picture: " in said


def test_one_session_is_no_course_to_draw(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replayed() == OK
    assert "less than two sessions" in capsys.readouterr().out
    assert not journal.with_name(PICTURE).exists()


def test_without_a_journal_there_is_a_sentence_and_nothing_counts_as_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path / "data"))
    assert replayed("--stop", "5%") == WRONG
    assert "no journal" in capsys.readouterr().err
    assert not (tmp_path / "data" / TRIED).exists()


def test_a_count_of_knobs_that_cannot_be_read_is_told_and_kept(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.with_name(TRIED).write_text("[half")
    assert replayed() == WRONG
    assert "cannot be read" in capsys.readouterr().err
    assert journal.with_name(TRIED).read_text() == "[half"


@pytest.mark.usefixtures("week")
def test_what_excludes_every_row_leaves_no_session(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert replayed("--exclude", "price>0") == OK
    said = capsys.readouterr().out
    assert sessions(said) == "0"
    assert "There is no picture" in said


def sessions(said: str) -> str:
    (line,) = (each for each in said.splitlines() if each.startswith("all "))
    return line.split()[1]


@pytest.mark.usefixtures("week")
def test_a_loss_can_be_excluded(capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed("--exclude", "gain<-3.5%") == OK
    assert sessions(capsys.readouterr().out) == "5"


@pytest.mark.parametrize("kept", ["[half", '{"a": 1}', "5"])
def test_a_count_that_is_no_list_is_told_and_kept(
    journal: Path, capsys: pytest.CaptureFixture[str], kept: str
) -> None:
    journal.with_name(TRIED).write_text(kept)
    assert replayed() == WRONG
    assert "cannot be read" in capsys.readouterr().err
    assert journal.with_name(TRIED).read_text() == kept


@pytest.mark.parametrize(
    "flags",
    [
        ("--exclude", "beta>2"),
        ("--exclude", "spread=2"),
        ("--stop", "much"),
        ("--stop", "0%"),
        ("--target", "300%"),
        ("--stop", "NaN"),
        ("--target", "Infinity"),
        ("--exclude", "spread>2..5"),
        ("--exclude", "spread>."),
        ("--exclude", "spread>2 or gain<1"),
        ("--exclude", "spread"),
        ("--exclude", ""),
        ("--exclude", "SPREAD>2"),
        ("--exclude", "spread>=2"),
        ("--exclude", "volume>1e6"),
        ("--rank-by", "luck"),
    ],
)
def test_what_is_no_knob_is_refused_in_words(
    flags: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        replayed(*flags)
    *_, sentence = capsys.readouterr().err.splitlines()
    assert repr(flags[1]) in sentence
    assert " is no" in sentence
