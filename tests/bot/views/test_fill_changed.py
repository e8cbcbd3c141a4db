"""What the owner reads where IB changes a trade after it was told."""

from dataclasses import replace

import pytest

from bot.views.announcements import enlarged, fill_changed
from core.model.market import Side
from core.model.money import Shares
from core.model.order import OrderState
from core.model.order_news import FillChanged
from tests.bot.views.test_messages import shown
from tests.builders import a_fill, a_sent_order, price


WAS = a_fill(exec_id="aa.01.01", shares=Shares(100), price=price("4.83"))


def test_a_bust_says_that_nothing_is_bought_any_more() -> None:
    now = replace(WAS, exec_id="aa.01.02", shares=Shares(0))
    order = a_sent_order(state=OrderState.CANCELLED, fills=(now,))
    text = shown(fill_changed(order, FillChanged(ref=order.ref, was=WAS, now=now)))
    assert text.splitlines()[:2] == [
        "IB has taken a trade back: 100 QRVX bought at 4.83.",
        "By this order none is bought now; the books follow, and so do exits.",
    ]


def test_shares_that_came_back_may_be_bare() -> None:
    """A plan whose shares were all sold is over: no exit follows."""
    now = replace(WAS, exec_id="aa.01.02", shares=Shares(0))
    order = a_sent_order(side=Side.SELL, state=OrderState.CANCELLED, fills=(now,))
    text = shown(fill_changed(order, FillChanged(ref=order.ref, was=WAS, now=now)))
    assert "after their exits were over have none: /exits sets them." in text


def test_a_correction_says_both_prices() -> None:
    now = replace(WAS, exec_id="aa.01.02", price=price("4.80"))
    order = a_sent_order(state=OrderState.FILLED, fills=(now,))
    text = shown(fill_changed(order, FillChanged(ref=order.ref, was=WAS, now=now)))
    assert text.startswith(
        "IB has corrected a trade: 100 QRVX bought at 4.83, is 100 at 4.80 now."
    )
    assert "Exits at IB stay at their prices" in text


@pytest.mark.parametrize(
    ("state", "rest"),
    [
        (OrderState.PARTIAL, "The rest of 100 works at IB and may still be bought:"),
        (OrderState.PARTIAL_DONE, "The rest of 100 is cancelled."),
    ],
)
def test_an_order_that_was_made_larger_says_what_became_of_the_rest(
    state: OrderState, rest: str
) -> None:
    order = a_sent_order(state=state, shares=Shares(200), fills=(WAS,))
    text = shown(enlarged(order))
    head, why, *_ = text.splitlines()
    assert head == "100 of 200 QRVX are bought: the order is larger now."
    assert rest in why
