"""What ib_async would misread arrives as it is meant."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.model.errors import BrokerSilent
from core.model.evidence import (
    BrokerEvent,
    ChargeMessage,
    FillMessage,
    StatusMessage,
)
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import STOCKS, BothEnds, both_ends
from tests.harness.waiting import until


@pytest.mark.attack(23)
async def test_a_moment_with_a_hyphen_is_utc() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="execDetails",
                action=Action.REPLACE,
                field=15,
                text="20261123-14:41:03",
            )
        )
        ends.broker.place(ends.order(STOCKS[1]))
        received = await ends.received(FillMessage)

    assert received.fill.at == datetime(2026, 11, 23, 14, 41, 3, tzinfo=UTC)


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    "text",
    [
        *("", "whenever", "20261399-14:41:03"),
        "20261123 23:59:59 Mitteleuropäische Zeit",  # not New York's
    ],
)
async def test_a_fill_is_not_lost_for_a_moment_that_nobody_can_read(text: str) -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="execDetails",
                action=Action.REPLACE,
                field=15,
                text=text,
                times=2,
            )
        )
        ends.broker.place(ends.order(STOCKS[1]))
        received = await ends.received(FillMessage)
        now = ends.server.clock.now()
        evidence = await ends.broker.evidence()

    assert abs(now - received.fill.at) < timedelta(minutes=1)
    assert [fill.fill.exec_id for fill in evidence.fills] == [received.fill.exec_id]


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(("", None), (" ", None), ("-1", None), ("nan", None), ("inf", None)),
        *(("1.7976931348623157E308", None), ("-0.35", "-0.35"), ("0", "0.0")),
    ],
)
async def test_an_empty_commission_is_not_known_and_a_rebate_is_one(
    text: str, amount: str | None
) -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="commissionReport", action=Action.REPLACE, field=3, text=text
            )
        )
        ends.broker.place(ends.order(STOCKS[1]))
        await ends.received(FillMessage)
        ends.broker.place(ends.order(STOCKS[2]))
        first = await ends.received(ChargeMessage)

    assert (
        first.commission > 0 if amount is None else first.commission == Decimal(amount)
    )


@pytest.mark.attack(23)
@pytest.mark.parametrize("field", [19, 20], ids=["shares", "price"])
async def test_a_fill_without_shares_or_price_is_read_in_the_next_listing(
    field: int,
) -> None:
    """ib_async takes it for one of no shares, or at no price."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(message="execDetails", action=Action.REPLACE, field=field)
        )
        ends.broker.place(ends.order(STOCKS[1]))
        await until(ends.server.executions)
        await ends.broker.probe(within=1)
        told = [type(event) for event in _left(ends)]
        [listed] = (await ends.broker.evidence()).fills

    assert FillMessage not in told
    assert (listed.fill.shares, listed.fill.price > 0) == (100, True)


@pytest.mark.attack(23)
async def test_a_holding_without_shares_is_no_empty_one() -> None:
    async with both_ends() as ends:
        ends.broker.place(ends.order(STOCKS[1]))
        await ends.received(ChargeMessage)
        ends.server.add_trouble(
            Trouble(message="position", action=Action.REPLACE, field=14)
        )
        with pytest.raises(BrokerSilent):
            await ends.broker.evidence()
        [held] = (await ends.broker.evidence()).positions

    assert held.shares == 100


@pytest.mark.attack(10)
@pytest.mark.parametrize("field", [3, 4], ids=["filled", "remaining"])
async def test_a_count_that_a_status_leaves_out_is_not_known(field: int) -> None:
    """ib_async takes it for 0: of an exit, that another has sold its shares."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(message="orderStatus", action=Action.REPLACE, field=field, times=0)
        )
        ends.broker.place(ends.order(STOCKS[1]))
        told = await ends.received(
            StatusMessage, lambda each: each.status == "Filled" and each.terms is None
        )

    assert told.shares is None
    assert told.filled == (None if field == 3 else 100)


@pytest.mark.attack(23)
@pytest.mark.parametrize("kind", ["OPT", "BAG"])
async def test_a_trade_of_no_stock_is_in_no_ones_way(kind: str) -> None:
    """Options expire at 0, and spreads cost less than nothing: no pass was ever whole."""
    async with both_ends() as ends:
        for field, text in ((5, kind), (20, "-0.35")):
            ends.server.add_trouble(
                Trouble(
                    message="execDetails",
                    action=Action.REPLACE,
                    field=field,
                    text=text,
                    times=0,
                )
            )
        ends.broker.place(ends.order(STOCKS[1]))
        await ends.received(ChargeMessage)
        evidence = await ends.broker.evidence()

    assert evidence.fills == ()


def _left(ends: BothEnds) -> list[BrokerEvent]:
    """The events that nobody has taken."""
    events = ends.connection.events
    return [events.get_nowait() for _ in range(events.qsize())]
