"""Whatever lies where the journal should be, every command that reads one answers in a
sentence, and changes nothing."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from bot.__main__ import main
from bot.exits import OK, WRONG
from core.store import schema
from core.store.disk import connected
from tests.core.store.journals import open_in, path_in


STEPS: Final = tuple(f"{number:04}" for number in range(1, int(schema.HEAD)))
"""Every step but the newest: a journal of each may be brought here."""

READ: Final = (
    *(["score"], ["score", "--csv"], ["replay"], ["export"], ["verify"], ["settings"]),
    *(["backup", "copy"], ["backup", "--keep", "2", "copies"], ["doctor"]),
)
"""The commands that only read the journal."""

SCORED: Final = (["score"], ["score", "--csv"], ["replay"])
"""Those that need the tables of today."""

COPIES: Final = frozenset({"copy", "copies"})


def words(command: list[str]) -> str:
    return " ".join(command)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings look for the journal; no gateway listens."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", str(data))
    monkeypatch.setenv("OPENBELL_GATEWAY_PORT", "1")
    return data


@cache
def left_by(step: str) -> dict[str, bytes]:
    """The files of a program whose newest step that was: taking the steps is slow."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as then:
        then.setattr(schema, "HEAD", step)
        with open_in(Path(folder)):
            pass
        return {file.name: file.read_bytes() for file in Path(folder).iterdir()}


@pytest.fixture
def older(folder: Path, request: pytest.FixtureRequest) -> Path:
    """A journal of the step that the test names."""
    for name, content in left_by(request.param).items():
        (folder / name).write_bytes(content)
    return path_in(folder)


def a_newer_one(at: Path) -> None:
    with connected(at) as connection:
        schema.migrate(connection)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("DROP TABLE recording")
        connection.execute("DROP TABLE setting_change")


def garbage(at: Path) -> None:
    at.write_bytes(b"no database at all. " * 300)


def another_program_s(at: Path) -> None:
    connection = sqlite3.connect(at)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()


WRONG_ONES: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "newer": (a_newer_one, "newer Openbell has written"),
    "garbage": (garbage, "file is not a database"),
    "empty": (Path.touch, "no journal in"),
    "another program's": (another_program_s, "no journal in"),
}
"""How each is made, and what is said of it by those that cannot do without."""


@pytest.mark.parametrize("command", SCORED, ids=words)
@pytest.mark.parametrize("older", STEPS, indirect=True)
def test_a_score_of_an_older_journal_names_the_way_on(
    older: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = older.read_bytes()

    code = main(command)

    said = capsys.readouterr()
    assert (code, said.out) == (WRONG, "")
    assert said.err.startswith("An older Openbell has written")
    assert "openbell run" in said.err
    assert older.read_bytes() == before


@pytest.mark.parametrize("command", [["export"], ["verify"], ["settings"]], ids=words)
@pytest.mark.parametrize("older", STEPS, indirect=True)
def test_the_trail_and_the_choices_of_an_older_journal_are_read(
    older: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = older.read_bytes()

    assert main(command) == OK

    assert capsys.readouterr().err == ""
    assert older.read_bytes() == before


@pytest.mark.parametrize("older", STEPS[-2:], indirect=True)
def test_the_doctor_takes_no_offence_at_an_older_journal(
    older: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor"])

    told = capsys.readouterr().out
    assert "NOTE  journal   an older Openbell's" in told
    assert "no such" not in told


@pytest.mark.parametrize("command", READ, ids=words)
@pytest.mark.parametrize("kind", WRONG_ONES)
def test_what_is_no_journal_of_ours_is_said_to_be_none_and_left_alone(
    folder: Path, kind: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    make, sentence = WRONG_ONES[kind]
    make(path_in(folder))
    before = path_in(folder).read_bytes()

    code = main(command)

    said = capsys.readouterr()
    assert "no such" not in said.out + said.err
    assert path_in(folder).read_bytes() == before
    if not COPIES & {*command} and command not in (["settings"], ["doctor"]):
        assert code == WRONG
        assert sentence in said.err
        assert len(said.err.splitlines()) == 1


def test_the_choices_in_a_newer_journal_are_not_guessed_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_newer_one(path_in(folder))

    assert main(["settings"]) == WRONG
    assert "newer Openbell" in capsys.readouterr().err


@pytest.mark.parametrize("older", STEPS, indirect=True)
def test_a_copy_of_an_older_journal_is_restored_and_the_start_that_migrates_it_knows(
    older: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = older.replace(tmp_path / "of-before.sqlite3")

    code = main(["restore", str(copy)])

    assert code == OK, capsys.readouterr().err
    with open_in(older.parent) as journal:
        assert "was restored from of-before.sqlite3" in (journal.stale() or "")
