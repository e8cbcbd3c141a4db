"""An account's cash, holdings and profit always tell the same story."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from core.sandbox.trading.accounts import Account, margin_rates
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import MONDAY, TUESDAY


def an_account(*, cash: float = 10_000.0, kind: str = "MARGIN") -> Account:
    return Account(name="DU1234567", kind=kind, cash=cash)


trades = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),
        st.integers(-500, 500).filter(bool),
        st.decimals("0.5", "60", places=2).map(float),
        st.decimals("0", "5", places=2).map(float),
    ),
    max_size=30,
)


@given(trades, st.lists(st.floats(0.5, 60), min_size=3, max_size=3))
def test_whatever_is_traded_the_books_add_up(
    done: list[tuple[int, int, float, float]], marks: list[float]
) -> None:
    account = an_account()

    for con_id, shares, price, fee in done:
        account.fill(con_id, shares, price=price, fee=fee)

    now = account.figures(lambda con_id: marks[con_id - 1])
    spent = sum(shares * price + fee for _, shares, price, fee in done)
    assert account.cash == pytest.approx(10_000 - spent)
    profit = account.realized_total + now.unrealized
    assert now.net_liquidation == pytest.approx(10_000 + profit)
    for con_id in (1, 2, 3):
        held = sum(shares for each, shares, _, _ in done if each == con_id)
        assert account.quantity(con_id) == held


@given(trades)
def test_the_parts_profits_add_up_to_the_whole(
    done: list[tuple[int, int, float, float]],
) -> None:
    account = an_account()
    account.fill(1, 100, price=10, fee=1)
    account.begin(MONDAY)
    for con_id, shares, price, fee in done:
        account.fill(con_id, shares, price=price, fee=fee)

    whole = account.pnl(lambda _: 12.0, lambda _: 11.0)
    parts = [
        account.pnl(lambda _: 12.0, lambda _: 11.0, con_id=con_id)
        for con_id in (1, 2, 3)
    ]

    assert whole.daily == pytest.approx(sum(part.daily for part in parts))
    assert whole.unrealized == pytest.approx(sum(part.unrealized for part in parts))
    assert whole.realized == pytest.approx(sum(part.realized for part in parts))


def test_the_cost_of_shares_includes_the_commission() -> None:
    account = an_account()

    assert account.fill(1, 100, price=20.0, fee=1.0) is None
    assert account.holdings[1].avg_cost == pytest.approx(20.01)
    assert account.cash == 7999.0


def test_selling_realizes_what_is_left_after_both_commissions() -> None:
    account = an_account()
    account.fill(1, 100, price=20.0, fee=1.0)

    realized = account.fill(1, -40, price=21.0, fee=1.0)

    assert realized == pytest.approx(40 * (21.0 - 20.01) - 1.0)
    assert account.holdings[1].quantity == 60
    assert account.holdings[1].avg_cost == pytest.approx(20.01)


def test_selling_through_zero_closes_one_side_and_opens_the_other() -> None:
    account = an_account()
    account.fill(1, 100, price=20.0, fee=0.0)

    realized = account.fill(1, -150, price=22.0, fee=1.5)

    assert realized == pytest.approx(200.0 - 1.0)
    assert account.holdings[1].quantity == -50
    assert account.holdings[1].avg_cost == pytest.approx(22.0 - 0.01)


def test_nothing_held_is_no_position_but_its_profit_stays() -> None:
    account = an_account()
    account.fill(1, 100, price=20.0, fee=1.0)
    account.fill(1, -100, price=21.0, fee=1.0)

    assert account.positions() == []
    assert account.pnl(lambda _: 21.0, lambda _: 20.0).realized == pytest.approx(98.0)


def test_todays_profit_counts_from_the_close_before() -> None:
    account = an_account()
    account.fill(1, 100, price=10.0, fee=0.0)
    account.begin(MONDAY)
    account.fill(1, 100, price=13.0, fee=1.0)

    profit = account.pnl(lambda _: 14.0, lambda _: 12.0)

    assert profit.daily == pytest.approx(100 * (14 - 12) + 100 * (14 - 13) - 1)


def test_a_new_day_starts_from_nothing_realized() -> None:
    account = an_account()
    account.begin(MONDAY)
    account.fill(1, 100, price=10.0, fee=0.0)
    account.fill(1, -100, price=11.0, fee=0.0)

    account.begin(TUESDAY)
    account.begin(TUESDAY - timedelta(days=1))  # an old day changes nothing

    assert account.pnl(lambda _: 11.0, lambda _: 11.0).realized == 0
    assert account.realized_total == pytest.approx(100.0)


def test_margin_is_half_the_value_and_all_of_cheap_or_cash_bought_stock() -> None:
    assert margin_rates(20.0, cash_account=False) == (0.5, 0.25)
    assert margin_rates(4.99, cash_account=False) == (1.0, 1.0)
    assert margin_rates(20.0, cash_account=True) == (1.0, 1.0)


def test_a_cash_account_can_spend_its_cash_and_no_more() -> None:
    account = an_account(kind="CASH")
    account.fill(1, 100, price=20.0, fee=0.0)

    figures = account.figures(lambda _: 25.0)

    assert figures.available == figures.buying_power == pytest.approx(8000.0)


def test_an_account_opens_with_what_it_is_told_it_holds() -> None:
    spec = AccountSpec(cash=500.0, positions=(("QKTZ", 30.0, 7.5),))

    account = Account.opened(spec, {"QKTZ": 42})

    assert [(p.con_id, p.quantity, p.avg_cost) for p in account.positions()] == [
        (42, 30.0, 7.5)
    ]
    with pytest.raises(KeyError):
        Account.opened(spec, {})
