"""The journal stays small, and nothing waits for that."""

import gzip
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from core.flows.upkeep import REST, UPDATES, Upkeep
from core.ledger.unit_of_work import UnitOfWork
from core.model.instructions import Keeping
from core.model.order import OrderState
from core.model.scoring.following import Horizon
from core.model.scoring.recording import Recording
from core.ports.journal import Store
from core.store.bodies import recording_from_json
from core.store.inspection import verify
from core.store.journal import Journal
from tests.builders import NOW, PROPOSAL_ID, a_proposal, an_order
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.core.store.journals import open_in, path_in
from tests.core.wishes import instructions
from tests.fakes.catalogue import unchanging
from tests.fakes.clock import HandClock
from tests.fakes.journal_memory import MemoryStore
from tests.harness.core import Harness


pytestmark = pytest.mark.attack(28)

DAY = timedelta(days=1)
KEEPING = Keeping(updates=30 * DAY, cards=730 * DAY, recordings=1000 * DAY)


def an_upkeep(store: Store, clock: HandClock) -> Upkeep:
    return Upkeep(
        retention=store.retention,
        orders=store.orders,
        unit=a_unit(store, clock),
        instructions=unchanging(instructions(keeping=KEEPING), store),
    )


def a_unit(store: Store, clock: HandClock) -> UnitOfWork:
    return UnitOfWork(store, clock=clock, wake=lambda: None, reached=lambda _: None)


def with_old_updates(count: int) -> MemoryStore:
    store = MemoryStore()
    with store.transaction():
        store.inbox.receive([(n, "x") for n in range(count)], at=NOW - 31 * DAY)
        for number in range(count):
            store.inbox.finish(number)
    return store


def left(store: MemoryStore) -> int:
    return len(store._ground.tables.updates)


def test_it_goes_in_small_steps_and_rests_when_nothing_is_old() -> None:
    store, clock = with_old_updates(2 * UPDATES + 1), HandClock(NOW)
    upkeep = an_upkeep(store, clock)
    seen = []
    for _ in range(5):
        upkeep.look()
        seen.append(left(store))
    with store.transaction():
        store.inbox.receive([(900, "x")], at=NOW - 31 * DAY)
        store.inbox.finish(900)

    upkeep.look()
    resting = left(store)
    clock.forward(seconds=REST.total_seconds() + 1)
    upkeep.look()

    assert seen == [UPDATES + 1, 1, 0, 0, 0]
    assert (resting, left(store)) == (1, 0)


def test_a_clock_that_was_set_back_does_not_let_it_rest_for_ever() -> None:
    store, clock = MemoryStore(), HandClock(NOW)
    upkeep = an_upkeep(store, clock)
    upkeep.look()
    clock.moment = NOW - 400 * DAY
    with store.transaction():
        store.inbox.receive([(1, "x")], at=NOW - 500 * DAY)
        store.inbox.finish(1)

    upkeep.look()

    assert left(store) == 0


@pytest.mark.parametrize("state", [OrderState.PLANNED, OrderState.SENDING])
def test_nothing_is_forgotten_while_an_order_is_on_its_way(state: OrderState) -> None:
    store, clock = with_old_updates(1), HandClock(NOW)
    with store.transaction():
        store.proposals.add(a_proposal())
        store.orders.add(an_order(state=state))
    upkeep = an_upkeep(store, clock)

    upkeep.look()
    waiting = left(store)
    with store.transaction():
        store.orders.update(an_order(state=OrderState.LAPSED), was=state)
    upkeep.look()

    assert (waiting, left(store)) == (1, 0)


async def test_the_engine_keeps_its_journal_small(harness: Harness) -> None:
    store = harness.journal
    with store.transaction():
        store.inbox.receive([(1, "x")], at=NOW - 31 * DAY)
        store.inbox.finish(1)

    async with harness.trading():
        harness.engine.look()

    with store.transaction():
        assert store.retention.forget_updates(before=NOW, most=1) == 0
    assert harness.engine.queries.status().journal.bytes > 0


def test_a_year_of_updates_is_no_larger_than_two_months(tmp_path: Path) -> None:
    """Forty messages of 500 letters on each of 365 days."""
    clock = HandClock(NOW)
    sizes = []
    with open_in(tmp_path) as journal:
        upkeep = Upkeep(
            retention=journal.retention,
            orders=journal.orders,
            unit=a_unit(journal, clock),
            instructions=unchanging(instructions(keeping=KEEPING), journal),
        )
        for day in range(365):
            numbers = range(day * 40, day * 40 + 40)
            with journal.transaction():
                journal.inbox.receive(
                    [(n, "\u0436" * 500) for n in numbers], at=clock.now()
                )
                for number in numbers:
                    journal.inbox.finish(number)
            clock.forward(days=1)
            upkeep.look()
            sizes.append(journal.retention.size().bytes)

    assert max(sizes) < 1.05 * sizes[59]


