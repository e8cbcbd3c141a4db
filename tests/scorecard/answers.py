"""What /score, /pnl and /history of a long journal cost the loop, and the memory of the
process that draws.

Tested by tests/scorecard/test_answers.py.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import thread_time
from typing import Final

from bot.drawing import drawn
from bot.views.scores import history, in_words, profits, sketch
from core.model.market import Side
from core.model.order import OrderRef, OrderState
from core.model.proposal import Mode, ProposalId, Token
from core.model.scoring.trades import ListedHoldings
from core.store.journal import Journal
from core.store.scores import Scores
from tests.builders import MONDAY, NOW, QRVX, a_fill, a_proposal, an_order, money
from tests.core.store.journals import StoppedClock


PAPER: Final = Mode.PAPER
_KB: Final = 1_000
_HISTORY: Final = 10


def trade(path: Path, *, days: int) -> None:
    """A purchase and its sale on each of so many *days*, and what the account is worth."""
    with Journal.opened(path, clock=StoppedClock()) as journal:
        for day in range(days):
            with journal.transaction():
                for side in Side:
                    _trade(journal, side, day)
                worth = money(str(10_000 + day))
                journal.memory.set_account_value(MONDAY + timedelta(days=day), worth)


def _trade(journal: Journal, side: Side, day: int) -> None:
    card = ProposalId(f"{side}{day:06}")
    at = NOW + timedelta(days=day, hours=side is Side.SELL)
    fill = a_fill(exec_id=f"{card}.01", at=at, commission=Decimal(1))
    order = an_order(
        ref=OrderRef(f"tb-{card}-1"),
        proposal_id=card,
        instrument=QRVX,
        side=side,
        state=OrderState.FILLED,
        fills=(fill,),
    )
    journal.proposals.add(a_proposal(id=card, token=Token(card)))
    journal.orders.add(order)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the loop's own processor time for one *answer*, and the most memory
    (MB) that a process which drew has had so far."""

    answer: str
    loop: float
    drawing: float

    def __str__(self) -> str:
        return (
            f"{self.answer}: {self.loop * 1000:.0f} ms of the loop, "
            f"the process that draws {self.drawing:.0f} MB"
        )


async def costs(path: Path) -> tuple[Cost, ...]:
    """Of each answer over the journal at *path*, as its handler makes it."""
    return tuple([await _cost(name, of, path) for name, of in _ANSWERS])


def measured(path: Path) -> tuple[Cost, ...]:
    """`costs` in a process of its own: the memory that the system tells is of all the
    children that a process ever had."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_costs, path).result()


def _costs(path: Path) -> tuple[Cost, ...]:
    return asyncio.run(costs(path))


async def _cost(name: str, of: Callable[[Path], Awaitable[None]], path: Path) -> Cost:
    began = thread_time()
    await of(path)
    spent = thread_time() - began
    return Cost(name, spent, getrusage(RUSAGE_CHILDREN).ru_maxrss / _KB)


async def _score(path: Path) -> None:
    with Journal.opened(path, clock=StoppedClock()) as journal:
        kept = journal.memory.score()
    assert kept is not None
    in_words.score(kept, mode=PAPER)
    await drawn(sketch.sketch(kept, mode=PAPER), painter=sketch.PAINTER)


async def _pnl(path: Path) -> None:
    held = ListedHoldings(account="DU1234567", at=NOW)
    trades = await Scores(path).trades(held)
    assert trades.trips
    profits.profits(trades, today=MONDAY, mode=PAPER)
    await drawn(profits.sketch(trades, mode=PAPER), painter=sketch.PAINTER)


async def _history(path: Path) -> None:
    held = ListedHoldings(account="DU1234567", at=NOW)
    picks = await Scores(path).past_picks(held, symbol=None, skip=0, most=_HISTORY)
    history.history(picks, symbol=None, skip=0, mode=PAPER)


async def _last_page(path: Path) -> None:
    """Of a symbol that never was: every card is read."""
    held = ListedHoldings(account="DU1234567", at=NOW)
    picks = await Scores(path).past_picks(held, symbol="NONE", skip=0, most=_HISTORY)
    assert picks == ()


_ANSWERS: Final = (
    ("/score", _score),
    ("/pnl", _pnl),
    ("/history", _history),
    ("/history of a stock that was no pick", _last_page),
)


def lines(path: Path, *, days: int) -> Iterator[str]:
    """What `make scorecard` says of it; the score of *path* is kept there already."""
    trade(path, days=days)
    yield from map(str, measured(path))
