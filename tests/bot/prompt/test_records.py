"""The journal's records at the prompt."""

import csv
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.exits import BROKE, OK, WRONG
from bot.prompt import records
from core.model.scoring.following import Horizon
from core.store.bodies import packed, unpacked
from core.store.journal import Journal
from tests.builders import NOW, a_proposal
from tests.contracts.store.test_recordings import A_RECORDING, at


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 14, 41, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal with one line of ours in it, where the settings look for it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "data" / "openbell.sqlite3"
    clock = StoppedClock()
    with Journal.opened(path, clock=clock) as opened, opened.transaction():
        opened.trail.append(at=clock.now(), ref="tb-abc-1", kind="Sent", payload="a, b")
    return path


def test_the_audit_trail_is_exported_as_csv(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = records.export()

    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert code == OK
    assert rows[-1]["order"] == "tb-abc-1"
    assert rows[-1]["raw"] == "a, b"


def test_a_whole_trail_verifies(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert records.verify() == OK
    assert "whole" in capsys.readouterr().out


def test_a_trail_older_than_it_should_be_does_not_verify(
    journal: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.sqlite3"
    assert records.backup(old) == OK
    clock = StoppedClock()
    with Journal.opened(journal, clock=clock) as opened, opened.transaction():
        opened.trail.append(at=clock.now(), ref="tb-abc-1", kind="Filled", payload="")
    journal.write_bytes(old.read_bytes())

    assert records.verify() == BROKE


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("UPDATE recording SET body = edited(body, '4.83', '4.38')", "was changed"),
        ("UPDATE recording SET body = x'790102'", "was changed"),
        ("UPDATE followed SET body = edited(body, '4.50', '5.50')", "changed later"),
        ("UPDATE followed SET body = x''", "changed later"),
        ("DELETE FROM followed", "is gone"),
        ("DELETE FROM followed; DELETE FROM recording", "scan aproposal is gone"),
    ],
)
def test_a_recording_that_is_edited_by_hand_does_not_verify(
    journal: Path, capsys: pytest.CaptureFixture[str], edit: str, said: str
) -> None:
    """Only the trail's own lines were looked at: a score could be made up."""
    with Journal.opened(journal, clock=StoppedClock()) as opened, opened.transaction():
        opened.proposals.add(a_proposal(id=A_RECORDING.proposal_id))
        sealed = {"recorded": f"12345678 {opened.recordings.add(A_RECORDING)}"}
        digest = opened.recordings.follow(at(Horizon.CLOSE))
        sealed["followed"] = f"{Horizon.CLOSE} {digest}"
        for kind, payload in sealed.items():
            ref = A_RECORDING.proposal_id
            opened.trail.append(at=NOW, ref=ref, kind=kind, payload=payload)
    assert records.verify() == OK

    with closing(sqlite3.connect(journal)) as by_hand:
        by_hand.create_function("edited", 3, _edited)
        by_hand.executescript(edit)

    assert records.verify() == BROKE
    assert said.replace("aproposal", A_RECORDING.proposal_id) in capsys.readouterr().out


def _edited(body: bytes, old: str, new: str) -> bytes:
    return packed(unpacked(body).replace(old, new))


def test_a_copy_never_replaces_a_file(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there"
    there.touch()

    assert records.backup(there) == WRONG
    assert "never replaces" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full")
@pytest.mark.parametrize("command", [records.export, records.verify])
def test_what_cannot_be_written_to_its_end_says_so(
    journal: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: Callable[[], int],
) -> None:
    with suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)

        assert command() == BROKE

    assert "not written to its end: No space left" in capsys.readouterr().err


def test_without_a_journal_the_sentence_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert records.export() == WRONG
    assert "no journal" in capsys.readouterr().err
