"""Figures of this process from the operating system."""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final


_SELF: Final = Path("/proc/self")


def memory() -> int:
    """Resident memory in bytes; without /proc, the maximum so far."""
    with suppress(OSError):
        pages = int((_SELF / "statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024  # getrusage(2): KB


def sockets() -> int | None:
    """How many sockets are open; None without /proc."""
    if not (_SELF / "fd").is_dir():
        return None
    return sum(_is_socket(each) for each in (_SELF / "fd").iterdir())


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except OSError:  # closed meanwhile
        return False


def size(*files: Path) -> int:
    """The total size in bytes of those *files* that exist."""
    total = 0
    for each in files:
        with suppress(OSError):
            total += each.stat().st_size
    return total
