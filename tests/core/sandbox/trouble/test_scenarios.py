"""The library: every scenario is documented, distinct, and leaves the gateway alive."""

from functools import cache

import pytest

from core.sandbox.cli import find_scenario
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.hours import TradingPhase
from core.sandbox.protocol.wire import Fields
from core.sandbox.trouble.faults import QUIET_DAY, Scenario
from core.sandbox.trouble.library import line, market, orders, verdicts
from core.sandbox.trouble.scenarios import BY_NAME, LIBRARY
from tests.core.sandbox.gateway.test_gateway import place
from tests.core.sandbox.talking import (
    AAPL,
    Talker,
    a_gateway,
    contract,
    message,
    of_kind,
)


NEEDS_A_FLOOD = "rate-warning"
NEEDS_A_BURST = "rate-rejects"
NEED_A_NIGHT = {"split-overnight": 10.0, "reverse-split-overnight": 0.1}
SCAN_FIELDS = (*[""] * 3, "1", *[""] * 15)  # market cap above a million
LISTINGS: tuple[tuple[object, ...], ...] = (
    (6, 2, 1, ""),
    (61, 1),
    (5, 1),
    (16, 1),
    (99, 0),
    (7, 3, 10, 0, *[""] * 6),
    (49, 1),
    (49, 1),
)
SHELVES = (
    *(line.CONNECTING, line.LINE),
    *(market.UNANSWERED, market.SCANS, market.QUOTES, market.HISTORY),
    *(orders.LOST, orders.FILLS, verdicts.REFUSED, verdicts.NOTED, verdicts.CANCELS),
)


def a_day_with(scenario: Scenario, *, scan: bool = False, seconds: float = 1) -> Talker:
    """A client that quotes, asks for bars, buys, cancels, and lists its orders."""
    config = GatewayConfig(profile=Profile.INSTANT, scenario=scenario)
    talker = Talker(a_gateway(config)).start()
    if scan:
        talker.ask(22, 6, 5, "STK", "STK.US.MAJOR", "MOST_ACTIVE", *SCAN_FIELDS)
    talker.ask(1, 11, 7, *contract(AAPL), 0, "", 0, 0, "")
    talker.ask(9, 8, 11, *contract(AAPL), 0, "", "", "")
    talker.ask(20, 8, *contract(AAPL), 0, "", "1 day", "2 D", 1, "TRADES", 1, 0, "")
    place(talker, 9, kind="MKT", price="")
    talker.ask(4, 1, 9, "")
    for asked in LISTINGS:
        talker.ask(*asked)
    talker.wait(seconds)
    return talker


@cache
def a_quiet_day(*, scan: bool) -> list[Fields]:
    """What the same client hears when nothing goes wrong."""
    return a_day_with(QUIET_DAY, scan=scan, seconds=12).received


def test_no_two_scenarios_share_a_name() -> None:
    assert len(LIBRARY) == 1 + sum(len(shelf) for shelf in SHELVES)


@pytest.mark.parametrize(
    "name",
    sorted(
        set(BY_NAME) - {QUIET_DAY.name, NEEDS_A_FLOOD, NEEDS_A_BURST, *NEED_A_NIGHT}
    ),
)
def test_a_scenario_says_where_it_was_seen_and_changes_the_day(name: str) -> None:
    scenario, scan = BY_NAME[name], "scan" in name.lower()

    day = a_day_with(scenario, scan=scan, seconds=12)

    assert scenario.seen.endswith(".")
    assert day.received != a_quiet_day(scan=scan)


@pytest.mark.parametrize(("name", "ratio"), NEED_A_NIGHT.items())
def test_what_was_bought_is_split_before_the_next_session(
    name: str, ratio: float
) -> None:
    config = GatewayConfig(profile=Profile.INSTANT, scenario=BY_NAME[name])
    talker = Talker(a_gateway(config)).start()
    place(talker, 9, kind="MKT", price="")
    (before,) = talker.gateway.exchange.positions()

    talker.wait(orders.OVERNIGHT)

    (after,) = talker.gateway.exchange.positions()
    market = talker.gateway.exchange.hours.state(talker.gateway.now)
    assert BY_NAME[name].seen.endswith(".")
    assert after.quantity == pytest.approx(ratio * before.quantity)
    assert market is TradingPhase.CLOSED


def test_a_flood_of_quotes_is_warned_of() -> None:
    config = GatewayConfig(profile=Profile.INSTANT, scenario=LIBRARY[NEEDS_A_FLOOD])
    talker = Talker(a_gateway(config)).start()

    found = [
        each
        for req_id in range(45)
        for each in talker.ask(1, 11, req_id, *contract(AAPL), 0, "", 0, 0, "")
    ]

    assert [(each[2], each[3]) for each in of_kind(found, 4)] == [("-1", "0")]


def test_a_burst_is_rejected_where_the_setting_says_so() -> None:
    config = GatewayConfig(profile=Profile.INSTANT, scenario=LIBRARY[NEEDS_A_BURST])
    talker = Talker(a_gateway(config)).start()

    found = talker.say(message(49, 1) * 60)

    assert [each[3] for each in of_kind(found, 4)] == ["100"]


@pytest.mark.parametrize("name", [each.name for each in orders.LOST])
def test_a_client_of_a_lost_order_has_heard_no_fill_by_then(name: str) -> None:
    talker = a_day_with(LIBRARY[name])

    received = of_kind(talker.received, 11)

    assert received == []


@pytest.mark.parametrize(
    ("name", "placed"),
    [
        ("ack-lost", True),
        ("never-acknowledged", True),
        ("order-lost", False),
        ("order-swallowed", False),
        ("order-never-arrived", False),
        ("swallowed-and-cut", False),
    ],
)
def test_what_the_broker_holds_in_the_end(name: str, *, placed: bool) -> None:
    exchange = a_day_with(LIBRARY[name]).gateway.exchange

    held = exchange.positions()

    assert bool(held) is placed


def test_a_swallowed_order_is_counted_and_a_lost_one_is_not() -> None:
    swallowed = a_day_with(LIBRARY["order-swallowed"]).gateway
    lost = a_day_with(LIBRARY["order-lost"]).gateway

    assert swallowed.next_order_id(7) == 10
    assert lost.next_order_id(7) == 1


def test_a_ghost_is_placed_after_its_socket_died() -> None:
    talker = a_day_with(LIBRARY["ghost-order"])
    before = talker.gateway.exchange.positions()

    talker.wait(31)

    assert before == []
    assert talker.gateway.exchange.positions()


@pytest.mark.parametrize("scenario", verdicts.REFUSED, ids=lambda each: each.name)
def test_a_refused_order_is_told_and_not_placed(scenario: Scenario) -> None:
    talker = a_day_with(scenario)

    codes = [each[3] for each in of_kind(talker.received, 4) if each[2] == "9"]

    assert scenario.name.rsplit("-", 1)[1] in codes
    assert talker.gateway.exchange.positions() == []


@pytest.mark.parametrize("scenario", verdicts.NOTED, ids=lambda each: each.name)
def test_a_noted_order_fills_all_the_same(scenario: Scenario) -> None:
    talker = a_day_with(scenario)

    codes = [each[3] for each in of_kind(talker.received, 4) if each[2] == "9"]

    assert scenario.name.rsplit("-", 1)[1] in codes
    assert talker.gateway.exchange.positions()


def test_an_unknown_scenario_is_an_error_that_says_how_to_see_the_known() -> None:
    with pytest.raises(ValueError, match="--scenario list"):
        find_scenario("no-such-thing")
