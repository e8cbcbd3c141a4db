"""/buy: a card that asks whether to buy a stock that the sender names."""

from bot import keyboards
from bot.callback_data import Buy
from bot.handlers.questions import Question
from bot.handlers.services import Received, Services, Tapped, ask, follow, toast
from bot.handlers.vocabulary import stock_and_amount
from bot.outgoing.page import Page
from bot.views import toasts
from bot.views.trading import answers
from core.flows.named.purchases import NoPurchase
from core.model.errors import BrokerError
from core.model.market import ConId
from core.model.money import Size
from core.rules.figures.size import size_in


async def buy(received: Received, services: Services) -> None:
    """/buy SYMBOL [n | $amount]: make a card that asks; without a symbol, or with an
    amount that is none, ask for it."""
    stock, said = stock_and_amount(received.arguments)
    question = Question(name="buy", stock=stock, amount=said)
    size = size_in(said)
    if not stock or size is None:
        await ask(
            received, services, question, Page(text=answers.how_to_buy(stock, said))
        )
    elif no_card := await _asked(received, services, stock, size):
        await ask(received, services, question, no_card)


async def buy_this(chosen: Buy, tapped: Tapped, services: Services) -> None:
    """The button with one of several matching stocks: makes a card, and no more."""
    await toast(tapped, toasts.LOOKING_AT_THE_PRICE)
    if page := await _asked(tapped, services, chosen.con_id, chosen.size):
        await follow(tapped, page)


async def _asked(
    wanted: Received | Tapped, services: Services, stock: ConId | str, size: Size
) -> Page | None:
    """Make a card; the reason if there is none."""
    key = f"buy:{wanted.number}"
    try:
        with services.awaited(wanted.answers.sender, key):
            none = await services.engine.named.buy(stock, size, key=key)
    except BrokerError as away:
        none = NoPurchase(problem=str(away))
    if none is None:
        return None
    keyboard = keyboards.for_stocks(none.which, size) if none.which else None
    return Page(text=answers.no_purchase(none.problem), keyboard=keyboard)
