"""Whatever clients do, orders, fills, cash, holdings and profit add up."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from core.sandbox.market.universe import DEFAULT_SEED
from core.sandbox.trading.events import Commission, ExchangeEvent, Executed
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import NOW, a_ticket, shaped, value_of


START = 20_000.0

tickets = st.fixed_dictionaries(
    {
        "order_id": st.integers(1, 12),
        "action": st.sampled_from(["BUY", "SELL"]),
        "quantity": st.integers(0, 250),
        "order_type": st.sampled_from(["MKT", "LMT", "STP", "STP LMT", "TRAIL", "MOC"]),
        "limit_price": st.integers(1000, 1200).map(lambda cents: cents / 100),
        "aux_price": st.integers(1000, 1200).map(lambda cents: cents / 100),
        "tif": st.sampled_from(["DAY", "GTC", "IOC", "FOK", ""]),
        "oca_group": st.sampled_from(["", "", "one"]),
        "oca_type": st.sampled_from([0, 1, 3]),
        "parent_id": st.sampled_from([0, 0, 0, 1, 2]),
        "transmit": st.sampled_from([True, True, False]),
    }
)
deeds = st.lists(
    st.tuples(st.one_of(tickets, st.integers(1, 12), st.none()), st.integers(0, 9_000)),
    max_size=14,
)


def done(market: Exchange, deed: Any, now: datetime) -> list[ExchangeEvent]:
    """Place a ticket, cancel an id, or only look."""
    if isinstance(deed, dict):
        return market.place(a_ticket(market, **deed), now)
    if isinstance(deed, int):
        return market.cancel(7, deed, now)
    return market.advance(now)


def play(market: Exchange, played: list[Any]) -> tuple[list[ExchangeEvent], datetime]:
    now, events = NOW, []
    for deed, seconds in played:
        now += timedelta(seconds=seconds)
        events += done(market, deed, now)
    now += timedelta(hours=2)
    return events + market.advance(now), now


def a_market(kind: str) -> Exchange:
    market = shaped(drift=0.0004, ask_size=60, bid_size=90)
    spec = AccountSpec(cash=START, kind=kind, positions=(("QKTZ", 100.0, 10.0),))
    opened = Exchange(seed=DEFAULT_SEED, accounts=[spec])
    opened.reshape("QKTZ", market._tape.shape(market.universe.by_symbol["QKTZ"]))
    return opened


@settings(max_examples=60, deadline=None)
@given(deeds, st.sampled_from(["MARGIN", "CASH"]))
def test_the_books_add_up(played: list[Any], kind: str) -> None:
    market = a_market(kind)

    events, now = play(market, played)

    fills = [e for e in events if isinstance(e, Executed)]
    paid = sum(e.amount for e in events if isinstance(e, Commission))
    bought = sum(
        e.order.ticket.sign * e.execution.shares * e.execution.price for e in fills
    )
    held = 100 + sum(e.order.ticket.sign * e.execution.shares for e in fills)
    last = market.quote(a_ticket(market).con_id, now).last
    cash = value_of(market, "TotalCashValue", now)
    assert cash == pytest.approx(START - bought - paid, abs=0.01)
    assert sum(p.quantity for p in market.positions()) == held
    worth = value_of(market, "NetLiquidation", now)
    assert worth == pytest.approx(cash + held * last, abs=0.02)
    if kind == "CASH":
        assert held >= 0


@settings(max_examples=60, deadline=None)
@given(deeds)
def test_no_order_trades_more_than_it_asked_for(played: list[Any]) -> None:
    events, _ = play(market := a_market("MARGIN"), played)

    assert len({e.execution.exec_id for e in market.executions(NOW)}) == len(
        market.executions(NOW)
    )
    by_order: dict[int, float] = {}
    for event in events:
        if isinstance(event, Executed):
            order, execution = event.order, event.execution
            total = by_order.get(order.perm_id, 0.0) + execution.shares
            by_order[order.perm_id] = total
            assert execution.cumulative == order.filled == total
            assert order.remaining >= 0
            limit = order.ticket.limit_price
            if order.ticket.order_type in {"LMT", "STP LMT"} and limit is not None:
                assert order.ticket.sign * (limit - execution.price) >= 0


@settings(max_examples=30, deadline=None)
@given(deeds)
def test_events_come_in_order_of_time(played: list[Any]) -> None:
    events, _ = play(a_market("MARGIN"), played)

    moments = [event.at for event in events]
    assert moments == sorted(moments)


@settings(max_examples=30, deadline=None)
@given(deeds)
def test_the_same_deeds_give_the_same_events(played: list[Any]) -> None:
    assert play(a_market("MARGIN"), played) == play(a_market("MARGIN"), played)
