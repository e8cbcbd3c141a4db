"""A stock that the owner wants to look at: its quote, its candles, by word and by tap."""

from pathlib import Path

import pytest

from bot.sandbox.api_types import ContentKind
from core.sandbox.market.universe import universe
from tests.harness.market import SEED
from tests.harness.product import MOST_DOLLARS, MOST_PERCENT, WARM, at, opened


def company_of(symbol: str) -> str:
    """As the simulated market names it."""
    return universe(SEED).by_symbol[symbol].name


async def test_a_stock_is_looked_at_by_its_name_and_drawn_by_a_tap(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()

        quote = await product.asked(f"/quote {MOST_PERCENT.lower()}")
        assert "live" in quote.text
        assert "VWAP" in quote.text
        assert company_of(MOST_PERCENT) in quote.text.splitlines()
        await product.phone.tap(quote, "Chart")
        chart = await product.phone.reads("1-minute candles", after=quote, within=30)
        assert chart.content.kind is ContentKind.PHOTO
        typed = await product.asked(f"chart {MOST_PERCENT}")
        assert MOST_PERCENT in typed.text

        which = await product.asked(f"/quote {MOST_PERCENT[:1]}")
        nonsense = await product.asked("/chart ZZZZZZ")
        usage = await product.asked("/chart")

    assert "Which one is" in which.text
    assert "IB knows no stock ZZZZZZ" in nonsense.text
    assert "Of which stock?" in usage.text
    assert product.placed() == []


@pytest.mark.parametrize(
    "said",
    ["quote {} and {}", "/quote {}, {}", "/quote {} {}", "price of {} and {}"],
)
async def test_each_of_several_stocks_is_quoted(tmp_path: Path, said: str) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        asked = await product.phone.send(said.format(MOST_PERCENT, MOST_DOLLARS))

        for symbol in (MOST_PERCENT, MOST_DOLLARS):
            quote = await product.phone.reads("VWAP", after=asked, within=WARM)
            assert quote.text.startswith(symbol)
            asked = quote


async def test_each_of_several_stocks_is_drawn(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        asked = await product.phone.send(f"chart {MOST_PERCENT}, {MOST_DOLLARS} pls")

        for symbol in (MOST_PERCENT, MOST_DOLLARS):
            chart = await product.phone.reads("candles", after=asked, within=30)
            assert symbol in chart.text
            asked = chart


async def test_of_several_stocks_the_unknown_one_is_named(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        asked = await product.phone.send(f"/quote {MOST_PERCENT} and ZZZZZ")

        quote = await product.phone.reads("VWAP", after=asked, within=WARM)
        unknown = await product.phone.reads("IB knows no", after=quote, within=WARM)

    assert quote.text.startswith(MOST_PERCENT)
    assert "ZZZZZ" in unknown.text


async def test_of_too_many_stocks_none_is_looked_at(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        answer = await product.asked("/quote A, B, C, D, E and F")

    assert "At most 5" in answer.text
