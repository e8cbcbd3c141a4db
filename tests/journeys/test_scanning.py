"""What a scan says when there is less than everything to say."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.product import (
    A_GOOD_MORNING,
    MONDAY,
    MOST_DOLLARS,
    MOST_PERCENT,
    a_gainer,
    at,
    five,
    has,
    opened,
)


async def test_nothing_up_since_the_open_is_said_and_not_offered(
    tmp_path: Path,
) -> None:
    falling = five(*[a_gainer(9.0 + n, 8.5 + n, prior_close=2.0) for n in range(5)])
    async with opened(tmp_path, clock=at(9, 41), shapes=falling) as harness:
        await harness.start()
        await harness.ready()

        card = await harness.card(button="Scan again")

        assert "No offer" in card.text
        assert not has(card, "Yes")
        why = await harness.asked("/why")
        assert why.text.count("not up") == 5


async def test_an_empty_scan_is_said_in_words(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41), scan_price_above="100000") as harness:
        await harness.start()
        await harness.ready()

        said = await harness.card(button="Scan again")

        assert "no stock passes" in said.text


async def test_a_refused_scan_says_what_the_code_means(tmp_path: Path) -> None:
    config = GatewayConfig(disabled_filters=frozenset({"marketCapBelow1e6"}))
    async with opened(tmp_path, clock=at(9, 41), config=config) as harness:
        await harness.start()
        await harness.ready()

        said = await harness.card(button="Scan again")

        assert "162" in said.text
        assert "marketCapBelow1e6" in said.text


async def test_a_stock_without_a_quote_is_shown_and_not_picked(
    tmp_path: Path,
) -> None:
    no_data = Trouble(
        message="reqMktData",
        action=Action.REFUSE,
        code=354,
        text="Requested market data is not subscribed.",
    )
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        harness.gateway.add_trouble(no_data)

        card = await harness.card()

        assert MOST_PERCENT in card.text
        assert f"Yes buys 100 {MOST_DOLLARS}" in card.text


async def test_a_halted_stock_is_shown_and_not_picked(tmp_path: Path) -> None:
    halted = {
        **A_GOOD_MORNING,
        MOST_PERCENT: replace(A_GOOD_MORNING[MOST_PERCENT], halted=1),
    }
    async with opened(tmp_path, clock=at(9, 41), shapes=halted) as harness:
        await harness.start()
        await harness.ready()

        card = await harness.card()

        assert "halted" in card.text
        assert f"Yes buys 100 {MOST_DOLLARS}" in card.text


async def test_the_whole_table_has_every_row_on_one_of_its_pages(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        await harness.phone.tap(card, "All 50")
        rows: list[str] = []
        for first in (1, 11, 21, 31, 41):
            table = await harness.phone.reads(f"{first}–{first + 9} of 50")  # noqa: RUF001  the dash that is shown
            rows += re.findall(r"^ *(\d+) [A-Z]+ ", table.text, re.MULTILINE)
            assert ("Next ▸" in table.labels) == (first < 41)
            if first < 41:
                await harness.phone.tap(table, "Next ▸")

        assert rows == [str(number) for number in range(1, 51)]


async def test_a_price_out_of_its_band_asks_again_with_a_new_card(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        moved = replace(A_GOOD_MORNING[MOST_DOLLARS], last=24.90)
        harness.gateway.set_override(MOST_DOLLARS, moved)
        await harness.prices_have_come()

        await harness.phone.tap(card, f"Only {MOST_DOLLARS}")
        again = await harness.becomes(card, lambda c: "since the card" in c.text)

        assert harness.placed() == []
        assert has(again, "Yes")


NO_PROVIDER = Trouble(
    message="newsProviders", action=Action.REPLACE, field=1, text="0", times=0
)
NOT_ALLOWED = Trouble(
    message="reqHistoricalNews",
    action=Action.REFUSE,
    code=10276,
    text="News feed is not allowed",
    times=0,
)


@pytest.mark.parametrize(
    ("trouble", "headlines"), [(None, 5), (NO_PROVIDER, 0), (NOT_ALLOWED, 0)]
)
async def test_headlines_come_where_they_may_be_read_and_it_is_quiet_otherwise(
    tmp_path: Path, trouble: Trouble | None, headlines: int
) -> None:
    """On a Tuesday: the simulated market writes of what moved by 5 % in a session."""
    tuesday = MONDAY + timedelta(days=1)
    shapes = {s: replace(each, on=tuesday) for s, each in A_GOOD_MORNING.items()}
    clock = at(9, 41, day=tuesday)
    async with opened(tmp_path, clock=clock, shapes=shapes) as harness:
        if trouble:
            harness.gateway.add_trouble(trouble)
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await asyncio.sleep(30)
        [*_, shown] = harness.phone.received

    assert shown.message_id == card.message_id  # nothing else was said
    assert has(shown, "Yes, buy both")
    assert shown.text.count("\N{LEFT DOUBLE QUOTATION MARK}") == headlines
    assert shown.text.count("SIM, 1 more") == headlines
    assert not re.search("news|headline|10276", shown.text, re.IGNORECASE)
