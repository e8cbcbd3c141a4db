"""Orders in trouble, as ib_async sees them."""

from dataclasses import replace

from core.sandbox.trouble.scenarios import LIBRARY
from tests.harness.ib_client import AAPL, a_client, a_server, buy
from tests.harness.waiting import until


async def test_a_preset_that_rewrites_the_tif_shows_on_the_wire() -> None:
    tifs = list[str]()
    scenario = LIBRARY["tif-rewritten"]
    async with a_server(scenario=scenario) as server, a_client(server) as ib:
        plain = ib.wrapper.openOrder

        def spy(order_id: int, contract: object, order: object, state: object) -> None:
            tifs.append(order.tif)  # type: ignore[attr-defined]  # ib_async's Order
            plain(order_id, contract, order, state)  # type: ignore[arg-type]  # as given

        ib.wrapper.openOrder = spy  # type: ignore[method-assign,assignment]  # to see the raw tif
        trade = buy(ib)
        await until(lambda: trade.fills)

    assert set(tifs) == {"DAY"}


async def test_a_partial_fill_rests() -> None:
    scenario = replace(LIBRARY["partial-fill-rests"], name="thin")
    async with a_server(scenario=scenario) as server, a_client(server) as ib:
        trade = buy(ib, AAPL, 100)
        await until(lambda: trade.fills)
        await ib.reqCurrentTimeAsync()

        (resting,) = server.orders()

    assert trade.orderStatus.status == "Submitted"
    assert 0 < resting.filled < 100


async def test_an_order_can_work_long_before_anybody_hears_of_it() -> None:
    async with a_server(ack_seconds=3600.0) as server, a_client(server) as ib:
        trade = buy(ib)
        await until(server.orders)
        await ib.reqCurrentTimeAsync()

    assert trade.orderStatus.status == "PendingSubmit"
