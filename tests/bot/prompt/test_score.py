"""`score` says in words how the picks have done, or lists every outcome."""

import csv
from pathlib import Path

import pytest

from bot.exits import OK, WRONG
from bot.prompt.score import score
from core.model.scoring.following import Horizon
from core.store.journal import Journal
from tests.builders import MONDAY, a_proposal
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.fakes.clock import HandClock
from tests.monday import NOW


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal with one followed scan of two rows, one of which has no quote."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "data" / "openbell.sqlite3"
    with Journal.opened(path, clock=HandClock(NOW)) as opened, opened.transaction():
        opened.proposals.add(a_proposal())
        opened.recordings.add(A_RECORDING)
        opened.recordings.follow(at(Horizon.CLOSE))
    return path


def test_the_score_is_said_in_plain_words(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(as_csv=False) == OK
    said = capsys.readouterr().out
    assert "Too early to tell: 20 sessions are needed, and so far there is 1." in said
    assert "<" not in said


def test_every_outcome_is_listed_those_without_a_price_too(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score(as_csv=True) == OK
    first, second = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (first["day"], first["symbol"], first["picked"]) == (
        *(MONDAY.isoformat(), "QRVX", "True"),
    )
    assert float(first["gain_percent"])
    assert (second["gain_percent"], second["problem"]) == ("", "no bid in that time")


def test_without_a_journal_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(tmp_path / "data"))

    assert score(as_csv=False) == WRONG
    assert "no journal" in capsys.readouterr().err
