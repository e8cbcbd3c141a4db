"""What the settings are good for: a token, a scan, the owner's limits."""

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.model.errors import SettingsWrong
from core.model.instructions import Keeping, Limits
from core.model.market import RankBy, ScanRequest
from core.model.money import Money, Shares
from core.model.proposal import Mode
from tests.core.settings.env_files import settings


TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz"  # noqa: S105  nobody's


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
    assert found.scan_requests() == (
        ScanRequest(
            instrument="STK",
            location="STK.US.MAJOR",
            code="TOP_PERC_GAIN",
            rows=50,
            filters=(
                ("volumeAbove", "10000"),
                ("marketCapBelow1e6", "1000"),
                ("priceAbove", "1"),
            ),
        ),
    )


def test_every_code_is_scanned_for_at_every_location(tmp_path: Path) -> None:
    wide = {
        "SCAN_CODE": "TOP_PERC_GAIN,MOST_ACTIVE",
        "SCAN_LOCATION": "STK.NYSE,STK.US",
    }

    found = settings(tmp_path, wide).scan_requests()

    assert [(each.location, each.code) for each in found] == [
        ("STK.NYSE", "TOP_PERC_GAIN"),
        ("STK.NYSE", "MOST_ACTIVE"),
        ("STK.US", "TOP_PERC_GAIN"),
        ("STK.US", "MOST_ACTIVE"),
    ]


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
            "BUY_HELD": "true",
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
        buy_held=True,
        allow_delayed=False,
        gateway_restart=time(5, 5),
        restart_guard=timedelta(minutes=3),
        max_skew=timedelta(seconds=5),
        automatic=False,
        automatic_live=False,
    )
    assert dict(found.scan_requests()[0].filters)["priceAbove"] == "10"


def test_settings_do_not_change(tmp_path: Path) -> None:
    found = settings(tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        found.__setattr__("shares", 5)


@pytest.mark.attack(28)
def test_the_journal_is_kept_as_long_as_the_owner_says(tmp_path: Path) -> None:
    usual = settings(tmp_path, {}).keeping()
    short = {"UPDATES_DAYS": "2", "CARDS_YEARS": "1", "RECORDINGS_YEARS": "3"}
    chosen = {f"KEEP_{name}": value for name, value in short.items()}

    assert (usual.updates, usual.cards) == (timedelta(days=30), timedelta(days=730))
    assert usual.recordings == timedelta(days=3650)
    assert settings(tmp_path, chosen).keeping() == Keeping(
        updates=timedelta(days=2),
        cards=timedelta(days=365),
        recordings=timedelta(days=3 * 365),
    )


@pytest.mark.attack(28)
@pytest.mark.parametrize("days", ["0", "1", "-1", "x", "3651"])
def test_a_time_that_is_too_short_to_know_a_repetition_is_refused(
    tmp_path: Path, days: str
) -> None:
    """Telegram may deliver an update again for a day."""
    with pytest.raises(SettingsWrong, match="KEEP_UPDATES_DAYS"):
        settings(tmp_path, {"KEEP_UPDATES_DAYS": days})
