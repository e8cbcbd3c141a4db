"""From the rows of a scan to the card's five. Bars are matched by date, not by
position."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from core.model.market import Bar, ConId, Freshness, Headline, Quote, RankBy, Snapshot
from core.model.money import Price
from core.model.ranking import Candidate, Change, Ranking
from core.rules.figures import month, percent
from core.rules.new_york import day_of


KEEP: Final = 5
"""How many rows a card has."""

OPEN_TOLERANCE: Final = Decimal("0.02")
OPEN_TOLERANCE_PERCENT: Final = Decimal("0.5")
"""How far the opens of quote and bar may differ, in percent. The bar leaves out odd
lots and trades away from the best prices, so a small difference is normal; a larger one
means that one of the opens is not today's."""

CLOSE_TOLERANCE_PERCENT: Final = Decimal(5)
"""How far the prior close may be from that of the prior bar, in percent: it is adjusted
for dividends, the bar is not. The smallest usual split moves a price further (11 for
10: 9.1 %); 21 for 20 (4.8 %) hardly ever occurs."""

WORST_LAST: Final = (
    Freshness.LIVE,
    Freshness.FROZEN,
    Freshness.DELAYED,
    Freshness.DELAYED_FROZEN,
    Freshness.UNKNOWN,
)


def change(since: Price, last: Price) -> Change:
    """The change from *since* to *last*: last - since, and (last / since - 1) x 100."""
    dollars = last - since
    return Change(dollars=dollars, percent=percent.share(dollars, since))


def leaders(
    rows: Sequence[Snapshot], *, rank_by: RankBy, keep: int = KEEP
) -> tuple[Snapshot, ...]:
    """The rows that become the card and therefore need bars, in order. Rows that are
    not stocks to be bought are skipped.

    When ranking by the open, rows without a known change come last, in the scanner's
    order.
    """
    fit = (row for row in rows if row.unfit is None)
    in_order = sorted(fit, key=lambda row: row.rank)
    if rank_by is RankBy.OPEN:
        in_order.sort(key=_live_percent, reverse=True)
    return tuple(in_order[:keep])


def rank(
    rows: Sequence[Snapshot],
    *,
    rank_by: RankBy,
    session_day: date,
    at: datetime,
    keep: int = KEEP,
) -> Ranking:
    """The card's *keep* rows with their changes, and all rows of the scan.

    Rows with bars are preferred, because prices have moved since the bars were
    requested. A candidate's rank is the scanner's; its position is the card's.
    """
    asked = [row for row in rows if row.bars is not None]
    others = [row for row in rows if row.bars is None]
    chosen = (
        *leaders(asked, rank_by=rank_by, keep=keep),
        *leaders(others, rank_by=rank_by, keep=keep),
    )[:keep]
    prior_day = _prior_day(chosen, session_day)
    return Ranking(
        at=at,
        session_day=session_day,
        prior_day=prior_day,
        ranked_by=rank_by,
        freshness=worst(row.quote for row in chosen),
        candidates=tuple(
            candidate(row, session_day=session_day, prior_day=prior_day, at=at)
            for row in leaders(chosen, rank_by=rank_by, keep=keep)
        ),
        rows=tuple(_of_two_days(row, session_day, prior_day) for row in rows),
    )


def _of_two_days(row: Snapshot, day: date, prior: date | None) -> Snapshot:
    """*row* with only the two bars that its changes are measured from."""
    if row.bars is None:
        return row
    kept = tuple(bar for bar in row.bars if bar.day in {day, prior})
    return replace(row, bars=kept)


def candidate(
    snapshot: Snapshot, *, session_day: date, prior_day: date | None, at: datetime
) -> Candidate:
    """*snapshot* as of *at*, with its changes since both opens; a day is a New York
    date."""
    today = _bar_of(session_day, snapshot.bars)
    prior = _bar_of(prior_day, snapshot.bars)
    last = snapshot.quote.last if snapshot.quote else None
    rolled = today if day_of(at) != session_day else None
    close = snapshot.quote.close if snapshot.quote else None
    split = tuple(_of_a_split(prior, rolled, close))
    return Candidate(
        rank=snapshot.rank,
        instrument=snapshot.instrument,
        quote=snapshot.quote,
        today=today,
        prior=prior,
        since_open=_since(today, last),
        since_prior_open=_since(prior, last),
        flaw="; ".join((*_flaws(snapshot, today), *split)) or None,
        month=None
        if split
        else month.of_bars(snapshot.bars or (), session_day=session_day),
    )


