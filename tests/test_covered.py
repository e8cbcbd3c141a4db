"""What the tests run is counted line by line and branch by branch."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.covered import FOLDER, figures_in, percent


ROOT: Final = Path(__file__).parents[1]
MODULE: Final = """\
def halved(number: int) -> int:
    if number % 2:
        number += 1
    return number // 2


def unasked() -> None:
    return
"""
TEST: Final = """\
import importlib.util
import tests.covered as covered
from core.it import halved
halved(4)
spec = importlib.util.spec_from_file_location("migration", "bot/migration.py")
spec.loader.exec_module(importlib.util.module_from_spec(spec))
covered.pytest_sessionfinish(None)
"""


def test_lines_and_branches_that_were_met_are_told_from_those_that_were_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (
        ("core/__init__.py", ""),
        ("core/it.py", MODULE),
        ("core/never.py", MODULE),
        ("bot/migration.py", "LAST = 1\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = tmp_path / "told"
    told.mkdir()
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    subprocess.run(  # noqa: S603  the text above
        [sys.executable, "-c", TEST],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths, FOLDER: str(told)},
        check=True,
    )

    monkeypatch.chdir(tmp_path)
    figures = figures_in(told)

    met = figures["files"]["core/it.py"]
    assert met["executed_lines"] == [1, 2, 4, 7]
    assert met["missing_lines"] == [3, 8]
    assert met["executed_branches"] == [[2, 4]]
    assert met["missing_branches"] == [[2, 3]]
    assert percent(figures, ["core/it.py"]) == pytest.approx(100 * 5 / 8)
    assert percent(figures, ["core/never.py"]) == 0
    assert percent(figures, ["bot/*"]) == 100
