"""What the doctor says of settings, files and the journal."""

from pathlib import Path

import pytest

from bot.prompt.doctor import doctor
from bot.run import examine
from core.clock import SystemClock
from core.model.status import Halt
from core.store.journal import Journal
from tests.bot.prompt.doctor_harness import (
    LISTEN,
    PORT_OF_NOBODY,
    Printed,
    findings,
    opened,
)


async def test_settings_that_are_missing_are_the_first_finding(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        bare = doctor_harness.settings(account="", gateway_port=PORT_OF_NOBODY)
        bare = bare.model_copy(update={"telegram_token": None})
        well = await doctor(bare, listen=LISTEN)

    found = findings(capsys)
    assert not well
    assert "OPENBELL_ACCOUNT is not set" in found["settings"]
    assert next(iter(found)) == "settings"
    assert "telegram" not in found


async def test_a_folder_without_settings_is_told_of_the_setup_first(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as doctor_harness:
        monkeypatch.chdir(tmp_path)
        bare = doctor_harness.settings(account="", gateway_port=PORT_OF_NOBODY)
        await doctor(bare.model_copy(update={"telegram_token": None}), listen=LISTEN)

    first, advice, *_ = capsys.readouterr().out.splitlines()
    assert first == "MEND  settings  no .env here"
    assert advice.strip().startswith("Run openbell setup")


async def test_a_token_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        lost = {"telegram_token": None, "telegram_token_file": tmp_path / "lost"}
        well = await doctor(
            doctor_harness.settings().model_copy(update=lost), listen=LISTEN
        )

    assert not well
    assert "TELEGRAM_TOKEN_FILE cannot be read" in findings(capsys)["telegram"]


async def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    (tmp_path / "file").touch()
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(data_dir=str(tmp_path / "file" / "data"))

    assert not well
    assert "cannot be written" in findings(capsys)["folder"]


@pytest.mark.attack(29)
async def test_a_proxy_of_no_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        monkeypatch.setenv("ALL_PROXY", "nonsense://me:secret@nowhere")
        well = await doctor_harness.examine(telegram_api_url="https://api.telegram.org")

    told = capsys.readouterr().out
    assert not well
    assert "MEND  way" in told
    assert "secret" not in told


@pytest.mark.attack(30)
async def test_an_env_file_that_others_can_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o640)

    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert "chmod 600 .env" in capsys.readouterr().out


async def test_a_journal_that_halts_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as doctor_harness:
        clock = SystemClock()
        with (
            Journal.opened(doctor_harness.settings().journal, clock=clock) as journal,
            journal.transaction(),
        ):
            halt = Halt(at=clock.now(), by="Sam", reason="the news")
            journal.memory.set_halts([halt])
        well = await doctor_harness.examine()

    assert not well
    assert "MEND halted: the news" in findings(capsys)["journal"]


def test_all_settings_that_are_wrong_are_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ("OPENBELL_SHRES=7", "OPENBELL_GATEWAY_PORT=no", "OPENBELL_SCAN_ROWS=99")
    (tmp_path / ".env").write_text("\n".join(lines))

    code = examine()

    told = capsys.readouterr().out
    assert code == 2
    assert told.count("MEND  settings") == 3
    for name in ("OPENBELL_SHRES", "OPENBELL_GATEWAY_PORT", "OPENBELL_SCAN_ROWS"):
        assert name in told
