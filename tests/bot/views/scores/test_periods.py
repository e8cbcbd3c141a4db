"""What counts as today, this week and this month, in New York."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.views.scores.profits import profits
from core.model.market import ConId, Side
from core.model.money import Price
from core.model.order import OrderRef
from core.model.proposal import Mode
from core.model.scoring.trades import ListedHoldings, Trades
from core.rules.figures.in_words import UNKNOWN
from core.rules.new_york import day_of
from core.rules.scoring.round_trips import trades
from tests.builders import FDMX, MONDAY, NOW, QRVX, money, price
from tests.core.rules.scoring.test_round_trips import an_order_of


WEDNESDAY = date(2026, 12, 2)


def sold_at(*moments: str) -> Trades:
    """A share sold for a dollar more than it cost at each of these moments (UTC)."""
    bought = an_order_of(Side.BUY, (len(moments), "5.00", -9_000))
    hours = [
        (datetime.fromisoformat(f"{each}+00:00") - NOW) / timedelta(hours=1)
        for each in moments
    ]
    sales = (an_order_of(Side.SELL, (1, "6.00", 0)) for _ in moments)
    moved = [
        replace(
            sale,
            ref=OrderRef(f"{sale.ref}-{number}"),
            fills=tuple(
                replace(fill, exec_id=f"{number}.01", at=NOW + timedelta(hours=hour))
                for fill in sale.fills
            ),
        )
        for number, (sale, hour) in enumerate(zip(sales, hours, strict=True))
    ]
    return trades((bought, *moved), ())


def sales(found: Trades, today: date) -> dict[str, int]:
    text = profits(found, today=today, mode=Mode.PAPER)
    table = text.partition("<pre>")[2].partition("</pre>")[0]
    _, *rows = table.splitlines()
    return {row[:12].strip(): int(row.split()[-1]) for row in rows}


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        ("2026-12-03T04:59:59", ["today", "week", "month", "in all"]),
        ("2026-12-02T05:00:00", ["today", "week", "month", "in all"]),
        ("2026-12-02T04:59:59", ["week", "month", "in all"]),
        ("2026-12-01T05:00:00", ["week", "month", "in all"]),
        ("2026-12-01T04:59:59", ["week", "in all"]),
        ("2026-11-30T05:00:00", ["week", "in all"]),
        ("2026-11-30T04:59:59", ["in all"]),
    ],
)
def test_a_sale_counts_in_the_days_of_new_york(
    moment: str, counted: Sequence[str]
) -> None:
    """Midnight there is 05:00 UTC; the week begins on Monday, here in another month."""
    found = sales(sold_at(moment), WEDNESDAY)
    assert [name for name, number in found.items() if number] == list(counted)


def test_today_is_new_yorks_after_midnight_utc() -> None:
    late = datetime.fromisoformat("2026-12-03T03:00:00+00:00")
    assert day_of(late) == WEDNESDAY


def besides(found: Trades, today: date) -> dict[str, list[str]]:
    text = profits(found, today=today, mode=Mode.PAPER)
    table = text.rpartition("<pre>")[2].partition("</pre>")[0]
    _, *rows = table.splitlines()
    return {row[:11].strip(): row[11:].split() for row in rows}


def test_the_account_and_spy_are_compared_over_the_same_reports() -> None:
    """From the last report before the day, the week or the month."""
    days = (date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1), WEDNESDAY)
    found = replace(
        sold_at("2026-12-02T15:00:00"),
        values=tuple(
            zip(days, map(money, ("100", "110", "121", "133.1")), strict=True)
        ),
        spy=tuple(zip(days, map(price, ("500", "505", "500", "490")), strict=True)),
    )
    down = "▼\N{MINUS SIGN}"
    assert besides(found, WEDNESDAY) == {
        "today": ["2.00", "▲+10.0%", f"{down}2.0%"],
        "week": ["2.00", "▲+33.1%", f"{down}2.0%"],
        "month": ["2.00", "▲+21.0%", f"{down}3.0%"],
        "in all": ["2.00", "▲+33.1%", f"{down}2.0%"],
    }


@pytest.mark.parametrize(
    ("account", "said"), [("1334.50", "▲+1235%"), ("98866", "▲&gt;9999%")]
)
def test_an_account_that_grew_a_lot_stays_in_its_column(
    account: str, said: str
) -> None:
    days = (date(2026, 12, 1), WEDNESDAY)
    found = replace(
        sold_at("2026-12-02T15:00:00"),
        values=tuple(zip(days, map(money, ("100", account)), strict=True)),
        spy=tuple(zip(days, map(price, ("100", "312.40")), strict=True)),
    )
    assert besides(found, WEDNESDAY)["today"] == ["2.00", said, "▲+212%"]


def test_what_is_not_known_yet_is_no_number() -> None:
    """SPY's price of a day is known in its evening; before the report nothing is."""
    days = (date(2026, 12, 1), WEDNESDAY)
    found = replace(
        sold_at("2026-12-02T15:00:00"),
        values=tuple(zip(days, map(money, ("100", "110")), strict=True)),
        spy=((days[0], price("500")),),
    )
    assert besides(found, WEDNESDAY)["today"] == ["2.00", "▲+10.0%", UNKNOWN]
    thursday = WEDNESDAY + timedelta(days=1)
    assert besides(found, thursday)["today"] == ["0.00", UNKNOWN, UNKNOWN]
    assert besides(replace(found, values=()), WEDNESDAY)["in all"][1:] == [
        UNKNOWN,
        UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ({}, "bought for $700.00; /positions prices them"),
        (
            {QRVX.con_id: price("5.50"), FDMX.con_id: price("19")},
            "bought for $700.00, +40.00 at IB's last prices",
        ),
        (
            {QRVX.con_id: price("4.50")},
            "bought for $700.00, \N{MINUS SIGN}50.00 at IB's last prices without 1 stock",
        ),
    ],
)
def test_what_is_open_has_its_profit(prices: dict[ConId, Price], said: str) -> None:
    bought = (
        an_order_of(Side.BUY, (100, "5.00", 0)),
        replace(an_order_of(Side.BUY, (10, "20.00", 0)), instrument=FDMX),
    )
    held = ListedHoldings(account=bought[0].account, at=NOW, prices=prices)
    text = profits(trades(bought, (), held=held), today=MONDAY, mode=Mode.PAPER)
    assert f"still open: 2 stocks, {said}\n" in text


def test_the_rows_fit_a_phone() -> None:
    found = sold_at("2026-12-02T15:00:00")
    text = profits(found, today=WEDNESDAY, mode=Mode.PAPER)
    for table in text.split("<pre>")[1:]:
        rows = table.partition("</pre>")[0].splitlines()
        assert all(len(row) <= 34 for row in rows)
    assert found.fees == Decimal(2)


def test_what_was_paid_in_is_said_to_be_no_profit() -> None:
    """A deposit of half the account's value stood beside SPY as a gain of 50 %."""
    text = profits(sold_at("2026-12-02T15:00:00"), today=WEDNESDAY, mode=Mode.PAPER)

    assert "nor what was paid in or out" in text
