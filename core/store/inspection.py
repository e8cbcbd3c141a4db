"""Reads the journal beside a running bot, from another process or thread."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO

from core.model.audit import AuditTrail
from core.model.errors import NoJournal, StoreError
from core.model.order import IN_DOUBT
from core.model.status import Halt
from core.rules.chosen.choices import chosen
from core.store import trail
from core.store.access import Access
from core.store.chosen.changes import changes_on, has_changes
from core.store.copies.exported import RecordingFiles
from core.store.disk import looked_into
from core.store.high_water import Mark, difference, reached
from core.store.memory import SqlMemory
from core.store.orders import SqlOrders
from core.store.readable import COLUMNS, Ordered, row
from core.store.recordings import Seals
from core.store.schema import FIRST, read_beside


OrderedByRef = Mapping[str, Ordered]
"""What each order was for, by its ref."""

_ORDERS: Final = "SELECT ref, symbol, side, qty FROM intent"


class Archive:
    """Implements Records for the journal at *path*, over connections of its own."""

    def __init__(self, path: Path, *, secret: str = "") -> None:
        self._path = path
        self._secret = secret

    async def export(self, to: TextIO) -> AuditTrail:
        return await asyncio.to_thread(export, self._path, to, secret=self._secret)


def export(path: Path, to: TextIO, *, secret: str = "") -> AuditTrail:
    """Write the audit trail of the journal at *path* to *to*, as readable CSV, oldest
    line first. Returns what was written, and whether it is complete.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    return _examined(path, lambda lines, orders: _copied(lines, orders, to), secret)


def verify(path: Path, *, secret: str = "") -> tuple[str, ...]:
    """What is wrong with the audit trail at *path*, or with what it seals; empty if both
    are complete.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    return _examined(path, lambda lines, _orders: lines, secret).faults


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBlocks:
    """What in the journal itself prevents orders: halts, the symbols of orders in
    doubt, and why it is not trusted (None if it is)."""

    halts: tuple[Halt, ...]
    in_doubt: tuple[str, ...]
    stale: str | None


def standing(path: Path) -> JournalBlocks | None:
    """What in the journal at *path* prevents orders; None if there is no journal yet.

    Raises:
        StoreOlder: it has not been migrated to this version yet.
        StoreError: it cannot be read, or is of a newer version.
    """
    try:
        with read_beside(path) as access:
            return _standing(SqlMemory(access), SqlOrders(access))
    except NoJournal:
        return None


def _standing(memory: SqlMemory, orders: SqlOrders) -> JournalBlocks:
    doubtful = orders.in_states(IN_DOUBT)
    return JournalBlocks(
        halts=memory.halts(),
        in_doubt=tuple(order.instrument.symbol for order in doubtful),
        stale=memory.stale(),
    )


def chosen_words(path: Path) -> dict[str, str]:
    """The values chosen in the chat, by setting; empty without a journal, or in one
    that is too old to have any.

    Raises:
        StoreError: it cannot be read, or is of a newer version.
    """
    try:
        with read_beside(path, since=FIRST) as access:
            return chosen(changes_on(access)) if has_changes(access) else {}
    except NoJournal:
        return {}


def damage(path: Path) -> str | None:
    """What is wrong with the file at *path*; None if nothing is. Reads the whole file,
    which takes seconds if it is large."""
    try:
        with looked_into(path) as connection:
            found = Access(connection).value("PRAGMA quick_check(1)")
    except StoreError as problem:
        return str(problem)
    return None if found == "ok" else f"The database is damaged: {found}"


TrailLines = Iterator[trail.TrailLine]


def _examined(
    path: Path, passed: Callable[[TrailLines, OrderedByRef], TrailLines], secret: str
) -> AuditTrail:
    with read_beside(path, since=FIRST) as access, Mark.opened(path) as mark:
        known = mark.read()  # before the database: it may go on meanwhile
        orders = {ref: Ordered(*what) for ref, *what in access.each(_ORDERS)}
        seals = Seals()
        seen = trail.examined(passed(seals.noted(trail.lines(access)), orders))
        behind = difference(known, reached(access, known=known, secret=secret))
        broken = tuple(seals.broken(access, RecordingFiles(path)))
    faults = (*seen.faults, *([behind] if behind else []), *broken)
    return replace(seen, faults=faults)


def _copied(lines: TrailLines, orders: OrderedByRef, to: TextIO) -> TrailLines:
    """The same lines, each written to *to* as it passes."""
    table = csv.writer(to)
    table.writerow(COLUMNS)
    for line in lines:
        table.writerow(row(line, orders))
        yield line
