"""Each button means what its label says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import (
    CancelOrder,
    Chosen,
    Doubt,
    More,
    Press,
    Refresh,
    ScanAgain,
    parse,
)
from bot.presses.kinds import ChosenTerms, DoubtAnswer, Extra, Overview
from core.model.card import Card
from core.model.money import Shares
from core.model.order import OrderState
from core.model.proposal import Choice, OrderTerms, ProposalState, Token
from tests.builders import OPENS, a_fill, a_leg, a_proposal, a_sent_order, an_order


TOKEN = Token("A" * 22)
Meant = dict[str, tuple[Press | None, str | None]]


def meant(keyboard: InlineKeyboardMarkup | None) -> Meant:
    """Label -> what a press of it means, and its colour."""
    assert keyboard
    return {
        button.text: (parse(str(button.callback_data)), button.style)
        for row in keyboard.inline_keyboard
        for button in row
    }


def chosen(choice: Choice) -> Chosen:
    return Chosen(choice=choice, token=TOKEN)


def a_card(**named: object) -> Card:
    return Card(proposal=a_proposal(token=TOKEN, **named), orders=(), opens=None)


def test_the_buttons_of_an_offer() -> None:
    assert meant(keyboards.for_card(a_card())) == {
        "Yes, buy both": (chosen(Choice.YES), "success"),
        "No": (chosen(Choice.NO), "danger"),
        "Only QRVX": (chosen(Choice.FIRST), None),
        "Only FDMX": (chosen(Choice.SECOND), None),
        "All 2": (More(what=Extra.TABLE, token=TOKEN), None),
        "Charts": (More(what=Extra.CHARTS, token=TOKEN), None),
        "Scan again": (ScanAgain(), None),
    }


def test_the_buttons_of_an_offer_of_one() -> None:
    shown = meant(keyboards.for_card(a_card(legs=(a_leg(),))))

    assert shown["Yes, buy QRVX"] == (chosen(Choice.YES), "success")


def test_the_buttons_of_the_question_whether_to_wait() -> None:
    asked = a_card(queue_for=OPENS + timedelta(days=1))

    assert meant(keyboards.for_card(asked)) == {
        "Queue for Tue 09:30": (chosen(Choice.YES), "success"),
        "No": (chosen(Choice.NO), "danger"),
        "Pay at most 3% more at the open": (
            ChosenTerms(terms=OrderTerms.CAPPED, token=TOKEN),
            None,
        ),
    }


def test_the_button_of_a_failed_scan() -> None:
    assert meant(keyboards.for_failed_scan()) == {"Scan again": (ScanAgain(), None)}


def test_the_buttons_of_a_doubt() -> None:
    unknown = a_sent_order(state=OrderState.UNKNOWN)

    assert meant(keyboards.for_doubt(unknown)) == {
        "It is there": (Doubt(seen=DoubtAnswer.THERE, ref=unknown.ref), None),
        "It is not there": (Doubt(seen=DoubtAnswer.NOT_THERE, ref=unknown.ref), None),
        "It was filled: 100 at about 4.83": (
            Doubt(seen=DoubtAnswer.FILLED, ref=unknown.ref),
            None,
        ),
        "Ask me later": (Doubt(seen=DoubtAnswer.LATER, ref=unknown.ref), None),
    }


def test_the_buttons_of_the_list_of_orders() -> None:
    works = a_sent_order(state=OrderState.PARTIAL, fills=(a_fill(shares=Shares(40)),))
    unknown = a_sent_order(leg=2, state=OrderState.UNKNOWN)

    assert meant(keyboards.for_orders([works, unknown])) == {
        "Cancel QRVX 60": (CancelOrder(ref=works.ref), "danger"),
        "FDMX is there": (Doubt(seen=DoubtAnswer.THERE, ref=unknown.ref), None),
        "FDMX is not": (Doubt(seen=DoubtAnswer.NOT_THERE, ref=unknown.ref), None),
        "FDMX filled @ 26.61": (Doubt(seen=DoubtAnswer.FILLED, ref=unknown.ref), None),
        "Cancel FDMX 100": (CancelOrder(ref=unknown.ref), "danger"),
        "Refresh": (Refresh(overview=Overview.ORDERS), None),
    }


def test_an_order_that_is_about_to_leave_has_no_button_yet() -> None:
    card = a_card(state=ProposalState.APPROVED)
    planned = replace(card, orders=(an_order(state=OrderState.PLANNED),))

    assert meant(keyboards.for_card(planned)).keys() == {"All 2", "Charts"}


@pytest.mark.parametrize("count", [40, 41, 60])
def test_a_long_list_of_orders_is_cut(count: int) -> None:
    works = [a_sent_order(state=OrderState.ACKED)] * count
    keyboard = keyboards.for_orders(works)

    assert keyboard
    assert len(keyboard.inline_keyboard) == 40 + 1
