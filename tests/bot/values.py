"""Values that only the chat shows: how the engine stands, and the morning report."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.model.audit import JournalSize
from core.model.proposal import Mode, Pick
from core.model.report import MorningReport, PickOutcome, Scorecard
from core.model.status import MarketPhase, MarketState, Status
from tests.builders import (
    ACCOUNT,
    FDMX,
    FRIDAY,
    NOW,
    OPENS,
    PROPOSAL_ID,
    QRVX,
    a_line,
    a_position,
    a_session,
    an_account,
    money,
    price,
)


def a_status(**named: Any) -> Status:
    """Ready to trade in an open market."""
    status = Status(
        at=NOW,
        mode=Mode.SANDBOX,
        account=ACCOUNT,
        line=a_line(since=NOW - timedelta(hours=3), answered=NOW),
        reconciled=True,
        halted=None,
        market=MarketState(
            phase=MarketPhase.OPEN,
            session=a_session(),
            next_open=OPENS + timedelta(days=1),
        ),
        waits_for=None,
        in_doubt=(),
        next_report=OPENS + timedelta(days=1, minutes=5),
        max_order=money("5000"),
        max_day=money("10000"),
        used_today=money("2830"),
        strangers=0,
        journal=JournalSize(bytes=1_240_000, since=NOW - timedelta(days=31)),
        blocks=(),
    )
    return replace(status, **named)


def an_outcome(**named: Any) -> PickOutcome:
    outcome = PickOutcome(
        instrument=QRVX,
        picks=(Pick.PERCENT,),
        day=FRIDAY,
        shown_at=price("4.82"),
        now=price("4.58"),
        percent=Decimal("-4.98"),
        order=None,
    )
    return replace(outcome, **named)


def a_report(**named: Any) -> MorningReport:
    report = MorningReport(
        at=OPENS + timedelta(minutes=5),
        session=a_session(),
        early_close=False,
        mode=Mode.PAPER,
        account=an_account(net_liquidation=money("101240")),
        overnight=money("1200.66"),
        positions=(
            a_position(
                instrument=FDMX,
                shares=Decimal(100),
                average_cost=price("23.43"),
                price=price("24.02"),
                prior_close=price("23.43"),
                market_value=money("2402"),
                day_profit=money("59"),
                day_basis=money("2343"),
                open_profit=money("59"),
            ),
        ),
        open_orders=(),
        last_picks=Scorecard(
            proposal_id=PROPOSAL_ID,
            outcomes=(
                an_outcome(),
                an_outcome(
                    instrument=FDMX,
                    picks=(Pick.DOLLARS,),
                    shown_at=price("26.59"),
                    now=price("27.25"),
                    percent=Decimal("2.48"),
                ),
            ),
        ),
        gaps=(),
    )
    return replace(report, **named)
