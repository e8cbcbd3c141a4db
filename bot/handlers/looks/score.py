"""/score, /pnl and /history: how the picks did, and what trading brought."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.drawing import DrawingFailed, drawn
from bot.handlers.services import Received, Services, reply
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Page, Picture
from bot.views import trouble
from bot.views.scores import history, in_words, profits, sketch
from core.model.errors import StoreError
from core.model.market import ib_symbol
from core.rules.new_york import day_of


_log: Final = logging.getLogger(__name__)

A_COURSE: Final = 2
"""The fewest days that are drawn as a picture."""

A_NUMBER: Final = 6
"""A number with so many digits or more is no page."""


async def score(received: Received, services: Services) -> None:
    """/score: answer in text at once; the picture follows if there are two days to
    draw.
    """
    found, mode = services.queries.score(), services.queries.status().mode
    await reply(received, Page(text=in_words.score(found, mode=mode)))
    if found is not None and len(found.days) >= A_COURSE:
        await _draw(
            sketch.sketch(found, mode=mode), in_words.caption(mode), received, services
        )


async def pnl(received: Received, services: Services) -> None:
    """/pnl: what trading has brought, and the account's value over time."""
    mode = services.queries.status().mode
    await services.engine.read_other_trades()
    try:
        trades = await services.results.trades(services.queries.shares_listed())
    except StoreError as problem:
        await reply(received, Page(text=trouble.no_records(str(problem))))
        return
    today = day_of(services.clock.now())
    await reply(received, Page(text=profits.profits(trades, today=today, mode=mode)))
    if len(trades.values) >= A_COURSE:
        await _draw(
            profits.sketch(trades, mode=mode), profits.caption(mode), received, services
        )


async def past(received: Received, services: Services) -> None:
    """/history [SYMBOL] [PAGE]: the picks of earlier cards, newest first."""
    symbol, page = _asked(received.arguments)
    skip, mode = history.MOST * (page - 1), services.queries.status().mode
    await services.engine.read_other_trades()
    held = services.queries.shares_listed()
    try:
        picks = await services.results.past_picks(
            held,
            symbol=symbol,
            skip=skip,
            most=history.MOST,
        )
    except StoreError as problem:
        await reply(received, Page(text=trouble.no_records(str(problem))))
        return
    text = history.history(
        picks,
        symbol=symbol,
        skip=skip,
        mode=mode,
        is_listed=held.shares is not None,
    )
    if len(picks) == history.MOST:
        text = f"{text}\n{history.older(symbol, page + 1)}"
    await reply(received, Page(text=text))


def _asked(said: Sequence[str]) -> tuple[str | None, int]:
    """The symbol and the page in the arguments; each may be missing."""
    symbols = [ib_symbol(word) for word in said if not word.isdecimal()]
    pages = [int(word) for word in said if word.isdecimal() and len(word) < A_NUMBER]
    return next(iter(symbols), None), max(1, next(iter(pages), 1))


async def _draw(
    drawing: str, caption: str, received: Received, services: Services
) -> None:
    async with services.drawing:
        try:
            picture = await drawn(drawing, painter=sketch.PAINTER)
        except DrawingFailed as failed:
            _log.error("not drawn: %s", failed)
            return
    page = Page(text=caption, silent=True, attached=Picture(data=picture))
    delivered = await received.answers.post(page)
    if delivered.outcome is Delivery.REFUSED:
        _log.error("picture refused: %s", delivered.why)
