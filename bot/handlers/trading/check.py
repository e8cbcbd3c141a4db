"""Check with IB: what the orders of a card would do to the account, before the Yes."""

from bot.callback_data import CheckWithIb
from bot.handlers.services import Services, Tapped, answer, follow, toast
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.trading import checked


async def check(ask: CheckWithIb, tapped: Tapped, services: Services) -> None:
    """Post IB's preview as a message of its own; the card stays as it is."""
    proposal = services.queries.proposal(ask.token)
    if proposal is None:
        await answer(tapped, toasts.CARD_CHANGED)
        return
    await toast(tapped, toasts.ASKING_IB)
    found = await services.engine.check(proposal)
    await follow(tapped, Page(text=checked.checked(found), reply_to=tapped.on))
