"""Journals for tests: a clock that stands, and a store in a directory of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.model.proposal import Proposal, ProposalId, Token
from core.ports import Store
from core.store.journal import Journal
from tests.builders import NOW, a_proposal


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def path_in(directory: Path) -> Path:
    return directory / "openbell.sqlite3"


def open_in(directory: Path) -> AbstractContextManager[Journal]:
    return Journal.opened(path_in(directory), clock=StoppedClock())


def write(store: Store, *changes: Callable[[], object]) -> None:
    """Make *changes* in one transaction."""
    with store.transaction():
        for change in changes:
            change()


def proposals(count: int) -> Iterable[Proposal]:
    for number in range(count):
        yield replace(
            a_proposal(),
            id=ProposalId(f"p{number:09}"),
            token=Token(f"token-{number}"),
        )


@contextmanager
def passing_journal() -> Iterator[Journal]:
    """A journal in a directory that is gone afterwards."""
    with TemporaryDirectory() as directory, open_in(Path(directory)) as journal:
        yield journal
