"""The judge of the campaign believes the chat only as far as the book agrees."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.api_types import Chat, Content, Message, User
from bot.views.announcements import trading_halted
from bot.views.orders.overview import cancel_asked
from bot.views.scans import card as views
from core.model.card import Card
from core.model.news import TradingHalted
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderTicket
from tests.bot.views.hands import read
from tests.builders import NOW, a_fill, a_proposal, a_sent_order
from tests.campaign.judge import (
    ASKED,
    Count,
    duplicates,
    is_barred,
    is_cancel_asked,
    is_halted,
    is_quiet,
    is_told,
    is_true,
    told_by,
)
from tests.campaign.plan import Fills


STOCK = "QRVX"
BOT = User(id=1, first_name="Openbell", is_bot=True)
FORTY = (a_fill(shares=40),)
ALL = (a_fill(shares=100),)


def a_message(text: str, *buttons: str) -> Message:
    keyboard = [[{"text": label, "callback_data": "v1:s:"} for label in buttons]]
    return Message(
        message_id=1,
        chat=Chat(id=7, kind="private", name="Sam"),
        sender=BOT,
        date=datetime(2026, 11, 23, tzinfo=UTC),
        content=Content(text=text),
        markup={"inline_keyboard": keyboard} if buttons else None,
    )


def a_card(*orders: Order) -> Message:
    """A card as the product itself words it."""
    proposal = a_proposal(
        state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
    )
    card = Card(proposal=proposal, orders=orders, opens=None)
    return a_message(read(views.card(card, scan_code="TOP_PERC_GAIN")))


def words_of(state: OrderState, **order: Any) -> str:
    return told_by(a_card(a_sent_order(state=state, **order)))[STOCK]


def booked(
    status: OrderStatus = OrderStatus.SUBMITTED, *, filled: float = 0, ref: str = "tb-1"
) -> BookOrder:
    ticket = OrderTicket(
        client_id=17,
        order_id=1,
        con_id=1,
        action="BUY",
        quantity=100,
        order_ref=ref,
    )
    return BookOrder(
        ticket=ticket, perm_id=1, status=status, placed_at=NOW, filled=filled
    )


WORKS = booked()
PART = booked(filled=40)
FILLED = booked(OrderStatus.FILLED, filled=100)
CANCELLED = booked(OrderStatus.CANCELLED)
PART_DONE = booked(OrderStatus.CANCELLED, filled=40)
REFUSED = booked(OrderStatus.INACTIVE)
EVERY_BOOK = (WORKS, PART, FILLED, CANCELLED, PART_DONE, REFUSED)


@pytest.mark.parametrize(
    ("state", "fills", "true"),
    [
        (OrderState.ACKED, (), (WORKS,)),
        (OrderState.PARTIAL, FORTY, (PART,)),
        (OrderState.FILLED, ALL, (FILLED,)),
        (OrderState.PARTIAL_DONE, FORTY, (PART_DONE,)),
        (OrderState.CANCELLED, (), (CANCELLED, REFUSED)),
        (OrderState.REJECTED, (), (CANCELLED, REFUSED)),
        (OrderState.ABSENT, (), ()),
        (OrderState.LAPSED, (), ()),
        (OrderState.NEEDS_RECONFIRM, (), ()),
        (OrderState.SENDING, (), ()),
        (OrderState.PLANNED, (), ()),
    ],
)
def test_each_word_is_true_of_its_own_book_and_of_no_other(
    state: OrderState, fills: Any, true: tuple[BookOrder, ...]
) -> None:
    words = words_of(state, fills=fills)

    believed = [order for order in EVERY_BOOK if is_true(words, [order])]

    assert believed == list(true)


@pytest.mark.parametrize(
    ("state", "true"),
    [
        (OrderState.ABSENT, True),
        (OrderState.LAPSED, True),
        (OrderState.NEEDS_RECONFIRM, True),
        (OrderState.SENDING, False),
        (OrderState.PLANNED, False),
        (OrderState.ACKED, False),
        (OrderState.CANCELLED, False),
    ],
)
def test_an_empty_book_fits_only_what_was_never_there(
    state: OrderState, *, true: bool
) -> None:
    assert is_true(words_of(state), []) is true


def test_an_order_in_doubt_is_explained_only_by_its_question() -> None:
    card = a_card(a_sent_order(state=OrderState.UNKNOWN))
    question = a_message(f"IB has this order: BUY 100 {STOCK}.", "It is there")
    answered = replace(question, markup=None)

    assert ASKED in told_by(card)[STOCK]
    assert is_told(card, [card, question], {}, Fills.ALL)
    assert not is_told(card, [card], {}, Fills.ALL)
    assert not is_told(card, [card, answered], {}, Fills.ALL)


def test_the_end_of_all_orders_has_a_message_of_its_own() -> None:
    card = a_card(a_sent_order(state=OrderState.FILLED, fills=ALL))
    book = {STOCK: [FILLED]}

    assert is_told(card, [card, a_message("Bought 100 QRVX")], book, Fills.ALL)
    assert not is_told(card, [card], book, Fills.ALL)


@pytest.mark.parametrize(
    ("state", "barred", "asked"),
    [
        (OrderState.PLANNED, True, False),
        (OrderState.ACKED, False, True),
        (OrderState.SENDING, False, True),
        (OrderState.UNKNOWN, False, True),
        (OrderState.FILLED, False, False),
    ],
)
def test_the_answer_to_a_cancel_is_a_promise(
    state: OrderState, *, barred: bool, asked: bool
) -> None:
    words = cancel_asked(a_sent_order(state=state, cancel_asked=True))

    assert is_barred(STOCK, words) is barred
    assert is_cancel_asked(STOCK, words) is asked
    assert not is_barred("FDMX", words)
    assert not is_cancel_asked("FDMX", words)


def test_a_halt_that_the_bot_found_reasons_for_is_seen() -> None:
    news = TradingHalted(at=NOW, reason="IB's next order id is 9")

    assert is_halted(a_message(read(trading_halted(news))))
    assert not is_halted(a_message("Halted. Nothing new is sent"))


def test_only_an_approved_card_tells_of_orders() -> None:
    assert told_by(a_message("QRVX BUY 100 filled 100")) == {}


@pytest.mark.parametrize(
    ("fills", "quiet"),
    [(Fills.NONE, [WORKS]), (Fills.PART, [PART]), (Fills.ALL, [])],
)
def test_a_book_is_quiet_when_nothing_more_will_be_filled(
    fills: Fills, quiet: list[BookOrder]
) -> None:
    found = [order for order in (WORKS, PART) if is_quiet({STOCK: [order]}, fills)]

    assert found == quiet


def test_two_orders_for_one_leg_are_a_duplicate() -> None:
    told = {STOCK: "working"}
    again, other = booked(), booked(ref="tb-2")

    assert duplicates({STOCK: [WORKS]}, told) == 0
    assert duplicates({STOCK: [WORKS, again]}, told) == 1
    assert duplicates({STOCK: [WORKS, other]}, told) == 1
    assert duplicates({STOCK: [WORKS]}, {}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "duplicates",
        "lost",
        "unexplained",
        "false_absent",
        "second_reports",
        "crashes",
        "after_cancel",
        "cancels_lost",
        "touched",
        "stale",
        "while_halted",
        "unnoticed",
        "short",
        "oversold",
        "alive_on_flat",
        "unprotected",
        "unapproved",
        "untold",
    ],
)
def test_one_wrong_thing_is_enough(wrong: str) -> None:
    count = Count(trials=2, kills=2) + Count(**{wrong: 1})

    assert not count.clean
    assert f"{wrong}=1" in str(count)


def test_kills_alone_are_nothing_wrong() -> None:
    assert Count(trials=1, kills=1).clean
