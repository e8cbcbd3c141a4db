"""Every finding of the doctor, from the real command: `python -m bot doctor` over
sockets to the simulated gateway and the local Bot API, and in a machine made as bad as
it takes.

Seven patients, each with all that can be wrong at once; all seven are examined at the
same time, because the doctor mostly waits.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bot.demo import ACCOUNT
from core.broker.client_wrapper import FIRST_REQUEST
from core.clock import SystemClock
from core.model.chosen.setting import SettingChange
from core.model.status import Halt
from core.sandbox.market.permission import DataPermission
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from core.store.journal import Journal
from tests.bot.processes import running
from tests.bot.prompt.doctor_harness import DoctorHarness, opened
from tests.docs.test_findings import looked_at
from tests.harness.ib_client import a_client
from tests.harness.waiting import SOON


pytestmark = pytest.mark.real_time

NO_BOTS_TOKEN: Final = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's
NOBODY: Final = "1"
"""A port that no gateway can have: a connection to it is refused at once."""

BAD_MACHINE: Final = """
set -e
cp -a "$1" "$1.kept"
mount -t tmpfs -o size=20m tmpfs "$1"
cp -a "$1.kept/." "$1"
chmod 755 "$1"
printf 'nas:/vol %s nfs4 rw 0 0\\n' "$1" > "$1.mounts"
mount --bind "$1.mounts" "/proc/$$/mounts"
shift
exec "$@"
"""
"""A data folder of 20 MB that others may enter, on what the kernel's table of mounts
calls a network drive: in a mount namespace of the doctor's own."""


def on_a_bad_disk(data: Path) -> tuple[str, ...]:
    """What starts a command with BAD_MACHINE's folder at *data*."""
    outside = ("unshare", "--map-root-user", "--mount", "sh", "-c")
    return (*outside, BAD_MACHINE, "sh", str(data))


