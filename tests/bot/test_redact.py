"""No secret ever reaches a log."""

import json
import logging
import os
import socket
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given, strategies as st
from telegram import Bot

import bot.redact
from bot.redact import RedactingFormatter, goes_to_systemd, redacted, set_up_logging
from bot.sandbox.server import BotApiServer
from core.model.errors import SettingsWrong


TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_01234"  # noqa: S105  nobody's


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "bot<token>/getMe"),
        (f"InvalidToken: `{TOKEN}`", "`<token>`"),
        ("account=DU1234567 ready", "account=DU… ready"),
        ("account=U7654321", "account=U…"),
        ("order 12345678 @ 4.82", "order 12345678 @ 4.82"),
        ("09:41:07 tb-0a1b2c3d-abcdefghij-1", "09:41:07 tb-0a1b2c3d-abcdefghij-1"),
    ],
)
def test_what_looks_like_a_secret_is_not_shown(text: str, shown: str) -> None:
    assert redacted(text).endswith(shown)
    assert TOKEN not in redacted(text)


@given(st.text(), st.text())
def test_a_token_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    text = f"{before} {TOKEN} {after}"

    assert TOKEN not in redacted(text)


def test_a_known_secret_is_hidden_whatever_it_looks_like() -> None:
    formatter = RedactingFormatter(secrets=["hunter2", ""])
    record = logging.LogRecord("x", 20, "", 0, "password=%s", ("hunter2",), None)

    assert formatter.format(record).endswith("password=<secret>")


def test_a_traceback_is_redacted_too() -> None:
    formatter = RedactingFormatter()
    with pytest.raises(ValueError, match="invalid literal") as failure:
        int(TOKEN)
    told = (failure.type, failure.value, failure.tb)

    line = formatter.format(logging.LogRecord("x", 40, "", 0, "broke", (), told))

    assert "Traceback" in line
    assert TOKEN not in line


async def test_a_whole_conversation_leaves_no_token_in_the_log(
    server: BotApiServer, bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging("DEBUG")
    try:
        await bot.send_message(server.phone.user.id, "hello")
        logging.getLogger("bot").error("%r failed", bot)
        logging.getLogger("bot").error("%s", httpx.URL(bot.base_url))
    finally:
        root.handlers[:], root.level = handlers, level

    logged = capsys.readouterr().err
    assert "failed" in logged
    assert server.token not in logged


def test_as_json_each_line_is_an_object_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "openbell.log"
    set_up_logging("INFO", secrets=["hunter2"], as_json=True, file=file)
    log = logging.getLogger("x")
    log.info('said "hunter2" to %s', TOKEN)
    try:
        int(TOKEN)
    except ValueError:
        log.exception("broke")
    logging.basicConfig(force=True)

    said, broke = [json.loads(line) for line in file.read_text().splitlines()]
    assert said["message"] == 'said "<secret>" to <token>'
    assert (said["level"], said["logger"]) == ("INFO", "x")
    assert datetime.fromisoformat(said["at"]).tzinfo is not None
    assert "<token>" in broke["traceback"]
    assert file.stat().st_mode & 0o777 == 0o600


def said_to_standard_error(capfd: pytest.CaptureFixture[str]) -> str:
    set_up_logging("INFO")
    logging.getLogger("x").info("up")
    logging.basicConfig(force=True)
    return capfd.readouterr().err


def test_a_line_for_systemds_journal_has_no_second_moment(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.fstat(2)
    monkeypatch.setenv("JOURNAL_STREAM", f"{here.st_dev}:{here.st_ino}")

    assert said_to_standard_error(capfd) == "INFO    x: up\n"


@pytest.mark.parametrize("end", ["socket", "file"])
def test_the_stream_named_by_systemd_is_compared_with_the_real_standard_error(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd gives a service a socket; a script of it may send its words to a file."""
    kept = os.dup(2)
    journal, other = socket.socketpair()
    with journal, other, (tmp_path / "log").open("w") as file:
        named = os.fstat(journal.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{named.st_dev}:{named.st_ino}")
        os.dup2(journal.fileno() if end == "socket" else file.fileno(), 2)
        try:
            found = goes_to_systemd()
        finally:
            os.dup2(kept, 2)
            os.close(kept)

    assert found is (end == "socket")


@pytest.mark.parametrize("journal", ["", "8:1", "nonsense"])
def test_a_line_for_anybody_else_has_its_moment(
    journal: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that systemd's child has started inherits the variable."""
    monkeypatch.setenv("JOURNAL_STREAM", journal)

    said = said_to_standard_error(capfd)

    assert said.endswith("INFO    x: up\n")
    assert isinstance(datetime.fromisoformat(said.partition(",")[0]), datetime)


def test_a_log_file_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.redact, "_FILE_BYTES", 1_000)
    set_up_logging("INFO", file=tmp_path / "openbell.log")
    for number in range(1_000):
        logging.getLogger("x").info("line %d", number)
    logging.basicConfig(force=True)

    files = list(tmp_path.iterdir())
    assert len(files) == 6
    assert max(file.stat().st_size for file in files) <= 1_000


def test_a_log_file_that_cannot_be_written_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="OPENBELL_LOG_FILE"):
        set_up_logging("INFO", file=tmp_path / "none" / "openbell.log")


def test_a_line_that_the_disk_does_not_take_tells_no_secret_elsewhere(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Python wrote it to standard error as it came, with a traceback for each line."""
    set_up_logging("INFO", file=Path("/dev/full"))
    logging.getLogger("x").warning("refused: %s", TOKEN)
    with pytest.raises(OSError, match="No space left"):
        logging.basicConfig(force=True)
    logging.basicConfig(force=True)

    assert capfd.readouterr().err == ""
