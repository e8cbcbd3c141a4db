"""A short part of the tests on every other Python that is supported and on this machine.

``python -m tests.pythons`` looks for each version as ``python3.12`` on the path and among
pyenv's, installs the locked packages into a folder of its own below the virtual environment
once, and plays a start of the program, a purchase from the scan to the fill, and the store.
It says which versions were there and which were not, and ends non-zero when a test fails.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final


ROOT: Final = Path(__file__).parents[1]
SUPPORTED: Final = ((3, 11), (3, 12), (3, 13))  # as pyproject.toml has it
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
PART: Final = ("tests/bot/test_main.py", "tests/journeys/test_buying.py")
STORE: Final = ("tests/core/store", "tests/contracts/store")
ARGUMENTS: Final = ("-q", "-n", "0", "-p", "no:cacheprovider", "--no-header")
ENVIRONMENT: Final = {**os.environ, "PYTHONHASHSEED": "0"}

Version = tuple[int, int]


def main() -> int:
    """Play the part on each. Returns the exit code."""
    failed = [each for each in _others() if not _played(each)]
    return int(bool(failed))


def _others() -> Iterable[Version]:
    return (each for each in SUPPORTED if each != sys.version_info[:2])


def _played(version: Version) -> bool:
    """Whether nothing failed; a version that is not there fails nothing."""
    name, found = f"Python {_named(version)}", interpreter(version)
    if found is None:
        _say(f"{name}: not on this machine, nothing was played")
        return True
    _say(f"{name}: {found}")
    python = _installed(version, found)
    words = (str(python), "-m", "pytest", *ARGUMENTS, *PART, *STORE)
    passed = _run(*words) == 0
    _say(f"{name}: {'passed' if passed else 'FAILED'}")
    return passed


def interpreter(version: Version) -> Path | None:
    """Where that Python is; None where it is not. A name that pyenv answers for a version
    that it has not chosen does not count."""
    named = shutil.which(f"python{_named(version)}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(pyenv.glob(f"{_named(version)}.*/bin/python"))
    for each in (*([Path(named)] if named else []), *reversed(kept)):
        if _is(version, each):
            return each
    return None


def _is(version: Version, python: Path) -> bool:
    asked = "import sys; print(*sys.version_info[:2])"
    command = [str(python), "-c", asked]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  found by name
    return said.stdout.split() == [str(each) for each in version]


def _installed(version: Version, found: Path) -> Path:
    """The Python of an environment with what the locks name, made anew when they change."""
    folder = Path(sys.prefix) / "pythons" / _named(version)
    python, stamp = folder / "bin" / "python", folder / "stamp"
    wanted = _fingerprint()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        _done(str(found), "-m", "venv", "--clear", str(folder))
        pip = ("-m", "pip", "install", "--quiet", "--no-compile")
        locks = [word for each in LOCKS for word in ("-r", each)]
        _done(str(python), *pip, "--no-deps", "--require-hashes", *locks)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _fingerprint() -> str:
    locks = b"".join((ROOT / name).read_bytes() for name in LOCKS)
    return hashlib.sha256(locks).hexdigest()


def _done(*command: str) -> None:
    if _run(*command):
        raise SystemExit(f"{' '.join(command[:4])} ... failed")


def _run(*command: str) -> int:
    run = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False)  # noqa: S603  our own words
    return run.returncode


def _named(version: Version) -> str:
    return ".".join(map(str, version))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
