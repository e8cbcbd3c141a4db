"""The card's five, and what the whole scan saw."""

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
    """How far a price has come: dollars a share, and percent of where it started."""

    dollars: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a month of daily bars says of a stock on the session's day; None where too
    few bars are known. ``atr`` is the average true range in dollars, ``high`` and ``low``
    those of the last twenty sessions before this one, ``usual_volume`` their average
    volume, ``gap`` percent from the last close to the session's open, and
    ``short_restricted`` whether a fall of 10 % keeps short sales above the bid."""

    atr: Decimal | None = None
    high: Price | None = None
    low: Price | None = None
    usual_volume: Decimal | None = None
    gap: Decimal | None = None
    short_restricted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the five. A change is None when a price it needs is not known.

    ``today`` and ``prior`` are the daily bars of the session of the scan and of the
    last one before it, ``month`` what the bars before say, None where they cannot be
    trusted. ``headlines`` are of the last day, newest first. ``flaw`` says in words why it cannot be picked, or is None.
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
    """A scan's answer at one moment (``at``, UTC).

    ``session_day`` is the New York date that "today's open" belongs to, ``prior_day``
    the one that "the prior open" belongs to (None when no bar told it).
    ``freshness`` is the worst among the five. ``rows`` holds every row of the
    scanner in its order, whether or not a quote came for it.
    """

    at: datetime
    session_day: date
    prior_day: date | None
    ranked_by: RankBy
    freshness: Freshness
    candidates: tuple[Candidate, ...]
    rows: tuple[Snapshot, ...]
