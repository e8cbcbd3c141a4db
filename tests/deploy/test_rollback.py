"""The way back after an upgrade: programs that were older, out of this repository's
history, meet a journal of today. They run on the packages of today; the whole commands,
with the packages of then, are in docs/running.md."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from core.store import schema
from tests.core.store.journals import open_in, path_in
from tests.source_tree import ROOT


pytestmark = pytest.mark.real_time


OLDER: Final = {
    "0006": "0a9fe5a9f958b023a5e4ae139d5d6cc0d911cbef",
    "0019": "5749946913b7682fccb56c91e2b2835cc863d8b3",
}
"""The last commit with each newest step of the journal."""

OPENS: Final = """
import sys
from pathlib import Path
from core.clock import SystemClock
from core.model.errors import StoreError
from core.store import schema
from core.store.journal import Journal

print(schema.HEAD)
try:
    with Journal.opened(Path(sys.argv[1]), clock=SystemClock()):
        print("opened")
except StoreError as refused:
    print(refused)
"""
"""What a start does with the journal first, in any of these programs."""


def unpack(commit: str, folder: Path) -> None:
    """Put the program of *commit* into *folder*; skip the test without a history."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a clone")
    archive = [git, "-C", str(ROOT), "archive", "--format=tar", commit, "core"]
    made = subprocess.run(archive, capture_output=True, check=False)  # noqa: S603  our own words
    if made.returncode:
        pytest.skip("needs the whole history")
    folder.mkdir()
    subprocess.run(  # noqa: S603  our own words
        ["tar", "-x", "-C", str(folder)],  # noqa: S607  whichever tar is there
        input=made.stdout,
        check=True,
    )


@pytest.mark.parametrize("step", OLDER)
def test_an_older_program_refuses_a_journal_of_today_and_changes_nothing(
    tmp_path: Path, step: str
) -> None:
    unpack(OLDER[step], tmp_path / "older")
    data = tmp_path / "data"
    data.mkdir()
    with open_in(data):
        pass
    before = {file.name: file.read_bytes() for file in data.iterdir()}

    told = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", OPENS, str(path_in(data))],
        cwd=tmp_path / "older",
        capture_output=True,
        text=True,
        check=False,
    )

    head, said = told.stdout.splitlines()
    assert head == step < schema.HEAD
    assert "A newer Openbell has written the database" in said
    assert told.stderr == ""
    assert {file.name: file.read_bytes() for file in data.iterdir()} == before
