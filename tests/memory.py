"""Where tests keep their files: in memory, if this machine has room there. A synced write takes
milliseconds of a disk, and every test that has a journal makes some."""

import os
import shutil
from pathlib import Path
from typing import Final


ROOM: Final = 2 << 30
"""Bytes. A whole run needs less than half; a container's own 64 MB are too few."""


def _with_room(folder: Path) -> Path | None:
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    return folder if has_room else None


MEMORY: Final = _with_room(Path("/dev/shm"))  # noqa: S108  in a folder of its own each
"""None: where the system puts such files."""
