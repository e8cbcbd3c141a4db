"""What a card has no room for, behind a tap: dollars, quotes, both days' bars."""

from collections.abc import Iterator

from bot.views import words
from bot.views.scans import facts_words, scan_words
from core.model.market import Bar, RankBy
from core.model.proposal import Proposal
from core.model.ranking import Candidate, Change, Ranking
from core.rules.figures import facts


def details(proposal: Proposal) -> str:
    """Of each of the five, behind a tap; empty without a five. A company's name where it
    came with the price steps of a pick."""
    ranking = proposal.ranking
    companies = {leg.instrument.con_id: leg.company for leg in proposal.legs}
    found = [
        line
        for c in ranking.candidates
        for line in _of(c, ranking, companies.get(c.instrument.con_id, ""))
    ]
    if not found:
        return ""
    head = f"Quotes of {words.clock_time(ranking.at)}, {ranked(ranking)}"
    return words.details([head, "Days: open high low close · volume", *found])


def ranked(ranking: Ranking) -> str:
    if ranking.ranked_by is RankBy.SCANNER:
        return "ranked by IB"
    return f"ranked since {scan_words.the_open(ranking)}"


def _of(candidate: Candidate, ranking: Ranking, company: str) -> Iterator[str]:
    yield f"{words.bold(candidate.instrument.symbol)} {_quote(candidate)}"
    if company:
        yield words.company(company)
    yield from changes(candidate, ranking)
    yield from filter(None, facts_words.more(candidate))
    for bar in (candidate.today, candidate.prior):
        if bar is not None:
            yield _bar(bar)


def changes(candidate: Candidate, ranking: Ranking) -> Iterator[str]:
    """Both changes in dollars and in percent."""
    day, before = candidate.since_open, candidate.since_prior_open
    if day is not None:
        yield f"{_both(day)} since {scan_words.the_open(ranking)}"
    if before is not None:
        yield f"{_both(before)} since {scan_words.prior_open(ranking)}"


def _both(change: Change) -> str:
    return f"{words.signed(change.dollars)} ({words.percent(change.percent)})"


def _quote(candidate: Candidate) -> str:
    """In one line on a phone. The volume is the bar's, if there is one."""
    quote = candidate.quote
    if quote is None:
        return "no quote"
    bid, ask = words.alike(quote.bid, quote.ask)
    parts = [f"bid {bid} ask {ask}"]
    share = facts.spread(quote)
    if share is not None:
        parts.append(f"spread {words.spread(share)}")
    if candidate.today is None:
        parts.append(f"volume {words.volume(quote.volume)}")
    if quote.halted:
        parts.append("HALTED")
    return " · ".join(map(words.together, parts))


def _bar(bar: Bar) -> str:
    prices = " ".join(map(words.price, (bar.open, bar.high, bar.low, bar.close)))
    return f"{words.weekday(bar.day)} {prices} · {words.volume(bar.volume)}"
