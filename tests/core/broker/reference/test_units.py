"""In which unit a stock abroad is quoted, and what is taken for none."""

import pytest

from core.model.market import ConId, Instrument
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import both_ends


VODAFONE = Instrument(con_id=ConId(890_000_004), symbol="VOD", currency="GBP")
MAGNIFIER = 17
"""Its field in contractDetails."""


@pytest.mark.parametrize(
    "told", ["", "0", "-1", "-100", "2147483647", "1.7976931348623157E308", "#?"]
)
async def test_a_stock_whose_unit_cannot_be_one_is_not_quoted(told: str) -> None:
    """London quotes pence: taken for pounds, a price would be a hundred times too
    high."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="contractDetails",
                action=Action.REPLACE,
                field=MAGNIFIER,
                text=told,
                times=0,
            )
        )
        async with ends.market.quotes([VODAFONE]) as stream:
            await stream.settled([VODAFONE.con_id], within=2)
            found, dead = dict(stream.quotes()), dict(stream.dead())

    assert found == {}
    assert "in which unit" in dead[VODAFONE.con_id]


async def test_what_london_quotes_in_pence_is_told_in_pounds() -> None:
    async with both_ends() as ends, ends.market.quotes([VODAFONE]) as stream:
        await stream.settled([VODAFONE.con_id], within=2)
        last = stream.quotes()[VODAFONE.con_id].last

    assert last is not None
    assert last < 2  # some 92 pence
