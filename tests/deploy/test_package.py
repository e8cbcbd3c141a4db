"""What an installation holds: every file of the product, and none of the tests."""

import re
import tomllib
from pathlib import Path
from typing import Final

from tests.source_tree import PRODUCT, ROOT


PYPROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DATA: Final[dict[str, list[str]]] = PYPROJECT["tool"]["setuptools"]["package-data"]


def packed() -> set[Path]:
    """The data files that an installation takes along."""
    return {
        path
        for package, patterns in DATA.items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }


def test_every_data_file_of_the_product_is_installed() -> None:
    there = {
        path
        for folder in PRODUCT
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }

    assert there
    assert packed() == there


def test_every_folder_of_the_product_is_a_package() -> None:
    """Others would be left out without a word."""
    folders = {
        path.parent for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")
    }

    assert [each for each in folders if not (each / "__init__.py").exists()] == []


def test_a_source_archive_holds_no_tests() -> None:
    """Without that line setuptools takes ``tests/test*.py``, which cannot run alone."""
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()

    assert "prune tests" in manifest


def test_the_classifiers_name_the_pythons_that_are_let_in() -> None:
    project = PYPROJECT["project"]
    low, high = re.findall(r"3\.(\d+)", project["requires-python"])
    named = re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))

    assert named == [str(minor) for minor in range(int(low), int(high))]
