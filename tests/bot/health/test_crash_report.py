"""Who looks into a crash finds what he needs, and nothing that is secret."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.health.crash_report import KEPT, PRIVATE, write_crash_report
from bot.redact import set_up_logging
from core.settings.settings import Settings


TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's


@pytest.fixture(autouse=True)
def logged() -> Iterator[None]:
    """Logging as a run sets it up, and put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging("INFO", secrets=[TOKEN])
    yield
    root.handlers[:], root.level = handlers, level


def settings_in(folder: Path) -> Settings:
    return Settings(
        telegram_token=TOKEN,
        telegram_owner_id=987654321,
        account="DU1234567",
        data_dir=folder,
        shares=37,
    )


def an_error() -> ValueError:
    def fail() -> None:
        raise ValueError(f"url /bot{TOKEN}/ of DU1234567")

    try:
        fail()
    except ValueError as error:
        return error
    raise AssertionError


def test_it_says_what_happened_where_and_what_was_said_before(tmp_path: Path) -> None:
    logging.getLogger("core.flows.send").info("order sent ref=tb-1")

    path = write_crash_report(an_error(), settings_in(tmp_path))

    assert path is not None
    told = path.read_text(encoding="utf-8")
    assert "ValueError: url" in told
    assert "in fail" in told
    assert "core.flows.send: order sent ref=tb-1" in told
    assert "shares: 37" in told
    assert "ib_async 2" in told


def test_no_secret_and_nobody_s_name_is_in_it(tmp_path: Path) -> None:
    path = write_crash_report(an_error(), settings_in(tmp_path))

    assert path is not None
    told = path.read_text(encoding="utf-8")
    for secret in (TOKEN, "1234567", "987654321", str(tmp_path)):
        assert secret not in told.replace(path.name, "")
    assert "telegram_owner_id: set" in told
    assert path.stat().st_mode & 0o077 == 0


SEEDED: dict[str, Any] = {
    "telegram_token": TOKEN,
    "telegram_owner_id": 987654321,
    "telegram_api_url": "https://10.7.7.7:8081",
    "gateway_host": "tws.sams-home.example",
    "account": "DU7654321",
    "audit_secret": "the-seal-of-sams-journal",
    "ping_url": "https://hc.example/sams-ping-id",
}
"""A value for each private setting; the folders are added."""

SECRET_PARTS = (
    *(TOKEN, "987654321", "10.7.7.7", "tws.sams-home.example", "7654321"),
    *("the-seal-of-sams-journal", "sams-ping-id", "proxy-word", "c2FtOnByb3h5LXdvcmQ="),
    *("sams-folder", "sams-log", "sams-home"),
)


def test_what_is_seeded_in_every_place_is_in_no_crash_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In settings, the text of the error and of its cause, log lines and their
    tracebacks; URLs, headers, and paths below the owner's home."""
    data, log = tmp_path / "sams-folder", tmp_path / "sams-log"
    data.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "sams-home"))
    settings = Settings(**SEEDED, data_dir=data, log_file=log)
    everything = [
        *SEEDED.values(),
        *(data / "openbell.sqlite3", log, tmp_path / "sams-home" / "keys"),
        *("http://sam:proxy-word@proxy:3128", "https://sam:proxy-word@[::1]/"),
        *("Proxy-Authorization: Basic c2FtOnByb3h5LXdvcmQ=",),
        "{'authorization': 'Bearer c2FtOnByb3h5LXdvcmQ='}",
    ]
    for each in everything:
        logging.getLogger("x").info("seen %s", each)
    error = caused(everything, data / "openbell.sqlite3")
    logging.getLogger("x").error("broke", exc_info=error)

    path = write_crash_report(error, settings)

    assert path is not None
    told = path.read_text(encoding="utf-8")
    assert "broke" in told
    assert "No such file" in told
    assert {part for part in SECRET_PARTS if part in told} == set()


def caused(words: Sequence[object], missing: Path) -> ValueError:
    """An error with these words, because *missing* is not there."""
    try:
        missing.read_text(encoding="utf-8")
    except OSError as cause:
        error = ValueError(*words)
        error.__cause__ = cause
        return error
    raise AssertionError


def test_every_private_setting_is_seeded() -> None:
    folders = {"telegram_token_file", "data_dir", "log_file"}

    assert SEEDED.keys() | folders == PRIVATE


def test_every_setting_that_is_a_secret_a_name_or_a_place_is_private() -> None:
    words = ("token", "secret", "account", "owner", "url", "host", "dir", "file")
    named = {f for f in Settings.model_fields if any(word in f for word in words)}

    assert named <= PRIVATE


def test_only_the_newest_reports_stay(tmp_path: Path) -> None:
    for day in range(1, KEPT + 3):
        (tmp_path / f"crash-2026110{day}T000000Z.txt").touch()

    path = write_crash_report(an_error(), settings_in(tmp_path))

    left = sorted(tmp_path.glob("crash-*"))
    assert len(left) == KEPT
    assert left[-1] == path


def test_a_full_or_missing_disk_is_logged_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = tmp_path / "nowhere"

    assert write_crash_report(an_error(), settings_in(gone)) is None
    assert "no crash report" in caplog.text
