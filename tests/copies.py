"""A copy of the checkout to be broken in: the checkout itself is never touched."""

import shutil
from pathlib import Path
from typing import Final


ROOT: Final = Path(__file__).parents[1]
NEEDED: Final = ("bot", "core", "tests", "pyproject.toml", ".env.example")


def copy_the_checkout(to: Path) -> None:
    """Without what was built or recorded on the way."""
    leave_out = shutil.ignore_patterns("__pycache__", "node_modules", "*.log")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=leave_out)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, to / name)
