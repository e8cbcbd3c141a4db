"""The answer to "Check with IB" in words."""

from decimal import Decimal

from bot.views.trading.checked import checked
from core.model.card import Check, Checked, Preview
from tests.builders import a_leg, a_proposal
from tests.fakes.broker import A_PREVIEW


def said(*legs: Checked, currency: str = "USD") -> str:
    return checked(Check(proposal=a_proposal(), legs=legs, currency=currency))


def test_the_first_line_says_that_nothing_was_sent() -> None:
    text = said(Checked(leg=a_leg(), preview=A_PREVIEW))

    assert text.startswith("<b>Asked IB. Nothing was sent.</b>")
    assert "margin +$241.50" in text
    assert "then $1,241.50 of $101,240.00 equity" in text
    assert "commission $1.00" in text


def test_what_ib_did_not_tell_is_said_and_not_made_up() -> None:
    text = said(Checked(leg=a_leg(), preview=Preview(warnings=("closing only",))))

    assert "IB has not told its margin" in text
    assert "IB has not told its commission; my estimate: about $483 + $1 fees" in text
    assert "! IB warns: closing only" in text


def test_a_commission_may_be_a_range_and_another_currencys() -> None:
    preview = Preview(
        margin_change=Decimal(-5),
        least_commission=Decimal("0.35"),
        most_commission=Decimal("1.02"),
        currency="EUR",
    )

    text = said(Checked(leg=a_leg(), preview=preview), currency="EUR")

    assert "margin \N{MINUS SIGN}5.00 EUR" in text
    assert "commission 0.35 EUR to 1.02 EUR" in text


def test_a_refusal_in_advance_and_a_silence_are_told_apart() -> None:
    refused = Checked(leg=a_leg(), problem="closing <only> (TWS 201)", is_refused=True)
    silent = Checked(leg=a_leg(), problem="IB did not answer.")

    text = said(refused, silent)

    assert "IB would refuse it: closing &lt;only&gt; (TWS 201)" in text
    assert "IB did not answer." in text
    assert "its margin is not known" in text


def test_a_question_too_soon_says_when() -> None:
    text = checked(Check(proposal=a_proposal(), wait=41.2))

    assert "In 41 s it may be asked again. Nothing was sent." in text


def test_a_gateway_that_does_not_fit_the_mode_was_not_asked() -> None:
    found = Check(proposal=a_proposal(), unfit="It is not proven")
    assert checked(found).splitlines() == [
        "<b>Not asked: this gateway is not what the mode says.</b>",
        "It is not proven.",
        "The question is an order's message with a flag. Nothing was sent.",
    ]
