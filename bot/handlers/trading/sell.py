"""/sell and the Sell buttons: a card that asks whether to sell."""

from bot import keyboards
from bot.callback_data import Sell
from bot.handlers.looks.overviews import positions_page
from bot.handlers.questions import Question
from bot.handlers.services import Received, Services, Tapped, ask, follow, toast
from bot.handlers.vocabulary import stock_and_amount
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.trading import answers
from core.flows.named.sales import NoSale
from core.model.errors import BrokerError
from core.model.market import ConId
from core.rules.selling.amount import Amount, amount_in


async def sell(received: Received, services: Services) -> None:
    """/sell SYMBOL [n | half | all]: make a card that asks; without anything, show the
    holdings with their buttons, and with only a part of it ask for the rest."""
    stock, said = stock_and_amount(received.arguments)
    question = Question(name="sell", stock=stock, amount=said)
    amount = amount_in(said)
    if not stock and not said:
        await ask(received, services, question, await positions_page(services))
    elif not stock or amount is None:
        page = Page(text=answers.how_to_sell(stock, said))
        await ask(received, services, question, page)
    elif no_card := await _asked(received, services, stock, amount):
        await ask(received, services, question, no_card)


async def sell_some(chosen: Sell, tapped: Tapped, services: Services) -> None:
    """A Sell button: makes a card, and no more."""
    await toast(tapped, toasts.LOOKING_AT_THE_PRICE)
    amount = Amount(percent=chosen.percent)
    if page := await _asked(tapped, services, chosen.con_id, amount):
        await follow(tapped, page)


async def _asked(
    wanted: Received | Tapped, services: Services, holding: ConId | str, amount: Amount
) -> Page | None:
    """Make a card; the reason if there is none."""
    key = f"sell:{wanted.number}"
    try:
        with services.awaited(wanted.answers.sender, key):
            none = await services.engine.named.sell(holding, amount, key=key)
    except BrokerError as away:
        none = NoSale(problem=str(away))
    if none is None:
        return None
    keyboard = keyboards.for_which(none.which) if none.which else None
    return Page(text=answers.no_sale(none.problem), keyboard=keyboard)
