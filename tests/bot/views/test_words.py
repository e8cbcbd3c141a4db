"""Money, moves, moments and columns read alike everywhere."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bot.views import words
from tests.builders import MONDAY, NOW


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("2823.4", "$2,823"),
        ("0.5", "$1"),
        ("-12", f"{words.MINUS}$12"),
        ("-0.2", "$0"),
    ],
)
def test_dollars_are_whole(amount: str, text: str) -> None:
    assert words.dollars(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("4.825", "4.83"), ("1234.5", "1,234.50"), ("0.12345", "0.1235"), ("1", "1.00")],
)
def test_prices_below_a_dollar_have_four_decimals(amount: str, text: str) -> None:
    assert words.price(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "signed", "percent", "arrow"),
    [
        ("14.76", "+14.76", "+14.8%", "▲ 14.8%"),
        (
            "-2.34",
            f"{words.MINUS}2.34",
            f"{words.MINUS}2.3%",
            "▼ 2.3%",
        ),
        ("0", "0.00", "0.0%", "  0.0%"),
        ("-0.001", "0.00", "0.0%", "  0.0%"),
        ("1234.5", "+1,234.50", "+1,234.5%", "▲ 1,235%"),
    ],
)
def test_signs_and_markers_say_the_same(
    amount: str, signed: str, percent: str, arrow: str
) -> None:
    move = Decimal(amount)

    assert words.signed(move) == signed
    assert words.percent(move) == percent
    assert words.arrow(move) == arrow


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("0.35", "0.4%"),
        ("0.008", "0.008%"),
        ("0.0016", "0.002%"),
        ("0.05", "0.1%"),
        ("0", "0.0%"),
    ],
)
def test_a_narrow_spread_is_never_shown_as_none(share: str, text: str) -> None:
    assert words.spread(Decimal(share)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.0000001", "0.0000001"),
        ("1E-7", "0.0000001"),
        ("1E+3", "1,000"),
        ("-0.50", "\N{MINUS SIGN}0.5"),
        ("1234.5", "1,234.5"),
        ("100", "100"),
    ],
)
def test_a_count_of_shares_is_written_out(number: str, text: str) -> None:
    assert words.shares(Decimal(number)) == text


@pytest.mark.parametrize("amount", ["-0.004", "-0.0", "-1e-9", "0.004"])
def test_what_rounds_to_nothing_has_no_sign(amount: str) -> None:
    nothing = Decimal(amount)

    assert words.cents(nothing) == "$0.00"
    assert words.money_exact(nothing, "EUR") == "0.00 EUR"


def test_what_is_not_known_is_a_dash() -> None:
    shown = {
        words.dollars(None),
        words.exact(None),
        words.price(None),
        words.signed(None),
        words.percent(None),
        words.arrow(None),
        words.volume(None),
        words.arrow(words.percent_of(None)),
    }

    assert shown == {words.DASH}


@pytest.mark.parametrize(
    ("shares", "text"), [(830, "830"), (83_000, "83k"), (1_250_000, "1.3M")]
)
def test_volumes_are_short(shares: int, text: str) -> None:
    assert words.volume(shares) == text


def test_moments_are_new_yorks() -> None:
    assert words.clock_time(NOW) == "09:41:07 ET"
    assert words.minute(NOW) == "09:41 ET"
    assert words.weekday_time(NOW) == "Mon 09:41"
    assert words.day_time(NOW) == "Mon 23 Nov 09:41 ET"
    assert words.long_day(MONDAY) == "Mon 23 Nov"


def test_new_york_changes_its_clock() -> None:
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)

    assert words.minute(summer) == "09:30 ET"


def test_a_moment_carries_its_own_time_for_the_readers_zone() -> None:
    unix = int(NOW.timestamp())

    assert words.moment(NOW) == f'<tg-time unix="{unix}">09:41 ET</tg-time>'
    assert words.day_moment(NOW).endswith(">Mon 23 Nov 09:41 ET</tg-time>")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(milliseconds=12), "12 ms"),
        (timedelta(seconds=-1), "0 ms"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=4), "4 days"),
    ],
)
def test_spans_are_told_in_the_unit_that_fits(span: timedelta, text: str) -> None:
    assert words.age(span.total_seconds()) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no line", "No line."),
        ("No line!", "No line!"),
        ("  a\n b <c>", "A b &lt;c&gt;."),
        ("", ""),
        ("tb-056f-abcdefghij-1 filled twice", "tb-056f-abcdefghij-1 filled twice."),
        ("x" * 500, "X" + "x" * (words.LONGEST - 2) + "…"),
    ],
)
def test_a_sentence_begins_large_ends_and_is_escaped(text: str, told: str) -> None:
    assert words.sentence(text) == told


@given(st.text(max_size=200), st.integers(1, 34))
def test_what_is_made_to_fit_fits(text: str, width: int) -> None:
    assert len(words.fit(text, width)) <= width


@given(st.text(st.characters(codec="ascii"), max_size=20), st.text(max_size=200))
def test_words_beside_a_label_keep_their_column(label: str, text: str) -> None:
    rows = words.beside(label, text, width=13)

    assert all(len(row) <= words.WIDTH for row in rows)
    assert all(row[:13].isspace() for row in rows[1:])


def test_a_long_list_is_cut_and_counted() -> None:
    assert words.first("abcde", 3) == ("abc", "… and 2 more")
    assert words.first("abc", 3) == ("abc", "")


def test_a_value_of_env_is_told_as_it_is_chosen_in_the_chat() -> None:
    said = words.sentence("bought only with OPENBELL_BUY_HELD=true.")
    assert said == "Bought only with <code>/settings buy held on</code>."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a buy of ours for QRVX is still working: /cancel QRVX first.",
            "A buy of ours for QRVX is still working: <code>/cancel QRVX</code> first.",
        ),
        ("/orders shows it, /cancel ends it", "/orders shows it, /cancel ends it."),
    ],
)
def test_a_command_with_words_in_a_sentence_is_code(text: str, told: str) -> None:
    """A tap on a link sent "/cancel" alone."""
    assert words.sentence(text) == told


def test_code_does_not_stand_within_bold_words() -> None:
    assert words.strong("In EUR: <code>/sell KO</code> asks.") == (
        "<b>In EUR: </b><code>/sell KO</code><b> asks.</b>"
    )
    assert words.strong("<code>/sell KO</code>") == "<code>/sell KO</code>"
    assert words.strong("") == ""
