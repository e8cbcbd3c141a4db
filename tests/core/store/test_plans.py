"""No statement looks through all of a table that grows: a start, a tap and /status take
as long in the third year as on the first day."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

import pytest

import core.store
from core.store.disk import connected
from core.store.schema import migrate


STATEMENT: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b")

WHOLE: Final = {
    "cached.chats_to_tell._ALL": "of further people's chats, one row each",
    "chosen.changes._ALL": "one row for each value that somebody has chosen",
    "chosen.changes._IS_THERE": "the list of the tables",
    "chosen.reports._STATES": "a row for each run: 1 ms after ten years of five a day",
    "chosen.schedules._ALL": "one row for each entry that was ever made by hand",
    "chosen.schedules._DAYS": "one row for each day that was taken off",
    "chosen.schedules._NEWEST": "it ends at the first row",
    "inspection._ORDERS": "the export names the stock of every line",
    "other_trades._ALL": "/pnl matches all of them, beside the bot",
    "outbox._ADD_TO_CHATS": "of further people's chats, one row each",
    "outbox._OPEN": "placeholders, of which each card has one; looked at each minute",
    "outbox._UNSENT": "the index is of unsent news alone",
    "outbox._UNPLACE_CHAT": "once for each person that is removed",
    "proposals._LATEST": "it ends at the first card that a scan made",
    "proposals._LATEST_BEFORE": "it ends at the first card of an earlier session",
    "proposals._NEWEST_SCAN": "it ends at the first card of a scan",
    "recordings._ALL": "the score is made of all recordings, beside the bot",
    "recordings._BECAME": "the seals of all are compared, beside the bot",
    "recordings._BODIES": "the seals of all are compared, beside the bot",
    "recordings._NUMBER": "the score's, in the evening",
    "recordings._PICKS": "/history counts the picks, beside the bot",
    "recordings._SPY": "the score's, beside the bot",
    "retention._FIRST_LINE": "it ends at the first row",
    "retention._FORGET_PLACES": "placeholders, of which each card has one; in the quiet",
    "retention._OLD_CARDS": "of the news, unsent news alone",
    "schema._IS_STAMPED": "the list of the tables",
    "schema._OTHERS": "the list of the tables",
    "schema._VERSION": "it has one row",
    "trail._LINES": "the export is all of the trail, beside the bot",
    "trail._NEWEST": "it ends at the first row",
}
"""What may read on without an index, and why."""


class Nothing(dict[str, None]):
    """NULL for every name."""

    def __missing__(self, name: str) -> None:
        return None


def statements() -> Iterator[tuple[str, str]]:
    for module in walk_packages(core.store.__path__, "core.store."):
        if ".versions." not in module.name:  # a migration's, which are run once
            for name, text in vars(import_module(module.name)).items():
                if isinstance(text, str) and STATEMENT.match(text):
                    yield f"{module.name.removeprefix('core.store.')}.{name}", text


STATEMENTS: Final = dict(statements())


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "new.sqlite3"
    with connected(path) as connection:
        migrate(connection)
        yield connection


def plan(database: sqlite3.Connection, statement: str) -> list[str]:
    values: tuple[None, ...] | Mapping[str, None] = (None,) * statement.count("?")
    rows = database.execute(f"EXPLAIN QUERY PLAN {statement}", values or Nothing())
    return [row["detail"] for row in rows]


def looked_through(steps: list[str]) -> list[str]:
    """Tables or indexes of ours that are read from end to end."""
    return [step for step in steps if step.startswith("SCAN") and "VIRTUAL" not in step]


def test_the_statements_are_found() -> None:
    assert len(STATEMENTS) > 50
    assert WHOLE.keys() <= STATEMENTS.keys()


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - WHOLE.keys()))
def test_what_is_asked_for_is_found_by_an_index(
    database: sqlite3.Connection, name: str
) -> None:
    assert looked_through(plan(database, STATEMENTS[name])) == []


@pytest.mark.parametrize("name", WHOLE)
def test_what_may_read_on_does(database: sqlite3.Connection, name: str) -> None:
    """Else it needs no leave."""
    assert looked_through(plan(database, STATEMENTS[name])) != []


def test_a_table_without_an_index_would_be_seen(database: sqlite3.Connection) -> None:
    steps = plan(database, "SELECT * FROM outbox WHERE payload = ?")

    assert looked_through(steps) == ["SCAN outbox"]


def test_untold_copies_are_all_that_is_read_for_another_chat(
    database: sqlite3.Connection,
) -> None:
    first, *_ = plan(database, STATEMENTS["outbox._UNSENT_THERE"])

    assert first == "SEARCH copy USING INDEX copy_untold (chat_id=?)"


def test_untold_news_is_all_that_is_read_of_the_news(
    database: sqlite3.Connection,
) -> None:
    steps = plan(database, STATEMENTS["outbox._UNSENT"])

    assert steps == ["SCAN outbox USING INDEX outbox_untold"]


def test_a_change_of_an_order_writes_no_index_of_what_it_is(
    database: sqlite3.Connection,
) -> None:
    """Each index that is written is a page to sync before an order leaves (W2)."""
    names = dict(database.execute("SELECT rootpage, name FROM sqlite_master"))
    explained = f"EXPLAIN {STATEMENTS['orders._CHANGE']}"
    steps = database.execute(explained, Nothing()).fetchall()
    opened = {s["p1"]: names[s["p2"]] for s in steps if s["opcode"] == "OpenWrite"}
    written = {opened[s["p1"]] for s in steps if s["opcode"] == "IdxInsert"}

    assert written == {
        "intent_by_day",
        "intent_by_state",
        "sqlite_autoindex_intent_2",  # of order ids
    }
