"""Every setting says what it takes, and takes nothing else."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from platformdirs import user_data_path

from core.model.errors import SettingsWrong
from core.settings.settings import Settings
from tests.core.settings.env_files import settings


TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz"  # noqa: S105  nobody's
BOT_NUMBER = TOKEN.partition(":")[0]
LIVE = {"MODE": "live", "LIVE_TRADING": "yes-real-money", "ACCOUNT": "U1234567"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHARES", "1.5"),
        ("SHARES", "0"),
        ("SHARES", "ten"),
        ("SCAN_CODE", "TOP_PERC_GAIN,"),
        ("SCAN_CODE", "TOP_PERC_GAIN, MOST_ACTIVE"),
        ("SCAN_LOCATION", "STK.NYSE,,STK.US"),
        ("SCAN_ROWS", "51"),
        ("SCAN_ROWS", "0"),
        ("GATEWAY_PORT", "70000"),
        ("GATEWAY_CLIENT_ID", "0"),
        ("GATEWAY_HOST", "two words"),
        ("GATEWAY_HOST", "http://127.0.0.1"),
        ("GATEWAY_HOST", "127.0.0.1:4002"),
        ("GATEWAY_HOST", "gateway:4002"),
        ("GATEWAY_HOST", "[::1]:4002"),
        ("GATEWAY_HOST", "me@gateway"),
        ("MODE", "real"),
        ("RANK_BY", "luck"),
        ("LIVE_TRADING", "yes"),
        ("MAX_ORDER_DOLLARS", "NaN"),
        ("MAX_DAY_DOLLARS", "-1"),
        ("PRICE_BAND_PERCENT", "0"),
        ("PRICE_BAND_PERCENT", "Infinity"),
        ("SCAN_SECONDS", "inf"),
        ("OFFER_MINUTES", "nan"),
        ("GATEWAY_RESTART", "quarter to"),
        ("GATEWAY_RESTART", "23:45Z"),
        ("GATEWAY_RESTART", "23:45+02:00"),
        ("GATEWAY_RESTART", "23:45 America/New_York"),
        ("GATEWAY_RESTART", "85500"),
        ("GATEWAY_RESTART", "24:00"),
        ("ALLOW_DELAYED", "perhaps"),
        ("TELEGRAM_OWNER_ID", "@me"),
        ("TELEGRAM_OWNER_ID", "-5"),
        ("TELEGRAM_OWNER_ID", str(2**52)),
        ("TELEGRAM_TOKEN", "\u0661\u0662\u0663:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"),
        ("TELEGRAM_API_URL", "http://api.example.org"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "https://api.telegram.org:none"),
        ("TELEGRAM_API_URL", "https://api.telegram.org:99999"),
        ("TELEGRAM_API_URL", "https://me:secret@api.telegram.org"),
        ("TELEGRAM_API_URL", "http://127.0.0.1@api.example.org"),
        ("TELEGRAM_API_URL", "http://127.0.0.1.example.org"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/?q"),
        ("ACCOUNT", "my account"),
        ("CLOCK_AHEAD_SECONDS", "nan"),
        ("CLOCK_AHEAD_SECONDS", "1e300"),
        ("CLOCK_AHEAD_SECONDS", "-99999999999"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_malformed_value_is_answered_with_what_the_setting_takes(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingsWrong) as told:
        settings(tmp_path, {name: value})

    sentence = str(told.value)
    takes = Settings.model_fields[name.lower()].description
    assert sentence == f"OPENBELL_{name} takes {takes}."
    assert "\n" not in sentence


def test_every_setting_says_what_it_takes() -> None:
    silent = [
        name for name, about in Settings.model_fields.items() if not about.description
    ]

    assert silent == []


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong) as told:
        settings(tmp_path, {"SHARES": "x", "SCAN_ROWS": "x"})

    assert str(told.value).count(" takes ") == 2


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({**LIVE, "LIVE_TRADING": ""}, "LIVE_TRADING=yes-real-money"),
        ({**LIVE, "ACCOUNT": "DU1234567"}, "paper account"),
        ({**LIVE, "AUTOMATIC": "true"}, "AUTOMATIC_LIVE=true"),
        ({"AUTOMATIC_LIVE": "true"}, "AUTOMATIC=true"),
        ({"ACCOUNT": "U1234567"}, "not a paper account"),
        ({"MODE": "sandbox", "GATEWAY_HOST": "192.168.1.4"}, "this machine"),
        ({"MODE": "sandbox", "GATEWAY_HOST": "gateway"}, "this machine"),
        ({"CLOCK_AHEAD_SECONDS": "5"}, "sandbox mode only"),
        ({"MAX_ORDER_DOLLARS": "20000"}, "less than"),
        ({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_TOKEN_FILE": "x"}, "exclude"),
        ({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_OWNER_ID": BOT_NUMBER}, "own number"),
        ({"SCAN_CODE": "A,B,C,D,E,F", "SCAN_LOCATION": "X,Y"}, "more than 10 scans"),
    ],
)
def test_what_cannot_go_together_is_refused(
    tmp_path: Path, values: Mapping[str, str], word: str
) -> None:
    with pytest.raises(SettingsWrong, match=word) as told:
        settings(tmp_path, values)

    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "values",
    [
        LIVE,
        {**LIVE, "AUTOMATIC": "true", "AUTOMATIC_LIVE": "true"},
        {"ACCOUNT": "DU1234567", "AUTOMATIC": "true"},
        {"MODE": "sandbox", "GATEWAY_HOST": "localhost"},
        {"MODE": "sandbox", "GATEWAY_HOST": "::1", "CLOCK_AHEAD_SECONDS": "-3600"},
        {"MODE": "sandbox", "GATEWAY_HOST": "LOCALHOST"},
        {"MODE": "sandbox", "GATEWAY_HOST": "[::1]"},
        {"GATEWAY_RESTART": "23:45:30"},
        {"TELEGRAM_API_URL": "http://127.0.0.1:8081"},
        {"TELEGRAM_API_URL": "http://[::1]:8081"},
        {"TELEGRAM_API_URL": "http://LOCALHOST:8081/"},
        {"SCAN_CODE": "A,B,C,D,E", "SCAN_LOCATION": "X,Y"},
    ],
)
def test_what_fits_together_is_accepted(
    tmp_path: Path, values: Mapping[str, str]
) -> None:
    settings(tmp_path, values)  # does not raise


@pytest.mark.parametrize("name", ["DATA_DIR", "LOG_FILE", "TELEGRAM_TOKEN_FILE"])
def test_a_path_may_begin_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    found = settings(tmp_path, {name: "~/openbell"})

    assert getattr(found, name.lower()) == tmp_path / "openbell"


def test_the_home_of_nobody_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="in full where there is no home"):
        settings(tmp_path, {"DATA_DIR": "~nobody-has-this-name/openbell"})


@pytest.mark.parametrize("path", ["$HOME/openbell", "%APPDATA%/openbell"])
def test_a_variable_in_a_path_is_no_folder_of_that_name(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(SettingsWrong, match="OPENBELL_DATA_DIR takes a directory's"):
        settings(tmp_path, {"DATA_DIR": path})


def test_data_lie_where_the_system_keeps_an_application_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))

    assert Settings().data_dir == user_data_path("openbell", appauthor=False)
    if sys.platform == "linux":
        assert Settings().data_dir == tmp_path / "share" / "openbell"


def test_a_journal_that_is_there_already_stays_the_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    empty = Settings().data_dir
    (tmp_path / "data" / "openbell.sqlite3").touch()

    assert empty != Path("data")
    assert Settings().data_dir == Path("data")
