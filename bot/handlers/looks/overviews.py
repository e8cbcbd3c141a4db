"""/positions, /orders, /account, /status and /why: commands that only read."""

from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Message

from bot import keyboards
from bot.callback_data import Refresh
from bot.handlers.services import Received, Services, Tapped, redraw, reply, toast
from bot.handlers.trading.exits import exits_page
from bot.outgoing.page import Page
from bot.presses import kinds
from bot.views import account, market, portfolio, status, trouble
from bot.views.orders import overview
from core.model.errors import BrokerError
from core.model.proposal import Shown


async def positions(received: Received, services: Services) -> None:
    """/positions: what the account holds."""
    await reply(received, await positions_page(services))


async def list_orders(received: Received, services: Services) -> None:
    """/orders: our orders that have not ended or were sent today, and others that work."""
    await reply(received, await orders_page(services))


async def show_account(received: Received, services: Services) -> None:
    """/account: the account's figures."""
    await reply(received, await _account(services))


async def why(received: Received, services: Services) -> None:
    """/why: explain the card that the message replies to, else the newest one."""
    answered = received.message.reply_to_message
    shown = None
    if answered is not None:
        chat = received.message.chat.id
        here = Shown(owner=chat, chat=chat, message=answered.message_id)
        shown = services.original(here)
    card = services.queries.card_at(shown)
    text = market.why(card) if card else market.NO_CARD
    await reply(received, Page(text=text))


async def show_status(received: Received, services: Services) -> None:
    """/status: whether orders can be sent, and what prevents it."""
    await reply(received, await _status(services))


async def refresh(again: Refresh, tapped: Tapped, services: Services) -> None:
    """Redraw the message whose Refresh button was pressed."""
    await toast(tapped)
    await redraw(tapped, await _PAGES[again.overview](services))


async def positions_page(services: Services) -> Page:
    """What the account holds, with the buttons to sell; why not, if IB is away."""
    keyboard = keyboards.for_overview(kinds.Overview.POSITIONS)
    try:
        held = await services.queries.positions()
    except BrokerError as away:
        return Page(text=trouble.no_line(str(away)), keyboard=keyboard)
    otherwise = await services.queries.listed_otherwise()
    mode = services.queries.status().mode
    return Page(
        text=portfolio.positions(held, mode=mode, otherwise=otherwise),
        keyboard=keyboards.for_positions(held),
    )


async def orders_page(services: Services) -> Page:
    """Our orders from the journal, even when IB cannot be asked; others from IB."""
    ours = services.queries.orders()
    missing = None
    try:
        listed = await services.queries.open_orders()
    except BrokerError as away:
        listed, missing = (), str(away)
    status = services.queries.status()
    text = overview.orders(
        ours, listed, mode=status.mode, missing=missing, at=status.at
    )
    return Page(
        text=text,
        keyboard=keyboards.for_orders(ours),
        follows=lambda: keyboards.for_orders(services.queries.orders()),
    )


async def renew_orders(tapped: Tapped, services: Services) -> bool:
    """Redraw the list of orders in the message that was tapped; False if that is
    another message, such as a card, which shows changes of its orders by itself.
    """
    message = tapped.query.message
    if not isinstance(message, Message):
        return False
    if not keyboards.belongs_to(kinds.Overview.ORDERS, message.reply_markup):
        return False
    await redraw(tapped, await orders_page(services))
    return True


async def _account(services: Services) -> Page:
    keyboard = keyboards.for_overview(kinds.Overview.ACCOUNT)
    try:
        figures = await services.queries.account()
    except BrokerError as away:
        return Page(text=trouble.no_line(str(away)), keyboard=keyboard)
    text = account.account(figures, mode=services.queries.status().mode)
    return Page(text=text, keyboard=keyboard)


async def _status(services: Services) -> Page:
    await services.queries.see_data()
    return Page(
        text=status.status(services.queries.status(), sockets=services.sockets()),
        keyboard=keyboards.for_overview(kinds.Overview.STATUS),
    )


_PAGES: Final[dict[kinds.Overview, Callable[[Services], Awaitable[Page]]]] = {
    kinds.Overview.POSITIONS: positions_page,
    kinds.Overview.ORDERS: orders_page,
    kinds.Overview.ACCOUNT: _account,
    kinds.Overview.STATUS: _status,
    kinds.Overview.EXITS: exits_page,
}
