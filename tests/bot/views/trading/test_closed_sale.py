"""What the owner reads when the doubt about a sale has ended. Where he has ended it, nothing
is placed in its room while it may still sell, so its shares lie bare, and he has to know."""

from dataclasses import replace

import pytest

from bot.views.trouble import doubt_closed
from core.model.order import OrderState
from tests.bot.views.hands import read
from tests.builders import a_sent_order, an_exit


@pytest.mark.parametrize("said", ["Sam says it is not there", "Sam says it is there"])
def test_shares_whose_sale_is_closed_by_word_are_said_to_have_no_exit(
    said: str,
) -> None:
    sale = replace(an_exit(), exit=None, state=OrderState.CLOSED_BY_HUMAN, reason=said)

    text = read(doubt_closed(sale))

    assert text.startswith(said)
    assert "none of these 100 QRVX and place no exit for them" in text
    assert "before the next session" in text


def test_of_a_closed_exit_it_is_said_that_its_shares_cannot_be_sold_today() -> None:
    """A card would ask, and its Yes would be refused."""
    reason = "Sam says it is not there"
    text = read(
        doubt_closed(
            replace(an_exit(), state=OrderState.CLOSED_BY_HUMAN, reason=reason)
        )
    )

    assert "I sell none of these 100 QRVX today" in text
    assert "/exits free them" in text
    assert "cancel it there first, or both sell" in text


@pytest.mark.parametrize("wanted", [False, True])
def test_of_a_cancel_that_ib_was_not_asked_for_it_is_said_who_has_to_ask(
    *, wanted: bool
) -> None:
    """The owner was told that IB is asked until it confirms; IB does not list the order."""
    reason = "Sam says it is there"
    closed = replace(a_sent_order(), state=OrderState.CLOSED_BY_HUMAN, reason=reason)
    text = read(doubt_closed(replace(closed, cancel_asked=wanted)))

    assert ("If you see it at IB, cancel it there." in text) is wanted
    assert ("I cannot ask IB to cancel it while IB does not list it" in text) is wanted


def test_of_an_order_that_never_reached_ib_nothing_is_said_to_be_reported() -> None:
    reason = "It never reached IB."
    absent = replace(an_exit(), state=OrderState.ABSENT, reason=reason)

    text = read(doubt_closed(absent))

    assert text.startswith("No longer in doubt: QRVX never reached IB")
    assert "IB lists no such order over a new connection either: none exists" in text
    assert "reported" not in text


def test_of_an_order_that_ib_lists_after_all_it_is_said_so() -> None:
    text = read(doubt_closed(replace(an_exit(), state=OrderState.ACKED)))

    assert text.endswith("IB has reported it after all.")
