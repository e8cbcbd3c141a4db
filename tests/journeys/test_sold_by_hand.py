"""What was bought here and sold in TWS stands in the profit at its price, once."""

import re
from pathlib import Path

from bot.sandbox.api_types import Message
from core.sandbox.market.universe import universe
from core.sandbox.trading.tickets import OrderTicket
from tests.harness.market import SEED
from tests.harness.product import (
    MOST_PERCENT,
    ProductHarness,
    at,
    opened,
)
from tests.journeys.test_selling import bought, listed


SOLD = re.compile(r"sold by hand or by another tool: 60 shares at ([0-9.]+) of (\w+)\.")


def sell_by_hand(product: ProductHarness, symbol: str, shares: int) -> None:
    """The owner sells in TWS, at once."""
    stock = next(s for s in universe(SEED).by_con_id.values() if s.symbol == symbol)
    product.gateway.place_by_hand(
        OrderTicket(
            client_id=0,
            order_id=0,
            con_id=stock.con_id,
            action="SELL",
            quantity=shares,
            order_type="MKT",
            tif="DAY",
        )
    )


def profit(said: Message) -> tuple[str, str, str]:
    """What /pnl says of the sale by hand, of the day, and of what is open."""
    by_hand = SOLD.search(said.text)
    assert by_hand, said.text
    today = next(line for line in said.text.splitlines() if line.startswith("today"))
    still = next(line for line in said.text.splitlines() if "still open" in line)
    return by_hand[0], today, still


async def test_a_sale_in_tws_is_in_the_profit_at_its_price_also_after_a_restart(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as product:
        await bought(product)
        sell_by_hand(product, MOST_PERCENT, 60)
        await listed(product, f"{MOST_PERCENT} 40")
        first = await product.asked("/pnl")
        again = await product.asked("/pnl")
        await product.stop()
        await product.start()
        await product.ready()
        later = await product.asked("/pnl")

    by_hand, today, still = profit(first)
    assert MOST_PERCENT in by_hand
    assert today.split()[-1] == "1"  # sale
    assert "2 stocks" in still
    assert profit(again) == profit(later) == profit(first)
    assert "sold elsewhere" not in later.text
