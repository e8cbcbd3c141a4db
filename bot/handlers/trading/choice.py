"""Yes, No, Only this one, Queue: the owner's decision on a card."""

import asyncio
from datetime import timedelta

from bot.callback_data import Chosen, ChosenSize
from bot.handlers.services import Services, Tapped, answer, toast
from bot.outgoing.pace import ORDER_FIRST
from bot.presses.kinds import ChosenTerms, LeaveOutLeg
from bot.views import trouble
from core.model.proposal import ChooseTerms, LeaveOut, Resize, Shown, Tap, Verdict


async def choose(
    chosen: Chosen, tapped: Tapped, services: Services, *, waited: timedelta
) -> None:
    """Carry out the decision, then answer the tap; a failure of Telegram cannot affect
    the orders. *waited*: for how long at most the tap waited before it was received.
    """
    decision = services.engine.decide(
        Tap(
            token=chosen.token,
            choice=chosen.choice,
            shown=where(tapped, services),
            by=tapped.by,
            at=services.clock.now(),
            update=tapped.number,
            waited=waited,
        )
    )
    await asyncio.sleep(ORDER_FIRST)
    told_elsewhere = decision.verdict is not Verdict.UNKNOWN  # the card tells it too
    await (toast if told_elsewhere else answer)(tapped, trouble.toast(decision))


async def choose_size(chosen: ChosenSize, tapped: Tapped, services: Services) -> None:
    """Change the size of the card's orders; it asks again, and nothing is approved."""
    tap = Resize(token=chosen.token, size=chosen.size, shown=where(tapped, services))
    decision = services.engine.resize(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.resized(decision))


async def choose_terms(chosen: ChosenTerms, tapped: Tapped, services: Services) -> None:
    """Change the price terms of the card's purchases; it asks again, and nothing is
    approved.
    """
    tap = ChooseTerms(
        token=chosen.token, terms=chosen.terms, shown=where(tapped, services)
    )
    decision = services.engine.choose_terms(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.repriced(decision))


async def leave_out(chosen: LeaveOutLeg, tapped: Tapped, services: Services) -> None:
    """Leave a stock out of the card, or put it back; nothing is approved."""
    tap = LeaveOut(
        token=chosen.token, number=chosen.number, shown=where(tapped, services)
    )
    decision = services.engine.leave_out(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.left_out(decision))


def where(tapped: Tapped, services: Services) -> Shown:
    """The message that the journal has for the card; the tap may come from a copy."""
    message = tapped.query.message
    assert message
    here = Shown(
        owner=tapped.query.from_user.id,
        chat=message.chat.id,
        message=message.message_id,
    )
    return services.original(here)
