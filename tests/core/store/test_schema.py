"""The migrations make the tables that the journal is written for."""

import json
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Final

import pytest
from alembic.script import ScriptDirectory

from core.model.errors import StoreError, StoreMisplaced
from core.model.identity import Person, Rights
from core.model.market import Side
from core.model.news import CardChanged
from core.model.proposal import ProposalId
from core.model.status import THE_BOT, Halt
from core.store import schema
from core.store.bodies import (
    kind_of,
    news_to_json,
    unpacked,
)
from core.store.disk import connected
from core.store.tables import STEP
from tests.builders import a_fill, a_proposal, a_sent_order, an_order
from tests.core.store.journals import open_in, path_in
from tests.monday import NOW


_OF_A_TABLE = ("table_info", "foreign_key_list")


def _described(connection: Connection) -> set[tuple[object, ...]]:
    """Every table, column, key, index and trigger, but for the order of columns."""
    described: set[tuple[object, ...]] = set()
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
    ).fetchall():
        if kind == "table":
            for what in _OF_A_TABLE:
                rows = connection.execute(f"PRAGMA {what}({name})")
                described |= {(name, what, *tuple(row)[1:]) for row in rows}
            for index in connection.execute(f"PRAGMA index_list({name})").fetchall():
                columns = connection.execute(f"PRAGMA index_info({index['name']})")
                its = tuple(row["name"] for row in columns)
                kept = (index["unique"], index["origin"], index["partial"])
                described.add((name, *kept, its))
        elif sql is not None:
            described.add((kind, name, " ".join(sql.replace('"', "").split())))
    return described


def test_a_new_journal_has_the_tables_that_the_migrations_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(tmp_path / "new.sqlite3") as connection:
        schema.migrate(connection)
        made, new = _described(connection), schema.version(connection)
    monkeypatch.setattr(schema, "STEP", "none of them")
    with connected(tmp_path / "climbed.sqlite3") as connection:
        schema.migrate(connection)
        climbed, old = _described(connection), schema.version(connection)

    assert made == climbed
    assert new == old == STEP == schema.HEAD


def test_the_last_step_is_the_head() -> None:
    script = ScriptDirectory(str(Path(schema.__file__).with_name("migrations")))

    assert script.get_heads() == [schema.HEAD]


def test_an_opened_journal_is_at_the_head_and_stays_there(tmp_path: Path) -> None:
    for _ in range(2):
        with open_in(tmp_path):
            pass

    with connected(path_in(tmp_path)) as connection:
        assert schema.version(connection) == schema.HEAD


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with connected(path_in(tmp_path)) as connection:
        schema.migrate(connection)
        connection.execute("UPDATE alembic_version SET version_num = '9'")

    with pytest.raises(StoreError, match="newer"), open_in(tmp_path):
        pass


@pytest.mark.parametrize("table", ["notes", "inbox", "alembic_version"])
def test_another_programs_database_is_refused_and_left_as_it_is(
    tmp_path: Path, table: str
) -> None:
    """Its tables would lie beside ours, and its own program would meet ours."""
    path = path_in(tmp_path)
    path.parent.mkdir(exist_ok=True)
    with closing(connect(path)) as theirs:
        theirs.execute(f"CREATE TABLE {table} (version_num TEXT)")
        theirs.commit()
    before = {each: each.read_bytes() for each in path.parent.iterdir()}

    refused = pytest.raises(
        StoreMisplaced, match=rf"another program's .*\(it has {table}"
    )
    with refused, open_in(tmp_path):
        pass

    assert {each: each.read_bytes() for each in path.parent.iterdir()} == before


def test_an_empty_file_becomes_the_journal(tmp_path: Path) -> None:
    path_in(tmp_path).touch()

    with open_in(tmp_path) as journal:
        assert journal.memory.db_uuid()


def test_a_step_is_taken_only_when_a_copy_of_before_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", "0003")
        with open_in(tmp_path):
            pass

    with open_in(tmp_path):
        pass

    [copy] = tmp_path.glob("*.schema-*")
    with connected(copy) as connection:
        assert schema.version(connection) == "0003"
    with open_in(tmp_path):  # nothing is due any more
        pass
    assert list(tmp_path.glob("*.schema-*")) == [copy]


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    with connected(path_in(tmp_path)) as connection:
        connection.execute("CREATE TABLE meta (mine)")  # in the first step's way

        with pytest.raises(StoreError):
            schema.migrate(connection)

        assert schema.version(connection) is None


def test_a_start_that_migrates_nothing_does_not_load_the_migrations(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path):
        pass
    start = (
        "import sys; from tests.core.store.journals import open_in; from pathlib import Path\n"
        "with open_in(Path(sys.argv[1])): print('alembic' in sys.modules)"
    )

    ran = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", start, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    assert ran.stdout == "False\n"


