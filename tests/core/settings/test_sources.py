"""Settings come from the environment and the file, and a typo from neither."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.model.errors import SettingsWrong
from core.model.proposal import Mode
from core.settings.loading import load_settings
from core.settings.settings import Settings
from tests.core.settings.env_files import from_text, settings


A_SECRET = "AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's
A_TOKEN = f"1234567:{A_SECRET}"


def test_without_a_file_the_defaults_are_safe(tmp_path: Path) -> None:
    found = load_settings(tmp_path / ".env")

    assert found.mode is Mode.PAPER
    assert not found.automatic
    assert not found.automatic_live
    assert not found.allow_delayed
    assert found.live_trading == ""
    assert found.gateway_host == "127.0.0.1"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBELL_SHARES", "7")

    found = settings(tmp_path, {"SHARES": "8", "SCAN_ROWS": "9"})

    assert (found.shares, found.scan_rows) == (7, 9)


def test_an_empty_value_means_the_default(tmp_path: Path) -> None:
    assert settings(tmp_path, {"SHARES": "", "ACCOUNT": ""}).shares == 100


@pytest.mark.parametrize(
    ("name", "meant"),
    [("OPENBELL_SHRES", "OPENBELL_SHARES"), ("OPENBELL_GATEWY_PORT", "GATEWAY_PORT")],
)
def test_an_unknown_name_is_refused_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    with pytest.raises(SettingsWrong, match=f"{name}.*did you mean.*{meant}"):
        from_text(tmp_path, f"{name}=1")

    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsWrong, match=f"{name}.*the environment.*{meant}"):
        settings(tmp_path)


def test_a_name_without_our_prefix_is_refused_in_the_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARES", "5")

    assert settings(tmp_path).shares == 100
    with pytest.raises(SettingsWrong, match="no setting SHARES"):
        from_text(tmp_path, "SHARES=5")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("OPENBELL_SHARES=5\nOPENBELL_MODE paper\n", 2),
        ("OPENBELL_SHARES\n", 1),
        ('OPENBELL_MODE="paper\n', 1),
    ],
)
def test_a_line_that_sets_nothing_is_pointed_out(
    tmp_path: Path, text: str, line: int
) -> None:
    with pytest.raises(SettingsWrong, match=f"Line {line} of .* is not NAME=value"):
        from_text(tmp_path, text)


@pytest.mark.parametrize("made", [Path.mkdir, os.mkfifo])
def test_what_is_no_regular_file_is_named_and_never_waited_for(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    made(tmp_path / ".env")

    with pytest.raises(SettingsWrong, match="cannot be read: it is no regular file"):
        load_settings(tmp_path / ".env")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff")

    with pytest.raises(SettingsWrong, match="cannot be read"):
        load_settings(tmp_path / ".env")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffOPENBELL_SHARES=5\n",
        "\ufeff# mine\r\nOPENBELL_SHARES=5\r\n",
        "OPENBELL_SHARES=5  # five\n",
        "  export OPENBELL_SHARES = '5'\n",
        'openbell_shares="5"\n',
        "OPENBELL_SCAN_ROWS=5\nOPENBELL_SHARES=${OPENBELL_SCAN_ROWS}\n",
    ],
)
def test_a_file_is_read_however_it_was_written(tmp_path: Path, text: str) -> None:
    assert from_text(tmp_path, text).shares == 5


@pytest.mark.parametrize("other", ["OPENBELL_SHARES=6", "openbell_shares=6"])
def test_a_name_that_is_set_twice_is_refused(tmp_path: Path, other: str) -> None:
    with pytest.raises(SettingsWrong, match="OPENBELL_SHARES is set twice"):
        from_text(tmp_path, f"OPENBELL_SHARES=5\n{other}\n")


def test_a_variable_that_is_not_set_never_means_the_default(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="OPENBELL_SHARES in"):
        from_text(tmp_path, "OPENBELL_SHARES=${THERE_IS_NO_SUCH_VARIABLE}\n")


def test_an_empty_value_in_the_environment_leaves_that_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBELL_SHARES", "")

    assert settings(tmp_path, {"SHARES": "8"}).shares == 8


def test_a_value_of_its_own_reads_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENBELL_SHARES", "7")

    assert Settings().shares == 100


@pytest.mark.parametrize("before", ["", "OPENBELL_", "OPENBELL_TELEGRAM_TOKEN"])
def test_a_name_with_the_token_in_it_is_not_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    with pytest.raises(SettingsWrong, match="no setting") as told:
        from_text(tmp_path, f"{before}{A_TOKEN}=\n")
    assert A_SECRET not in str(told.value)

    (tmp_path / ".env").unlink()
    monkeypatch.setenv(f"OPENBELL_{before}{A_TOKEN}", "1")
    with pytest.raises(SettingsWrong, match="no setting") as told:
        settings(tmp_path)
    assert A_SECRET not in str(told.value)


@pytest.mark.parametrize("before", ["", "\ufeff", "\n", " "])
def test_a_token_file_is_read_however_it_was_written(
    tmp_path: Path, before: str
) -> None:
    file = tmp_path / "token"
    file.write_bytes(f"{before}{A_TOKEN}\r\n".encode())

    found = settings(tmp_path, {"TELEGRAM_TOKEN_FILE": str(file)})

    assert found.token() == A_TOKEN


def test_a_token_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(A_TOKEN.encode("utf-16"))
    for path, why in ((file, "it is not UTF-8"), (tmp_path, "Is a directory")):
        found = settings(tmp_path, {"TELEGRAM_TOKEN_FILE": str(path)})
        with pytest.raises(SettingsWrong, match=f"cannot be read: {why}.$"):
            found.token()
