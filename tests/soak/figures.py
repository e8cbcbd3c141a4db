"""What a process holds, and whether that grows."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final


MORE_HELD: Final = 2
"""So many more descriptors, sockets or threads may be an accident of the moment."""

MORE_MEMORY: Final = 1.10
"""Resident memory may be larger by so much: allocators keep what they were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one process held at one moment; ``memory`` in MB, resident; ``files`` in MB,
    of its data folder."""

    sockets: int
    descriptors: int
    threads: int
    memory: float
    files: float


def held_by(pid: int, data: Path) -> Held:
    """What the process *pid* holds now (Linux)."""
    process = Path(f"/proc/{pid}")
    kinds = list(_descriptors(process))
    status = dict(
        line.split(":", 1)
        for line in (process / "status").read_text(encoding="ascii").splitlines()
    )
    size = sum(file.stat().st_size for file in data.glob("openbell*"))
    return Held(
        sockets=sum(kind.startswith("socket:") for kind in kinds),
        descriptors=len(kinds),
        threads=int(status["Threads"]),
        memory=int(status["VmRSS"].split()[0]) / 1024,
        files=size / 1e6,
    )


def _descriptors(process: Path) -> list[str]:
    kinds = []
    for each in (process / "fd").iterdir():
        with suppress(FileNotFoundError):
            kinds.append(str(each.readlink()))
    return kinds


def grown(each_day: Sequence[Held]) -> dict[str, str]:
    """What is larger in the last quarter of the days than in the second one, by its
    name; the first is for what is learned once."""
    quarter = len(each_day) // 4
    before, after = each_day[quarter : 2 * quarter], each_day[-quarter:]
    if not before:
        return {}
    found: dict[str, str] = {}
    for name in ("sockets", "descriptors", "threads"):
        was, now = (_typical(days, name) for days in (before, after))
        if now > was + MORE_HELD:
            found[name] = f"{was:.0f} to {now:.0f}"
    was, now = (_typical(days, "memory") for days in (before, after))
    if now > was * MORE_MEMORY:
        found["memory"] = f"{was:.0f} to {now:.0f} MB"
    return found


def _typical(days: Sequence[Held], name: str) -> float:
    values: list[float] = [getattr(held, name) for held in days]
    return median(values)
