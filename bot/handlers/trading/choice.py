"""Yes, No, Only this one, Queue: the owner's word on a card."""

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
    """The decision and its orders first; what Telegram makes of the answer cannot
    touch them. The tap may have *waited* so long before it was heard."""
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
    """The card with orders of that size; it asks again, and nothing is approved."""
    tap = Resize(token=chosen.token, size=chosen.size, shown=where(tapped, services))
    decision = services.engine.resize(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.resized(decision))


async def choose_terms(chosen: ChosenTerms, tapped: Tapped, services: Services) -> None:
    """The card with its purchases priced so; it asks again, and nothing is approved."""
    tap = ChooseTerms(
        token=chosen.token, terms=chosen.terms, shown=where(tapped, services)
    )
    decision = services.engine.choose_terms(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.repriced(decision))


async def leave_out(chosen: LeaveOutLeg, tapped: Tapped, services: Services) -> None:
    """The card without that stock, or with it again; nothing is approved."""
    tap = LeaveOut(
        token=chosen.token, number=chosen.number, shown=where(tapped, services)
    )
    decision = services.engine.leave_out(tap)
    await (toast if decision.proposal else answer)(tapped, trouble.left_out(decision))


def where(tapped: Tapped, services: Services) -> Shown:
    """Where the journal has the card; a tap may come from a copy of it."""
    message = tapped.query.message
    assert message
    here = Shown(
        owner=tapped.query.from_user.id,
        chat=message.chat.id,
        message=message.message_id,
    )
    return services.original(here)
