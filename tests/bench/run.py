"""``python -m tests.bench.run``: measure the product on this machine, in one run.

The gateway is another process on the ``typical`` profile (``instant`` for taps and
starts), always with the same seed. ``--write`` keeps the table in docs/benchmarks.md,
whose prose stays.
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
from tests.bench.table import in_words, with_report


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
        page = KEPT.read_text(encoding="utf-8")
        KEPT.write_text(with_report(page, report), encoding="utf-8")
        sys.stderr.write(f"Kept in {KEPT}; is the prose below it still true?\n")


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


if __name__ == "__main__":
    main()
