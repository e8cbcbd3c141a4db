"""Cards, orders and accounts for tests; every field can be named."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from core.model.exits.plan import Distance, ExitKind, ExitPlan, Unit
from core.model.exits.protection import Protection
from core.model.fills import Fill
from core.model.instructions import Limits
from core.model.market import (
    Bar,
    Freshness,
    OrderType,
    Quote,
    RankBy,
    Side,
    Snapshot,
)
from core.model.money import Money, Price, Shares
from core.model.order import Order, OrderState, order_ref
from core.model.portfolio import AccountSummary, Position
from core.model.proposal import (
    Leg,
    Mode,
    Pick,
    Proposal,
    ProposalState,
    Shown,
    Token,
)
from core.model.ranking import Candidate, Change, Ranking
from core.model.scoring.following import PastBar
from core.model.status import Halt
from tests.monday import (
    ACCOUNT,
    CLIENT_ID,
    FDMX,
    FRIDAY,
    GATEWAY,
    JOURNAL,
    MONDAY,
    NOW,
    OPENS,
    ORDER_ID,
    PROPOSAL_ID,
    QRVX,
)


def price(text: str) -> Price:
    return Price(Decimal(text))


def money(text: str) -> Money:
    return Money(Decimal(text))


def a_change(dollars: str, percent: str) -> Change:
    return Change(dollars=Decimal(dollars), percent=Decimal(percent))


def past_bars(*closes: str, begin: datetime = OPENS) -> tuple[PastBar, ...]:
    """Five-minute bars of the bid from *begin* on, a cent wide around each close."""
    return tuple(
        PastBar(
            at=begin + timedelta(minutes=5) * place,
            high=price(str(Decimal(close) + Decimal("0.01"))),
            low=price(str(Decimal(close) - Decimal("0.01"))),
            close=price(close),
        )
        for place, close in enumerate(closes)
    )


def a_quote(**named: Any) -> Quote:
    quote = Quote(
        at=NOW,
        freshness=Freshness.LIVE,
        bid=price("4.81"),
        ask=price("4.83"),
        last=price("4.82"),
        open=price("4.20"),
        close=price("3.90"),
        high=price("4.90"),
        low=price("4.10"),
        volume=1_250_000,
        halted=False,
    )
    return replace(quote, **named)


def a_bar(**named: Any) -> Bar:
    bar = Bar(
        day=MONDAY,
        open=price("4.20"),
        high=price("4.90"),
        low=price("4.10"),
        close=price("4.82"),
        volume=1_250_000,
    )
    return replace(bar, **named)


def a_prior_bar(**named: Any) -> Bar:
    friday = {
        "day": FRIDAY,
        "open": price("3.72"),
        "high": price("3.95"),
        "low": price("3.65"),
        "close": price("3.90"),
    }
    return a_bar(**{**friday, **named})


def a_snapshot(**named: Any) -> Snapshot:
    snapshot = Snapshot(
        rank=1,
        instrument=QRVX,
        quote=a_quote(),
        bars=(a_prior_bar(), a_bar()),
    )
    return replace(snapshot, **named)


def a_candidate(**named: Any) -> Candidate:
    candidate = Candidate(
        rank=1,
        instrument=QRVX,
        quote=a_quote(),
        today=a_bar(),
        prior=a_prior_bar(),
        since_open=a_change("0.62", "14.76"),
        since_prior_open=a_change("1.10", "29.57"),
        flaw=None,
    )
    return replace(candidate, **named)


def a_second_candidate(**named: Any) -> Candidate:
    """FDMX, ranked second: less percent than QRVX, and more dollars."""
    second = a_candidate(
        rank=2,
        instrument=FDMX,
        quote=a_quote(last=price("26.59"), ask=price("26.61"), bid=price("26.57")),
        today=a_bar(open=price("23.49"), close=price("26.59")),
        prior=a_prior_bar(open=price("22.94"), close=price("23.40")),
        since_open=a_change("3.10", "13.20"),
        since_prior_open=a_change("3.65", "15.91"),
    )
    return replace(second, **named)


def a_ranking(**named: Any) -> Ranking:
    ranking = Ranking(
        at=NOW,
        session_day=MONDAY,
        prior_day=FRIDAY,
        ranked_by=RankBy.SCANNER,
        freshness=Freshness.LIVE,
        candidates=(a_candidate(), a_second_candidate()),
        rows=(
            a_snapshot(),
            a_snapshot(rank=2, instrument=FDMX, quote=a_second_candidate().quote),
        ),
    )
    return replace(ranking, **named)


def a_leg(**named: Any) -> Leg:
    leg = Leg(
        number=1,
        instrument=QRVX,
        shares=Shares(100),
        picks=(Pick.PERCENT,),
        change=a_change("0.62", "14.76"),
        reference=price("4.82"),
        ask=price("4.83"),
    )
    return replace(leg, **named)


def a_second_leg(**named: Any) -> Leg:
    second = a_leg(
        number=2,
        instrument=FDMX,
        picks=(Pick.DOLLARS,),
        change=a_change("3.10", "13.20"),
        reference=price("26.59"),
        ask=price("26.61"),
    )
    return replace(second, **named)


def a_shown(**named: Any) -> Shown:
    return replace(Shown(owner=1001, chat=1001, message=55), **named)


def a_proposal(**named: Any) -> Proposal:
    proposal = Proposal(
        id=PROPOSAL_ID,
        token=Token("token-of-the-proposal"),
        state=ProposalState.OFFERED,
        mode=Mode.SANDBOX,
        account=ACCOUNT,
        session_day=MONDAY,
        made_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
        ranking=a_ranking(),
        legs=(a_leg(), a_second_leg()),
        shown=a_shown(),
        funds=money("97400"),
        net_liquidation=money("101240"),
    )
    return replace(proposal, **named)


def an_order(**named: Any) -> Order:
    """Planned: approved, and nothing sent."""
    leg = named.get("leg", 1)
    order = Order(
        ref=order_ref(JOURNAL, named.get("proposal_id", PROPOSAL_ID), leg),
        proposal_id=PROPOSAL_ID,
        leg=1,
        instrument=FDMX if leg == 2 else QRVX,
        side=Side.BUY,
        shares=Shares(100),
        account=ACCOUNT,
        state=OrderState.PLANNED,
        estimate=money("2661.00") if leg == 2 else money("483.00"),
    )
    return replace(order, **named)


def an_exit(**named: Any) -> Order:
    """A stop of a card's first order, planned: what it bought is sold at 4.50."""
    leg = named.get("leg", 11)
    order = replace(
        an_order(),
        side=Side.SELL,
        exit=ExitKind.STOP,
        order_type=OrderType.STOP,
        stop=price("4.50"),
        oca_group="tb-group",
    )
    ref = order_ref(JOURNAL, named.get("proposal_id", PROPOSAL_ID), leg)
    return replace(order, **{"ref": ref, "leg": leg, **named})


