"""/history: the picks of earlier cards and what became of them.

Tested by tests/bot/handlers/looks/test_score.py.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from bot.views import words
from core.model.proposal import Mode
from core.model.scoring.trades import PastPick


MOST: Final = 10
"""Picks on a page."""

_UNLISTED: Final = (
    "What is still held is by my own records: IB lists nothing at this moment."
)

_COLUMNS: Final = (
    words.Column(width=7, right=False),
    words.Column(width=8, right=False),
    words.Column(width=9),
    words.Column(width=10),
)


def history(
    picks: Sequence[PastPick],
    *,
    symbol: str | None,
    skip: int,
    mode: Mode,
    is_listed: bool = True,
) -> str:
    """A page of picks, the newest first, from the *skip*-th on; *is_listed* is whether
    IB has said what is held now."""
    of_it = f" · {words.safe(symbol)}" if symbol else ""
    head = f"<b>Past picks</b>{of_it} · {words.bold(words.mode_word(mode))}"
    if not picks:
        return words.paragraphs(head, _nothing(symbol, skip))
    rows = [words.row(("", "", "shown", "at close"), _COLUMNS)]
    for before, pick in pairwise([None, *picks]):
        assert pick is not None
        if _is_another_year(before, pick, is_first_page=not skip):
            rows.append(f"{pick.day.year}")
        rows += _pick(pick)
    foot = "at the close, after costs; then its worst and best before"
    is_claimed = not is_listed and any(pick.open for pick in picks)
    return words.lines(head, words.pre(rows), foot, _UNLISTED if is_claimed else "")


def older(symbol: str | None, page: int) -> str:
    """How to see the picks of the next *page*."""
    said = " ".join(("/history", *([symbol] if symbol else []), str(page)))
    return f"older ones: <code>{words.safe(said)}</code>"


def _is_another_year(
    before: PastPick | None, pick: PastPick, *, is_first_page: bool
) -> bool:
    """Whether the year of *pick* has to be named: it is not this year's."""
    if before is None:
        return not is_first_page
    return before.day.year != pick.day.year


def _nothing(symbol: str | None, skip: int) -> str:
    if skip:
        return "There are no older ones."
    if symbol:
        return f"No pick of {words.safe(symbol)} has been followed to a close yet."
    return "No pick has been followed to a close yet."


def _pick(pick: PastPick) -> Iterator[str]:
    cells = (
        words.short_day(pick.day),
        pick.symbol,
        words.price(pick.shown),
        words.arrow(_percent(pick.gain)),
    )
    yield words.row(cells, _COLUMNS)
    if pick.renamed:
        yield f"  now {pick.renamed}"
    bought = f"bought {pick.bought:,}" if pick.bought else "not bought"
    if pick.gain is None:
        yield f"  {bought}; {pick.problem or 'no price'}"
        yield from _became(pick)
        return
    best, worst = (
        words.percent(_percent(pick.best)),
        words.percent(_percent(pick.worst)),
    )
    yield f"  {bought}; {worst} to {best}"
    yield from _became(pick)


def _became(pick: PastPick) -> Iterator[str]:
    """What was sold of *pick*, at which average price, and what is left."""
    for elsewhere, how in ((False, ""), (True, ", not by me")):
        trips = [trip for trip in pick.trips if trip.elsewhere is elsewhere]
        if trips:
            shares = sum((trip.shares for trip in trips), Decimal(0))
            got = sum((trip.got for trip in trips), Decimal(0))
            yield f"  sold {words.shares(shares)} at {words.price(got / shares)}{how}"
    if pick.gone:
        yield f"  {words.shares(pick.gone)} gone, at a price not heard"
    if pick.open:
        yield f"  {words.shares(pick.open)} still held"


def _percent(gain: float | None) -> Decimal | None:
    return None if gain is None else Decimal(str(gain))
