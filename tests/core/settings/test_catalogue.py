"""What the chat can choose, judged by the fields themselves."""

from contextlib import suppress
from datetime import time
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, strategies as st
from pydantic import SecretStr

from core.model.chosen.setting import InForce, JudgedSetting, Loosens
from core.model.errors import SettingsWrong
from core.settings.catalogue import SettingsCatalogue
from core.settings.choosable import CHOOSABLE, from_chat, is_looser, loosens
from core.settings.settings import Settings
from core.settings.trading import TradingSettings
from tests.harness.choices import a_catalogue


NEVER = frozenset(
    {
        *("telegram_token", "telegram_token_file", "telegram_owner_id"),
        *("telegram_api_url", "gateway_host", "gateway_port", "gateway_client_id"),
        *("account", "mode", "live_trading", "automatic_live", "audit_secret"),
        *("data_dir", "health_port", "ping_url", "log_file"),
    }
)
LIVE = {"mode": "live", "live_trading": "yes-real-money", "account": "U1234567"}


def test_all_but_addresses_secrets_accounts_and_the_live_switch_can_be_chosen() -> None:
    assert set(Settings.model_fields) - NEVER == set(CHOOSABLE)


@pytest.mark.parametrize("name", sorted(NEVER))
def test_what_is_not_for_the_chat_cannot_be_judged(name: str) -> None:
    with pytest.raises(LookupError):
        a_catalogue().judged({}, name, "x")


def test_no_secret_can_be_chosen_whoever_adds_one() -> None:
    for _, field in CHOOSABLE.values():
        assert SecretStr not in {field.annotation, *get_args(field.annotation)}


def test_every_setting_has_what_is_shown_of_it() -> None:
    for one in a_catalogue().settings({}):
        assert one.takes
        assert one.value == one.default == one.from_file
        assert not one.is_chosen


def test_the_chat_wins_over_env_and_env_over_the_default() -> None:
    catalogue = a_catalogue(shares=70)

    def shares(chosen: dict[str, str]) -> tuple[str, str, str, bool]:
        [one] = [one for one in catalogue.settings(chosen) if one.name == "shares"]
        return one.value, one.from_file, one.default, one.is_chosen

    assert shares({}) == ("70", "70", "100", False)
    assert shares({"shares": "50"}) == ("50", "70", "100", True)
    assert catalogue.instructions({"shares": "50"}).limits.shares == 50


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("shares", "1,000 shares", "1000"),
        ("max_order_dollars", "$2,500.50", "2500.50"),
        ("price_band_percent", "1.5 %", "1.5"),
        ("offer_minutes", "5 min", "5"),
        ("gateway_restart", "9:45 ET", "09:45"),
        ("buy_held", "Yes", "true"),
        ("buy_held", "OFF", "false"),
        ("log_level", "debug", "DEBUG"),
        ("rank_by", "Open", "open"),
        ("scan_code", "TOP_PERC_GAIN , HOT_BY_VOLUME", "TOP_PERC_GAIN,HOT_BY_VOLUME"),
        ("scan_rows", "7", "7"),
    ],
)
def test_a_value_is_understood_as_a_person_types_it(
    name: str, said: str, value: str
) -> None:
    judged = a_catalogue().judged({}, name, said)

    assert (judged.value, judged.to) == (value, value)


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("shares", "0", "a whole number of shares"),
        ("shares", "-5", "a whole number of shares"),
        ("shares", "1e400", "a whole number of shares"),
        ("shares", "9" * 5000, "a whole number of shares"),
        ("shares", "fifty", "a whole number of shares"),
        ("shares", "", "a whole number of shares"),
        ("shares", "1.5", "a whole number of shares"),
        ("offer_minutes", "nan", "minutes up to 1440"),
        ("max_order_dollars", "inf", "dollars above 0"),
        ("max_order_dollars", "1,00", "dollars above 0"),
        ("price_band_percent", "101", "up to 100"),
        ("gateway_restart", "25:00", "time of day"),
        ("log_level", "LOUD", "DEBUG, INFO"),
        ("buy_held", "perhaps", "true or false"),
        ("scan_code", "A B", "scan codes"),
        ("scan_code", "A,B,C,D,E,F,G,H,I,J,K", "more than 10 scans"),
        ("max_day_dollars", "100", "less than OPENBELL_MAX_ORDER_DOLLARS"),
        ("max_order_dollars", "20000", "MAX_DAY_DOLLARS is less than"),
        ("clock_ahead_seconds", "5", "sandbox mode only"),
    ],
)
def test_what_cannot_be_has_a_sentence(name: str, said: str, sentence: str) -> None:
    with pytest.raises(SettingsWrong, match=sentence):
        a_catalogue().judged({}, name, said)


