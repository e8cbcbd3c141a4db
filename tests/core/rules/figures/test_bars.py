"""Both opens of a session last; what else its bar says goes on with the quote."""

import pytest

from core.model.market import Bar
from core.rules.figures.bars import as_of, lasting
from tests.builders import MONDAY, a_bar, a_prior_bar, a_quote, price


@pytest.mark.parametrize(
    ("bars", "lasts"),
    [
        ((a_prior_bar(), a_bar()), True),
        ((a_bar(), a_prior_bar()), True),
        ((a_bar(),), False),
        ((a_prior_bar(),), False),
        ((), False),
    ],
)
def test_bars_last_once_both_opens_are_among_them(
    bars: tuple[Bar, ...],
    lasts: bool,  # noqa: FBT001  a parameter
) -> None:
    assert lasting(bars, session_day=MONDAY) is lasts


def test_the_days_bar_goes_on_with_the_quote() -> None:
    quote = a_quote(
        last=price("5.10"), high=price("5.20"), low=price("4.00"), volume=1_300_000
    )

    _, today = as_of((a_prior_bar(), a_bar()), quote, session_day=MONDAY)

    assert today == a_bar(
        high=price("5.20"), low=price("4.00"), close=price("5.10"), volume=1_300_000
    )


def test_what_was_seen_before_is_not_unseen() -> None:
    quote = a_quote(last=price("4.50"), high=None, low=None, volume=None)

    _, today = as_of((a_prior_bar(), a_bar()), quote, session_day=MONDAY)

    assert today == a_bar(close=price("4.50"))


def test_a_new_extreme_may_be_the_last_price_itself() -> None:
    quote = a_quote(last=price("6.00"), high=price("5.00"), low=price("4.90"))

    _, today = as_of((a_prior_bar(), a_bar()), quote, session_day=MONDAY)

    assert today.high == today.close == price("6.00")


def test_bars_of_other_days_stay_as_they_are() -> None:
    quote = a_quote(last=price("99.00"), volume=9_000_000)

    assert as_of((a_prior_bar(),), quote, session_day=MONDAY) == (a_prior_bar(),)


def test_without_a_quote_nothing_goes_on() -> None:
    bars = (a_prior_bar(), a_bar())

    assert as_of(bars, None, session_day=MONDAY) == bars
    assert as_of(bars, a_quote(last=None), session_day=MONDAY)[1].close == bars[1].close
