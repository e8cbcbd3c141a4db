"""Everything outside the core, by role."""

from dataclasses import dataclass

from core.ports.account import Broker
from core.ports.chat import Notifier
from core.ports.journal import Results, Scoring, Store
from core.ports.market import Calendar, MarketData, PastPrices, SteadyClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Everything outside the core. Parts are given only the roles that they use."""

    store: Store
    broker: Broker
    market: MarketData
    past: PastPrices
    scoring: Scoring
    results: Results
    notifier: Notifier
    calendar: Calendar
    clock: SteadyClock
