"""What the account holds, in two lines each, and what its day was."""

from decimal import Decimal
from textwrap import dedent

import pytest

from bot.views import portfolio, words
from core.model.market import ConId, Instrument
from core.model.portfolio import Position
from core.model.proposal import Mode
from tests.bot.views.hands import check, read
from tests.builders import a_position, an_open_order, money, price


pytestmark = pytest.mark.attack(20)


def shown(html: str) -> str:
    check(html)
    return read(html)


def expected(text: str) -> str:
    return dedent(text).strip()


def test_the_day_of_what_was_bought_today_counts_from_its_own_price() -> None:
    bought = a_position(
        price=price("12.00"),
        prior_close=price("4.00"),
        average_cost=price("12.34"),
        market_value=money("1200"),
        day_profit=money("-34"),
        day_basis=money("1234"),
        open_profit=money("-34"),
        traded_today=True,
    )

    assert shown(portfolio.holdings((bought,))) == expected(
        f"""
        Holdings       now     day  bought
        QRVX 100     12.00   ▼2.8%   ▼2.8%
                    $1,200     {words.MINUS}34     {words.MINUS}34
        What was traded today counts from its own price, with IB's fees.
        """
    )


def test_a_short_that_loses_points_down_like_its_dollars() -> None:
    short = a_position(
        shares=Decimal(-100),
        price=price("12.00"),
        average_cost=price("10.00"),
        market_value=money("-1200"),
        day_profit=money("-200"),
        day_basis=money("1000"),
        open_profit=money("-200"),
    )

    assert shown(portfolio.holdings((short,))).count("▼20.0%") == 2


@pytest.mark.parametrize("held", [(a_position(),), ()])
def test_what_ib_lists_otherwise_is_said_and_nothing_is_claimed_to_be_empty(
    held: tuple[Position, ...],
) -> None:
    """A purchase was taken back, or made, and the account window lags."""
    text = shown(
        portfolio.positions(held, mode=Mode.PAPER, otherwise={"QRVX": Decimal(0)})
    )

    assert "IB lists 0 QRVX by now; its account window, which is shown here" in text
    assert "holds nothing" not in text


def test_a_day_that_is_not_known_is_not_claimed() -> None:
    unknown = a_position(price=price("4.61"), day_profit=None, day_basis=None)

    _head, first, second = shown(portfolio.holdings((unknown,))).splitlines()

    assert first == f"QRVX 100      4.61       {words.DASH}   ▼4.8%"
    assert second.split() == ["$461", words.DASH, f"{words.MINUS}23"]


def test_an_option_is_not_shown_as_its_stock() -> None:
    option = a_position(kind="OPT", shares=Decimal(5), price=None)

    assert "QRVX OPT 5" in shown(portfolio.holdings((option,)))


def test_a_part_of_a_share_is_not_written_in_powers_of_ten() -> None:
    crumb = a_position(shares=Decimal("1E-7"))

    assert "QRVX 0.0" in shown(portfolio.holdings((crumb,)))


def test_a_working_order_for_a_fraction_is_told_as_it_is() -> None:
    listed = an_open_order(shares=Decimal("0.5"), filled=Decimal("0.25"))

    text = shown(portfolio.open_orders((listed,)))

    assert "BUY 0.5 QRVX" in text
    assert "filled 0.25" in " ".join(text.split())


def test_a_price_of_four_digits_does_not_touch_a_count_of_four() -> None:
    """ "COST 1,0001,009.12" stood there."""
    dear = a_position(
        instrument=Instrument(con_id=ConId(9), symbol="COST"),
        shares=Decimal(1_000),
        price=price("1009.12"),
    )

    assert "COST 1,000   1,009" in shown(portfolio.holdings((dear,)))


def test_a_short_has_a_minus_and_no_hyphen() -> None:
    short = a_position(shares=Decimal(-100))
    text = portfolio.positions((short,), mode=Mode.PAPER, otherwise={"KO": Decimal(-5)})

    assert f"QRVX {words.MINUS}100" in shown(text)
    assert f"IB lists {words.MINUS}5 KO" in shown(text)


def test_an_order_for_a_thousand_does_not_touch_its_kind() -> None:
    googl = Instrument(con_id=ConId(9), symbol="GOOGL")
    listed = an_open_order(instrument=googl, side="SELL", shares=Decimal(1_000))

    assert "GOOGLMKT" not in shown(portfolio.open_orders((listed,)))
