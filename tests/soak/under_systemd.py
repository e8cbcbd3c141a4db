"""The bot as docs/deploy/openbell.service has it under a living systemd
(tests/deploy/systemd.sh), from outside of its namespaces. Needs root.

The unit is unchanged but for what it starts (tests.soak.jumping_bot). Every night a copy
is made, too, by the unit for that.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from sysconfig import get_path
from tempfile import mkdtemp
from typing import Final

from tests.harness.waiting import until
from tests.soak.service import Account
from tests.source_tree import ROOT


UNIT: Final = "openbell.service"
COPY: Final = "openbell-backup.service"
CLOCK: Final = "etc/openbell-ahead"
"""The file of the bot's clock, which everybody may read."""

INSTEAD: Final = f"""[Service]
ExecStart=
ExecStart=/usr/local/lib/openbell/bin/python3 -m tests.soak.jumping_bot /{CLOCK}
"""
TOKEN: Final = "OPENBELL_TELEGRAM_TOKEN"  # noqa: S105  a setting's name
OF_THE_UNIT: Final = (TOKEN, "OPENBELL_DATA_DIR")
"""Settings that the unit gives itself."""


@dataclass(slots=True, kw_only=True)
class SystemdService:
    """The unit, through systemctl in the namespaces of systemd's process *init*."""

    init: int
    group: Path
    starts: int = 0
    kills: int = 0
    copies: int = 0
    _failed: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """The root of its file system, as seen from here."""
        return Path(f"/proc/{self.init}/root")

    @property
    def data(self) -> Path:
        return self.root / "var/lib/openbell"

    @property
    def pid(self) -> int:
        """The bot's process, by its number out here."""
        processes = self.group / "system.slice" / UNIT / "cgroup.procs"
        return int(processes.read_text().split()[0])

    def log_size(self) -> int:
        """Bytes of systemd's journal on disk."""
        files = (self.root / "var/log/journal").glob("*/*")
        return sum(file.stat().st_blocks * 512 for file in files)

    async def start(self) -> None:
        """Returns when the bot has said that it is ready. Raises RuntimeError."""
        self.starts += 1
        await self.run("systemctl", "start", UNIT)
        if self._failed:
            raise RuntimeError(await self.run("journalctl", "-u", UNIT, "-o", "cat"))

    async def again(self, *, kill: bool) -> bool:
        """Make a copy; restart it, or kill it and let Restart= do that. Whether it is
        ready then."""
        self.copies += 1
        await self.run("systemctl", "start", COPY)
        self.starts += 1
        if kill:
            self.kills += 1
            await self.run("systemctl", "kill", "--signal=KILL", UNIT)
            await self._restarted()
        else:
            await self.run("systemctl", "restart", UNIT)
        return await self._shown("ActiveState") == "active"

    async def _restarted(self) -> None:
        """NRestarts counts from the last start by hand: one more than before is enough."""
        while await self._shown("ActiveState") == "active":  # noqa: ASYNC110  asked
            await asyncio.sleep(0.1)
        while await self._shown("ActiveState") == "activating":  # noqa: ASYNC110  asked
            await asyncio.sleep(0.1)

    async def account(self) -> Account:
        """What systemd has seen, and the disk holds."""
        log = await self.run("journalctl", "-u", UNIT, "-o", "cat")
        copies = list((self.data / "copies").glob("*.sqlite3"))
        readies = log.count("Started openbell.service")
        failures = log.count("Failed with result")
        wrong = list(self._failed)
        if await self._shown("ActiveState") != "active":
            wrong.append(f"the bot ended by itself: {log[-2000:]}")
        if readies != self.starts:
            wrong.append(f"{self.starts} starts, and {readies} of them said READY=1")
        if failures != self.kills:
            wrong.append(f"{self.kills} kills, and {failures} ends that failed")
        if "Watchdog timeout" in log:
            wrong.append("the watchdog ended it")
        if len(copies) != min(self.copies, 30):
            wrong.append(f"{self.copies} copies made, and {len(copies)} kept")
        said = (
            f"{self.starts} starts, {readies} times ready, "
            f"{log.count('Deactivated successfully')} ends in order, {failures} kills; "
            f"{len(log.encode()) / 1e3:.1f} kB of text in systemd's journal; {len(copies)}"
            f" copies, {sum(c.stat().st_size for c in copies) / 1e6:.1f} MB together"
        )
        return Account(said, wrong)

    async def _shown(self, name: str) -> str:
        return (await self.run("systemctl", "show", "-P", name, UNIT)).strip()

    async def run(self, *words: str) -> str:
        """What a command says in there; a failure is kept for the account."""
        inside = ("nsenter", "-t", str(self.init), "-m", "-p", "-u", "-i", "-C")
        process = await asyncio.create_subprocess_exec(
            *inside, *words, stdout=PIPE, stderr=STDOUT
        )
        said = (await process.communicate())[0].decode()
        if process.returncode:
            self._failed.append(f"{' '.join(words)}: {said.strip()}")
        return said


@asynccontextmanager
async def under_systemd(
    settings: Mapping[str, str], *, instead: str = INSTEAD
) -> AsyncIterator[SystemdService]:
    """A systemd of its own with the unit, and with what it says *instead* in a drop-in;
    not started yet. It ends with the block."""
    folder = Path(mkdtemp(prefix="openbell-systemd-"))
    process = await asyncio.create_subprocess_exec(
        *("bash", str(ROOT / "tests/deploy/systemd.sh"), str(folder)),
        *(sys.base_prefix, get_path("purelib")),
    )
    group = _cgroups() / folder.name
    try:
        await until(lambda: _is_up(process))
        service = SystemdService(init=_children(process)[0], group=group)
        _install(service.root, settings, instead)
        await service.run("systemctl", "daemon-reload")
        yield service
    finally:
        process.kill()  # and systemd with it: --kill-child
        await process.wait()
        await until(lambda: "populated 0" in (group / "cgroup.events").read_text())
        for each in sorted(group.glob("**/"), reverse=True):
            each.rmdir()
        rmtree(folder)


def _cgroups() -> Path:
    """Where the second version of control groups is mounted."""
    mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    return next(Path(m.split()[1]) for m in mounts if m.split()[2] == "cgroup2")


def _children(process: Process) -> list[int]:
    task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(each) for each in task.read_text().split()]


def _is_up(process: Process) -> bool:
    return any(
        Path("/proc", str(init), "root", "run/systemd/private").exists()
        for init in _children(process)
    )


def _install(root: Path, settings: Mapping[str, str], instead: str) -> None:
    """Token and settings, as the unit wants them."""
    secrets = root / "etc/openbell"
    lines = (f"{k}={v}" for k, v in settings.items() if k not in OF_THE_UNIT)
    (secrets / "openbell.env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (secrets / "telegram-token").write_text(settings[TOKEN], encoding="ascii")
    drop_in = root / f"etc/systemd/system/{UNIT}.d/soak.conf"
    drop_in.parent.mkdir()
    drop_in.write_text(instead)
