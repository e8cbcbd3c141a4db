"""``python -m tests.bench.run``: measure the product on this machine, in one run.

The gateway is another process on the ``typical`` profile (``instant`` for taps and
starts), always with the same seed. ``--write`` keeps the table in docs/benchmarks.md.
"""

import argparse
import asyncio
import cProfile
import os
import platform
import pstats
import subprocess
import sys
from datetime import UTC, date
from pathlib import Path
from typing import Final

from core.clock import SystemClock
from core.model.market import RankBy
from core.sandbox.latency import Profile
from tests.bench import life, load, product, recovery, scans
from tests.bench.site import opened
from tests.bench.table import in_words


KEPT: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MOST_LINES: Final = 25


def main() -> None:
    """Measure, print, and keep if so told."""
    flags = _flags()
    if flags.profile:
        asyncio.run(_profile())
        return
    began = os.getloadavg()[0]
    sys.stderr.write("Scans, for twenty minutes; best on a quiet machine ...\n")
    figures = asyncio.run(scans.measured(flags.scans))
    sys.stderr.write(f"{in_words(figures)}\n\nNow the product as a process ...\n")
    figures += asyncio.run(life.measured(flags.scans, flags.taps))
    figures += asyncio.run(load.measured())
    figures += asyncio.run(recovery.measured())
    report = f"{in_words(figures)}\n\n{_circumstances(began)}\n"
    sys.stdout.write(f"\n{report}")
    if flags.write:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(f"{_PREFACE}\n{report}", encoding="utf-8")


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run")
    parser.add_argument("--scans", type=int, default=20, help="of each kind")
    parser.add_argument("--taps", type=int, default=50, help="on Yes")
    parser.add_argument("--write", action="store_true", help="keep the table")
    parser.add_argument(
        "--profile", action="store_true", help="only show where one scan's CPU goes"
    )
    return parser.parse_args()


async def _profile() -> None:
    """Profile one scan of the product: this process does nothing else."""
    async with opened(Profile.TYPICAL) as site, product.connected(site, 1) as ours:
        profile = cProfile.Profile()
        with profile:
            await ours.scan(rank_by=RankBy.SCANNER)
        pstats.Stats(profile).sort_stats("tottime").print_stats(MOST_LINES)


def _circumstances(load: float) -> str:
    today: date = SystemClock().now().astimezone(UTC).date()
    return (
        f"{today.isoformat()}, commit {_commit()}; {os.cpu_count()} cores "
        f"({platform.machine()}, {platform.system()}), Python "
        f"{platform.python_version()}; the machine's load was {load:.1f} at the start "
        f"and {os.getloadavg()[0]:.1f} at the end."
    )


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607  whichever git is there
        capture_output=True,
        text=True,
        check=True,
        cwd=KEPT.parents[1],
    )
    return asked.stdout.strip()


_PREFACE: Final = """# Benchmarks

`make bench` measures and prints this; `python -m tests.bench.run --write` keeps it.
Everything is measured in one run against the simulated gateway in a process of its
own, on its `typical` profile (`instant` for taps and starts), with one seed.

- *The bound* is what the line allows: the scanner's answer plus the slowest reply that
  the card needs, taken from the delays that the gateway drew in that very scan. By the
  open and for tables it also has the gateway's rate of 50 messages in any second. It
  counts no socket, and no work of the gateway's or ours. By the open it takes the bars
  to be asked for behind the last quote; ours asks for the likely leaders' before.
- *Ours* is the scan from its request to the ranking that the card shows, over a fresh
  line each time, with nothing cached; as in the bot, the garbage collector does not
  walk what was there at the start. *Phone* is the whole product: `python -m bot`
  between the gateway and a local Bot API server, from `/scan` to the card in the chat.
- *Plain* is a script of the usual kind: `reqScannerDataAsync`, `reqTickersAsync`, and
  the five's bars gathered; under the same client ids, so that it meets the same draws.
- *Tap to order* runs from the tap on Yes, a second after the card, to the order's
  arrival at the gateway: the chat server, the durable inbox, the decision and the
  order on disk (synced together, once, before the order), all guards and the gateway's answer to the last
  question included.
- *A journal of 500 MB* has 400,000 audit lines, 50,000 updates and 20,000 cards, all
  settled. *Ticks* are sent over the lines of the offer's stocks, beside the gateway's own.
- The last rows are journeys: a SIGKILL right after Yes, a gateway that is gone for 20 s,
  an order that the gateway swallows (it is waited for, for 10 s, before it is in doubt).
"""


if __name__ == "__main__":
    main()
