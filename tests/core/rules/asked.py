"""The guards asked about one card, everything else being in order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.model.market import Freshness
from core.model.order import Order
from core.model.status import MarketPhase, MarketState, Readiness, Supply
from core.rules.guards import (
    Circumstances,
    Refusal,
    RefusalKind,
    refusals,
)
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_line,
    a_proposal,
    a_quote,
    a_session,
    an_account,
    an_order,
    limits,
    money,
    price,
)


OPEN_MARKET = MarketState(
    phase=MarketPhase.OPEN, session=a_session(), next_open=NOW + timedelta(hours=24)
)
NEXT_OPEN = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
CLOSED_MARKET = MarketState(
    phase=MarketPhase.CLOSED, session=a_session(), next_open=NEXT_OPEN
)
FDMX_QUOTE = a_quote(last=price("26.59"), ask=price("26.61"))


def a_supply(**named: Any) -> Supply:
    good = Supply(account=an_account(), is_listed=True, data=Freshness.LIVE)
    return replace(good, **named)


def a_readiness(**named: Any) -> Readiness:
    """Everything in order, in an open market."""
    ready = Readiness(
        at=NOW,
        line=a_line(),
        supply=a_supply(),
        reconciled=True,
        halted=None,
        market=OPEN_MARKET,
        in_doubt=(),
        used_today=money("0"),
    )
    return replace(ready, **named)


def circumstances(**named: Any) -> Circumstances:
    good = Circumstances(
        now=NOW,
        line=a_line(),
        supply=a_supply(),
        reconciled=True,
        halted=None,
        market=OPEN_MARKET,
        quotes={QRVX.con_id: a_quote(), FDMX.con_id: FDMX_QUOTE},
        account=an_account(),
        in_doubt=(),
        working=(),
        counting=(),
        held=(),
        limits=limits(),
        proposal=a_proposal(),
    )
    return replace(good, **named)


def judged(*orders: Order, quote: Any = None, **named: Any) -> Sequence[Refusal]:
    """QRVX alone unless orders are given; *quote* is then QRVX's."""
    if quote is not None:
        named["quotes"] = {QRVX.con_id: quote}
    return refusals(orders or (an_order(),), circumstances(**named))


def kinds(found: Sequence[Refusal]) -> list[RefusalKind]:
    return [refusal.kind for refusal in found]


def the_only(found: Sequence[Refusal]) -> Refusal:
    assert len(found) == 1, found
    return found[0]