def requoted(ranking: Ranking, quotes: Mapping[ConId, Quote]) -> Ranking:
    """*ranking* with its candidates at the newer prices of *quotes*. Candidates without
    a quote, and the ranking's own time, stay as they are."""
    return replace(
        ranking,
        candidates=tuple(
            _requoted(each, quotes.get(each.instrument.con_id))
            for each in ranking.candidates
        ),
    )


def with_headlines(
    ranking: Ranking, found: Mapping[ConId, tuple[Headline, ...]]
) -> Ranking:
    """*ranking* with the headlines *found* for its candidates."""
    return replace(
        ranking,
        candidates=tuple(
            replace(each, headlines=found.get(each.instrument.con_id, ()))
            for each in ranking.candidates
        ),
    )


def _requoted(candidate: Candidate, quote: Quote | None) -> Candidate:
    if quote is None or quote.last is None:
        return candidate
    return replace(
        candidate,
        quote=quote,
        since_open=_since(candidate.today, quote.last),
        since_prior_open=_since(candidate.prior, quote.last),
    )


def _live_percent(row: Snapshot) -> Decimal:
    quote = row.quote
    if quote is None or quote.open is None or quote.last is None:
        return Decimal("-Infinity")
    return change(quote.open, quote.last).percent


def _prior_day(rows: Iterable[Snapshot], session_day: date) -> date | None:
    days = (bar.day for row in rows for bar in row.bars or ())
    return max((day for day in days if day < session_day), default=None)


def _bar_of(day: date | None, bars: Sequence[Bar] | None) -> Bar | None:
    found = (bar for bar in reversed(bars or ()) if bar.day == day)
    return next(found, None)


def _since(bar: Bar | None, last: Price | None) -> Change | None:
    return change(bar.open, last) if bar and last is not None else None


def _flaws(snapshot: Snapshot, today: Bar | None) -> tuple[str, ...]:
    quote = snapshot.quote
    flaws: list[str] = []
    if quote is None or quote.last is None:
        flaws.append("no price")
    if today is None:
        flaws.append("no bar of the session yet")
    if flaws and snapshot.problem:
        flaws = [snapshot.problem]
    if quote and today and _disputed(today, quote):
        flaws.append("the open is disputed")
    if quote and quote.halted:
        flaws.append("halted")
    return tuple(flaws)


def _disputed(today: Bar, quote: Quote) -> bool:
    if quote.open is None:
        return False
    allowed = max(OPEN_TOLERANCE, percent.part(today.open, OPEN_TOLERANCE_PERCENT))
    return abs(today.open - quote.open) > allowed


def _of_a_split(
    prior: Bar | None, rolled: Bar | None, close: Price | None
) -> Iterator[str]:
    """The flaw of a stock that may have been split overnight: IB's prior *close* is in
    new shares, while the bar of the day before may still be in old ones. On a day after
    the session, the close may be that session's own, as in *rolled*."""
    ends = [bar.close for bar in (prior, rolled) if bar is not None]
    if prior and close and not any(_is_near(close, end) for end in ends):
        yield "split? the prior day does not fit its close"


def _is_near(close: Price, end: Price) -> bool:
    return abs(percent.moved(end, close)) <= CLOSE_TOLERANCE_PERCENT


def worst(quotes: Iterable[Quote | None]) -> Freshness:
    """The worst freshness among the *quotes* that exist: a row without a quote is
    flawed anyway."""
    known = (quote.freshness for quote in quotes if quote is not None)
    return max(known, key=WORST_LAST.index, default=Freshness.UNKNOWN)
