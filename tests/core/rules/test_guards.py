"""Every reason at once, or none."""

from core.model.market import Freshness
from core.model.status import MarketPhase, MarketState, Readiness
from core.rules.guards import (
    RefusalKind,
    standing_blocks,
)
from tests.builders import (
    NOW,
    a_line,
    a_quote,
    an_order,
    limits,
)
from tests.core.rules.asked import CLOSED_MARKET, judged, kinds


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


def test_standing_blocks_are_all_reasons_that_need_no_order() -> None:
    blocks = standing_blocks(
        Readiness(
            at=NOW,
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
        "Nobody knows whether the market is open.",
    )


def test_a_house_in_order_has_no_standing_blocks() -> None:
    blocks = standing_blocks(
        Readiness(
            at=NOW,
            line=a_line(),
            reconciled=True,
            halted=None,
            market=MarketState(phase=MarketPhase.OPEN, session=None, next_open=None),
        ),
        limits(),
    )

    assert blocks == ()