_OF_STEP_11: Final = (
    *(
        "intent_by_card",
        "inbox_by_arrival",
        "proposal_by_message",
        "proposal_by_time",
        "exec_by_time",
    ),
    *("intent_by_stock", "outbox_by_message", "outbox_untold"),
)


def _go_back(connection: Connection, *, to: str) -> None:
    """Make it a database from before what the steps since then have changed."""
    for index in _OF_STEP_11:
        connection.execute(f"DROP INDEX {index}")
    for table in (
        *("other_trade", "chat", "copy", "schedule", "day_off", "setting_change"),
        *("pick_name", "followed", "recording"),
    ):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("ALTER TABLE outbox ADD COLUMN tries INTEGER")
    connection.execute("ALTER TABLE proposal DROP COLUMN purpose")
    connection.execute("ALTER TABLE exec DROP COLUMN currency")
    connection.execute("ALTER TABLE exec DROP COLUMN cumulative")
    connection.execute("ALTER TABLE intent ADD COLUMN pos_before BIGINT")
    connection.execute("UPDATE intent SET pos_before = CAST(held_before AS INT)")
    for column in ("held_before", "order_type", "limit_price", "outside_rth"):
        connection.execute(f"ALTER TABLE intent DROP COLUMN {column}")
    connection.execute("UPDATE alembic_version SET version_num = ?", (to,))


_SINCE_THEN: Final = (
    *("side", "bid", "holding", "bought_here"),
    *("order_type", "limit", "tif", "outside_hours"),
)
"""What a leg did not say when the first cards were written."""


def test_an_older_card_is_a_scan_s_and_its_orders_buy(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.proposals.add(a_proposal())
        journal.orders.add(an_order())
    with connected(path_in(tmp_path)) as connection:
        write_plainly(connection)
        (body,) = connection.execute("SELECT body FROM proposal").fetchone()
        older = json.loads(body)
        del older["purpose"]
        for leg in older["legs"]:
            for name in _SINCE_THEN:
                del leg[name]
        connection.execute("UPDATE proposal SET body = ?", (json.dumps(older),))
        _go_back(connection, to="0004")

    with open_in(tmp_path) as journal:
        card = journal.proposals.latest(before=None)
        assert card == a_proposal()
        assert [leg.side for leg in card.legs] == [Side.BUY, Side.BUY]
        assert journal.orders.of_proposal(card.id) == (an_order(),)


def test_an_older_halt_keeps_its_reason_and_gets_the_moment_of_the_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", "0003")
        with open_in(tmp_path) as journal, journal.transaction():
            journal.trail.append(at=NOW, ref="", kind="halt", payload="by Ada: lunch")
    with connected(path_in(tmp_path)) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO meta (k, v) VALUES ('halted', 'lunch')"
        )

    with open_in(tmp_path) as journal:
        assert journal.memory.halts() == (Halt(at=NOW, by=THE_BOT, reason="lunch"),)


@pytest.mark.attack(23)
def test_an_older_orders_holding_and_fee_are_whole_shares_and_dollars(
    tmp_path: Path,
) -> None:
    fill = a_fill(commission=Decimal("1.05"))
    sent = a_sent_order(position_before=Decimal(57), fills=(fill,))
    with open_in(tmp_path) as journal, journal.transaction():
        journal.proposals.add(a_proposal())
        journal.orders.add(sent)
    with connected(path_in(tmp_path)) as connection:
        write_plainly(connection)
        _go_back(connection, to="0004")

    with open_in(tmp_path) as journal:
        assert journal.orders.by_ref(sent.ref) == sent


def test_another_chat_s_news_of_before_is_told_there_after_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(number=2002, rights=Rights.VIEWER)
    read, newer, unread = (
        CardChanged(proposal_id=ProposalId(each)) for each in ("a", "b", "c")
    )
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", "0017")
        with open_in(tmp_path) as journal, journal.transaction():
            journal.memory.set_people([person])
    with connected(path_in(tmp_path)) as connection:
        for turn, (news, edition) in enumerate(((read, 1), (newer, 2), (unread, 1))):
            row = (news.key, kind_of(news), news_to_json(news), turn, edition, edition)
            connection.execute(
                "INSERT INTO outbox (key, kind, payload, turn, edition, told) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        for news in (read, newer):
            connection.execute(
                "INSERT INTO copy (key, chat_id, told, message_id) VALUES (?, ?, 1, 7)",
                (news.key, person.number),
            )

    with open_in(tmp_path) as journal:
        there = journal.outbox.of_chat(person.number)
        assert [item.news for item in there.unsent()] == [newer, unread]
        with journal.transaction():
            journal.outbox.notify(read)
        assert [item.news for item in there.unsent()] == [newer, unread, read]


def write_plainly(connection: Connection) -> None:
    """As versions before step 0020 did."""
    connection.create_function("unpacked", 1, unpacked)
    connection.execute("UPDATE proposal SET body = unpacked(body)")
    connection.execute("UPDATE recording SET body = unpacked(body)")
    connection.execute("UPDATE followed SET body = unpacked(body)")
