"""/quote and /chart: the stocks that the sender names, one after the other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot import keyboards
from bot.callback_data import LookAtStock, StockDetail
from bot.drawing import DrawingFailed, drawn
from bot.handlers.questions import Question
from bot.handlers.services import Answers, Received, Services, Tapped, ask, reply, toast
from bot.handlers.trading.exits import exits_page
from bot.handlers.vocabulary import MOST_STOCKS, each_stock
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Page, Picture
from bot.views import toasts, trouble
from bot.views.scans import candles, chart as charts
from core.model.chart import StockChart
from core.model.errors import BrokerAway, BrokerError
from core.model.market import FoundStock, Instrument


_log: Final = logging.getLogger(__name__)

PAINTER: Final = "bot.views.scans.paint_candles"
"""The module that draws a chart of one stock."""


async def quote(received: Received, services: Services) -> None:
    """/quote SYMBOL: the top of the book, the day's figures, and what is held."""
    await _look(StockDetail.QUOTE, received, services)


async def chart(received: Received, services: Services) -> None:
    """/chart SYMBOL: the session in candles."""
    await _look(StockDetail.CHART, received, services)


async def look(wanted: LookAtStock, tapped: Tapped, services: Services) -> None:
    """Show a stock's quote or chart, or all exits, as a button asks."""
    await toast(
        tapped, toasts.DRAWING if wanted.what is StockDetail.CHART else toasts.LOOKING
    )
    try:
        stocks = services.queries.stocks
        instrument = await stocks.numbered(wanted.con_id, wanted.symbol)
    except BrokerError as away:
        await tapped.answers.deliver(Page(text=trouble.no_line(str(away))))
        return
    await _SHOW[wanted.what](instrument, tapped.answers, services)


async def _look(what: StockDetail, received: Received, services: Services) -> None:
    said = " ".join(received.arguments)
    name = "quote" if what is StockDetail.QUOTE else "chart"
    each = each_stock(said) or (said,)
    if not said:
        question = Page(text=candles.how_to(name))
        await ask(received, services, Question(name=name), question)
    elif len(each) > MOST_STOCKS:
        await reply(received, Page(text=candles.too_many(MOST_STOCKS)))
    else:
        await _look_at(said, each, what, received, services)


async def _look_at(
    said: str,
    each: Sequence[str],
    what: StockDetail,
    received: Received,
    services: Services,
) -> None:
    name = "quote" if what is StockDetail.QUOTE else "chart"
    try:
        meant = await _meant(said, each, services)
    except BrokerError as away:
        await reply(received, Page(text=trouble.no_line(str(away))))
        return
    for one, found in meant.items():
        if len(found) == 1:
            await _SHOW[what](found[0].instrument, received.answers, services)
            continue
        text = candles.which(one) if found else candles.unknown(one)
        keyboard = keyboards.for_stocks_to_see(found, what)
        page = Page(text=text, keyboard=keyboard)
        await ask(received, services, Question(name=name), page)


async def _meant(
    said: str, each: Sequence[str], services: Services
) -> dict[str, tuple[FoundStock, ...]]:
    """The stocks that *said* means, under their names as written: one, or *each* of
    several ("aapl and msft") where none has the whole as its name.

    Raises:
        BrokerError: IB could not be asked.
    """
    stocks = services.queries.stocks
    if whole := await stocks.named(said):
        return {said: whole}
    return {one: await stocks.named(one) for one in each}


async def _show_quote(
    instrument: Instrument, answers: Answers, services: Services
) -> None:
    seen, company = await asyncio.gather(
        services.queries.stocks.quote(instrument),
        services.queries.stocks.company(instrument),
    )
    held = services.queries.stocks.held(instrument)
    mode = services.queries.status().mode
    text = candles.quote(instrument, seen, held, company=company, mode=mode)
    keyboard = keyboards.for_stock(instrument, StockDetail.CHART)
    await answers.deliver(Page(text=text, keyboard=keyboard, silent=True))


async def _show_chart(
    instrument: Instrument, answers: Answers, services: Services
) -> None:
    try:
        found = await services.queries.stocks.chart(instrument)
    except BrokerAway as away:
        await answers.deliver(Page(text=trouble.no_line(str(away))))
        return
    except BrokerError as problem:
        text = candles.no_candles(instrument.symbol, str(problem))
        await answers.deliver(Page(text=text))
        return
    if found is None or not found.candles:
        text = candles.nothing_to_draw(instrument.symbol, is_session=found is not None)
        await answers.deliver(Page(text=text))
        return
    async with services.drawing:
        await _draw(found, answers)


async def _draw(found: StockChart, answers: Answers) -> None:
    try:
        picture = await drawn(candles.sketch(found), painter=PAINTER)
    except DrawingFailed as failed:
        _log.error("chart not drawn: %s", failed)
        await answers.deliver(Page(text=charts.not_drawn()))
        return
    page = Page(
        text=candles.caption(found),
        silent=True,
        attached=Picture(data=picture),
        keyboard=keyboards.for_stock(found.instrument, StockDetail.QUOTE),
    )
    delivered = await answers.post(page)
    if delivered.outcome is Delivery.REFUSED:
        _log.error("chart refused: %s", delivered.why)
        await answers.deliver(Page(text=charts.not_drawn()))


async def _show_exits(
    _instrument: Instrument, answers: Answers, services: Services
) -> None:
    await answers.deliver(await exits_page(services))


_SHOW: Final[
    dict[StockDetail, Callable[[Instrument, Answers, Services], Awaitable[None]]]
] = {
    StockDetail.QUOTE: _show_quote,
    StockDetail.CHART: _show_chart,
    StockDetail.EXITS: _show_exits,
}