def a_protection(**named: Any) -> Protection:
    """What the first order of the card buys has a stop of 5 %."""
    protection = Protection(
        instrument=QRVX,
        account=ACCOUNT,
        plan=ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
        proposal_id=PROPOSAL_ID,
        since=NOW,
        entries=(order_ref(JOURNAL, PROPOSAL_ID, 1),),
    )
    return replace(protection, **named)


def a_sent_order(**named: Any) -> Order:
    """On disk and perhaps on the wire, with the names it was sent under."""
    sent = {
        "state": OrderState.SENDING,
        "order_id": ORDER_ID,
        "gateway": GATEWAY,
        "login": (ACCOUNT,),
        "client_id": CLIENT_ID,
        "position_before": Decimal(0),
        "sent_at": NOW,
        "sent_day": MONDAY,
        "epoch": 1,
    }
    return an_order(**{**sent, **named})


def a_fill(**named: Any) -> Fill:
    fill = Fill(
        exec_id="0000e0d5.6561f5c2.01.01",
        shares=Shares(100),
        price=price("4.83"),
        at=NOW + timedelta(seconds=1),
    )
    return replace(fill, **named)


def an_account(**named: Any) -> AccountSummary:
    account = AccountSummary(
        account=ACCOUNT,
        at=NOW,
        net_liquidation=money("101240"),
        available_funds=money("97400"),
        buying_power=money("389600"),
        cash=money("97400"),
        open_profit=money("120"),
        day_profit=money("35"),
    )
    return replace(account, **named)


def a_position(**named: Any) -> Position:
    position = Position(
        instrument=QRVX,
        shares=Decimal(100),
        average_cost=price("4.84"),
        price=price("4.61"),
        market_value=money("461"),
        open_profit=money("-23"),
        day_profit=money("-21"),
        prior_close=price("4.82"),
    )
    return replace(position, **named)


def limits(**named: Any) -> Limits:
    allowed = Limits(
        mode=Mode.SANDBOX,
        account=ACCOUNT,
        shares=Shares(100),
        offer_life=timedelta(minutes=10),
        price_band=Decimal(2),
        max_order=money("5000"),
        max_day=money("10000"),
        buy_held=False,
        allow_delayed=False,
        gateway_restart=time(23, 45),
        restart_guard=timedelta(minutes=3),
        max_skew=timedelta(seconds=5),
        automatic=False,
        automatic_live=False,
    )
    return replace(allowed, **named)


def a_halt(reason: str) -> Halt:
    return Halt(at=NOW, by="Ada", reason=reason)
