"""What codes mean: verdicts only where the protocol says so."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from core.broker.codes import (
    CODES,
    LineNews,
    RowFate,
    code,
    farm_of,
    held_until,
    is_empty,
    is_notice,
    is_passing,
    is_receipt,
    meaning_of,
    scan_refusal,
)
from core.model.evidence import Meaning


@given(st.integers(min_value=-1, max_value=100_000).filter(lambda n: n not in CODES))
def test_an_unknown_code_ends_nothing(number: int) -> None:
    assert meaning_of(number, "whatever") is Meaning.NOTE
    assert code(number).for_row is RowFate.LIVES
    assert code(number).for_line is LineNews.NONE


@pytest.mark.parametrize(
    "number", [201, 203, 321, 110, 200, 383, 434, 451, 460, 10289, 10293, 10243, 10318]
)
def test_r13_codes_are_dead(number: int) -> None:
    assert meaning_of(number, "") is Meaning.DEAD


@pytest.mark.parametrize("number", [103, 104, 105, 135, 161, 10147, 10148, 10328])
def test_r11_and_r12_codes_are_no_verdict(number: int) -> None:
    assert meaning_of(number, "") is Meaning.LOOK


@pytest.mark.parametrize("number", [404, 2109, 2161, 10167, 10311, 10349])
def test_r14_codes_are_notes(number: int) -> None:
    assert meaning_of(number, "") is Meaning.NOTE


def test_202_is_a_cancellation() -> None:
    assert meaning_of(202, "Order Canceled - reason:") is Meaning.CANCELLED


HELD = (
    "Order Message:\nBUY 100 FDMX\nWarning: your order will not be placed at the"
    " exchange until 2026-11-24 09:30:00 US/Eastern"
)


def test_399_is_held_only_when_it_says_until_when() -> None:
    assert meaning_of(399, HELD) is Meaning.HELD
    assert meaning_of(399, "Order Message: price capped") is Meaning.NOTE


def test_the_open_that_a_399_names_is_read_in_its_zone() -> None:
    assert held_until(399, HELD) == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    assert held_until(399, HELD.replace("-11-", "-07-")) == datetime(
        2026, 7, 24, 13, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "held until further notice",
        HELD.replace("11-24", "13-45"),
        "",
    ],
)
def test_an_open_that_cannot_be_read_is_none(text: str) -> None:
    assert held_until(399, text) is None


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    "text",
    [
        "\u59d4\u6258\u5c06\u5728 2026-11-24 09:30:00 US/Eastern \u4e4b\u540e",
        "Votre ordre ne sera pas plac\u00e9 avant 2026-11-24 09:30:00 US/Eastern",
        "Ihre Order wird erst 20261124 09:30:00 platziert",
        "Order Message: BUY 100 QRVX Warnung: wird erst 2026-11-24 09:30:00 platziert",
        "Your order will not be placed until 2026-11-24 9:30 US/Eastern",
        "Your order will not be placed until 20261124-14:30:00",
        "Your order will not be placed until 2026-11-24T09:30:00-05:00",
        "Your order will not be placed until 2026-11-24 20:00:00 +05:30.",
        "It will not be placed until 2026-11-24 22:30:00 China Standard Time. Wait.",
        "not placed until 2026-11-24 15:30:00 W. Europe Standard Time",
    ],
)
def test_a_hold_in_another_language_is_a_hold(text: str) -> None:
    assert meaning_of(399, text) is Meaning.HELD
    assert held_until(399, text) == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    "text",
    [
        "Ihre Order wird erst am 24.11.2026 um 9.30 Uhr platziert",
        "Votre ordre ne sera pas plac\u00e9 avant 9h30",
        "\u8a02\u55ae 09\N{FULLWIDTH COLON}30",
        "Order Message: \u59d4\u6258 09:30:00",
        "L'ordine non sar\xe0 inviato fino alle 9.30",
        "Su orden no se enviar\xe1 hasta las 09.30",
        "Ordern placeras inte f\xf6rr\xe4n kl. 9.30",
        "\uc8fc\ubb38\uc740 09\uc2dc 30\ubd84\uae4c\uc9c0",
        "\u6ce8\u6587\u306f\u5348\u524d9\u6642\u534a\u307e\u3067",
        "\u8ba2\u5355\u5728\u4e0a\u53489\u70b930\u5206\u524d",
        "Your order will not be placed at the exchange before the market opens",
        "until 0001-01-01 00:00:00 JST",
        "until 9999-12-31 23:59:59 EST",
    ],
)
def test_a_hold_whose_day_cannot_be_read_is_a_hold(text: str) -> None:
    assert meaning_of(399, text) is Meaning.HELD
    assert held_until(399, text) is None


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    "text",
    [
        "Your order was repriced at 09:45:00 US/Eastern",
        "Order will be cancelled at 16:00:00",
        "Ihr Limit von 12.50 wurde ge\xe4ndert",
        "Il prezzo \xe8 stato limitato a 9.30 USD",
    ],
)
def test_a_time_in_an_english_399_is_no_hold_by_itself(text: str) -> None:
    assert meaning_of(399, text) is Meaning.NOTE
    assert held_until(399, text) is None


def test_an_open_is_read_in_a_zone_of_windows_too() -> None:
    text = HELD.replace("US/Eastern", "Eastern Standard Time")

    assert held_until(399, text) == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def test_only_a_399_holds() -> None:
    assert held_until(201, HELD) is None


def test_a_162_is_told_by_its_text() -> None:
    receipt = "API scanner subscription cancelled: 12"
    nothing = "HMDS query returned no data: FDMX@SMART Trades"

    assert is_receipt(162, receipt)
    assert is_notice(162, receipt)
    assert is_empty(162, nothing)
    assert not is_notice(162, nothing)
    assert not is_notice(162, "No market data permissions for NASDAQ STK")


def test_a_165_is_empty_only_when_it_says_so() -> None:
    assert is_empty(165, "query message:no items retrieved")
    assert not is_empty(165, "query message:50 out of 435 items retrieved")
    assert is_notice(165, "query message:50 out of 435 items retrieved")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (162, "Historical data request pacing violation"),
        (10182, "Failed to request live updates (disconnected)."),
        (10197, "No market data during competing live session"),
    ],
)
def test_some_refusals_say_nothing_of_the_stock(number: int, text: str) -> None:
    assert is_passing(number, text)
    assert not is_notice(number, text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (162, "No market data permissions for NASDAQ STK"),
        (162, "HMDS query returned no data: FDMX@SMART Trades"),
        (200, "No security definition has been found for the request"),
        (354, "Requested market data is not subscribed."),
    ],
)
def test_what_will_be_the_same_tomorrow_does_not_pass(number: int, text: str) -> None:
    assert not is_passing(number, text)


@pytest.mark.parametrize("number", [300, 366, 492, 2106, 2174, 10089, 10167])
def test_notices_do_not_end_a_request(number: int) -> None:
    assert is_notice(number, "")


@pytest.mark.parametrize("number", [162, 200, 321, 322, 354, 10197])
def test_refusals_end_a_request(number: int) -> None:
    assert not is_notice(number, "")


@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        (162, "Scanner filter marketCapBelow1e6 is disabled", "switched off"),
        (162, "Scanner is not configured for any of the chosen", "that location"),
        (162, "duplicate scan subscription", "already running"),
        (162, "something else", "the market scanner refused"),
        (322, "only 10 simultaneous", "slots are in use"),
        (99999, "", "the market scanner refused"),
    ],
)
def test_a_refused_scan_is_explained(number: int, text: str, words: str) -> None:
    assert words in scan_refusal(number, text)


@pytest.mark.parametrize(
    "text",
    [
        "Market data farm connection is broken:usfarm.nj",
        "Market data farm connection is OK: usfarm.nj.",
        "\u5e02\u573a\u6570\u636e\u5df2\u65ad\u5f00\uff1ausfarm.nj\u3002",
    ],
)
def test_a_farm_is_what_follows_the_last_colon(text: str) -> None:
    assert farm_of(text) == "usfarm.nj"
