"""How much memory a reading of all recordings takes beside what its process has already.

Tested by tests/scorecard/test_answers.py.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from io import TextIOBase
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bot.prompt.score import write_csv
from core.model.market import RankBy
from core.model.scoring.trades import ListedHoldings
from core.rules.scoring.replay import ReplayParameters
from core.store.scores import Scores, replay_of, score_of, trades_of
from tests.builders import NOW


_KB: Final = 1_000
_HELD: Final = ListedHoldings(account="DU1234567", at=NOW)


class _Nowhere(TextIOBase):
    def write(self, text: str, /) -> int:
        return len(text)


def _csv(path: Path) -> None:
    with redirect_stdout(_Nowhere()):
        write_csv(path)


def _history(path: Path) -> None:
    asyncio.run(Scores(path).past_picks(_HELD, symbol=None, skip=0, most=10))


def _replay(path: Path) -> None:
    replay_of(path, ReplayParameters(rank_by=RankBy.OPEN), tried=1)


READINGS: Final[Mapping[str, Callable[[Path], object]]] = {
    "the evening's score": score_of,
    "a replay": _replay,
    "score --csv": _csv,
    "/history": _history,
    "/pnl": lambda path: trades_of(path, _HELD),
}


def extra(name: str, path: Path) -> float:
    """MB by which the reading has raised the peak of this process."""
    before = _peak()
    READINGS[name](path)
    return (_peak() - before) / _KB


def _peak() -> int:
    """The most memory of this program, in kB (proc(5), VmHWM). That of getrusage begins
    with what the process had that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    [line] = [each for each in status.splitlines() if each.startswith("VmHWM:")]
    return int(line.split()[1])


def lines(path: Path) -> Iterator[str]:
    """Each in a process of its own, for a peak never falls."""
    for name in READINGS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            more = pool.submit(extra, name, path).result()
        yield f"{name}: {more:.0f} MB more than the process had"
