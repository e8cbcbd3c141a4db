"""A bare "cancel", "sell", "chart" or "quote" that replies to a card is about its stocks."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.callback_data import StockDetail
from bot.handlers.services import Received, Services
from bot.outgoing.page import Page
from bot.views.orders import order_words
from bot.views.trading import answers
from core.model.market import Instrument
from core.model.proposal import Proposal, Shown


_LOOKS: Final[Mapping[str, StockDetail]] = MappingProxyType(
    {"chart": StockDetail.CHART, "quote": StockDetail.QUOTE}
)
_OF_A_CARD: Final = frozenset({"cancel", "sell", *_LOOKS})


def about_its_card(
    name: str, received: Received, services: Services
) -> Received | Page:
    """Add the card's stock to a bare "cancel", "sell", "chart" or "quote" that replies to
    the card; where it has several, the message that asks for which, with a button each."""
    proposal = _answered_card(received, services)
    if proposal is None or name not in _OF_A_CARD or received.arguments:
        return received
    stocks = _stocks(name, proposal)
    if len(stocks) == 1:
        return replace(received, arguments=(stocks[0].symbol,))
    keyboard = _keyboard(name, proposal, stocks, services)
    return Page(text=answers.WHICH_OF_THEM, keyboard=keyboard) if keyboard else received


def _stocks(name: str, proposal: Proposal) -> list[Instrument]:
    """The card's picks; to look at, all that it shows."""
    picks = [leg.instrument for leg in proposal.legs]
    shown = [each.instrument for each in proposal.ranking.candidates]
    wanted = (*picks, *shown) if name in _LOOKS else picks
    return list({each.con_id: each for each in wanted}.values())


def _keyboard(
    name: str, proposal: Proposal, stocks: list[Instrument], services: Services
) -> InlineKeyboardMarkup | None:
    """A button for each stock; of a cancel, for each order of the card that works."""
    if name in _LOOKS:
        return keyboards.for_which_to_see(stocks, _LOOKS[name])
    if name == "sell":
        return keyboards.for_which_to_sell(stocks)
    ours = (o for o in services.queries.orders() if o.proposal_id == proposal.id)
    working = [each for each in ours if order_words.can_be_cancelled(each)]
    return keyboards.for_orders(working) if working else None


def _answered_card(received: Received, services: Services) -> Proposal | None:
    """The card whose message this one is a reply to."""
    answered = received.message.reply_to_message
    if answered is None:
        return None
    chat = received.message.chat.id
    here = Shown(owner=chat, chat=chat, message=answered.message_id)
    there = services.original(here)
    found = services.queries.card_at(there)
    if found is None or found.shown != there or not found.legs:
        return None
    return found
