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
from bot.views import labels
from core.model.card import Card
from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit
from core.model.money import Size
from core.model.proposal import Choice, Leg, OrderTerms, Proposal, Purpose
from core.rules.figures.size import said
from core.rules.figures.sizing import can_be_repriced
from core.rules.figures.terms import A_CAP, AT_THE_OPEN


EXITS: Final = {
    labels.NO_EXITS: NO_EXITS,
    labels.STOP_5: ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
    labels.TRAIL_5: ExitPlan(trail=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
}
"""The exits that a tap can choose; others can be typed."""


AGAIN: Final = button(labels.SCAN_AGAIN, ScanAgain())


def answer(
    label: str, choice: Choice, proposal: Proposal, style: KeyboardButtonStyle | None
) -> InlineKeyboardButton:
    return button(label, Chosen(choice=choice, token=proposal.token), style)


def yes_no(proposal: Proposal) -> list[InlineKeyboardButton]:
    symbols = [leg.instrument.symbol for leg in proposal.wanted]
    no = answer(labels.NO, Choice.NO, proposal, KeyboardButtonStyle.DANGER)
    if not symbols:
        return [no]
    if proposal.purpose is Purpose.EXITS:
        takes_off = proposal.legs[0].exits == NO_EXITS
        yes = labels.yes_to_exits(takes_off=takes_off)
    else:
        yes = labels.yes(proposal.purpose, symbols, of=len(proposal.legs))
    return [answer(yes, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS), no]


def left_out(proposal: Proposal) -> list[Sequence[InlineKeyboardButton]]:
    """Each stock that /panic would sell, to be left out, or to be put back."""
    if proposal.purpose is not Purpose.SELL_ALL or len(proposal.legs) == 1:
        return []
    return side_by_side(
        [
            button(
                labels.keep_or_sell(leg),
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
        answer(labels.only(leg), choice, proposal, None)
        for leg, choice in zip(proposal.legs, _ONE_OF_TWO, strict=True)
    ]


def check(card: Card) -> list[InlineKeyboardButton]:
    """The button that checks a purchase with IB."""
    ask = CheckWithIb(token=card.proposal.token)
    return [button(labels.CHECK_WITH_IB, ask)] if card.sizes else []


def sizes(card: Card) -> list[InlineKeyboardButton]:
    """The other sizes to choose from; the current one is marked."""
    token, chosen = card.proposal.token, card.proposal.size
    return [
        button(
            _size(size, is_chosen=size == (chosen or card.sizes[0])),
            ChosenSize(size=size, token=token),
        )
        for size in card.sizes
    ]


def _size(size: Size, *, is_chosen: bool) -> str:
    return labels.chosen(said(size)) if is_chosen else said(size)


def order_type(card: Card) -> list[InlineKeyboardButton]:
    """How purchases are priced; a tap goes on to the next way."""
    stands = card.terms
    if not card.sizes or stands is None:
        return []
    chosen = ChosenTerms(terms=stands.following, token=card.proposal.token)
    return [button(labels.TERMS[stands], chosen)]


def exits(card: Card) -> list[InlineKeyboardButton]:
    """The other exits to choose from; the current ones are marked."""
    token, legs = card.proposal.token, card.proposal.legs
    return [
        button(
            labels.chosen(label) if all(leg.exits == plan for leg in legs) else label,
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
    no = answer(labels.NO, Choice.NO, proposal, KeyboardButtonStyle.DANGER)
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
    choice = Choice(f"{leg.number}")
    return answer(labels.yes_to_one(leg), choice, proposal, KeyboardButtonStyle.SUCCESS)


def _only_one(leg: Leg, proposal: Proposal) -> InlineKeyboardButton:
    return answer(labels.only(leg), Choice(f"{leg.number}"), proposal, None)


def gap(proposal: Proposal) -> list[InlineKeyboardButton]:
    """On the question whether to wait for an open: a cap on what that may bring, or
    none again."""
    if not can_be_repriced(proposal) or not proposal.queue_for:
        return []
    token = proposal.token
    if proposal.terms is OrderTerms.CAPPED:
        return [
            button(labels.NO_CAP, ChosenTerms(terms=OrderTerms.MARKET, token=token))
        ]
    if any(leg.tif == AT_THE_OPEN for leg in proposal.legs):
        return []  # capped by the settings
    capped = ChosenTerms(terms=OrderTerms.CAPPED, token=token)
    return [button(labels.pay_at_most(A_CAP), capped)]


def queue_row(proposal: Proposal) -> list[InlineKeyboardButton]:
    assert proposal.queue_for
    queue = labels.queue_for(proposal.queue_for)
    queue = labels.SEND_ALL if proposal.is_mixed else queue
    return [
        answer(queue, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS),
        answer(labels.NO, Choice.NO, proposal, KeyboardButtonStyle.DANGER),
    ]


def more(proposal: Proposal) -> list[InlineKeyboardButton]:
    """What else can be shown of a card's scan."""
    count = len(proposal.ranking.rows)
    if count == 0:
        return []
    return [
        button(labels.all_of(count), More(what=Extra.TABLE, token=proposal.token)),
        button(labels.CHARTS, More(what=Extra.CHARTS, token=proposal.token)),
    ]
