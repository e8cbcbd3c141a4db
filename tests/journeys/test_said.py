"""Whatever a stranger types is answered, and places nothing: only the button of a card does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.handlers.panic_words import is_panic
from bot.views import trouble
from core.sandbox.trading.tickets import Side
from tests.docs.test_requests import (
    HURRIED,
    MORE,
    NEWCOMERS,
    PLAYED,
    REQUESTS,
    STRANGERS,
)
from tests.harness.product import (
    MOST_DOLLARS,
    WARM,
    ProductHarness,
    at,
    opened,
)


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[ProductHarness]:
    async with opened(tmp_path, clock=at(11, 0)) as harness:
        await harness.start()
        await harness.ready()
        yield harness


async def test_every_request_is_answered_and_none_places_an_order(
    product: ProductHarness,
) -> None:
    """Also where the stock that it names is held, and can be bought."""
    card = await product.card()
    await product.phone.tap(card, f"Only {MOST_DOLLARS}", within=WARM)
    await product.phone.reads("Bought 100", within=WARM)
    bought = product.placed()

    for request in (*REQUESTS, *MORE, *STRANGERS, *PLAYED, *HURRIED, *NEWCOMERS):
        if is_panic(request):
            continue
        named = request
        for symbol in ("nvda", "macv", "aapl", "ko", "ofrv"):
            named = named.replace(symbol, MOST_DOLLARS.lower())
        for said in dict.fromkeys((request, named)):
            answer = await product.asked(said)
            assert trouble.failed_page() not in answer.text, said

    assert product.placed() == bought
    assert product.placed(side=Side.SELL) == []
