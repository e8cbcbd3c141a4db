"""Settings come from the environment and the file, and a typo from neither."""

from pathlib import Path

import pytest

from core.model.errors import SettingsWrong
from core.model.proposal import Mode
from core.settings.loading import load_settings
from tests.core.settings.env_files import from_text, settings


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


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    with pytest.raises(SettingsWrong, match="cannot be read"):
        load_settings(tmp_path / ".env")
