"""The five of a scan: their figures in two lines each, and the details behind."""

from collections.abc import Iterator
from typing import Final

from bot.views import words
from bot.views.scans import scan_words
from core.model.market import Bar, RankBy
from core.model.proposal import Pick, Proposal
from core.model.ranking import Candidate, Change, Ranking
from core.rules.figures import percent
from core.rules.selection import picks


_COLUMNS: Final = (
    words.Column(width=8, right=False),
    words.Column(width=8),
    words.Column(width=9),
    words.Column(width=9),
)


def five(ranking: Ranking) -> str:
    """Last price and both changes, in % and below it in $; who cannot be picked."""
    prior = words.short_day(ranking.prior_day) if ranking.prior_day else "before"
    rows = [
        words.row(("", "last", "vs open", "vs open"), _COLUMNS),
        words.row(("", "", _session(ranking), prior), _COLUMNS),
    ]
    for candidate in ranking.candidates:
        rows.extend(_rows(candidate))
    return words.pre(rows)


def details(ranking: Ranking) -> str:
    """Quotes, spreads and both days' bars, behind a tap; empty without a five."""
    found = [line for c in ranking.candidates for line in _details(c)]
    if not found:
        return ""
    head = (
        f"Quotes of {words.clock_time(ranking.at)}, {_ranked(ranking)}",
        "Days: open high low close · volume",
    )
    return words.details([*head, *found])


def why(proposal: Proposal) -> str:
    """Why each of the five is there, and why it was picked or not: the figure that
    decided."""
    ranking = proposal.ranking
    if not ranking.candidates:
        return words.lines("<b>Why these?</b>", "The scan found no stock: no five.")
    head = (
        f"<b>Why these?</b> · scan of {words.day_time(ranking.at)}, {_ranked(ranking)}"
    )
    open_ = scan_words.the_open(ranking)
    return words.paragraphs(
        head,
        words.lines(
            *(
                f"{place}. {words.bold(each.instrument.symbol)}: {_because(each, ranking)}"
                for place, each in enumerate(ranking.candidates, start=1)
            )
        ),
        f"Picked are the largest gain in $ and the largest in % since {open_}.",
    )


def _because(candidate: Candidate, ranking: Ranking) -> str:
    """In one line: first what decided."""
    row = f"row {candidate.rank} of {len(ranking.rows)}"
    if candidate.flaw:
        return f"{row}; not picked: {words.safe(candidate.flaw)}"
    gain = candidate.since_open
    if gain is None:
        return f"{row}; not picked: its change since the open is not known"
    figures = f"{words.signed(gain.dollars)}, {words.percent(gain.percent)}"
    won = {
        pick for each, picks_ in picks(ranking) if each == candidate for pick in picks_
    }
    if won:
        named = " and ".join(pick.value for pick in Pick if pick in won)
        return f"{row}; <b>picked</b>, {named}: {figures}"
    if gain.dollars <= 0:
        return f"{row}; not picked: {figures}, no gain since the open"
    leads = ", ".join(
        f"{each.instrument.symbol} {_lead(each, pick)}"
        for each, picks_ in picks(ranking)
        for pick in picks_
    )
    return f"{row}; not picked: {figures}, behind {words.safe(leads)}"


def _lead(candidate: Candidate, pick: Pick) -> str:
    gain = candidate.since_open
    if pick is Pick.DOLLARS:
        return words.signed(gain.dollars if gain else None)
    return words.percent(words.percent_of(gain))


def _session(ranking: Ranking) -> str:
    """Whose open the first change counts from: a word for a column."""
    if scan_words.is_of_today(ranking):
        return "today"
    return words.short_day(ranking.session_day)


def _ranked(ranking: Ranking) -> str:
    if ranking.ranked_by is RankBy.SCANNER:
        return "ranked by IB"
    return f"ranked since {scan_words.the_open(ranking)}"


def _rows(candidate: Candidate) -> Iterator[str]:
    last = candidate.quote.last if candidate.quote else None
    day, prior = candidate.since_open, candidate.since_prior_open
    name = f"{candidate.rank} {candidate.instrument.symbol}"
    percents = words.arrow(words.percent_of(day)), words.arrow(words.percent_of(prior))
    yield words.row((name, words.price(last), *percents), _COLUMNS)
    if day or prior:
        yield words.row(("", "", _dollars(day), _dollars(prior)), _COLUMNS)
    if candidate.flaw:
        yield from words.beside("", f"! {candidate.flaw}", width=2)


def _dollars(change: Change | None) -> str:
    return words.signed(change.dollars) if change else ""


def _details(candidate: Candidate) -> Iterator[str]:
    yield f"{words.bold(candidate.instrument.symbol)} {_quote(candidate)}"
    for bar in (candidate.today, candidate.prior):
        if bar is not None:
            yield _bar(bar)


def _quote(candidate: Candidate) -> str:
    """In one line on a phone. The volume is the bar's, if there is one."""
    quote = candidate.quote
    if quote is None:
        return "no quote"
    parts = [f"bid {words.price(quote.bid)} ask {words.price(quote.ask)}"]
    if quote.bid and quote.ask:
        spread = percent.share(quote.ask - quote.bid, quote.ask)
        parts.append(f"spread {words.rounded(spread, words.TENTH)}%")
    if candidate.today is None:
        parts.append(f"volume {words.volume(quote.volume)}")
    if quote.halted:
        parts.append("HALTED")
    return " · ".join(parts)


def _bar(bar: Bar) -> str:
    prices = " ".join(map(words.price, (bar.open, bar.high, bar.low, bar.close)))
    return f"{bar.day:%a} {prices} · {words.volume(bar.volume)}"
