"""What rings of a fill whose rest works: the news stands in the first line."""

from dataclasses import replace

from bot.views import announcements, trouble
from core.model.card import Card
from core.model.market import Side
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState
from tests.bot.views.hands import check, read
from tests.builders import OPENS, a_fill, a_proposal, a_sent_order, price


PART = a_sent_order(
    state=OrderState.PARTIAL, fills=(a_fill(shares=40, price=price("4.84")),)
)


def told(*orders: Order) -> str:
    approved = a_proposal(state=ProposalState.APPROVED)
    html = announcements.part_filled(Card(proposal=approved, orders=orders, opens=None))
    check(html)
    return read(html)


def test_the_first_line_is_what_was_bought_and_that_the_rest_works() -> None:
    lines = told(PART).splitlines()

    assert lines[0] == "Part bought: 40 of 100 QRVX @ 4.84, rest working \u00b7 SANDBOX"
    assert lines[1:] == [
        "What works at IB may still be bought: /orders shows it, /cancel ends it."
    ]


def test_each_order_of_the_card_is_in_the_first_line() -> None:
    whole = replace(PART, state=OrderState.FILLED, fills=(a_fill(shares=100),))
    waits = a_sent_order(leg=2, state=OrderState.ACKED, held_until=OPENS)

    first = told(whole, waits).splitlines()[0]

    assert "100 QRVX @" in first
    assert "; 100 FDMX queued for" in first


def test_a_sale_is_told_as_one() -> None:
    assert told(replace(PART, side=Side.SELL)).startswith("Part sold: 40 of 100")


def test_nothing_is_said_to_work_of_an_order_whose_cancel_is_asked_for() -> None:
    text = told(replace(PART, cancel_asked=True))

    assert "cancel asked, not confirmed" in text.splitlines()[0]


def test_the_price_of_a_fill_stands_on_the_line_of_its_at() -> None:
    whole = replace(PART, state=OrderState.FILLED)
    for state in (OrderState.FILLED, OrderState.PARTIAL_DONE):
        ended = replace(PART, state=state)
        settled = Card(proposal=a_proposal(), orders=(ended,), opens=None)
        assert "@\N{NO-BREAK SPACE}4.84" in announcements.settled(settled)
    working = Card(proposal=a_proposal(), orders=(PART,), opens=None)
    assert "@\N{NO-BREAK SPACE}4.84" in announcements.part_filled(working)
    assert "@\N{NO-BREAK SPACE}4.84" in trouble.doubt_closed(whole)
