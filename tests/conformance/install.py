"""Installs the independent clients beside the project's own packages, once.

They live in a folder of their own under the virtual environment: nothing that the
product runs on may come to depend on them.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final


Install = Callable[[tuple[Path, ...], Path], None]
"""Puts what the locks name into a folder."""


HERE: Final = Path(__file__).parent
FOLDER: Final = Path(sys.prefix) / "conformance" / "clients"
PYTHON: Final = (
    *("ib_insync-0.9.61", "ib_insync-0.9.70", "ib_insync-0.9.86", "ibapi-9.81"),
)
NODE: Final = ("stoqey-1.2.39",)
OFFICIAL, STOQEY = "ibapi", "stoqey"  # those of today, whose locks stand beside this


class NotInstalled(Exception):
    """A client could not be installed; the text says what its installer said."""


def install_clients() -> None:
    """Install what the locks name, unless that is what is there.

    Raises:
        NotInstalled: pip or npm failed, or there is no Node.
    """
    _once(OFFICIAL, (HERE / "requirements.lock",), _install_python)
    for name in PYTHON:
        _once(name, (HERE / "older" / f"{name}.lock",), _install_python)
    _once(STOQEY, _node_locks(HERE), _install_node)
    for name in NODE:
        _once(name, _node_locks(HERE / "older" / name), _install_node)


def install_node_package(name: str, locks: Path) -> None:
    """Install what the locks in that folder name. Raises NotInstalled."""
    _once(name, _node_locks(locks), _install_node)


def _node_locks(folder: Path) -> tuple[Path, ...]:
    return folder / "package.json", folder / "package-lock.json"


def _once(name: str, locks: tuple[Path, ...], install: Install) -> None:
    """Install one client into a folder of its own; its stamp says from which locks."""
    folder, stamp = FOLDER / name, FOLDER / name / "stamp"
    wanted = _fingerprint(locks)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install(locks, folder)
    stamp.write_text(wanted, encoding="utf-8")


def _fingerprint(locks: tuple[Path, ...]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def _install_python(locks: tuple[Path, ...], folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--require-hashes", "--target", str(folder)]
    _run([*pip, "-r", str(locks[0])], HERE)


def _install_node(locks: tuple[Path, ...], folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("npm is missing: two of the clients need Node 18 or newer")
    for lock in locks:
        shutil.copy(lock, folder)
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    _run([npm, *words], folder)


def _run(command: list[str], folder: Path) -> None:
    ended = subprocess.run(  # noqa: S603  our own words
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise NotInstalled(f"{command[0]}: {ended.stderr.strip() or ended.stdout}")
