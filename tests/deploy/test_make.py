"""`make demo` on a machine with a Python that is too old: one sentence, and nothing that
spoils the next attempt."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.source_tree import ROOT


pytestmark = pytest.mark.real_time

SENTENCE: Final = "Openbell needs Python 3.11, 3.12 or 3.13: install one"
ENVIRONMENT: Final = ".venv/.run"
"""What `make demo` makes first: the environment with what the lock names."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The Makefile, with nothing to install."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).touch()
    return tmp_path


@pytest.fixture
def too_old(tmp_path: Path) -> Path:
    """A Python that answers the question for its version as 3.10 does."""
    python = tmp_path / "python3.10"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    return python


def _without_make() -> dict[str, str]:
    """What is set, but for what `make test` tells a make below it, which then names the
    folder that it enters."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}


def make(clone: Path, *words: str, path: str | None = None) -> tuple[int, str]:
    """Run it without uv."""
    run = subprocess.run(  # noqa: S603  our own words
        ["/usr/bin/make", ENVIRONMENT, "UV=", *words],
        cwd=clone,
        env=_without_make() | {"PATH": path or os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def test_a_python_that_is_too_old_is_one_sentence_and_leaves_nothing(
    clone: Path, too_old: Path
) -> None:
    code, said = make(clone, f"PYTHON={too_old}")

    assert code
    assert said.startswith(SENTENCE)
    assert "Traceback" not in said
    assert not (clone / ".venv").exists()


def test_without_any_python_that_is_new_enough_the_sentence_is_the_same(
    clone: Path,
) -> None:
    """Nothing else is on the path."""
    tools = clone / "tools"
    tools.mkdir()
    for name in ("sh", "touch"):
        (tools / name).symlink_to(f"/bin/{name}")

    code, said = make(clone, path=str(tools))

    assert code
    assert said.startswith(SENTENCE)


def test_an_environment_of_an_old_python_is_made_anew(
    clone: Path, too_old: Path
) -> None:
    """As it is left by an attempt before, or by an upgrade of the machine."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(too_old, clone / ".venv" / "bin" / "python")

    code, said = make(clone, f"PYTHON={sys.executable}")

    assert code == 0, said
    assert (clone / ENVIRONMENT).exists()
    python = clone / ".venv" / "bin" / "python"
    ask = [str(python), "-c", "import sys; print(sys.version_info[:2])"]
    run = subprocess.run(ask, capture_output=True, text=True, check=True)  # noqa: S603  just made
    assert run.stdout.strip() == str(sys.version_info[:2])
