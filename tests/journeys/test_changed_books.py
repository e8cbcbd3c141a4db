"""IB changes what was done already: it takes a trade back.

Played with a scenario that `python -m bot gateway --scenario list` names.
"""

from pathlib import Path

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trouble.scenarios import BY_NAME
from tests.harness.product import MOST_PERCENT, at, opened
from tests.journeys.test_exits import bought, protected, stand


async def test_a_trade_that_is_taken_back_leaves_the_books_and_its_exits_end(
    tmp_path: Path,
) -> None:
    config = GatewayConfig(scenario=BY_NAME["trade-busted"])
    async with opened(
        tmp_path, clock=at(9, 41), config=config, exit_stop="5%", exit_target="10%"
    ) as product:
        await bought(product)
        await protected(product)

        told = await product.phone.reads("IB has taken a trade back", within=60)
        await stand(product, {})

    assert f"100 {MOST_PERCENT} bought" in told.text
    assert product.gateway.orders() == []
