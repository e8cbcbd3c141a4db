"""A journal of years: five cards a day of fifty rows each, all followed to their end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from core.model.market import ConId, Instrument, Lending, Snapshot
from core.model.money import Price, Shares
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, FollowedRow, Horizon
from core.model.scoring.recording import Recording
from core.rules.ranking import KEEP
from core.store.journal import Journal
from tests.builders import MONDAY, NOW, a_bar, a_prior_bar, a_quote, price
from tests.core.store.journals import StoppedClock


ROWS: Final = 50
A_DAY: Final = 5
CARDS_A_YEAR: Final = 252 * A_DAY


def write(path: Path, *, cards: int) -> None:
    """So many cards into a new journal, a transaction each day."""
    random = Random(1)
    with Journal.opened(path, clock=StoppedClock()) as journal:
        for first in range(0, cards, A_DAY):
            with journal.transaction():
                for number in range(first, min(first + A_DAY, cards)):
                    recorded = _recording(number, random)
                    journal.recordings.add(recorded)
                    for became in _followed(recorded, random):
                        journal.recordings.follow(became)


def _recording(number: int, random: Random) -> Recording:
    rows = tuple(_row(rank, random) for rank in range(1, ROWS + 1))
    picked = random.sample([row.instrument.con_id for row in rows[:KEEP]], k=2)
    day = number // A_DAY
    return Recording(
        proposal_id=ProposalId(f"{number:010}"),
        session_day=MONDAY + timedelta(days=day),
        at=NOW + timedelta(days=day, minutes=number % A_DAY),
        series="12345678",
        settings="50 rows of TOP_PERC_GAIN in STK STK.US.MAJOR; ranked by scanner",
        shares=Shares(100),
        rows=rows,
        picked=tuple(picked),
    )


def _row(rank: int, random: Random) -> Snapshot:
    number = random.randrange(400)
    stock = Instrument(con_id=ConId(710_000_000 + 1_000 * rank + number), symbol="QRVX")
    last = random.uniform(2, 60)
    quote = a_quote(
        open=_price(last * 0.9),
        last=_price(last),
        ask=_price(last * 1.002),
        bid=_price(last * 0.998),
        high=_price(last * 1.02),
        low=_price(last * 0.88),
        close=_price(last * 0.89),
        volume=random.randrange(10_000_000),
        average_volume=random.randrange(10_000_000),
        ask_size=100 * random.randrange(1, 100),
        vwap=price(f"{last * 0.97:.4f}"),
        lending=Lending.EASY,
    )
    bars = (a_prior_bar(), a_bar()) if rank <= KEEP else None
    return Snapshot(rank=rank, instrument=stock, quote=quote, bars=bars)


def _followed(recorded: Recording, random: Random) -> Iterator[Followed]:
    for horizon in Horizon:
        yield Followed(
            proposal_id=recorded.proposal_id,
            horizon=horizon,
            until=recorded.at + timedelta(hours=6),
            spy_from=price("659.10"),
            spy_to=_price(659.1 * random.gauss(1, 0.01)),
            rows=tuple(_became(row, random) for row in recorded.rows),
        )


def _became(row: Snapshot, random: Random) -> FollowedRow:
    assert row.quote is not None
    assert row.quote.bid is not None
    at_first = float(row.quote.bid)
    end = at_first * random.gauss(1, 0.04)
    plain = FollowedRow(con_id=row.instrument.con_id, price=_price(end))
    best, worst = max(at_first, end) * 1.01, min(at_first, end) * 0.99
    return replace(plain, best=_price(best), worst=_price(worst))


def _price(value: float) -> Price:
    return price(f"{value:.2f}")
