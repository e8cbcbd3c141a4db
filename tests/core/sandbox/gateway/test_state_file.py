"""What survives a restart of the gateway process."""

from pathlib import Path

import pytest

from core.sandbox.gateway import state_file
from tests.core.sandbox.gateway.requests.test_orders import a_low_bid
from tests.core.sandbox.talking import a_gateway
from tests.harness.ib_client import AAPL, MORNING, a_client, a_server, buy
from tests.harness.waiting import until


async def test_orders_positions_fills_and_ids_survive(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with a_server(state=path) as server, a_client(server) as ib:
        filled, resting = buy(ib), ib.placeOrder(AAPL, a_low_bid())
        await until(filled.isDone)
        await until(lambda: resting.orderStatus.status == "Submitted")
        await until(lambda: filled.fills[0].commissionReport.execId)
    later = MORNING.replace(minute=50)

    async with a_server(state=path, clock=later) as server, a_client(server) as ib:
        (order,) = await ib.reqAllOpenOrdersAsync()
        (fill,) = await ib.reqExecutionsAsync()
        (held,) = ib.positions()
        floor = ib.client.getReqId()

    assert order.orderStatus.permId == resting.orderStatus.permId
    assert order.order.tif == "GTC"
    assert fill.execution.execId == filled.fills[0].execution.execId
    assert (held.contract.symbol, held.position) == ("AAPL", 10)
    assert resting.order.orderId < floor


async def test_a_first_start_has_no_file_and_writes_none_before_an_order(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.json"

    async with a_server(state=path) as server, a_client(server):
        pass

    assert not path.exists()


def test_saving_leaves_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    gateway = a_gateway()
    gateway.count_id(7, 41)

    state_file.save(gateway, path)
    state_file.save(gateway, path)

    again = a_gateway()
    state_file.load(again, path)
    assert again.next_order_id(7) == 42
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"exchange": 1}'])
def test_a_file_that_is_no_state_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match="state"):
        state_file.load(a_gateway(), path)
