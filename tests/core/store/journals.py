"""Journals for tests: a clock that stands, and a store in a directory of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.model.proposal import Proposal, ProposalId, Token
from core.ports.journal import Store
from core.store.disk import connected
from core.store.journal import Journal
from core.store.schema import migrate
from tests.builders import NOW, a_proposal


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def path_in(directory: Path) -> Path:
    return directory / "openbell.sqlite3"


@cache
def _template() -> bytes:
    """An empty database with the tables of today."""
    with TemporaryDirectory() as directory:
        path = path_in(Path(directory))
        with connected(path) as connection:
            migrate(connection)
        return path.read_bytes()


def write_template(path: Path) -> None:
    """Put an empty database there that has no step to take: it costs little, where
    many are needed."""
    path.write_bytes(_template())


def open_in(directory: Path, *, secret: str = "") -> AbstractContextManager[Journal]:
    return Journal.opened(path_in(directory), clock=StoppedClock(), secret=secret)


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
