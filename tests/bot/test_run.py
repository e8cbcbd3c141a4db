"""Around the application: no start without settings, one bot, a clean end, no secret."""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from telegram.error import InvalidToken

from bot.__main__ import main
from bot.bot_api import way
from bot.exits import WRONG, singly
from core.clock import SystemClock
from core.model.errors import Contradiction, StoreBusy
from core.store.disk import connected, held
from core.store.journal import Journal
from tests.bot.processes import ROOT, Running, contents, running
from tests.harness.product import at, opened
from tests.harness.waiting import SOON


pytestmark = pytest.mark.real_time


TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's
COMPLETE = {
    "OPENBELL_TELEGRAM_TOKEN": TOKEN,
    "OPENBELL_TELEGRAM_OWNER_ID": "1001",
    "OPENBELL_TELEGRAM_API_URL": "http://127.0.0.1:1",
    "OPENBELL_GATEWAY_PORT": "1",
    "OPENBELL_ACCOUNT": "DU1234567",
}
"""Settings with which the bot starts, and reaches nobody."""

JOURNAL = "openbell.sqlite3"
A_FEW_SECONDS = 90.0  # of a machine that does ten other things

Several = ExceptionGroup[Exception]
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder without any setting; what a run changes is put back."""
    for name in [name for name in os.environ if name.startswith("OPENBELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENBELL_DATA_DIR", "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield tmp_path
    root.handlers[:], root.level = handlers, level


def a_start(monkeypatch: pytest.MonkeyPatch, **changed: str) -> int:
    """`python -m bot run` with complete settings but for *changed*."""
    for name, value in {**COMPLETE, **changed}.items():
        monkeypatch.setenv(name, value)
    return main(["run"])


# before anything is opened


def test_without_settings_it_names_what_is_missing_and_where_to_get_it(
    here: Path, capsys: Printed
) -> None:
    code = main(["run"])

    token, owner, account, file = capsys.readouterr().err.splitlines()
    assert code == 2
    assert token.startswith("OPENBELL_TELEGRAM_TOKEN is not set")
    assert "@BotFather" in token
    assert owner.startswith("OPENBELL_TELEGRAM_OWNER_ID is not set")
    assert "@userinfobot" in owner
    assert account.startswith("OPENBELL_ACCOUNT is not set")
    assert "DU1234567" in account
    assert "openbell setup" in file
    assert contents(here) == []


def test_who_has_an_env_file_is_not_told_to_make_one(
    here: Path, capsys: Printed
) -> None:
    (here / ".env").write_text("OPENBELL_ACCOUNT=DU1234567\n")

    code = main(["run"])

    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("OPENBELL_SHARES=a few", "OPENBELL_SHARES takes a whole number"),
        ("OPENBELL_SHARE=100", "OPENBELL_SHARE"),
        ("OPENBELL_MODE=live", "OPENBELL_LIVE_TRADING"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    here: Path, capsys: Printed, line: str, told: str
) -> None:
    (here / ".env").write_text(f"{line}\n")

    code = main(["run"])

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert told in sentence
    assert contents(here) == [".env"]


def test_all_settings_that_are_wrong_are_told_at_once(
    here: Path, capsys: Printed
) -> None:
    (here / ".env").write_text("OPENBELL_SHRES=7\nOPENBELL_SCAN_ROWS=99\n")

    code = main(["run"])

    told = capsys.readouterr().err.splitlines()
    assert code == 2
    assert len(told) == 2
    assert "OPENBELL_SHRES" in told[0]
    assert "OPENBELL_SCAN_ROWS" in told[1]


def test_a_token_file_that_is_not_there_stops_the_start(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("OPENBELL_TELEGRAM_TOKEN_FILE", str(here / "token"))

    code = a_start(monkeypatch, OPENBELL_TELEGRAM_TOKEN="")

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert "OPENBELL_TELEGRAM_TOKEN_FILE cannot be read" in sentence


def test_the_doctor_of_a_bot_that_reaches_nobody_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)

    code = main(["doctor"])

    told = capsys.readouterr()
    assert code == 2
    assert "MEND  gateway" in told.out
    assert "MEND  telegram" in told.out
    assert TOKEN not in told.out + told.err


def test_settings_that_are_missing_are_told_before_anything_heavy_is_loaded(
    here: Path,
) -> None:
    code = "import sys, bot.__main__ as m; m.main(['run']); print(*sys.modules)"
    told = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        cwd=here,
        capture_output=True,
        text=True,
        check=True,
    )

    heavy = {"telegram", "ib_async", "sqlalchemy", "httpx", "apscheduler", "numpy"}
    assert "is not set" in told.stderr
    assert heavy.isdisjoint(told.stdout.split())


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "gopher://127.0.0.1:1080"),
        ("SSL_CERT_FILE", "/nowhere"),
        ("SSL_CERT_DIR", "/nowhere"),
    ],
)
def test_no_usable_way_to_telegram_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed, name: str, value: str
) -> None:
    way._trusted.cache_clear()
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv(name, value)

    code = a_start(monkeypatch, OPENBELL_TELEGRAM_API_URL="https://api.telegram.org")

    way._trusted.cache_clear()
    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert name in sentence


@pytest.mark.attack(30)
def test_files_with_secrets_that_others_can_read_are_named_at_the_start(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    (here / ".env").touch(mode=0o644)
    with held(here / "data" / JOURNAL):
        a_start(monkeypatch)

    assert "WARNING bot.run: .env can be read by other users" in capsys.readouterr().err


# the journal


def a_file(place: Path) -> None:
    place.write_text("")


def a_link_to_nothing(place: Path) -> None:
    place.symlink_to("nowhere/at/all")


@pytest.mark.parametrize(
    ("place", "put", "why"),
    [
        ("data", a_file, "File exists"),
        ("data", a_link_to_nothing, "File exists"),
        (f"data/{JOURNAL}", Path.mkdir, "Is a directory"),
        (f"data/{JOURNAL}.lock", Path.mkdir, "Is a directory"),
        (f"data/{JOURNAL}", os.mkfifo, "it is no regular file"),
        (f"data/{JOURNAL}.lock", os.mkfifo, "it is no regular file"),
    ],
)
def test_where_no_journal_can_be_is_one_sentence_that_no_start_repeats(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Printed,
    place: str,
    put: Callable[[Path], None],
    why: str,
) -> None:
    """It ended with 1, so that systemd started it again for ever, or waited for ever."""
    if place != "data":
        (here / "data").mkdir()
    put(here / place)

    code = a_start(monkeypatch)

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == WRONG
    assert f"{why}. Orders at IB stay as they are" in sentence


def test_a_second_bot_on_the_same_journal_says_so_and_ends(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with held(here / "data" / JOURNAL):
        code = a_start(monkeypatch)

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == 2
    assert "Another Openbell is running" in sentence


def test_a_journal_of_a_newer_openbell_is_one_sentence_that_no_start_repeats(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    journal = here / "data" / JOURNAL
    with Journal.opened(journal, clock=SystemClock()):
        pass
    with connected(journal) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = journal.read_bytes()

    code = a_start(monkeypatch)

    [sentence] = capsys.readouterr().err.splitlines()
    assert code == WRONG
    assert "A newer Openbell has written the database" in sentence
    assert journal.read_bytes() == before
    assert list((here / "data").glob("crash-*")) == []


def test_every_error_is_told_however_deep_it_comes_from() -> None:
    deep: Several = ExceptionGroup("deep", [Contradiction("one"), StoreBusy("two")])
    middle: Several = ExceptionGroup("middle", [deep])
    group: Several = ExceptionGroup("outer", [middle])

    assert [str(error) for error in singly(group)] == ["one", "two"]


def test_an_error_that_nobody_expected_ends_with_a_traceback_without_the_token(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with held(here / "data" / JOURNAL):
        a_start(monkeypatch)

    sys.excepthook(InvalidToken, InvalidToken(f"`{TOKEN}` was rejected"), None)

    told = capsys.readouterr().err
    assert "InvalidToken" in told
    assert TOKEN not in told
    [report] = (here / "data").glob("crash-*")
    assert TOKEN not in report.read_text(encoding="utf-8")


# a life


def assert_closed(folder: Path) -> None:
    """The journal was closed in order, and nobody holds it."""
    assert not (folder / f"{JOURNAL}-wal").exists()
    with Journal.opened(folder / JOURNAL, clock=SystemClock()) as journal:
        assert journal.verify() == ()
        assert journal.stale() is None


def assert_quiet(bot: Running) -> None:
    """It had nothing to complain of, but perhaps that this machine is slow."""
    own = [line for line in bot.said.splitlines() if " bot.loop_watchdog: " not in line]
    for word in ("Traceback", "WARNING", "ERROR", "CRITICAL"):
        assert [line for line in own if word in line] == []


async def test_a_morning_at_debug_level_shows_no_secret_and_ends_on_sigterm(
    here: Path,
) -> None:
    async with opened(here, clock=at(9, 41), log_level="DEBUG") as harness:
        async with running("run", cwd=here, settings=harness.settings) as bot:
            await harness.ready()
            card = await harness.card()
            await harness.phone.tap(card, "Yes, buy both", within=SOON)
            await harness.phone.reads("in all", within=SOON)

            bot.process.send_signal(signal.SIGTERM)
            code = await bot.ends(within=A_FEW_SECONDS)

        assert code == 0
        assert "DEBUG" in bot.said
        assert harness.settings["OPENBELL_TELEGRAM_TOKEN"] not in bot.said
        assert harness.settings["OPENBELL_ACCOUNT"] not in bot.said
        assert_quiet(bot)
        assert_closed(here)


async def test_an_impatient_end_while_nobody_can_be_reached_is_clean(
    here: Path,
) -> None:
    async with running("run", cwd=here, settings=COMPLETE) as bot:
        await bot.says(lambda said: "ready mode=paper" in said)

        bot.process.send_signal(signal.SIGINT)
        bot.process.send_signal(signal.SIGTERM)
        code = await bot.ends(within=A_FEW_SECONDS)

    assert code == 0
    assert "Traceback" not in bot.said
    assert_closed(here / "data")


@pytest.mark.attack(16)
async def test_a_journal_that_another_program_locks_is_waited_for_and_told(
    here: Path,
) -> None:
    async with (
        opened(here, clock=at(9, 41)) as harness,
        running("run", cwd=here, settings=harness.settings) as bot,
    ):
        await harness.ready()
        with closing(sqlite3.connect(here / JOURNAL, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await harness.phone.send("/halt")
            told = await harness.phone.reads("I am waiting", within=SOON)
        await harness.phone.reads("started again", within=SOON)
        await harness.phone.reads("alted", within=SOON)

        bot.process.send_signal(signal.SIGTERM)
        code = await bot.ends(within=A_FEW_SECONDS)

    assert "Another program has locked the journal" in told.text
    assert code == 0


@pytest.mark.attack(16)
async def test_a_damaged_journal_is_told_to_the_owner_and_not_started_on_again(
    here: Path,
) -> None:
    async with opened(here, clock=at(9, 41)) as harness:
        (here / JOURNAL).write_bytes(b"not a database" * 1000)
        async with running("run", cwd=here, settings=harness.settings) as bot:
            code = await bot.ends(within=A_FEW_SECONDS)
        [told] = harness.phone.received

    assert code == WRONG
    assert told.text.startswith("I cannot start: my journal is damaged.")
    assert "openbell restore" in told.text


async def test_a_terminal_that_is_closed_ends_it_in_order(here: Path) -> None:
    async with running("run", cwd=here, settings=COMPLETE) as bot:
        await bot.says(lambda said: "ready mode=paper" in said)

        bot.process.send_signal(signal.SIGHUP)
        code = await bot.ends(within=A_FEW_SECONDS)

    assert code == 0
    assert_closed(here / "data")


async def test_a_terminal_that_is_closed_under_nohup_ends_nothing(here: Path) -> None:
    async with (
        opened(here, clock=at(9, 41)) as harness,
        running("run", cwd=here, settings=harness.settings, through=["nohup"]) as bot,
    ):
        await harness.ready()
        bot.process.send_signal(signal.SIGHUP)
        await harness.phone.send("/version")
        await harness.phone.reads("Openbell", within=SOON)

        bot.process.send_signal(signal.SIGTERM)
        code = await bot.ends(within=A_FEW_SECONDS)

    assert code == 0


def test_no_file_takes_the_place_of_a_closed_standard_error(here: Path) -> None:
    told = subprocess.run(  # noqa: S603  our own words
        ["sh", "-c", f"exec {sys.executable} -m bot verify <&- >&- 2>&-"],  # noqa: S607  our own words
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        cwd=here,
        check=False,
    )

    assert told.returncode == 2


def test_a_backup_without_a_journal_says_so(here: Path, capsys: Printed) -> None:
    code = main(["backup", "copy.sqlite3"])

    assert code == 2
    assert "There is no journal at data/" in capsys.readouterr().err
    assert contents(here) == []


def test_too_few_descriptors_are_one_sentence(here: Path) -> None:
    command = f"ulimit -n 14; exec {sys.executable} -m bot run"
    told = subprocess.run(  # noqa: S603  our own words
        ["sh", "-c", command],  # noqa: S607  our own words
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
            **COMPLETE,
            "OPENBELL_DATA_DIR": "data",
        },
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
        timeout=SOON,
    )

    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "Too many open files" in told.stderr
