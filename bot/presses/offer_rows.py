"""The rows of buttons under an open offer: answers and choices.

Tested by tests/bot/test_keyboards.py.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from telegram import InlineKeyboardButton
from telegram.constants import KeyboardButtonStyle

from bot.callback_data import CheckWithIb, Chosen, ChosenSize, More, ScanAgain
from bot.presses.exits import ChosenExits
from bot.presses.kinds import ChosenTerms, Extra, LeaveOutLeg
from bot.presses.making import button, side_by_side
from bot.views import words
from core.model.card import Card
from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit
from core.model.proposal import Choice, Leg, OrderTerms, Proposal, Purpose
from core.rules.figures.size import said
from core.rules.figures.sizing import can_be_repriced
from core.rules.figures.terms import A_CAP, AT_THE_OPEN


EXITS: Final = {
    "No exits": NO_EXITS,
    "Stop 5%": ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
    "Trail 5%": ExitPlan(trail=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
}
"""The exits that a tap can choose; others can be typed."""


AGAIN: Final = button("Scan again", ScanAgain())


def answer(
    label: str, choice: Choice, proposal: Proposal, style: KeyboardButtonStyle | None
) -> InlineKeyboardButton:
    return button(label, Chosen(choice=choice, token=proposal.token), style)


def yes_no(proposal: Proposal) -> list[InlineKeyboardButton]:
    symbols = [leg.instrument.symbol for leg in proposal.wanted]
    no = answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER)
    if not symbols:
        return [no]
    yes = _yes(proposal.purpose, symbols, of=len(proposal.legs))
    return [answer(yes, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS), no]


def _yes(purpose: Purpose, symbols: Sequence[str], *, of: int) -> str:
    if purpose is Purpose.SELL_ALL and 1 < len(symbols) < of:
        return f"Yes, sell {len(symbols)} of {of}"
    if purpose is Purpose.SELL_ALL:
        return f"Yes, sell {'all' if len(symbols) > 1 else symbols[0]}"
    if purpose is Purpose.EXITS:
        return "Yes, set them"
    act = purpose.side.lower()
    return f"Yes, {act} both" if len(symbols) > 1 else f"Yes, {act} {symbols[0]}"


def left_out(proposal: Proposal) -> list[Sequence[InlineKeyboardButton]]:
    """Each stock that /panic would sell, to be left out, or to be put back."""
    if proposal.purpose is not Purpose.SELL_ALL or len(proposal.legs) == 1:
        return []
    return side_by_side(
        [
            button(
                f"{'Sell' if leg.left_out else 'Keep'} {leg.instrument.symbol}",
                LeaveOutLeg(number=leg.number, token=proposal.token),
            )
            for leg in proposal.legs[:_MOST_LEFT_OUT]
        ]
    )


_MOST_LEFT_OUT: Final = 60
"""Buttons: Telegram takes a hundred under a message."""


def only(proposal: Proposal) -> list[InlineKeyboardButton]:
    is_choice = proposal.purpose is Purpose.PICKS
    if len(proposal.legs) != len(_ONE_OF_TWO) or not is_choice:
        return []
    return [
        answer(f"Only {leg.instrument.symbol}", choice, proposal, None)
        for leg, choice in zip(proposal.legs, _ONE_OF_TWO, strict=True)
    ]


def check(card: Card) -> list[InlineKeyboardButton]:
    """The button that checks a purchase with IB."""
    ask = CheckWithIb(token=card.proposal.token)
    return [button("Check with IB", ask)] if card.sizes else []


def sizes(card: Card) -> list[InlineKeyboardButton]:
    """The other sizes to choose from; the current one is marked."""
    token, chosen = card.proposal.token, card.proposal.size
    return [
        button(
            f"• {said(size)}" if size == (chosen or card.sizes[0]) else said(size),
            ChosenSize(size=size, token=token),
        )
        for size in card.sizes
    ]


_TERMS: Final = {
    OrderTerms.MARKET: "Market order \N{BLACK RIGHT-POINTING SMALL TRIANGLE}",
    OrderTerms.LIMIT: "Limit order \N{BLACK RIGHT-POINTING SMALL TRIANGLE}",
    OrderTerms.ANY_HOURS: "Limit, any hours \N{BLACK RIGHT-POINTING SMALL TRIANGLE}",
    OrderTerms.CAPPED: "Market order \N{BLACK RIGHT-POINTING SMALL TRIANGLE}",
}
"""Short, because two such buttons stand in a row of 320 pixels."""


def order_type(card: Card) -> list[InlineKeyboardButton]:
    """How purchases are priced; a tap goes on to the next way."""
    stands = card.terms
    if not card.sizes or stands is None:
        return []
    chosen = ChosenTerms(terms=stands.following, token=card.proposal.token)
    return [button(_TERMS[stands], chosen)]


def exits(card: Card) -> list[InlineKeyboardButton]:
    """The other exits to choose from; the current ones are marked."""
    token, legs = card.proposal.token, card.proposal.legs
    return [
        button(
            f"• {label}" if all(leg.exits == plan for leg in legs) else label,
            ChosenExits(plan=plan, token=token),
        )
        for label, plan in EXITS.items()
        if card.sizes
    ]


_ONE_OF_TWO: Final = (Choice.FIRST, Choice.SECOND)


def fitting(card: Card) -> list[list[InlineKeyboardButton]]:
    """The legs that would still be sent of a card that would be refused as a whole,
    with the cost if it is one stock. No Yes if none would be sent."""
    proposal = card.proposal
    no = answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER)
    if proposal.purpose is Purpose.SELL_ALL and card.fitting:
        return [yes_no(proposal)]
    fit = [
        leg
        for leg in proposal.legs
        if leg.number in card.fitting and proposal.purpose is Purpose.PICKS
    ]
    if len(fit) == 1:
        return [[_yes_to_one(fit[0], proposal)], [no]]
    return [[*(_only_one(leg, proposal) for leg in fit), no]]


def _yes_to_one(leg: Leg, proposal: Proposal) -> InlineKeyboardButton:
    cost = words.dollars(leg.estimate)
    label = f"Yes, buy {leg.instrument.symbol} ({cost})"
    choice = Choice(f"{leg.number}")
    return answer(label, choice, proposal, KeyboardButtonStyle.SUCCESS)


def _only_one(leg: Leg, proposal: Proposal) -> InlineKeyboardButton:
    label = f"Only {leg.instrument.symbol}"
    return answer(label, Choice(f"{leg.number}"), proposal, None)


def gap(proposal: Proposal) -> list[InlineKeyboardButton]:
    """On the question whether to wait for an open: a cap on what that may bring, or
    none again."""
    if not can_be_repriced(proposal) or not proposal.queue_for:
        return []
    token = proposal.token
    if proposal.terms is OrderTerms.CAPPED:
        return [button("No cap", ChosenTerms(terms=OrderTerms.MARKET, token=token))]
    if any(leg.tif == AT_THE_OPEN for leg in proposal.legs):
        return []  # capped by the settings
    capped = ChosenTerms(terms=OrderTerms.CAPPED, token=token)
    return [button(f"Pay at most {A_CAP}% more at the open", capped)]


def queue_row(proposal: Proposal) -> list[InlineKeyboardButton]:
    assert proposal.queue_for
    queue = f"Queue for {words.weekday_time(proposal.queue_for)}"
    return [
        answer(queue, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS),
        answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER),
    ]


def more(proposal: Proposal) -> list[InlineKeyboardButton]:
    """What else can be shown of a card's scan."""
    count = len(proposal.ranking.rows)
    if count == 0:
        return []
    return [
        button(f"All {count}", More(what=Extra.TABLE, token=proposal.token)),
        button("Charts", More(what=Extra.CHARTS, token=proposal.token)),
    ]
