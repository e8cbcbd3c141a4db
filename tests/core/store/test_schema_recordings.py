"""The migrations keep what was recorded, and its seals."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from sqlite3 import Connection
from typing import Final

import pytest

from core.model.scoring.following import Followed, Horizon
from core.model.scoring.trades import ListedHoldings
from core.store import schema
from core.store.bodies import followed_to_json, packed, recording_to_json
from core.store.disk import connected
from core.store.inspection import verify
from core.store.scores import Scores
from tests.builders import a_proposal
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.core.store.journals import open_in, path_in
from tests.core.store.test_schema import write_plainly
from tests.monday import ACCOUNT, MONDAY, NOW, QRVX


_DEFLATED_SINCE: Final = "0020"


@pytest.mark.parametrize("step", ["0007", "0019", "0020"])
def test_cards_and_recordings_of_before_are_kept_and_their_seals_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """They came to stand by themselves with step 0008, and are packed since 0020. The
    copy of before the steps has what was sealed, too."""
    became = (at(Horizon.CLOSE), at(Horizon.HOUR))
    _record_at(step, became, tmp_path, monkeypatch)

    with open_in(tmp_path) as journal:
        assert journal.proposals.by_id(A_RECORDING.proposal_id) == a_proposal()
        assert list(journal.recordings.followed()) == [(A_RECORDING, became)]
    with connected(path_in(tmp_path)) as connection:
        assert _kinds_of_bodies(connection) == {"blob"}
        keys = connection.execute("PRAGMA foreign_key_list(recording)")
        assert keys.fetchall() == []
    [copy] = tmp_path.glob("*.schema-*")
    for path in (path_in(tmp_path), copy):
        assert [each for each in verify(path) if "scan" in each] == []
    with connected(copy) as connection:
        kind = "blob" if step >= _DEFLATED_SINCE else "text"
        assert _kinds_of_bodies(connection) == {kind}


@pytest.mark.parametrize("step", ["0019", "0020"])
async def test_past_picks_of_before_are_found_by_each_of_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """They were looked for in all recordings, until step 0021 listed them."""
    became = at(Horizon.FIVE)
    first, *others = became.rows
    became = replace(became, rows=(replace(first, renamed="QRVY"), *others))
    _record_at(step, (became,), tmp_path, monkeypatch)

    with open_in(tmp_path):
        pass

    held, results = ListedHoldings(account=ACCOUNT, at=NOW), Scores(path_in(tmp_path))
    for symbol in (None, QRVX.symbol, "QRVY"):
        picks = await results.past_picks(held, symbol=symbol, skip=0, most=10)
        assert [pick.symbol for pick in picks] == [QRVX.symbol]


def test_a_recording_that_was_altered_does_not_prevent_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _record_at("0020", (at(Horizon.CLOSE),), tmp_path, monkeypatch)
    with connected(path_in(tmp_path)) as connection:
        connection.execute("UPDATE recording SET body = x'00'")

    with open_in(tmp_path):
        pass

    assert any("was changed" in each for each in verify(path_in(tmp_path)))


def _record_at(
    step: str,
    became: tuple[Followed, ...],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A journal of *step*: a card, its recording and horizons, sealed."""
    card = A_RECORDING.proposal_id
    with monkeypatch.context() as older:
        older.setattr(schema, "HEAD", step)
        with open_in(folder) as journal, journal.transaction():
            journal.proposals.add(a_proposal())
            for kind, what, text in _told(became):
                seal = sha256(text.encode()).hexdigest()
                journal.trail.append(
                    at=NOW, ref=card, kind=kind, payload=f"{what} {seal}"
                )
    with connected(path_in(folder)) as connection:
        for kind, what, text in _told(became):
            body = packed(text)
            if kind == "recorded":
                made = (card, f"{MONDAY}", f"{NOW}", body)
                connection.execute("INSERT INTO recording VALUES (?, ?, ?, ?)", made)
            else:
                kept = (card, what, body)
                connection.execute("INSERT INTO followed VALUES (?, ?, ?)", kept)
        if step < _DEFLATED_SINCE:
            write_plainly(connection)


def _told(became: tuple[Followed, ...]) -> Iterator[tuple[str, str, str]]:
    """Of each line of the trail: its kind, what it says, and the text it seals."""
    yield "recorded", A_RECORDING.series, recording_to_json(A_RECORDING)
    for each in became:
        yield "followed", each.horizon, followed_to_json(each)


_KINDS: Final = """
SELECT typeof(body) FROM proposal UNION SELECT typeof(body) FROM recording
UNION SELECT typeof(body) FROM followed
"""


def _kinds_of_bodies(connection: Connection) -> set[str]:
    return {kind for (kind,) in connection.execute(_KINDS)}
