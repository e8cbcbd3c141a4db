"""Any value that the core could hand to a view, and some that it could not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from hypothesis import strategies as st

from core.model.card import Card
from core.model.fills import Fill
from core.model.market import (
    Bar,
    ConId,
    Freshness,
    Headline,
    Instrument,
    Lending,
    Quote,
    RankBy,
    Side,
    Snapshot,
)
from core.model.money import Money, Price, Shares
from core.model.order import Order, OrderState, order_ref
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import (
    Leg,
    Mode,
    Pick,
    Proposal,
    ProposalState,
    Token,
)
from core.model.ranking import Candidate, Change, Month, Ranking
from core.model.report import MorningReport, PickOutcome, Scorecard
from core.model.status import ScanProgress
from tests.builders import JOURNAL, MONDAY, PROPOSAL_ID, a_session, a_shown


T = TypeVar("T")


def maybe(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | values


def some(values: st.SearchStrategy[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, max_size=most).map(tuple)


names: Final = st.text(st.sampled_from("ABCXYZ.<>&é "), min_size=1, max_size=9)
reasons: Final = st.text(st.sampled_from("ab <>&\"'/.…\n"), max_size=600)
moments: Final = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001  hypothesis wants it naive
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001  hypothesis wants it naive
    timezones=st.just(UTC),
)
days: Final = st.dates(MONDAY - timedelta(days=999), MONDAY)
prices: Final = st.decimals(Decimal("0.0001"), Decimal(999_999), places=4).map(Price)
amounts: Final = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2).map(Money)
percents: Final = st.decimals(Decimal(-100), Decimal(99_999), places=3)
shares: Final = st.integers(1, 1_000_000).map(Shares)
volumes: Final = st.integers(0, 10**10)

instruments: Final = st.builds(
    Instrument, con_id=st.integers(1, 10**9).map(ConId), symbol=names
)
quotes: Final = st.builds(
    Quote,
    at=moments,
    freshness=st.sampled_from(Freshness),
    bid=maybe(prices),
    ask=maybe(prices),
    last=maybe(prices),
    volume=maybe(volumes),
    halted=maybe(st.booleans()),
    ask_size=maybe(volumes),
    average_volume=maybe(volumes),
    vwap=maybe(prices),
    lending=maybe(st.sampled_from(Lending)),
)
months: Final = st.builds(
    Month,
    atr=maybe(prices),
    high=maybe(prices),
    low=maybe(prices),
    usual_volume=maybe(prices),
    gap=maybe(percents),
    short_restricted=maybe(st.booleans()),
)
bars: Final = st.builds(
    Bar,
    day=days,
    open=prices,
    high=prices,
    low=prices,
    close=prices,
    volume=volumes,
)
changes: Final = st.builds(Change, dollars=amounts, percent=percents)
candidates: Final = st.builds(
    Candidate,
    rank=st.integers(1, 50),
    instrument=instruments,
    quote=maybe(quotes),
    today=maybe(bars),
    prior=maybe(bars),
    since_open=maybe(changes),
    since_prior_open=maybe(changes),
    flaw=maybe(reasons.map(lambda text: text[:200])),
    month=maybe(months),
    headlines=some(st.builds(Headline, at=moments, provider=names, text=reasons), 3),
)
rankings: Final = st.builds(
    Ranking,
    at=moments,
    session_day=days,
    prior_day=maybe(days),
    ranked_by=st.sampled_from(RankBy),
    freshness=st.sampled_from(Freshness),
    candidates=some(candidates, 5),
    rows=some(
        st.builds(
            Snapshot,
            rank=st.integers(1, 50),
            instrument=instruments,
            quote=maybe(quotes),
        ),
        50,
    ),
)
legs: Final = st.builds(
    Leg,
    number=st.integers(1, 2),
    instrument=instruments,
    shares=shares,
    picks=st.lists(st.sampled_from(Pick), min_size=1, max_size=2).map(tuple),
    change=changes,
    reference=prices,
    ask=maybe(prices),
)
proposals: Final = st.builds(
    Proposal,
    id=st.just(PROPOSAL_ID),
    token=st.just(Token("token")),
    state=st.sampled_from(ProposalState),
    mode=st.sampled_from(Mode),
    account=names,
    session_day=days,
    made_at=moments,
    expires_at=moments,
    ranking=rankings,
    legs=some(legs, 2),
    shown=st.just(a_shown()),
    funds=maybe(amounts),
    net_liquidation=maybe(amounts),
    queue_for=maybe(moments),
    note=maybe(reasons),
    decided_by=maybe(names),
    decided_at=maybe(moments),
)
fills: Final = st.builds(
    Fill,
    exec_id=names,
    shares=shares,
    price=prices,
    at=moments,
    commission=maybe(amounts),
)
orders: Final = st.builds(
    Order,
    ref=st.just(order_ref(JOURNAL, PROPOSAL_ID, 1)),
    proposal_id=st.just(PROPOSAL_ID),
    leg=st.integers(1, 2),
    instrument=instruments,
    side=st.sampled_from(Side),
    shares=shares,
    account=names,
    state=st.sampled_from(OrderState),
    estimate=amounts,
    position_before=maybe(st.decimals(-(10**6), 10**6, places=4)),
    sent_at=maybe(moments),
    held_until=maybe(moments),
    cancel_asked=st.booleans(),
    reason=maybe(reasons),
    fills=some(fills, 4),
)
positions: Final = st.builds(
    Position,
    instrument=instruments,
    shares=st.decimals(-(10**6), 10**6, places=2),
    average_cost=maybe(prices),
    price=maybe(prices),
    market_value=maybe(amounts),
    open_profit=maybe(amounts),
    day_profit=maybe(amounts),
    prior_close=maybe(prices),
    day_basis=maybe(amounts),
    traded_today=st.booleans(),
)
cards: Final = st.builds(
    Card,
    proposal=proposals,
    orders=some(orders, 2),
    opens=maybe(moments),
    held=some(positions, 3),
    refused=some(reasons, 2),
    fitting=st.sets(st.integers(1, 2)).map(tuple),
)
open_orders: Final = st.builds(
    OpenOrder,
    instrument=instruments,
    ref=names,
    order_id=st.integers(0, 10**9),
    client_id=st.integers(0, 99),
    perm_id=st.integers(0, 10**9),
    side=st.sampled_from(["BUY", "SELL"]),
    order_type=st.sampled_from(["MKT", "LMT", "TRAIL LIMIT"]),
    tif=st.sampled_from(["GTC", "DAY", "OPG"]),
    shares=shares.map(Decimal),
    filled=st.integers(0, 10**6).map(Decimal),
    status=st.sampled_from(["Submitted", "PreSubmitted", "PendingCancel"]),
)
accounts: Final = st.builds(
    AccountSummary,
    account=names,
    at=moments,
    net_liquidation=maybe(amounts),
    available_funds=maybe(amounts),
    buying_power=maybe(amounts),
    cash=maybe(amounts),
    open_profit=maybe(amounts),
    day_profit=maybe(amounts),
)
outcomes: Final = st.builds(
    PickOutcome,
    instrument=instruments,
    picks=st.lists(st.sampled_from(Pick), min_size=1, max_size=2).map(tuple),
    day=days,
    shown_at=prices,
    now=maybe(prices),
    percent=maybe(percents),
    order=maybe(orders),
)
reports: Final = st.builds(
    MorningReport,
    at=moments,
    session=st.just(a_session()),
    early_close=st.booleans(),
    mode=st.sampled_from(Mode),
    account=maybe(accounts),
    overnight=maybe(amounts),
    positions=maybe(some(positions, 40)),
    open_orders=maybe(some(open_orders, 40)),
    last_picks=maybe(
        st.builds(
            Scorecard, proposal_id=st.just(PROPOSAL_ID), outcomes=some(outcomes, 2)
        )
    ),
    gaps=some(reasons, 4),
)
progresses: Final = st.builds(
    ScanProgress,
    code=names,
    location=names,
    rows=maybe(st.integers(0, 50)),
    scanner_seconds=maybe(st.floats(0, 60)),
    quotes=maybe(st.integers(0, 50)),
    bars=maybe(st.integers(0, 5)),
    bars_wanted=maybe(st.integers(0, 5)),
)
