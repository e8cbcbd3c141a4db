"""Wherever the settings name a file or a folder that cannot be had, every command says so
in a sentence; and what is written to a full disk is never said to be whole."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from bot.__main__ import main
from bot.exits import WRONG
from tests.bot.processes import ROOT
from tests.bot.prompt.test_any_journal import READ, words


LONG: Final = "x" * 300
"""No file system has names of this length: a look at one ends with an error, as one
into another user's folder does."""

COMMANDS: Final = (*READ, ["run"], ["settings", "--forget", "shares"], ["restore", "c"])

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which nothing is set but the data folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENBELL_DATA_DIR", "data")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.parametrize(
    "place", [LONG, "/".join(["deep"] * 120)], ids=["name", "path"]
)
def test_a_data_folder_that_no_file_can_be_in_is_a_wrong_setting(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Printed,
    place: str,
    command: list[str],
) -> None:
    monkeypatch.setenv("OPENBELL_DATA_DIR", place)

    assert main(command) == WRONG
    said = capsys.readouterr()
    assert (
        "OPENBELL_DATA_DIR cannot be used: File name too long." in said.out + said.err
    )
    assert not list(folder.iterdir())


@pytest.mark.parametrize("command", COMMANDS, ids=words)
@pytest.mark.parametrize(
    ("target", "why"),
    [
        (".env", "Too many levels of symbolic links"),
        ("gone/.env", "No such file or directory"),
        (LONG, "File name too long"),
    ],
    ids=["itself", "nowhere", "a name too long"],
)
def test_a_link_to_no_settings_is_not_taken_for_no_settings(
    folder: Path, capsys: Printed, target: str, why: str, command: list[str]
) -> None:
    """The limits in it would be left out without a word: a volume that is not mounted."""
    (folder / ".env").symlink_to(target)

    assert main(command) == WRONG
    said = capsys.readouterr()
    assert f".env cannot be read: {why}." in said.out + said.err


def test_a_copy_that_may_not_be_looked_for_is_named(
    folder: Path, capsys: Printed
) -> None:
    assert main(["restore", LONG]) == WRONG
    said = capsys.readouterr().err
    assert "cannot be restored, and nothing was changed: File name too long." in said
    assert not list(folder.iterdir())


def a_loop(data: Path) -> None:
    data.symlink_to(data)


def a_link_to_nowhere(data: Path) -> None:
    data.symlink_to("a disk that is not there")


@pytest.mark.parametrize("make", [a_loop, a_link_to_nowhere])
def test_the_doctor_names_a_data_folder_that_is_a_link_to_none(
    folder: Path, capsys: Printed, make: Callable[[Path], None]
) -> None:
    make(folder / "data")

    assert main(["doctor"]) == WRONG
    assert "folder    data cannot be written" in capsys.readouterr().out


@pytest.mark.real_time
@pytest.mark.parametrize("command", ["doctor", "settings"])
def test_what_a_full_disk_did_not_take_is_said(folder: Path, command: str) -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        run = subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-m", "bot", command],
            env={"PYTHONPATH": str(ROOT), "OPENBELL_GATEWAY_PORT": "1"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert run.returncode == 1
    assert run.stderr == "This was not written to its end: No space left on device.\n"
