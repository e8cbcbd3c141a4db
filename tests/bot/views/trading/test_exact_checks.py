"""Each line with a figure of *Check with IB* is the one that the test reckons itself."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, strategies as st

from bot.views.trading.checked import checked
from core.model.card import Check, Checked, Preview
from core.model.money import Price, Shares
from core.model.proposal import Leg
from tests.bot.views.own_figures import (
    CENT,
    STOCKS,
    any_case,
    counts,
    fee_of,
    places,
    prices,
    short_fee,
    sign,
    some_money,
    thousands,
    with_figures,
)
from tests.builders import (
    a_leg,
    a_proposal,
)


currencies: Final = st.sampled_from(["USD", "EUR"])
previews: Final = st.builds(
    Preview,
    margin_change=st.none() | st.integers(-(10**6), 10**6).map(lambda n: n * CENT),
    margin_after=some_money,
    equity_after=some_money,
    commission=some_money,
    least_commission=some_money,
    most_commission=some_money,
    currency=st.none() | currencies,
)


def of_currency(amount: Decimal, currency: str) -> str:
    if currency == "USD":
        return f"${places(amount, 2)}"
    return f"{places(amount, 2)} {currency}"


def estimate(leg: Leg) -> str:
    cost = leg.shares * (leg.ask or leg.reference)
    fee = short_fee(fee_of(leg.shares, cost))
    return f"my estimate: about ${places(cost, 0)} + {fee} fees"


def of_the_preview(leg: Leg, told: Preview, currency: str) -> Iterator[str]:
    if told.margin_change is not None:
        mark = sign(told.margin_change, 2) or "+"
        yield f"margin {mark}{of_currency(abs(told.margin_change), currency)}"
    if told.margin_after is not None and told.equity_after is not None:
        after = of_currency(told.margin_after, currency)
        yield f"then {after} of {of_currency(told.equity_after, currency)} equity"
    of = told.currency or "USD"
    least, most = told.least_commission, told.most_commission
    if told.commission is not None:
        yield f"commission {of_currency(told.commission, of)}"
    elif least is not None and most is not None:
        yield f"commission {of_currency(least, of)} to {of_currency(most, of)}"
    else:
        yield f"IB has not told its commission; {estimate(leg)}"


@any_case
@given(
    st.lists(
        st.tuples(counts, prices, st.none() | prices, st.none() | previews), max_size=2
    ),
    currencies,
)
def test_ibs_preview_is_told_as_ib_sent_it(
    asked: list[tuple[Shares, Price, Price | None, Preview | None]], currency: str
) -> None:
    legs = [
        Checked(
            leg=a_leg(instrument=stock, shares=shares, reference=reference, ask=ask),
            preview=preview,
            problem=None if preview else "IB did not answer.",
        )
        for stock, (shares, reference, ask, preview) in zip(STOCKS, asked, strict=False)
    ]
    expected = []
    for each in legs:
        leg = each.leg
        expected.append(f"BUY {thousands(leg.shares)} {leg.instrument.symbol}")
        if each.preview:
            expected += of_the_preview(leg, each.preview, currency)
        else:
            expected.append(f"{estimate(leg)}; its margin is not known")

    html = checked(Check(proposal=a_proposal(), legs=tuple(legs), currency=currency))

    assert with_figures(html) == expected


@pytest.mark.parametrize(
    ("wait", "said"), [(41.2, "41"), (0.5, "1"), (59.5, "60"), (58.4999, "58")]
)
def test_how_long_ib_may_not_be_asked_is_told_in_whole_seconds(
    wait: float, said: str
) -> None:
    html = checked(Check(proposal=a_proposal(), wait=wait))

    assert with_figures(html) == [
        f"In {said} s it may be asked again. Nothing was sent."
    ]
