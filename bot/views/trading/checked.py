"""The answer to "Check with IB": IB's preview of what an order would do to the account.

Tested by tests/bot/views/trading/test_checked.py.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.views import words
from bot.views.trading import terms
from core.model.card import Check, Checked, Preview
from core.model.money import DOLLARS
from core.rules.figures import fees


def checked(check: Check) -> str:
    """The message as HTML. Its first line says that nothing was sent."""
    if check.unfit is not None:
        return words.lines(
            "<b>Not asked: this gateway is not what the mode says.</b>",
            words.sentence(check.unfit),
            "The question is an order's message with a flag. Nothing was sent.",
        )
    if check.wait is not None:
        return words.lines(
            "<b>Not asked: IB takes one such question a minute.</b>",
            f"In {words.whole(check.wait)} s it may be asked again. Nothing was sent.",
        )
    return words.paragraphs(
        "<b>Asked IB. Nothing was sent.</b>",
        *(words.lines(*_leg(each, check)) for each in check.legs),
        "An answer of this moment: it reserves nothing and promises nothing.",
    )


def _leg(checked: Checked, check: Check) -> Iterator[str]:
    leg = checked.leg
    yield words.bold(f"{leg.side} {leg.shares:,} {leg.instrument.symbol}")
    if checked.preview is not None:
        yield from _figures(checked, checked.preview, check)
    elif checked.is_refused:
        yield f"IB would refuse it: {words.safe(checked.problem or '')}"
    else:
        yield words.safe(checked.problem or "")
        yield f"{_own_estimate(checked, check)}; its margin is not known"


def _figures(checked: Checked, preview: Preview, check: Check) -> Iterator[str]:
    currency = check.currency
    if preview.margin_change is None:
        yield "IB has not told its margin"
    else:
        yield f"margin {_signed(preview.margin_change, currency)}"
    if preview.margin_after is not None and preview.equity_after is not None:
        after = _amount(preview.margin_after, currency)
        yield f"then {after} of {_amount(preview.equity_after, currency)} equity"
    yield _commission(preview) or (
        f"IB has not told its commission; {_own_estimate(checked, check)}"
    )
    for warning in preview.warnings:
        yield f"! IB warns: {words.safe(warning)}"


def _commission(preview: Preview) -> str:
    currency = preview.currency or DOLLARS
    if preview.commission is not None:
        return f"commission {_amount(preview.commission, currency)}"
    least, most = preview.least_commission, preview.most_commission
    if least is not None and most is not None:
        return f"commission {_amount(least, currency)} to {_amount(most, currency)}"
    return ""


def _own_estimate(checked: Checked, check: Check) -> str:
    leg, day = checked.leg, check.proposal.session_day
    cost, fee = words.dollars(leg.estimate), terms.fee(fees.fee(leg, day))
    return f"my estimate: about {cost} + {fee} fees"


def _amount(amount: Decimal, currency: str) -> str:
    return (
        words.cents(amount)
        if currency == DOLLARS
        else f"{words.exact(amount)} {words.safe(currency)}"
    )


def _signed(amount: Decimal, currency: str) -> str:
    sign = "\N{MINUS SIGN}" if amount < 0 else "+"
    return f"{sign}{_amount(abs(amount), currency)}"
