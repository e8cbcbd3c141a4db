"""Which buttons stand under a message, and that each carries what was written for it."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import parse
from bot.presses.kinds import Overview
from core.model.card import Card
from core.model.exits.plan import ExitKind
from core.model.order import Order, OrderState
from core.model.proposal import OrderTerms, Proposal, ProposalState, Token
from tests.builders import (
    NOW,
    OPENS,
    a_leg,
    a_proposal,
    a_ranking,
    a_sent_order,
    an_order,
)


def labels(keyboard: InlineKeyboardMarkup | None) -> list[list[str]]:
    rows = keyboard.inline_keyboard if keyboard else ()
    return [[button.text for button in row] for row in rows]


def a_card(*orders: Order, **named: object) -> Card:
    return Card(proposal=a_proposal(**named), orders=orders, opens=None)


def test_an_offer_of_two_can_be_taken_whole_or_in_part() -> None:
    assert labels(keyboards.for_card(a_card())) == [
        ["Yes, buy both", "No"],
        ["Only QRVX", "Only FDMX"],
        ["All 2", "Charts", "Scan again"],
    ]


def test_an_offer_of_one_names_it() -> None:
    assert labels(keyboards.for_card(a_card(legs=(a_leg(),)))) == [
        ["Yes, buy QRVX", "No"],
        ["All 2", "Charts", "Scan again"],
    ]


def test_yes_is_green_and_no_is_red() -> None:
    keyboard = keyboards.for_card(a_card())

    assert keyboard
    yes, no = keyboard.inline_keyboard[0]
    assert (yes.style, no.style) == ("success", "danger")


def test_the_queue_question_names_the_open() -> None:
    asked = a_card(queue_for=OPENS + timedelta(days=1))

    assert labels(keyboards.for_card(asked)) == [
        ["Queue for Tue 09:30", "No"],
        ["Pay at most 3% more at the open"],
    ]
    capped = replace(asked, proposal=replace(asked.proposal, terms=OrderTerms.CAPPED))
    assert labels(keyboards.for_card(capped))[-1] == ["No cap"]


@pytest.mark.parametrize(
    "state",
    [
        ProposalState.DRAFT,
        ProposalState.DECLINED,
        ProposalState.EXPIRED,
        ProposalState.SUPERSEDED,
    ],
)
def test_a_card_without_an_offer_can_only_be_looked_at(state: ProposalState) -> None:
    shown = labels(keyboards.for_card(a_card(state=state)))

    assert shown == [["All 2", "Charts", "Scan again"]]


def test_a_card_without_rows_has_no_table() -> None:
    empty = a_card(state=ProposalState.DRAFT, legs=(), ranking=a_ranking(rows=()))

    assert labels(keyboards.for_card(empty)) == [["Scan again"]]


def test_an_approved_card_offers_to_cancel_what_is_working() -> None:
    card = a_card(
        a_sent_order(state=OrderState.ACKED),
        a_sent_order(leg=2, state=OrderState.FILLED),
        state=ProposalState.APPROVED,
    )

    assert labels(keyboards.for_card(card)) == [
        ["Cancel QRVX 100"],
        ["All 2", "Charts"],
    ]


def test_orders_can_be_cancelled_and_doubts_settled() -> None:
    shown = keyboards.for_orders(
        [
            a_sent_order(state=OrderState.ACKED),
            a_sent_order(leg=2, state=OrderState.UNKNOWN),
        ]
    )

    assert labels(shown) == [
        ["Cancel QRVX 100"],
        ["FDMX is there", "FDMX is not", "FDMX filled @ 26.61"],
        ["Cancel FDMX 100"],
        ["Refresh"],
    ]


def test_the_exits_of_one_stock_are_told_apart() -> None:
    exits = [a_sent_order(leg=leg, exit=kind) for leg, kind in enumerate(ExitKind, 1)]
    names = [label for row in labels(keyboards.for_orders(exits)) for label in row]

    assert len(set(names)) == len(names)


@pytest.mark.attack(10)
@pytest.mark.parametrize("state", [OrderState.ACKED, OrderState.PARTIAL])
def test_a_cancel_that_is_not_confirmed_can_be_asked_again(state: OrderState) -> None:
    asked = a_sent_order(state=state, cancel_asked=True)

    assert labels(keyboards.for_orders([asked])) == [
        ["Ask again: cancel QRVX 100"],
        ["Refresh"],
    ]


def test_a_page_is_known_by_its_refresh_button() -> None:
    orders = keyboards.for_overview(Overview.ORDERS)

    assert keyboards.belongs_to(Overview.ORDERS, orders)
    assert not keyboards.belongs_to(Overview.ORDERS, keyboards.for_failed_scan())
    assert not keyboards.belongs_to(Overview.ORDERS, None)
    others = [page for page in Overview if page is not Overview.ORDERS]
    assert not any(keyboards.belongs_to(page, orders) for page in others)


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.UNKNOWN}))
def test_only_a_doubt_is_asked_about(state: OrderState) -> None:
    assert keyboards.for_doubt(an_order(state=state)) is None


def everything_shown() -> list[InlineKeyboardMarkup | None]:
    proposals: list[Proposal] = [
        replace(a_proposal(token=Token("A" * 22)), state=state, queue_for=queue)
        for state, queue in product(ProposalState, (None, NOW))
    ]
    orders = [a_sent_order(state=state) for state in OrderState]
    return [
        *(
            keyboards.for_card(Card(proposal=p, orders=tuple(orders), opens=None))
            for p in proposals
        ),
        keyboards.for_failed_scan(),
        keyboards.for_orders(orders * 30),
        *(keyboards.for_doubt(order) for order in orders),
        *(keyboards.for_overview(one) for one in Overview),
    ]


def test_every_button_that_is_ever_shown_means_something() -> None:
    data = [
        button.callback_data
        for keyboard in everything_shown()
        for row in (keyboard.inline_keyboard if keyboard else ())
        for button in row
    ]

    assert len(data) > 40
    assert all(isinstance(each, str) and parse(each) is not None for each in data)


def test_no_keyboard_has_more_buttons_than_telegram_takes() -> None:
    for keyboard in everything_shown():
        rows = keyboard.inline_keyboard if keyboard else ()
        assert sum(map(len, rows)) <= 100
        assert all(len(row) <= 8 for row in rows)
