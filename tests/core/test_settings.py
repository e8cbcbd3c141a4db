"""Settings start the house as the owner meant it, or say in a sentence why not."""

import os
from collections.abc import Mapping
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from dotenv import dotenv_values

from core.model.errors import SettingsWrong
from core.model.limits import Limits
from core.model.market import RankBy, ScanRequest
from core.model.money import Money, Shares
from core.model.proposal import Mode
from core.settings import PREFIX, Settings, load_settings


EXAMPLE = Path(__file__).parents[2] / ".env.example"
TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz"  # noqa: S105  nobody's
LIVE = {"MODE": "live", "LIVE_TRADING": "yes-real-money", "ACCOUNT": "U1234567"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)


def settings(directory: Path, values: Mapping[str, str] | None = None) -> Settings:
    """Settings from a .env with *values*, named without the prefix."""
    lines = [f"{PREFIX}{name}={value}\n" for name, value in (values or {}).items()]
    return from_text(directory, "".join(lines))


def from_text(directory: Path, text: str) -> Settings:
    env_file = directory / ".env"
    env_file.write_text(text, encoding="utf-8")
    return load_settings(env_file)


# the example


def test_the_example_names_exactly_the_settings_that_exist() -> None:
    named = list(dotenv_values(EXAMPLE))

    assert sorted(named) == sorted(
        PREFIX + field.upper() for field in Settings.model_fields
    )
    assert len(named) == len(set(named))


def test_the_example_shows_the_values_that_are_used_without_it() -> None:
    shown = dotenv_values(EXAMPLE)

    assert load_settings(EXAMPLE) == load_settings(Path("there is no such file"))
    for field, about in Settings.model_fields.items():
        if about.default not in {None, ""}:
            assert shown[PREFIX + field.upper()], field


def test_the_example_has_a_sentence_above_every_setting() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()

    for above, line in pairwise(lines):
        if line.startswith(PREFIX):
            assert above.startswith("# "), line
            assert above.endswith("."), line


# where they come from


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


# what each takes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHARES", "1.5"),
        ("SHARES", "0"),
        ("SHARES", "ten"),
        ("SCAN_ROWS", "51"),
        ("SCAN_ROWS", "0"),
        ("GATEWAY_PORT", "70000"),
        ("GATEWAY_CLIENT_ID", "0"),
        ("GATEWAY_HOST", "two words"),
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
        ("ALLOW_DELAYED", "perhaps"),
        ("TELEGRAM_OWNER_ID", "@me"),
        ("TELEGRAM_OWNER_ID", "-5"),
        ("TELEGRAM_API_URL", "http://api.example.org"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("ACCOUNT", "my account"),
        ("CLOCK_AHEAD_SECONDS", "nan"),
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
        {"TELEGRAM_API_URL": "http://127.0.0.1:8081"},
    ],
)
def test_what_fits_together_is_accepted(
    tmp_path: Path, values: Mapping[str, str]
) -> None:
    settings(tmp_path, values)  # does not raise


# secrets


def test_the_token_is_never_shown(tmp_path: Path) -> None:
    found = settings(tmp_path, {"TELEGRAM_TOKEN": TOKEN})

    assert found.token() == TOKEN
    for shown in (repr(found), str(found), str(found.model_dump()), f"{found!r}"):
        assert TOKEN not in shown


@pytest.mark.parametrize("token", ["not-a-token", f"{TOKEN} # mine", f"bot{TOKEN}"])
def test_a_malformed_token_is_not_repeated(tmp_path: Path, token: str) -> None:
    with pytest.raises(SettingsWrong, match="BotFather") as told:
        settings(tmp_path, {"TELEGRAM_TOKEN": f"'{token}'", "SHARES": "x"})

    assert token not in str(told.value)
    assert told.value.__cause__ is None


def test_the_token_can_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")

    found = settings(tmp_path, {"TELEGRAM_TOKEN_FILE": str(secret)})

    assert found.token() == TOKEN


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"not a token"])
def test_a_token_file_without_a_token_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    secret = tmp_path / "token"
    if content is not None:
        secret.write_bytes(content)
    found = settings(tmp_path, {"TELEGRAM_TOKEN_FILE": str(secret)})

    with pytest.raises(SettingsWrong, match="TELEGRAM_TOKEN_FILE"):
        found.token()


# what is made of them


def test_what_is_missing_to_run_is_told_with_where_to_get_it(tmp_path: Path) -> None:
    token, owner, account = settings(tmp_path).missing_to_run()

    assert "OPENBELL_TELEGRAM_TOKEN" in token
    assert "@BotFather" in token
    assert "OPENBELL_TELEGRAM_OWNER_ID" in owner
    assert "OPENBELL_ACCOUNT" in account


def test_nothing_is_missing_when_all_three_are_there(tmp_path: Path) -> None:
    complete = {
        "TELEGRAM_TOKEN_FILE": "secret",
        "TELEGRAM_OWNER_ID": "1001",
        "ACCOUNT": "DU1234567",
    }

    assert settings(tmp_path, complete).missing_to_run() == ()


def test_without_a_token_there_is_none_to_be_had(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="TELEGRAM_TOKEN is not set"):
        settings(tmp_path).token()


def test_the_default_scan_is_the_one_the_product_promises(tmp_path: Path) -> None:
    found = settings(tmp_path)

    assert found.rank_by is RankBy.SCANNER
    assert found.scan_request() == ScanRequest(
        instrument="STK",
        location="STK.US.MAJOR",
        code="TOP_PERC_GAIN",
        rows=50,
        filters=(
            ("volumeAbove", "10000"),
            ("marketCapBelow1e6", "1000"),
            ("priceAbove", "1"),
        ),
    )


def test_limits_carry_every_amount_exactly(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        {
            "MODE": "sandbox",
            "ACCOUNT": "DU1234567",
            "SHARES": "30",
            "OFFER_MINUTES": "0.5",
            "PRICE_BAND_PERCENT": "1.10",
            "MAX_ORDER_DOLLARS": "0.10",
            "MAX_DAY_DOLLARS": "1000000",
            "GATEWAY_RESTART": "05:05",
            "SCAN_PRICE_ABOVE": "1E+1",
        },
    )

    assert found.limits() == Limits(
        mode=Mode.SANDBOX,
        account="DU1234567",
        shares=Shares(30),
        offer_life=timedelta(seconds=30),
        price_band=Decimal("1.10"),
        max_order=Money(Decimal("0.10")),
        max_day=Money(Decimal(1_000_000)),
        allow_delayed=False,
        gateway_restart=time(5, 5),
        restart_guard=timedelta(minutes=3),
        max_skew=timedelta(seconds=5),
        automatic=False,
        automatic_live=False,
    )
    assert dict(found.scan_request().filters)["priceAbove"] == "10"


def test_settings_do_not_change(tmp_path: Path) -> None:
    found = settings(tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        found.__setattr__("shares", 5)