@asynccontextmanager
async def nothing(_of: DoctorHarness) -> AsyncIterator[None]:
    yield


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is wrong: of the gateway (fields of its config), the settings, the
    environment, the files that *prepare* makes, and what goes on meanwhile."""

    gateway: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Callable[[Path], Mapping[str, str]] = lambda _: {}
    prepare: Callable[[Path], None] = lambda _: None
    meanwhile: Callable[[DoctorHarness], AbstractAsyncContextManager[None]] = nothing
    through: Callable[[Path], tuple[str, ...]] = lambda _: ()


def trouble(message: str, *, place: int, text: str) -> Trouble:
    return Trouble(
        message=message, action=Action.REPLACE, field=place, text=text, times=0
    )


def scenario(*troubles: Trouble) -> dict[str, Any]:
    return {"scenario": Scenario(name="bad", seen="", troubles=troubles)}


def data_of(folder: Path) -> Path:
    return folder / "data"


def bad_files(folder: Path) -> None:
    """A halted journal with values that no longer fit, an open .env, old time zones."""
    (folder / ".env").touch(mode=0o640)
    zones = folder / "zones" / "America"
    zones.mkdir(parents=True)
    (zones / "New_York").write_bytes(
        Path("/usr/share/zoneinfo/America/New_York").read_bytes()
    )
    (folder / "zones" / "tzdata.zi").write_text("# version 2023c\n")
    clock = SystemClock()
    path = data_of(folder) / "openbell.sqlite3"
    with Journal.opened(path, clock=clock) as journal, journal.transaction():
        halt = Halt(at=clock.now(), by="Sam", reason="the news")
        journal.memory.set_halts([halt])
        journal.setting_changes.add(
            SettingChange(
                at=clock.now(),
                by="Sam",
                name="max_order_dollars",
                value="900",
                was=None,
            )
        )


@asynccontextmanager
async def webhook(harness: DoctorHarness) -> AsyncIterator[None]:
    harness.chat.chats.webhook = "https://example.org/a-secret-path"
    yield


@asynccontextmanager
async def another_reader(harness: DoctorHarness) -> AsyncIterator[None]:
    url = f"{harness.chat.base_url}{harness.chat.token}/getUpdates?timeout=20"

    async def polling() -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            while True:
                await client.get(url)
                await asyncio.sleep(0.2)

    async with asyncio.TaskGroup() as tasks:
        other = tasks.create_task(polling())
        yield
        other.cancel()


@asynccontextmanager
async def same_client_id(harness: DoctorHarness) -> AsyncIterator[None]:
    client_id = harness.settings().gateway_client_id
    async with a_client(harness.gateway, client_id=client_id):
        yield


@asynccontextmanager
async def without_ib(harness: DoctorHarness) -> AsyncIterator[None]:
    harness.gateway.flap(1100)
    yield


PATIENTS: Final = {
    "machine": Patient(
        prepare=bad_files,
        settings={"max_day_dollars": "100", "max_order_dollars": "50"},
        environment=lambda folder: {"PYTHONTZPATH": str(folder / "zones")},
        through=lambda folder: on_a_bad_disk(data_of(folder)),
        meanwhile=without_ib,
    ),
    "fresh installation": Patient(
        gateway={"permission": DataPermission.DELAYED, "read_only": True},
        settings={
            "mode": "paper",
            "clock_ahead_seconds": "0",
            "account": "DU7654321",
            "telegram_owner_id": "4711",
        },
        meanwhile=webhook,
    ),
    "poor and read by another": Patient(
        gateway={
            "permission": DataPermission.NONE,
            "accounts": (AccountSpec(account=ACCOUNT, currency="EUR", cash=0),),
        }
        | scenario(
            trouble("serverVersion", place=1, text="20261123 09:41:00 XYZ"),
            trouble("nextValidId", place=2, text=str(FIRST_REQUEST)),
        ),
        meanwhile=another_reader,
    ),
    "wrong token": Patient(
        settings={"telegram_token": NO_BOTS_TOKEN}, meanwhile=same_client_id
    ),
    "nobody there": Patient(
        settings={
            "gateway_port": NOBODY,
            "telegram_api_url": f"http://127.0.0.1:{NOBODY}",
            "data_dir": "file/data",
        },
        prepare=lambda folder: (folder / "file").touch(),
    ),
    "proxy": Patient(
        settings={
            "telegram_api_url": "https://api.telegram.org",
            "gateway_port": NOBODY,
        },
        environment=lambda _: {"ALL_PROXY": "nonsense://me:secret@nowhere"},
    ),
    "settings": Patient(
        settings={"shres": "7", "scan_rows": "99", "gateway_port": "no"}
    ),
}

ROWS: Final = (
    # patient, what, found, how to mend
    ("machine", "folder", "is open to other users", "chmod 700"),
    ("machine", "space", "0.0 GB are free", "Make room"),
    ("machine", "disk", "the journal is on nfs4", "to a folder on a local disk"),
    ("machine", "zones", "time zones of 2023c", "Update the machine's tzdata"),
    ("machine", "secrets", "not yours alone", "chmod 600 .env"),
    ("machine", "journal", "halted: the news", "send /resume"),
    ("machine", "chosen", "cannot be", "is less than"),
    ("machine", "gateway", "the gateway has lost IB", "look there whether"),
    ("fresh installation", "build", "speaks API version 178", "older than 10.50"),
    ("fresh installation", "zone", "by its word", "set the zone of the machine"),
    ("fresh installation", "mode", "paper", "Compare OPENBELL_MODE"),
    ("fresh installation", "skew", "s from the gateway's", "(NTP)"),
    ("fresh installation", "clock", "s from Telegram's", "(NTP)"),
    ("fresh installation", "account", "not one of the gateway's", "OPENBELL_ACCOUNT"),
    ("fresh installation", "quotes", "SPY is quoted delayed", "NYSE (Network A/CTA)"),
    ("fresh installation", "quotes", "quoted delayed", "share the live account's"),
    ("fresh installation", "orders", "refused: read-only", "Switch Read-Only API off"),
    ("fresh installation", "telegram", "a webhook at example.org", "@BotFather"),
    ("fresh installation", "owner", "cannot write to you", "press Start"),
    ("poor and read by another", "readers", "another program reads", "Stop the other"),
    ("poor and read by another", "zone", "the gateway's is XYZ", "an IANA name"),
    ("poor and read by another", "quotes", "", "NASDAQ (Network C/UTP)"),
    ("poor and read by another", "funds", "$0 are free; kept in EUR", "add funds"),
    ("poor and read by another", "orders", "ids are too high", "_CLIENT_ID"),
    ("wrong token", "telegram", "does not know the token", "@BotFather's answer"),
    ("wrong token", "gateway", "client id 17 is in use", "_CLIENT_ID"),
    ("nobody there", "gateway", "nothing listens on", "Start TWS or IB Gateway"),
    ("nobody there", "telegram", "no answer", "this machine's way to"),
    ("nobody there", "folder", "cannot be written", "OPENBELL_DATA_DIR"),
    ("proxy", "way", "cannot be used", "HTTPS_PROXY or ALL_PROXY"),
    ("settings", "settings", "wrong", "OPENBELL_SHRES"),
    ("settings", "settings", "wrong", "OPENBELL_SCAN_ROWS"),
    ("settings", "settings", "wrong", "OPENBELL_GATEWAY_PORT"),
)

Finding = tuple[str, str, str]
"""What was looked at, what was found, and what mends it; "" when all is well."""


async def examined(patient: Patient, folder: Path) -> tuple[int, str]:
    """What the doctor said, and its exit code."""
    data = data_of(folder)
    data.mkdir(parents=True, mode=0o700)
    patient.prepare(folder)
    changes = {f"OPENBELL_{k.upper()}": v for k, v in patient.settings.items()}
    async with opened(data, **patient.gateway) as harness, patient.meanwhile(harness):
        words = harness.words | changes | dict(patient.environment(folder))
        through = patient.through(folder)
        async with running(
            "doctor", cwd=folder, settings=words, through=through
        ) as process:
            return await process.ends(within=SOON), process.said


def findings(said: str) -> Iterator[Finding]:
    what = found = advice = ""
    for line in [*said.splitlines(), "end   end"]:
        if line[:4].strip():
            if what:
                yield what, found, advice
            what, found, advice = line[6:15].strip(), line[16:], ""
        else:
            advice = f"{advice} {line.strip()}".strip()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What each patient was told."""

    async def everybody() -> dict[str, tuple[int, str]]:
        folder = tmp_path_factory.mktemp("patients")
        each = (examined(patient, folder / n) for n, patient in PATIENTS.items())
        return dict(zip(PATIENTS, await asyncio.gather(*each), strict=True))

    return asyncio.run(everybody())


def can_mount() -> bool:
    tried = ("unshare", "--map-root-user", "--mount", "true")
    try:
        run = subprocess.run(tried, capture_output=True, check=False)  # noqa: S603  our own words
    except FileNotFoundError:
        return False
    return run.returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no mount namespace can be had here")
@pytest.mark.parametrize(("patient", "what", "found", "mend"), ROWS)
def test_the_command_names_it_and_how_to_mend_it(
    said: dict[str, tuple[int, str]], patient: str, what: str, found: str, mend: str
) -> None:
    code, text = said[patient]

    told = [f for f in findings(text) if f[0] == what]
    assert any(found in each[1] and mend in each[2] for each in told), text
    assert code == 2
    assert "Traceback" not in text


def test_nothing_that_the_doctor_looks_at_is_left_out() -> None:
    assert {what for _, what, _, _ in ROWS} == looked_at()


def test_no_secret_is_printed(said: dict[str, tuple[int, str]]) -> None:
    text = "".join(words for _, words in said.values())

    for secret in (NO_BOTS_TOKEN, "me:secret", "a-secret-path"):
        assert secret not in text
