"""`make installs`: install the last commit in each way that docs/running.md names, and
time it.

Each way gets a clone of its own, an empty home without any cache, and an environment
with nothing in it but the path, certificates, and what PIP_ and UV_ say of a registry.
uv and pipx come from the registry into an environment of their own first, which is not
counted. Then the command is tried outside the clone: its version, its doctor, a run
without settings within a second, and the place of its data. Needs git and make.
"""

import os
import re
import resource
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from tests.source_tree import ROOT


KEPT: Final = re.compile(
    r"(PIP|UV)_.*|.*(_CERT|CERT_FILE|CERT_DIR|CA_BUNDLE)|.*_proxy", re.IGNORECASE
)
PYTHON: Final = Path(sys.base_prefix) / "bin"
ADDRESS: Final = re.compile(r"http://\S+")
AT_ONCE: Final = 1.0
"""Seconds in which a run without settings has answered."""

DOCTORS: Final = {1, 2}
"""Exit codes of a doctor that has found something to mend."""

HEAD: Final = """\
| | seconds | of them CPU | load | MB on disk | wrong |
|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Place:
    """An empty home, and the only tools that are to be found from it."""

    folder: Path
    tools: tuple[Path, ...] = ()

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def clone(self) -> Path:
        return self.folder / "openbell"

    def environment(self) -> dict[str, str]:
        found = self.folder / "tools"
        found.mkdir(exist_ok=True)
        for tool in self.tools:
            if not (found / tool.name).exists():
                (found / tool.name).symlink_to(tool)
        path = (found, self.home / ".local" / "bin", PYTHON, "/usr/bin", "/bin")
        kept = {
            name: value for name, value in os.environ.items() if KEPT.fullmatch(name)
        }
        words = {"HOME": str(self.home), "PATH": ":".join(map(str, path))}
        return kept | words | {"LANG": "C.UTF-8"}

    def run(self, *words: str | Path, cwd: Path | None = None) -> str:
        """What it says.

        Raises:
            CalledProcessError: it ended with another code than 0.
        """
        done = subprocess.run(  # noqa: S603  words of this module
            words,
            cwd=cwd or self.folder,
            env=self.environment(),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout


@dataclass(slots=True)
class Timed:
    """One way: what it took, and what was wrong with what came of it."""

    name: str
    seconds: float = 0.0
    cpu: float = 0.0
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    disk: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def row(self) -> str:
        wrong = "; ".join(self.wrong) or "nothing"
        return (
            f"| {self.name} | {self.seconds:.1f} | {self.cpu:.1f} | {self.load:.1f} "
            f"| {self.disk:.0f} | {wrong} |"
        )


def demo(place: Place) -> Iterator[str]:
    """From the clone to the address of the page, which has to answer."""
    cloned(place)
    process = subprocess.Popen(
        ["make", "demo"],  # noqa: S607  words of this module
        cwd=place.clone,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if ADDRESS.search(line):
            break
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    if not ADDRESS.search(said):
        yield f"no address: {said[-200:]!r}"


def pip(place: Place) -> Iterator[str]:
    cloned(place)
    place.run("python3", "-m", "venv", place.home / "venv")
    place.run(
        place.home / "venv" / "bin" / "pip", "install", "--quiet", ".", cwd=place.clone
    )
    yield from ()


def uv_tool(place: Place) -> Iterator[str]:
    cloned(place)
    place.run("uv", "tool", "install", "--quiet", ".", cwd=place.clone)
    yield from ()


def pipx(place: Place) -> Iterator[str]:
    cloned(place)
    place.run("pipx", "install", ".", cwd=place.clone)
    yield from ()


def cloned(place: Place) -> None:
    place.run("git", "clone", "--quiet", ROOT, place.clone)


def command_of(place: Place) -> Iterator[str]:
    """What is wrong with the command, outside of the clone and without settings."""
    outside = place.folder / "outside"
    outside.mkdir()
    venv = place.home / "venv" / "bin" / "openbell"
    command = venv if venv.exists() else place.home / ".local" / "bin" / "openbell"
    if not re.fullmatch(
        r"openbell \S+\n", said := place.run(command, "--version", cwd=outside)
    ):
        yield f"--version: {said!r}"
    code, said, _ = answer(place, outside, command, "doctor")
    data = place.home / ".local" / "share" / "openbell"
    if (
        code not in DOCTORS
        or f"{data} can be written" not in said
        or "Traceback" in said
    ):
        yield f"doctor ({code}): {said!r}"
    answer(place, outside, command, "run")  # the first one compiles
    code, said, seconds = answer(place, outside, command, "run")
    if code != 2 or seconds > AT_ONCE or "Traceback" in said:
        yield f"run ({code}, {seconds:.2f} s): {said!r}"


def answer(place: Place, cwd: Path, *words: str | Path) -> tuple[int, str, float]:
    began = monotonic()
    done = subprocess.run(  # noqa: S603  words of this module
        words,
        cwd=cwd,
        env=place.environment(),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout, monotonic() - began


Way = Callable[[Place], Iterator[str]]
WAYS: Final[dict[str, tuple[Way, str | None]]] = {
    "`make demo` with uv": (demo, "uv"),
    "`make demo` with pip": (demo, None),
    "`uv tool install .`": (uv_tool, "uv"),
    "`pipx install .`": (pipx, "pipx"),
    "`pip install .`": (pip, None),
}


def timed(name: str, way: Way, place: Place) -> Timed:
    place.home.mkdir(parents=True)
    place.environment()
    result, cpu, began = Timed(name), _cpu(), monotonic()
    try:
        result.wrong += way(place)
    except subprocess.CalledProcessError as error:
        result.wrong.append(f"{error.cmd[:4]}: {error.stdout[-300:]!r}")
    result.seconds, result.cpu = monotonic() - began, _cpu() - cpu
    result.disk = _size(place.home, place.clone / ".venv")
    if way is not demo and not result.wrong:
        result.wrong += command_of(place)
    return result


def _cpu() -> float:
    """Seconds of CPU of all processes that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _size(*folders: Path) -> float:
    """MB of what is allocated below *folders*; what has several names counts once."""
    found = [path.lstat() for folder in folders for path in folder.rglob("*")]
    return sum({each.st_ino: each.st_blocks * 512 for each in found}.values()) / 1e6


def tool_of(name: str, folder: Path) -> Path:
    """uv or pipx, in an environment of its own: pipx would use a uv beside it."""
    subprocess.run([PYTHON / "python3", "-m", "venv", folder], check=True)  # noqa: S603  words of this module
    install = [str(folder / "bin" / "pip"), "install", "--quiet", name]
    subprocess.run(install, check=True)  # noqa: S603  words of this module
    return folder / "bin" / name


def main() -> int:
    """Install in each way, and return 1 if something was wrong."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="", help="ways with these words in their name"
    )
    only = parser.parse_args().only
    commit = Place(ROOT).run("git", "rev-parse", "--short", "HEAD", cwd=ROOT).strip()
    results = []
    print(f"{commit}, Python {sys.version.split()[0]}\n\n{HEAD}", flush=True)
    for title, (way, tool) in WAYS.items():
        if only not in title:
            continue
        with TemporaryDirectory(prefix="installs-") as name:
            needed = (tool_of(tool, Path(name) / "tool"),) if tool else ()
            results.append(timed(title, way, Place(Path(name), needed)))
            print(results[-1].row(), flush=True)
    return int(any(each.wrong for each in results))


if __name__ == "__main__":
    sys.exit(main())
