"""Checks of this machine: disk, time zones, and access to files with secrets.

Nothing here waits for a network or writes anything, so it may run beside the bot.
"""

import os
import re
import shutil
import stat
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zoneinfo import TZPATH

from bot.checks.finding import Finding
from core.env_file import open_to_others
from core.rules.figures.in_words import tenth
from core.settings.settings import Settings


LITTLE: Final = 200_000_000
"""Bytes free below which the journal may soon not be written: it grows by about 1 MB on
a busy day, and SQLite needs room for its own log besides."""

OLD: Final = 2
"""Years after which a table of time zones is old: there are several a year."""

NETWORK: Final = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|lustre|vboxsf|drvfs|davfs"
    r"|fuse\.(sshfs|rclone|s3fs|gcsfuse|davfs2?|google.*)"
)
"""Kinds of file systems whose locks and syncs are not the local kernel's
(sqlite.org/faq.html, question 5)."""

_ZONE: Final = "America/New_York"
_MOUNTS: Final = Path("/proc/self/mounts")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def machine_findings(
    settings: Settings, *, env_file: Path, now: datetime
) -> tuple[Finding, ...]:
    """All checks of the machine. *now* (UTC) decides whether the time zones are old."""
    folder = _existing(settings.data_dir)
    return (
        of_the_folder(settings.data_dir),
        of_the_space(shutil.disk_usage(folder).free),
        of_the_disk(kind_of_disk(folder, _mounts())),
        *of_the_secrets(settings, env_file),
        of_the_zones(zones_version(), now=now),
    )


def _existing(folder: Path) -> Path:
    """*folder*, or its nearest parent that exists."""
    whole = folder.absolute()
    return next(place for place in (whole, *whole.parents) if place.exists())


def _is_behind_a_dead_link(folder: Path) -> bool:
    whole = folder.absolute()
    return any(p.is_symlink() and not p.exists() for p in (whole, *whole.parents))


def of_the_folder(folder: Path) -> Finding:
    """Whether the journal's folder can be written or created."""
    there = _existing(folder)
    can_be_made = there.is_dir() and os.access(there, os.W_OK)
    if not can_be_made or _is_behind_a_dead_link(folder):
        mend = "Make it writable, or set OPENBELL_DATA_DIR to another folder."
        return Finding(what="folder", found=f"{folder} cannot be written", mend=mend)
    if folder.exists() and folder.stat().st_mode & _OTHERS:
        mend = f"The journal holds your orders: chmod 700 {folder}."
        return Finding(
            what="folder", found=f"{folder} is open to other users", mend=mend
        )
    return Finding(what="folder", found=f"{folder} can be written")


def of_the_space(free: int) -> Finding:
    """*free* are the bytes left where the journal is."""
    found = f"{tenth(free / 1e9)} GB are free"
    if free >= LITTLE:
        return Finding(what="space", found=found)
    mend = "Make room: when the journal cannot be written, nothing is bought."
    return Finding(what="space", found=found, mend=mend)


def of_the_disk(kind: str) -> Finding:
    """*kind* names the file system that the journal is on; "" where none is known."""
    if NETWORK.fullmatch(kind):
        mend = (
            "Set OPENBELL_DATA_DIR to a folder on a local disk: over a network SQLite's "
            "locks and syncs do not hold what they promise."
        )
        return Finding(what="disk", found=f"the journal is on {kind}", mend=mend)
    return Finding(what="disk", found=f"local ({kind})" if kind else "kind not known")


def kind_of_disk(folder: Path, mounts: str) -> str:
    """The kind of file system that *folder* is on, by a table like Linux'
    /proc/self/mounts (fields: device, place, kind)."""
    rows = [line.split()[1:3] for line in mounts.splitlines() if len(line.split()) > 2]  # noqa: PLR2004  three fields
    whole = folder.resolve()
    over = [
        (len(place), kind)
        for place, kind in rows
        if whole.is_relative_to(_named(place))
    ]
    return max(over, default=(0, ""))[1]


def _named(place: str) -> str:
    r"""A mount point as it is: the table writes a space as \040."""
    return re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), place)


def _mounts() -> str:
    return _MOUNTS.read_text(encoding="utf-8") if _MOUNTS.exists() else ""


def of_the_secrets(settings: Settings, env_file: Path) -> tuple[Finding, ...]:
    """Files with secrets that others can read."""
    return tuple(
        Finding(what="secrets", found="not yours alone", mend=f"{sentence}.")
        for sentence in open_to_others(settings.secrets_in_files(env_file))
    )


def of_the_zones(iana: str, *, now: datetime) -> Finding:
    """Whether the time zone table is current. *iana* is its version, like 2026b: the
    year, and a letter for each release."""
    what = "zones"
    if not re.match(r"\d{4}", iana):
        note = "It could not be told how old the machine's table of time zones is."
        return Finding(what=what, found="age not known", note=note)
    if now.year - int(iana[:4]) < OLD:
        return Finding(what=what, found=f"time zones of {iana}")
    mend = "Update the machine's tzdata: New York's clock could be an hour off."
    return Finding(what=what, found=f"time zones of {iana}", mend=mend)


def zones_version() -> str:
    """IANA's version of the table that Python reads: the machine's if there is one,
    else that of the package tzdata (2026.1 for 2026b); "" when neither says."""
    folders = [Path(each) for each in TZPATH]
    used = next((each for each in folders if (each / _ZONE).exists()), None)
    return version("tzdata") if used is None else _version_in(used)


def _version_in(folder: Path) -> str:
    """Linux has it in the first line of tzdata.zi, macOS in a file of its own."""
    for file in (folder / "tzdata.zi", folder / "+VERSION"):
        if file.exists():
            with file.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    return ""
