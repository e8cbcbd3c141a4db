"""The account's figures: dollars only, and nothing before IB has said it."""

from decimal import Decimal

from ib_async import Contract

from core.broker.account import AccountBook
from tests.builders import ACCOUNT, FDMX, NOW
from tests.contracts.ib.worlds import FixedClock


def a_book() -> AccountBook:
    return AccountBook(ACCOUNT, FixedClock())


def a_holding(book: AccountBook, shares: float, account: str = ACCOUNT) -> None:
    contract = Contract(conId=FDMX.con_id, symbol="FDMX", currency="USD")
    book.learn("portfolio", contract, shares, 14.6, 1460.0, 14.5, 10.0, 0.0, account)


def test_nothing_is_known_before_the_first_figure() -> None:
    assert a_book().summary() is None


def test_a_figure_is_dollars_with_its_moment() -> None:
    book = a_book()

    book.learn("value", "AvailableFunds", "98540.25", "USD", ACCOUNT)
    summary = book.summary()

    assert summary is not None
    assert (summary.available_funds, summary.at) == (Decimal("98540.25"), NOW)
    assert summary.net_liquidation is None


def test_another_currency_or_account_is_not_ours() -> None:
    book = a_book()

    book.learn("value", "NetLiquidation", "5.00", "EUR", ACCOUNT)
    book.learn("value", "NetLiquidation", "5.00", "USD", "DU7654321")
    a_holding(book, 100.0, account="DU7654321")

    assert book.summary() is None
    assert book.positions() == ()


def test_the_days_profit_comes_from_its_own_subscription() -> None:
    book = a_book()

    book.learn("pnl", -12.5, 0.0, 0.0)
    summary = book.summary()

    assert summary is not None
    assert summary.day_profit == Decimal("-12.5")


def test_figures_that_ib_resets_are_not_shown() -> None:
    book = a_book()
    book.learn("value", "NetLiquidation", "5.00", "USD", ACCOUNT)

    book.learn("value", "AccountReady", "false", "", ACCOUNT)
    resetting = book.summary()
    book.learn("value", "AccountReady", "true", "", ACCOUNT)

    assert resetting is None
    assert book.summary() is not None


def test_a_position_that_is_sold_is_gone() -> None:
    book = a_book()
    a_holding(book, 100.0)
    [held] = book.positions()

    a_holding(book, 0.0)

    assert (held.shares, held.average_cost) == (100, Decimal("14.5"))
    assert held.market_value == Decimal("1460.0")
    assert book.positions() == ()


def test_an_unknown_message_changes_nothing() -> None:
    book = a_book()

    book.learn("weather", "fine")

    assert book.summary() is None
