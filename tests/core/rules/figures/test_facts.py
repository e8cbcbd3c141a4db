"""The facts of a card: by which figures, and nothing of what is not known."""

from decimal import Decimal
from typing import Any

import pytest

from core.model.market import Quote
from core.model.ranking import Month
from core.rules.figures import facts
from core.rules.figures.facts import Flag
from tests.builders import a_bar, a_candidate, a_quote, price


USUAL = Month(usual_volume=Decimal(500_000))


def test_a_spread_is_percent_of_the_ask() -> None:
    quote = a_quote(bid=price("9.70"), ask=price("10.00"))

    assert facts.spread(quote) == 3


@pytest.mark.parametrize(
    "quote",
    [
        None,
        a_quote(bid=None),
        a_quote(ask=None),
        a_quote(bid=price("4.90"), ask=price("4.80")),
    ],
)
def test_one_side_or_crossed_sides_have_no_spread(quote: Quote | None) -> None:
    assert facts.spread(quote) is None


def test_volume_is_counted_in_ibs_average_days_as_in_the_table() -> None:
    quote = a_quote(volume=300, average_volume=100)

    assert facts.relative_volume(a_candidate(month=USUAL, quote=quote)) == 3
    assert facts.relative_volume(a_candidate(today=None, quote=quote)) == 3


@pytest.mark.parametrize("missing", ["volume", "average_volume"])
def test_without_both_of_ibs_figures_the_month_tells_beside_its_own_bar(
    missing: str,
) -> None:
    known: dict[str, Any] = {"volume": 12_500, "average_volume": 1, missing: None}
    one = a_candidate(month=USUAL, quote=a_quote(**known))

    assert facts.relative_volume(one) == Decimal("2.5")


def test_a_bar_without_a_trade_is_not_called_zero_days() -> None:
    still = a_candidate(month=USUAL, today=a_bar(volume=0))

    assert facts.relative_volume(still) is None


@pytest.mark.parametrize("known", [{"volume": 0}, {"volume": None}, {}])
def test_an_unknown_volume_is_not_called_zero(known: dict[str, object]) -> None:
    quote = a_quote(**known)

    assert facts.relative_volume(a_candidate(quote=quote)) is None
    assert facts.relative_volume(a_candidate(quote=None)) is None


def test_a_calm_stock_has_no_flag() -> None:
    plain = a_candidate(quote=a_quote(ask_size=500))

    assert list(facts.flags(plain, shares=100)) == []


def test_what_is_wrong_is_flagged() -> None:
    quote = a_quote(bid=price("4.70"), ask=price("4.90"), ask_size=40)
    thin = a_candidate(quote=quote, today=a_bar(volume=5_000))

    assert list(facts.flags(thin, shares=100)) == [
        Flag.WIDE_SPREAD,
        Flag.THIN_ASK,
        Flag.THIN_VOLUME,
    ]


def test_what_is_not_known_is_not_flagged() -> None:
    unknown = a_candidate(quote=a_quote(bid=None, volume=None), today=None)

    assert list(facts.flags(unknown, shares=10_000)) == []