@pytest.mark.parametrize(
    ("name", "said", "loosens_it"),
    [
        ("shares", "101", True),
        ("shares", "99", False),
        ("shares", "100", False),
        ("offer_minutes", "11", True),
        ("price_band_percent", "2.1", True),
        ("max_order_dollars", "5000.01", True),
        ("max_day_dollars", "9999", False),
        ("buy_held", "true", True),
        ("buy_held", "false", False),
        ("restart_guard_minutes", "2", True),
        ("restart_guard_minutes", "4", False),
        ("max_clock_skew_seconds", "6", True),
        ("automatic", "true", True),
        ("gateway_restart", "23:30", True),  # nobody can say which way is looser
        ("scan_volume_above", "1", True),
        ("scan_price_above", "2", False),
        ("scan_rows", "10", False),
        ("log_level", "DEBUG", False),
    ],
)
def test_which_way_loosens(name: str, said: str, *, loosens_it: bool) -> None:
    assert a_catalogue().judged({}, name, said).loosens is loosens_it


def test_a_reset_that_raises_a_limit_loosens_it() -> None:
    chosen = {"max_order_dollars": "500"}
    judged = a_catalogue(max_order_dollars="4000").judged(
        chosen, "max_order_dollars", None
    )

    assert (judged.was, judged.value, judged.to) == ("500", "4000", None)
    assert judged.loosens


def test_any_change_in_trading_loosens_unless_its_mark_says_otherwise() -> None:
    unmarked = [
        name
        for name in TradingSettings.model_fields
        if from_chat(name) and loosens(name) is Loosens.NOTHING
    ]

    assert unmarked == []
    assert is_looser("gateway_restart", time(23), time(23, 45))


@pytest.mark.parametrize("said", ["true", "yes", "1", "on", "True"])
def test_automatic_orders_with_real_money_are_never_switched_on(said: str) -> None:
    off = {"automatic": "false"}
    allowed = a_catalogue(**LIVE, automatic_live=True, automatic=True)

    with pytest.raises(SettingsWrong, match=r"only in \.env"):
        allowed.judged(off, "automatic", said)
    with pytest.raises(SettingsWrong, match=r"only in \.env"):
        allowed.judged(off, "automatic", None)
    with pytest.raises(SettingsWrong, match="AUTOMATIC_LIVE"):
        a_catalogue(**LIVE).judged({}, "automatic", said)


def test_automatic_orders_with_real_money_can_be_switched_off() -> None:
    catalogue = a_catalogue(**LIVE, automatic=True, automatic_live=True)

    judged = catalogue.judged({}, "automatic", "off")

    assert not judged.loosens
    limits = catalogue.instructions({"automatic": "false"}).limits
    assert (limits.automatic, limits.automatic_live) == (False, False)


@given(st.sampled_from(sorted(CHOOSABLE)), st.text(max_size=30))
def test_whatever_is_typed_nothing_but_a_sentence_comes_of_what_cannot_be(
    name: str, said: str
) -> None:
    catalogue = a_catalogue()
    with suppress(SettingsWrong):
        judged = catalogue.judged({}, name, said)
        _is_taken_as_it_is_written(judged, catalogue)


def _is_taken_as_it_is_written(
    judged: JudgedSetting, catalogue: SettingsCatalogue
) -> None:
    name = judged.name
    assert judged.to is not None
    again = catalogue.judged({}, name, judged.to)
    assert again.value == judged.value
    assert catalogue.instructions({name: judged.to}).limits.mode.value == "paper"


@given(
    st.tuples(st.integers(1, 500), st.booleans(), st.decimals("0.1", 99, places=1)),
    st.tuples(st.integers(1, 500), st.booleans(), st.decimals("0.1", 99, places=1)),
)
def test_the_stricter_of_two_allows_no_more_than_either(
    then: tuple[int, bool, Decimal], now: tuple[int, bool, Decimal]
) -> None:
    strict = a_catalogue().stricter_limits(_words(*then), _words(*now))

    assert strict.max_order == min(then[0], now[0])
    assert strict.buy_held is (then[1] and now[1])
    assert strict.price_band == min(then[2], now[2])


def _words(order: int, held: object, band: Decimal) -> dict[str, str]:
    return {
        "max_order_dollars": f"{order}",
        "buy_held": str(held).lower(),
        "price_band_percent": str(band),
    }


def test_when_a_change_counts_is_said() -> None:
    found = {one.name: one.in_force for one in a_catalogue().settings({})}

    assert found["max_order_dollars"] is InForce.AT_ONCE
    assert found["scan_code"] is InForce.NEXT_SCAN
    assert found["log_level"] is InForce.RESTART


@pytest.mark.parametrize(
    "once",
    [
        {"max_order_dollars": "8000"},  # clashes with .env, which was changed since
        {"max_order_dollars": "8000", "price_band_percent": "1"},
        {"a_setting_of_an_older_version": "8000", "price_band_percent": "1"},
        {"a_setting_of_an_older_version": "", "price_band_percent": "1"},
        {"max_buys": "many", "price_band_percent": "1"},
    ],
)
def test_what_was_chosen_once_need_not_go_with_what_env_says_today(
    once: dict[str, str],
) -> None:
    """A card of before the restart is drawn, and its Yes is judged: by what of those
    words can still be judged, and never by more than what counts now."""
    catalogue = a_catalogue(max_day_dollars=Decimal(5_000))
    band = Decimal(once.get("price_band_percent", "2"))

    limits = catalogue.stricter_limits(once, {"max_order_dollars": "2000"})

    assert (limits.max_order, limits.price_band) == (Decimal(2_000), band)
    assert catalogue.at_that_time(once).limits.price_band == band
