"""/score: whether the picks are any good, and a picture of it."""

import logging
from typing import Final

from bot.drawing import DrawingFailed, drawn
from bot.handlers.desk import Desk, Heard, reply
from bot.outgoing.delivery import Outcome
from bot.outgoing.page import Page, Picture
from bot.views.scores import in_words, sketch


_log: Final = logging.getLogger(__name__)

PAINTER: Final = "bot.views.scores.paint"


async def score(heard: Heard, desk: Desk) -> None:
    """Answer in words at once; the picture follows when there are two days to draw."""
    found, mode = desk.queries.score(), desk.queries.status().mode
    await reply(heard, Page(text=in_words.score(found, mode=mode)))
    if found is None or len(found.days) < 2:  # noqa: PLR2004  one is no course
        return
    async with desk.drawing:
        try:
            picture = await drawn(sketch.sketch(found, mode=mode), painter=PAINTER)
        except DrawingFailed as failed:
            _log.error("score not drawn: %s", failed)
            return
    page = Page(
        text=in_words.caption(mode), silent=True, attached=Picture(data=picture)
    )
    delivered = await heard.answers.post(page)
    if delivered.outcome is Outcome.REFUSED:
        _log.error("score refused: %s", delivered.why)
