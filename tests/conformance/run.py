"""The conformance suite: ``python -m tests.conformance.run [words of a title]``.

Independent clients talk to the simulated gateway; the matrix says what each made of it.
Ends non-zero when a check fails. Installs the clients when they are not there.
"""

import asyncio
import faulthandler
import logging
import sys
import traceback
from collections import deque
from collections.abc import Collection
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.conformance.checks import (
    accounts,
    answers,
    brackets,
    examples,
    facade,
    first_day,
    history,
    instruments,
    limits,
    listings,
    oddities,
    orders,
    quotes,
    reference,
    refusals,
    sameness,
    scans,
    sessions,
    terms,
    troubles,
)
from tests.conformance.clients import (
    CURRENT,
    OLDER,
    ClientName,
    ClientProcess,
    Disappointed,
    running,
)
from tests.conformance.install import NotInstalled, install_clients
from tests.conformance.matrix import Cell, Mark, table
from tests.harness.client import Check


CHAPTERS: Final[dict[str, ModuleType]] = {
    "Session": sessions,
    "Reference data": reference,
    "Scanner": scans,
    "Market data": quotes,
    "History": history,
    "Orders": orders,
    "From a scan to the completed order": first_day,
    "What is told of orders": listings,
    "Orders that belong together, or wait": brackets,
    "Orders turned down": refusals,
    "Terms of orders": terms,
    "Accounts": accounts,
    "Everything else that can be asked": answers,
    "Other contracts than stocks": instruments,
    "Limits": limits,
    "Oddities": oddities,
    "The face of ib_async": facade,
    "Examples that people try first": examples,
    "Sameness": sameness,
    "Scenarios of the library": troubles,
}
OF_OLDER_CLIENTS: Final = (  # the chapters that older clients play, too
    *("Reference data", "Scanner", "History", "Orders", "Terms of orders"),
    "From a scan to the completed order",
)
LONGEST: Final = 60.0  # seconds for one check; none waits for real time on purpose
LONGEST_RUN: Final = 480.0  # then the gateway turns in circles: say where, and end
INSIDE: Final[list[str]] = []  # exceptions that nobody caught: the gateway's, mostly
PROCESSES: Final = 2  # of each client at once


def chapters(
    words: str, named: Collection[str] = (*CHAPTERS,)
) -> dict[str, list[Check]]:
    """Return the checks whose titles hold *words*, chapter by chapter."""
    found = {name: _checks(CHAPTERS[name], words) for name in named}
    return {name: checks for name, checks in found.items() if checks}


def _checks(module: ModuleType, words: str) -> list[Check]:
    named = [each for each in vars(module).values() if isinstance(each, Check)]
    checks = [*named, *vars(module).get("CHECKS", ())]
    return [each for each in checks if words in each.title]


async def play(
    checks: list[Check], names: tuple[ClientName, ...]
) -> dict[tuple[str, ClientName], Cell]:
    """Play every check with every client, clients side by side."""
    cells: dict[tuple[str, ClientName], Cell] = {}
    asyncio.get_running_loop().set_exception_handler(broken_inside)
    async with asyncio.TaskGroup() as children:
        for name in names:
            waiting = deque(checks)
            for _ in range(PROCESSES):
                children.create_task(_work(name, waiting, cells))
    return cells


def broken_inside(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Take note of an exception that no check could have caught."""
    INSIDE.append(repr(context.get("exception") or context.get("message")))


async def _work(
    name: ClientName,
    waiting: deque[Check],
    cells: dict[tuple[str, ClientName], Cell],
) -> None:
    while waiting:
        await _until_it_ends(name, waiting, cells)


async def _until_it_ends(
    name: ClientName,
    waiting: deque[Check],
    cells: dict[tuple[str, ClientName], Cell],
) -> None:
    async with running(name) as process:
        while waiting and not process.ended:
            each = waiting.popleft()
            cells[each.title, name] = await _cell(each, name, process)


async def _cell(check: Check, name: ClientName, process: ClientProcess) -> Cell:
    if name in check.without:
        return Cell(mark=Mark.WITHOUT, words=check.without[name])
    try:
        async with asyncio.timeout(LONGEST):
            await check.on(process)
    except Exception as wrong:  # noqa: BLE001  one broken check must not hide the others
        return Cell(mark=Mark.FAIL, words=_told(wrong))
    return Cell(mark=Mark.OK)


def _told(wrong: BaseException) -> str:
    while isinstance(wrong, BaseExceptionGroup):
        wrong = wrong.exceptions[0]
    if isinstance(wrong, Disappointed):
        return str(wrong)
    last = traceback.extract_tb(wrong.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno} {last.line} {wrong!r}"


def show(book: dict[str, list[Check]], names: tuple[ClientName, ...]) -> bool:
    """Play the chapters with these clients and print the matrix; True: all is well."""
    checks = [each for listed in book.values() for each in listed]
    cells = asyncio.run(play(checks, names))
    sys.stdout.write(f"{table(book, cells, names)}\n\n")
    return not any(cell.mark is Mark.FAIL for cell in cells.values())


def main(words: list[str]) -> int:
    """Install, play, print. Returns the exit code."""
    try:
        install_clients()
    except NotInstalled as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    logging.getLogger("ib_async").propagate = False  # it calls every notice an error
    logging.getLogger("ib_async").addHandler(logging.NullHandler())
    faulthandler.dump_traceback_later(LONGEST_RUN, exit=True)
    told = " ".join(words)
    good = show(chapters(told), CURRENT)
    older = chapters(told, OF_OLDER_CLIENTS)
    good &= not older or show(older, OLDER)
    for each in dict.fromkeys(INSIDE):
        sys.stdout.write(f"FAIL inside the gateway: {each}\n")
    return int(bool(INSIDE) or not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
