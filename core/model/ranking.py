"""The five stocks of a card, and everything that the scan saw."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.market import (
    Bar,
    Freshness,
    Headline,
    Instrument,
    Quote,
    RankBy,
    Snapshot,
)
from core.model.money import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change of a price: in dollars a share, and in percent of where it started."""

    dollars: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Figures from a month of daily bars, None where too few bars are known. ``atr`` is
    the average true range in dollars. ``high`` and ``low`` are those of the twenty
    sessions before this one, ``usual_volume`` is their average volume. ``gap`` is the
    change from the last close to the session's open in percent. ``short_restricted`` is
    whether a fall of 10 % restricts short sales (SEC rule 201)."""

    atr: Decimal | None = None
    high: Price | None = None
    low: Price | None = None
    usual_volume: Decimal | None = None
    gap: Decimal | None = None
    short_restricted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the five. A change is None if a price that it needs is not known.

    ``today`` and ``prior`` are the daily bars of the scan's session and of the one
    before it; ``month`` has figures of the bars before, None if they cannot be trusted.
    ``headlines`` are of the last day, newest first. ``flaw`` says why it cannot be
    picked, or is None.
    """

    rank: int
    instrument: Instrument
    quote: Quote | None
    today: Bar | None
    prior: Bar | None
    since_open: Change | None
    since_prior_open: Change | None
    flaw: str | None
    month: Month | None = None
    headlines: tuple[Headline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The result of a scan at one moment (``at``, UTC).

    ``session_day`` is the New York date that "today's open" belongs to, ``prior_day``
    the one that "the prior open" belongs to (None if no bar showed it). ``freshness``
    is the worst among the five. ``rows`` has every row of the scanner in its order,
    whether or not a quote came for it."""

    at: datetime
    session_day: date
    prior_day: date | None
    ranked_by: RankBy
    freshness: Freshness
    candidates: tuple[Candidate, ...]
    rows: tuple[Snapshot, ...]
