"""Every reason at once, or none."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from core.model.evidence import LineState
from core.model.market import Freshness
from core.model.portfolio import BaseFigures
from core.model.proposal import Purpose
from core.model.status import MarketPhase, MarketState, Supply
from core.rules.common_guards import BEFORE_A_YES, BEFORE_ANY_ORDER
from core.rules.guards import (
    RefusalKind,
    yes_blocks,
)
from tests.builders import (
    a_line,
    a_quote,
    an_account,
    an_order,
    limits,
    money,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    a_readiness,
    a_supply,
    judged,
    kinds,
)


blocks_of_picks = partial(yes_blocks, purpose=Purpose.PICKS)


def test_nothing_in_the_way_means_go() -> None:
    assert judged(an_order(), an_order(leg=2)) == ()


def test_every_reason_is_given_not_the_first() -> None:
    found = judged(
        halted="by Sam",
        market=CLOSED_MARKET,
        account=None,
        quote=a_quote(halted=True, freshness=Freshness.DELAYED),
    )

    assert kinds(found) == [
        RefusalKind.HALTED,
        RefusalKind.MARKET_CLOSED,
        RefusalKind.NOT_LIVE,
        RefusalKind.STOCK_HALTED,
        RefusalKind.FUNDS,
    ]


def test_the_blocks_of_a_yes_are_all_reasons_that_need_no_order() -> None:
    blocks = blocks_of_picks(
        a_readiness(
            line=a_line(skew=60.0),
            reconciled=False,
            halted="by Sam",
            market=MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None),
        ),
        limits(account="U1234567"),
    )

    assert blocks == (
        "The orders are still being compared with IB's.",
        "Trading is halted: by Sam. /resume allows it.",
        "IB does not offer the account U1234567.",
        "U1234567 is not a paper account; the mode is sandbox.",
        "The gateway's clock is +60 s from this machine's.",
        "It is not known whether the market is open.",
    )


def test_with_everything_in_order_nothing_stands_in_the_way() -> None:
    assert blocks_of_picks(a_readiness(), limits()) == ()


NO_FUNDS = an_account(available_funds=None)
BASE = BaseFigures(
    currency="EUR", per_dollar=None, net_liquidation=None, available_funds=None
)
RATED = replace(BASE, per_dollar=Decimal("0.86"))


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"read_only": True}, "The gateway's Read-Only API is on: switch it off"),
        ({"ids_used_up": True}, "use another client id"),
        ({"is_listed": False}, "IB has not listed yet what the account holds."),
        ({"no_data": "not subscribed"}, "No market data comes: not subscribed."),
        ({"data": Freshness.DELAYED}, "delayed, not live: subscribe"),
        ({"data": Freshness.FROZEN}, "frozen, not live: subscribe"),
        ({"account": None}, "IB has not sent the account's free funds."),
        ({"account": NO_FUNDS}, "IB has not sent the account's free funds."),
        ({"account": replace(NO_FUNDS, base=BASE)}, "the rate of EUR"),
        ({"account": replace(NO_FUNDS, base=RATED)}, "the account's free funds"),
    ],
)
def test_what_is_missing_is_named_and_how_to_mend_it(
    missing: dict[str, Any], words: str
) -> None:
    [block] = blocks_of_picks(a_readiness(supply=a_supply(**missing)), limits())

    assert words in block


@pytest.mark.attack(19)
def test_delayed_data_is_enough_where_it_is_allowed() -> None:
    delayed = a_readiness(supply=a_supply(data=Freshness.DELAYED))

    assert blocks_of_picks(delayed, limits(allow_delayed=True)) == ()


@pytest.mark.attack(19)
def test_of_which_kind_the_data_is_may_not_be_known_yet() -> None:
    assert blocks_of_picks(a_readiness(supply=a_supply(data=None)), limits()) == ()


@pytest.mark.attack(19)
def test_while_the_market_is_closed_no_live_data_is_missed() -> None:
    frozen = a_supply(data=Freshness.FROZEN)

    assert (
        blocks_of_picks(a_readiness(supply=frozen, market=CLOSED_MARKET), limits())
        == ()
    )


@pytest.mark.attack(19)
def test_a_line_that_is_down_is_the_only_thing_said_of_it() -> None:
    nothing = Supply(
        account=None,
        is_listed=False,
        read_only=True,
        ids_used_up=True,
        no_data="not subscribed",
    )
    down = a_readiness(line=a_line(state=LineState.DOWN), supply=nothing)

    [block] = blocks_of_picks(down, limits())
    assert block == "IB Gateway is not connected."


@pytest.mark.attack(19)
def test_a_gateway_that_lists_nothing_is_called_read_only_and_not_unfinished() -> None:
    read_only = a_readiness(supply=a_supply(read_only=True), reconciled=False)

    [block] = blocks_of_picks(read_only, limits())
    assert "Read-Only" in block


@pytest.mark.attack(19)
def test_a_day_whose_limit_is_used_up_is_not_ready() -> None:
    [block] = blocks_of_picks(a_readiness(used_today=money("10000")), limits())

    assert block == "The limit of $10,000 a day is used up."


def test_neither_a_halt_nor_a_closed_market_keeps_exits_back() -> None:
    """Nor what only a purchase needs. A line that is down does."""
    bare = {"halted": "by Sam", "market": CLOSED_MARKET, "used_today": money("10000")}
    ask = partial(yes_blocks, limits=limits(), purpose=Purpose.EXITS)

    assert ask(a_readiness(supply=a_supply(account=None), **bare)) == ()
    assert len(ask(a_readiness(line=a_line(state=LineState.DOWN), **bare))) == 1


@pytest.mark.attack(19)
@pytest.mark.parametrize("guard", BEFORE_ANY_ORDER, ids=lambda guard: guard.__name__)
def test_what_keeps_every_order_back_keeps_a_yes_back_too(guard: object) -> None:
    assert guard in BEFORE_A_YES


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ({"read_only": True}, RefusalKind.READ_ONLY),
        ({"ids_used_up": True}, RefusalKind.ORDER_IDS),
        ({"is_listed": False}, RefusalKind.NOT_LISTED),
    ],
)
def test_what_status_names_keeps_orders_back_as_well(
    fact: dict[str, bool], kind: RefusalKind
) -> None:
    assert kinds(judged(supply=a_supply(**fact))) == [kind]
