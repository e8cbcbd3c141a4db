"""/buy: a card that asks whether to buy a stock that the owner named."""

from bot import keyboards
from bot.callback_data import Buy
from bot.handlers.said import words_after
from bot.handlers.services import Heard, Services, Tapped, follow, reply, toast
from bot.outgoing.page import Page
from bot.views.trading import answers
from core.flows.named.purchases import NoPurchase
from core.model.errors import BrokerError
from core.model.market import ConId
from core.model.money import Size
from core.rules.figures.size import size_in


async def buy(heard: Heard, services: Services) -> None:
    """/buy SYM [n | $amount]"""
    said = words_after(heard)
    size = size_in(" ".join(said[1:]))
    if not said or size is None:
        await reply(heard, Page(text=answers.how_to_buy()))
    elif page := await _asked(services, said[0], size, key=f"buy:{heard.number}"):
        await reply(heard, page)


async def buy_this(chosen: Buy, tapped: Tapped, services: Services) -> None:
    """The stock that was meant: the tap makes a card, and no more."""
    await toast(tapped, "Looking at the price …")
    key = f"buy:{tapped.number}"
    if page := await _asked(services, chosen.con_id, chosen.size, key=key):
        await follow(tapped, page)


async def _asked(
    services: Services, stock: ConId | str, size: Size, *, key: str
) -> Page | None:
    """Why there is no card; None when it stands."""
    try:
        none = await services.engine.named.buy(stock, size, key=key)
    except BrokerError as away:
        none = NoPurchase(problem=str(away))
    if none is None:
        return None
    keyboard = keyboards.for_stocks(none.which, size) if none.which else None
    return Page(text=answers.no_purchase(none.problem), keyboard=keyboard)
