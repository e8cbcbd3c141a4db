"""The account's figures: dollars by IB's rate, and nothing before IB has said it all."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from ib_async import Contract

from core.broker.account import FIGURES_LIFE, AccountBook
from core.model.evidence import LineState
from core.model.portfolio import AccountSummary, Position
from core.sandbox.protocol.message_names import REPLIES
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Trouble
from tests.builders import ACCOUNT, FDMX, NOW
from tests.fakes.clock import HandClock
from tests.harness.connection import BothEnds, both_ends
from tests.harness.waiting import until


Row = tuple[str, str, str]
EURO: tuple[Row, ...] = (
    ("AvailableFunds", "8123.45", "EUR"),
    ("NetLiquidation", "90000.00", "EUR"),
    ("ExchangeRate", "1.00", "BASE"),
    ("ExchangeRate", "1.00", "EUR"),
    ("ExchangeRate", "0.8314", "USD"),
)


def a_book(
    *rows: Row, clock: HandClock | None = None, whole: bool = True
) -> AccountBook:
    """A book that was told *rows* of our account, and that these are all."""
    book = AccountBook(ACCOUNT, clock or HandClock(NOW))
    told(book, rows)
    if whole:
        book.learn("end", ACCOUNT)
    return book


def told(book: AccountBook, rows: Iterable[Row], account: str = ACCOUNT) -> None:
    for row in rows:
        book.learn("value", *row, account)


def figures(book: AccountBook) -> AccountSummary:
    summary = book.summary()
    assert summary is not None
    return summary


def a_holding(
    book: AccountBook,
    shares: float,
    account: str = ACCOUNT,
    currency: str = "USD",
    kind: str = "STK",
) -> None:
    contract = Contract(
        conId=FDMX.con_id, symbol="FDMX", currency=currency, secType=kind
    )
    book.learn("portfolio", contract, shares, 14.6, 1460.0, 14.5, 10.0, 0.0, account)


def held(book: AccountBook) -> Position:
    [position] = book.positions() or ()
    return position


# when something is known


def test_nothing_is_known_before_the_first_figure() -> None:
    assert a_book().summary() is None


@pytest.mark.attack(19)
def test_nothing_is_known_before_ib_has_told_all() -> None:
    book = a_book(("AvailableFunds", "98540.25", "USD"), whole=False)

    early = (book.summary(), book.positions())
    book.learn("end", ACCOUNT)

    assert early == (None, None)
    assert figures(book).available_funds == Decimal("98540.25")
    assert book.positions() == ()


def test_a_figure_is_dollars_with_its_moment() -> None:
    summary = figures(a_book(("AvailableFunds", "98540.25", "USD")))

    assert (summary.available_funds, summary.at) == (Decimal("98540.25"), NOW)
    assert (summary.net_liquidation, summary.base) == (None, None)


def test_another_account_is_not_ours() -> None:
    book = a_book()

    told(book, [("NetLiquidation", "5.00", "USD")], account="DU7654321")
    a_holding(book, 100.0, account="DU7654321")

    assert book.summary() is None
    assert book.positions() == ()


@pytest.mark.attack(25)
def test_the_funds_have_a_time_of_their_own() -> None:
    clock = HandClock(NOW)
    book = a_book(("AvailableFunds", "98540.25", "USD"), clock=clock)
    clock.forward(seconds=90)
    told(book, [("NetLiquidation", "100000", "USD")])
    clock.forward(seconds=5)

    book.learn("pnl", -12.5, 0.0, 0.0)
    summary = figures(book)

    assert summary.funds_at == NOW
    assert summary.at == NOW + timedelta(seconds=90)


@pytest.mark.attack(25)
def test_figures_of_an_account_that_is_not_followed_any_more_are_not_known() -> None:
    clock = HandClock(NOW)
    book = a_book(("AvailableFunds", "98540.25", "USD"), clock=clock)
    seen = []

    for message in ("time", "pnl"):
        clock.forward(seconds=FIGURES_LIFE.total_seconds())
        book.learn(message, 0.0, 0.0, 0.0)
        seen.append(book.summary() is not None)
    clock.forward(seconds=1)

    assert seen == [True, True]
    assert book.summary() is None


@pytest.mark.attack(25)
def test_what_is_forgotten_is_not_known_until_it_is_told_again() -> None:
    book = a_book(("AvailableFunds", "98540.25", "USD"))
    a_holding(book, 100.0)

    book.forget()
    forgotten = (book.summary(), book.positions())
    told(book, [("AvailableFunds", "50.00", "USD")])
    halfway = book.summary()
    book.learn("end", ACCOUNT)

    assert (*forgotten, halfway) == (None, None, None)
    assert figures(book).available_funds == Decimal(50)


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    ("again", "funds"),
    [
        ([("AvailableFunds", "9000", "EUR")], None),
        ([("ExchangeRate", "0.50", "USD")], None),
        ([("AvailableFunds", "", "EUR"), ("ExchangeRate", "0.50", "USD")], None),
        ([("AvailableFunds", "9000", "EUR"), ("ExchangeRate", "", "USD")], None),
        ([("AvailableFunds", "9000", "EUR"), ("ExchangeRate", "0.5", "USD")], "18000"),
        ([("AvailableFunds", "9000", "USD")], "9000"),
        ([("AccountReady", "false", ""), ("AvailableFunds", "9000", "USD")], None),
    ],
    ids=[
        "without a rate",
        "a rate alone",
        "no figure",
        "no rate",
        "both",
        "in dollars now",
        "while IB resets them",
    ],
)
def test_nothing_from_before_a_lost_subscription_counts_after_it(
    again: list[Row], funds: str | None
) -> None:
    """2100 and 2101: neither a figure, nor the rate it would be converted by."""
    book = a_book(
        ("AvailableFunds", "8000", "EUR"),
        ("NetLiquidation", "90000", "EUR"),
        ("ExchangeRate", "0.80", "USD"),
    )
    book.learn("pnl", 12.0, 0.0, 0.0)
    book.forget()
    told(book, again)
    book.learn("end", ACCOUNT)
    summary = book.summary()

    assert (summary and summary.available_funds) == (funds and Decimal(funds))
    assert summary is None or summary.day_profit is None


def test_figures_that_ib_resets_are_not_shown() -> None:
    book = a_book(("NetLiquidation", "5.00", "USD"))

    book.learn("value", "AccountReady", "false", "", ACCOUNT)
    resetting = book.summary()
    book.learn("value", "AccountReady", "true", "", ACCOUNT)

    assert resetting is None
    assert book.summary() is not None


# another currency


@pytest.mark.attack(25)
def test_dollars_are_the_base_currency_divided_by_ibs_rate() -> None:
    """ExchangeRate USD is what one dollar is in the base currency: 0.8314 euros."""
    summary = figures(a_book(*EURO))

    assert round(summary.available_funds or 0, 2) == Decimal("9770.81")
    assert round(summary.net_liquidation or 0, 2) == Decimal("108251.14")
    assert summary.base is not None
    assert (summary.base.currency, summary.base.per_dollar) == (
        "EUR",
        Decimal("0.8314"),
    )
    assert summary.base.available_funds == Decimal("8123.45")
    assert summary.base.net_liquidation == Decimal("90000.00")


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    ("funds", "currency", "rate", "dollars"),
    [
        ("8123.45", "EUR", "1.0871", "7472.59"),
        ("1000000", "JPY", "149.25", "6700.17"),
        ("7744715.81", "HKD", "7.786325", "994656.12"),
        ("5000", "GBP", "0.79", "6329.11"),
    ],
)
def test_an_account_in_any_currency_has_funds_in_dollars(
    funds: str, currency: str, rate: str, dollars: str
) -> None:
    book = a_book(("AvailableFunds", funds, currency), ("ExchangeRate", rate, "USD"))

    assert round(figures(book).available_funds or 0, 2) == Decimal(dollars)


@pytest.mark.attack(25)
def test_rows_of_the_base_are_in_the_accounts_currency() -> None:
    book = a_book(
        ("NetLiquidation", "90000", "EUR"),
        ("UnrealizedPnL", "50", "USD"),
        ("UnrealizedPnL", "10", "EUR"),
        ("UnrealizedPnL", "50", "BASE"),
        ("ExchangeRate", "0.8", "USD"),
    )
    book.learn("pnl", 40.0, 0.0, 0.0)

    summary = figures(book)

    assert (summary.open_profit, summary.day_profit) == (Decimal("62.5"), Decimal(50))


@pytest.mark.attack(25)
def test_what_ib_tells_by_currency_may_be_marked_as_of_its_ledger() -> None:
    """As gateways from 10.47 on send it to new users: the dollars by the rate, and the
    sum over all currencies, however the part in euros is called."""
    book = a_book(
        ("AvailableFunds", "8123.45", "EUR"),
        ("$LEDGER-ExchangeRate", "0.8314", "USD"),
        ("$LEDGER-UnrealizedPnL", "50", "BASE"),
        ("$LEDGER-UnrealizedPnL", "7", "EUR"),
        ("UnrealizedPnL", "50", "EUR"),
        ("$LEDGER-NetLiquidation", "5", "USD"),
    )

    summary = figures(book)

    assert round(summary.available_funds or 0, 2) == Decimal("9770.81")
    assert summary.open_profit == Decimal(50) / Decimal("0.8314")
    assert summary.net_liquidation is None


@pytest.mark.attack(25)
@pytest.mark.parametrize("rate", [None, "0", "-1", "", "n/a"])
def test_without_a_rate_no_dollars_are_known(rate: str | None) -> None:
    rows = EURO if rate is None else (*EURO, ("ExchangeRate", rate, "USD"))
    book = a_book(*(row for row in rows if rate is not None or row[2] != "USD"))

    summary = figures(book)

    assert summary.available_funds is None
    assert summary.base is not None
    assert summary.base.per_dollar is None
    assert summary.base.available_funds == Decimal("8123.45")


@pytest.mark.attack(25)
def test_a_dollar_account_with_other_currencies_in_it_needs_no_rate() -> None:
    book = a_book(
        ("AvailableFunds", "500", "USD"),
        ("NetLiquidation", "900", "USD"),
        ("ExchangeRate", "1.09", "EUR"),
        ("UnrealizedPnL", "7", "BASE"),
        ("UnrealizedPnL", "5", "USD"),
    )

    summary = figures(book)

    assert (summary.available_funds, summary.open_profit) == (Decimal(500), Decimal(7))
    assert summary.base is None


# what is held


def test_the_days_profit_comes_from_its_own_subscription() -> None:
    book = a_book(("NetLiquidation", "5.00", "USD"))

    book.learn("pnl", -12.5, 0.0, 0.0)

    assert figures(book).day_profit == Decimal("-12.5")


def test_a_position_that_is_sold_is_gone() -> None:
    book = a_book()
    a_holding(book, 100.0)
    before = held(book)

    a_holding(book, 0.0)

    assert (before.shares, before.average_cost) == (Decimal(100), Decimal("14.5"))
    assert before.market_value == Decimal("1460.0")
    assert book.positions() == ()


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("shares", "shown", "whole"),
    [(0.75, "0.75", 0), (57.68, "57.68", 57), (-3.5, "-3.5", -3), (100.0, "100", 100)],
)
def test_a_holding_is_what_it_is_and_its_whole_part_can_be_sold(
    shares: float, shown: str, whole: int
) -> None:
    book = a_book()

    a_holding(book, shares)

    assert (str(held(book).shares), held(book).whole_shares) == (shown, whole)


@pytest.mark.attack(25)
def test_a_stock_in_another_currency_has_a_value_in_dollars_and_its_own_prices() -> (
    None
):
    book = a_book(("ExchangeRate", "1.10", "EUR"), ("NetLiquidation", "5.00", "USD"))
    told(book, [("ExchangeRate", "1.00", "USD")])

    a_holding(book, 100.0, currency="EUR")

    assert held(book).market_value == Decimal("1606.0")
    assert (held(book).price, held(book).average_cost) == (
        Decimal("14.6"),
        Decimal("14.5"),
    )
    assert held(book).rate == Decimal("1.10")


@pytest.mark.attack(25)
def test_an_account_in_dollars_needs_no_rate_of_the_dollar() -> None:
    book = a_book(("ExchangeRate", "1.10", "EUR"), ("NetLiquidation", "5.00", "USD"))

    a_holding(book, 100.0, currency="EUR")

    assert held(book).market_value == Decimal("1606.0")


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    "rate", ["0", "-1", "nan", "inf", "1e-320", "1e300", "1.7976931348623157E308", ""]
)
def test_what_is_no_rate_makes_no_dollars(rate: str) -> None:
    book = a_book(
        ("NetLiquidation", "90000", "EUR"),
        ("AvailableFunds", "8123.45", "EUR"),
        ("ExchangeRate", rate, "USD"),
    )

    assert figures(book).available_funds is None


@pytest.mark.attack(27)
@pytest.mark.parametrize("kind", ["OPT", "FUT", "WAR", "BOND"])
def test_what_is_no_stock_has_ibs_value_and_no_price_of_a_share(kind: str) -> None:
    book = a_book()

    a_holding(book, 5.0, kind=kind)

    position = held(book)
    assert (position.kind, position.is_dollar_stock) == (kind, False)
    assert (position.price, position.average_cost) == (None, None)
    assert position.market_value is not None


def test_an_unknown_message_changes_nothing() -> None:
    book = a_book()

    book.learn("weather", "fine")

    assert book.summary() is None


# at a gateway


async def known(ends: BothEnds) -> AccountSummary:
    await until(lambda: ends.broker.account() is not None)
    summary = ends.broker.account()
    assert summary is not None
    return summary


@pytest.mark.attack(25)
async def test_an_account_in_euros_has_funds_in_dollars_at_a_gateway() -> None:
    euros = AccountSpec(account=ACCOUNT, cash=9000.0, currency="EUR", per_dollar=0.92)
    async with both_ends(accounts=(euros,)) as ends:
        summary = await known(ends)

    assert summary.available_funds == Decimal(9000)
    assert summary.base is not None
    assert summary.base.available_funds == Decimal(8280)


@pytest.mark.attack(25)
@pytest.mark.parametrize("code", [2100, 2101])
async def test_a_subscription_that_was_lost_is_made_again(
    code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.broker.connection.RENEWAL", 0.2)
    async with both_ends() as ends:
        await known(ends)
        asked: list[Any] = []
        ends.server.add_trouble(
            Trouble(
                message="reqCurrentTime",
                action=Action.NOTE,
                code=code,
                text="unsubscribed",
                untied=True,
            )
        )
        await ends.broker.probe(within=2)
        await until(lambda: ends.broker.account() is None)
        asked.append(ends.broker.positions())
        again = await known(ends)

    assert asked == [None]
    assert again.available_funds is not None


@pytest.mark.attack(19)
async def test_an_account_whose_end_never_comes_holds_nothing_that_is_known() -> None:
    assert "accountDownloadEnd" in REPLIES.values()
    async with both_ends(up=False) as ends:
        ends.server.add_trouble(
            Trouble(message="accountDownloadEnd", action=Action.DROP, times=0)
        )
        await ends.line_is(LineState.UP)
        await ends.broker.probe(within=2)

        assert (ends.broker.positions(), ends.broker.account()) == (None, None)


@pytest.mark.attack(25)
def test_of_a_figure_under_two_names_the_newest_counts() -> None:
    clock = HandClock(NOW)
    dollars = ("ExchangeRate", "0.50", "USD")
    book = a_book(("AvailableFunds", "1000", "BASE"), dollars, clock=clock)
    clock.forward(seconds=180)

    told(book, [("AvailableFunds", "400", "GBP")])
    assert figures(book).available_funds == Decimal(800)

    clock.forward(seconds=180)
    told(book, [("AvailableFunds", "300", "BASE")])
    assert figures(book).available_funds == Decimal(600)


@pytest.mark.attack(25)
def test_the_sum_over_all_currencies_counts_and_not_the_part_of_one() -> None:
    clock = HandClock(NOW)
    book = a_book(("UnrealizedPnL", "50", "BASE"), *EURO, clock=clock)
    clock.forward(seconds=1)

    told(book, [("UnrealizedPnL", "7", "EUR")])

    assert figures(book).open_profit == Decimal(50) / Decimal("0.8314")


@pytest.mark.attack(20)
@pytest.mark.parametrize("shares", [float("nan"), float("inf"), 1.7976931348623157e308])
def test_a_holding_of_no_number_stays_as_it_was(shares: float) -> None:
    book = a_book()
    a_holding(book, 100.0)

    with pytest.raises(ValueError, match="too little"):
        a_holding(book, shares)

    [position] = book.positions() or ()
    assert position.shares == 100
