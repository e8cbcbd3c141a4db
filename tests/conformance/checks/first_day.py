"""From a scan to the completed order, as one script goes through it in one session."""

from tests.conformance.checks.placing import filled, status
from tests.conformance.checks.scans import rows
from tests.conformance.vocabulary import everything, order, scan
from tests.harness.client import ClientHarness, check


@check("scan, order, execution, commission, completed order: one session")
async def from_a_scan_to_the_completed_order(harness: ClientHarness) -> None:
    client = await harness.client()

    first, *_ = await rows(client, 5, scan("MOST_ACTIVE"))
    con_id = int(str(first["conId"]))
    number = await filled(client, order("BUY", 2, orderRef="first day"), con_id)
    client.ask("reqExecutions", 41, everything())
    await client.receives("execDetailsEnd", reqId=41)
    client.ask("reqCompletedOrders", False)
    await client.receives("completedOrdersEnd")

    told = await status(client, number, "Filled")
    (done,) = client.all("execDetails", reqId=41)
    (over,) = client.all("completedOrder")
    assert done["execution"]["shares"] == 2
    assert done["contract"]["conId"] == over["contract"]["conId"] == con_id
    assert over["order"]["permId"] == told["permId"] == done["execution"]["permId"]
    assert over["order"]["orderRef"] == "first day"
    assert over["state"]["status"] == "Filled"
