"""Installs the independent clients beside the project's own packages, once.

They live in a folder of their own under the virtual environment: nothing that the
product runs on may come to depend on them.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final


HERE: Final = Path(__file__).parent
FOLDER: Final = Path(sys.prefix) / "conformance"
PYTHON_FOLDER: Final = FOLDER / "python"
NODE_FOLDER: Final = FOLDER / "node"
OLDER_FOLDER: Final = FOLDER / "older"
OLDER: Final = ("ib_insync-0.9.70", "ib_insync-0.9.86", "ibapi-9.81")
LOCKS: Final = (
    *("requirements.lock", "package.json", "package-lock.json"),
    *(f"older/{name}.lock" for name in OLDER),
)


class NotInstalled(Exception):
    """A client could not be installed; the text says what its installer said."""


def install_clients() -> None:
    """Install what the locks name, unless that is what is there.

    Raises:
        NotInstalled: pip or npm failed, or there is no Node.
    """
    stamp = FOLDER / "stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    NODE_FOLDER.mkdir(parents=True)
    _install_python("requirements.lock", PYTHON_FOLDER)
    for name in OLDER:
        _install_python(f"older/{name}.lock", OLDER_FOLDER / name)
    _install_node_client()
    stamp.write_text(wanted, encoding="utf-8")


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in LOCKS:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def _install_python(lock: str, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--require-hashes", "--target", str(folder)]
    _run([*pip, "-r", str(HERE / lock)], HERE)


def _install_node_client() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalled("npm is missing: the third client needs Node 18 or newer")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, NODE_FOLDER)
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    _run([npm, *words], NODE_FOLDER)


def _run(command: list[str], folder: Path) -> None:
    ended = subprocess.run(  # noqa: S603  our own words
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise NotInstalled(f"{command[0]}: {ended.stderr.strip() or ended.stdout}")
