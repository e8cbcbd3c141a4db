"""All that lies outside of the core, each by its role."""

from dataclasses import dataclass

from core.ports.account import Broker
from core.ports.chat import Notifier
from core.ports.journal import Results, Scoring, Store
from core.ports.market import Calendar, MarketData, PastPrices, SteadyClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """All that lies outside of the core. Only here it is seen whole: each part is given
    the roles that it uses."""

    store: Store
    broker: Broker
    market: MarketData
    past: PastPrices
    scoring: Scoring
    results: Results
    notifier: Notifier
    calendar: Calendar
    clock: SteadyClock
