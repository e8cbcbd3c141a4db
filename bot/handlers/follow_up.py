"""A bare "cancel" or "sell" that replies to a card is about that card's stock."""

from dataclasses import replace
from typing import Final

from bot.handlers.services import Received, Services
from bot.outgoing.page import Page
from bot.views.trading import answers
from core.model.proposal import Proposal, Shown


_OF_A_CARD: Final = frozenset({"cancel", "sell"})


def about_its_card(
    name: str, received: Received, services: Services
) -> Received | Page:
    """Add the card's stock to a bare "cancel" or "sell" that replies to the card; where
    the card has several stocks, the message that asks for which.
    """
    card = _answered_card(received, services)
    if card is None or name not in _OF_A_CARD or received.behind:
        return received
    symbols = [leg.instrument.symbol for leg in card.legs]
    if len(symbols) == 1:
        return replace(received, behind=(symbols[0],))
    return Page(text=answers.which_of(name, symbols))


def _answered_card(received: Received, services: Services) -> Proposal | None:
    """The card whose message this one is a reply to."""
    answered = received.message.reply_to_message
    if answered is None:
        return None
    chat = received.message.chat.id
    here = Shown(owner=chat, chat=chat, message=answered.message_id)
    there = services.original(here)
    card = services.queries.card_at(there)
    return card if card is not None and card.shown == there and card.legs else None