def a_journal_with_a_scan(directory: Path) -> Path:
    """With one that is recorded, followed to its end and sealed."""
    with open_in(directory) as journal, journal.transaction():
        journal.proposals.add(a_proposal())
        record(journal, A_RECORDING)
    return path_in(directory)


def record(journal: Journal, scan: Recording) -> None:
    seal = journal.recordings.add(scan)
    seal_as = partial(journal.trail.append, at=NOW, ref=scan.proposal_id)
    seal_as(kind="recorded", payload=f"2 stocks, sealed {seal}")
    for horizon in Horizon:
        seal = journal.recordings.follow(at(horizon, scan))
        seal_as(kind="followed", payload=f"{horizon} {seal}")


def look_at(directory: Path, *, after: timedelta) -> int:
    """How many scans are followed in the journal after two looks."""
    with open_in(directory) as journal:
        upkeep = an_upkeep(journal, HandClock(NOW + after))
        upkeep.look()
        upkeep.look()
        return journal.recordings.number_followed()


def files_in(directory: Path) -> list[Path]:
    return sorted((directory / f"{path_in(directory).stem}-recordings").glob("*"))


def test_a_recording_leaves_the_journal_once_a_file_has_it_as_it_was_sealed(
    tmp_path: Path,
) -> None:
    path = a_journal_with_a_scan(tmp_path)
    with open_in(tmp_path) as journal:
        sealed = [line.payload.split()[-1] for line in journal.trail.lines()][1:]

    young = look_at(tmp_path, after=999 * DAY)
    none_yet = files_in(tmp_path)
    old = look_at(tmp_path, after=1001 * DAY)

    assert (young, none_yet, old) == (1, [], 0)
    (file,) = files_in(tmp_path)
    texts = gzip.decompress(file.read_bytes()).splitlines()
    assert [sha256(text).hexdigest() for text in texts] == sealed
    assert recording_from_json(texts[0].decode()) == A_RECORDING
    assert file.stat().st_mode & 0o077 == 0
    assert verify(path) == ()


def test_a_recording_that_no_file_can_have_stays(tmp_path: Path) -> None:
    a_journal_with_a_scan(tmp_path)
    in_the_way = tmp_path / f"{path_in(tmp_path).stem}-recordings"
    in_the_way.write_text("no folder")

    kept = look_at(tmp_path, after=1001 * DAY)
    in_the_way.unlink()

    assert (kept, look_at(tmp_path, after=1001 * DAY)) == (1, 0)


def test_what_is_half_written_at_a_crash_is_written_anew(tmp_path: Path) -> None:
    a_journal_with_a_scan(tmp_path)
    with open_in(tmp_path) as journal:
        assert journal.retention.export_recording(before=date.max) == PROPOSAL_ID
    (file,) = files_in(tmp_path)
    whole = file.read_bytes()
    file.with_suffix(".new").write_bytes(b"x" * 9 * len(whole))
    file.unlink()

    assert look_at(tmp_path, after=1001 * DAY) == 0
    assert [each.read_bytes() for each in files_in(tmp_path)] == [whole]


def test_a_scan_that_is_gone_without_a_file_is_still_found_out(tmp_path: Path) -> None:
    path = a_journal_with_a_scan(tmp_path)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("DELETE FROM followed")
        other.execute("DELETE FROM recording")

    assert len(verify(path)) == 1 + len(Horizon)


@pytest.mark.parametrize("lost", ["gone", "altered", "cut", "in part"])
def test_an_export_that_is_not_whole_any_more_is_found_out(
    tmp_path: Path, lost: str
) -> None:
    """Nothing looked at the files once they had left the journal."""
    path = a_journal_with_a_scan(tmp_path)
    look_at(tmp_path, after=1001 * DAY)
    (file,) = files_in(tmp_path)
    body = file.read_bytes()
    texts = gzip.decompress(body).splitlines(keepends=True)
    assert verify(path) == ()

    if lost == "gone":
        file.unlink()
    elif lost == "altered":
        file.write_bytes(gzip.compress(b"".join(texts).replace(b"4.83", b"4.38")))
    elif lost == "cut":
        file.write_bytes(body[: len(body) // 2])
    else:
        file.write_bytes(gzip.compress(b"".join(texts[:-1])))

    (fault,) = verify(path)
    assert PROPOSAL_ID in fault
    assert str(file) in fault
