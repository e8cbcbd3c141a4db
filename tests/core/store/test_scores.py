"""Past picks are found by every name that the stock has had, and no other card is read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.proposal import ProposalId, Token
from core.model.scoring.following import Followed, Horizon
from core.model.scoring.recording import Recording
from core.model.scoring.trades import ListedHoldings
from core.store.disk import connected
from core.store.journal import Journal
from core.store.scores import Scores
from tests.builders import ACCOUNT, FDMX, MONDAY, NOW, QRVX, a_proposal
from tests.contracts.store.test_recordings import A_RECORDING, at
from tests.core.store.journals import StoppedClock, path_in


HELD = ListedHoldings(account=ACCOUNT, at=NOW)
ALTERED = (
    "UPDATE recording SET body = x'00' WHERE proposal_id = ?",
    "UPDATE followed SET body = x'00' WHERE proposal_id = ?",
)


def a_card(number: int, recording: Recording) -> Recording:
    return replace(
        recording,
        proposal_id=ProposalId(f"card{number}"),
        session_day=MONDAY + timedelta(days=number),
    )


def renamed(horizon: Horizon, name: str | None, of: Recording) -> Followed:
    became = at(horizon, of)
    first, *others = became.rows
    days = list(Horizon).index(horizon)
    return replace(
        became,
        until=NOW + timedelta(days=days),
        rows=(replace(first, renamed=name), *others),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A pick that was renamed twice, and two days of another stock's picks."""
    other = replace(A_RECORDING, rows=A_RECORDING.rows[1:], picked=(FDMX.con_id,))
    cards = (a_card(0, A_RECORDING), a_card(1, other), a_card(2, other))
    path = path_in(tmp_path)
    with Journal.opened(path, clock=StoppedClock()) as journal, journal.transaction():
        for card in cards:
            token = Token(card.proposal_id)
            journal.proposals.add(a_proposal(id=card.proposal_id, token=token))
            journal.recordings.add(card)
        first, *others = cards
        for horizon, name in (
            *((Horizon.CLOSE, None), (Horizon.ONE, "QRVY"), (Horizon.FIVE, "Z")),
        ):
            journal.recordings.follow(renamed(horizon, name, first))
        for card in others:
            became = at(Horizon.CLOSE, card)
            journal.recordings.follow(replace(became, rows=became.rows[1:]))
    return path


async def found(path: Path, symbol: str | None) -> list[str]:
    picks = await Scores(path).past_picks(HELD, symbol=symbol, skip=0, most=10)
    return [f"{pick.day:%d} {pick.symbol}" for pick in picks]


@pytest.mark.parametrize("symbol", [QRVX.symbol, "QRVY", "Z"])
async def test_a_pick_is_found_by_each_of_its_names(path: Path, symbol: str) -> None:
    assert await found(path, symbol) == ["23 QRVX"]


async def test_the_newest_come_first(path: Path) -> None:
    assert await found(path, None) == ["25 FDMX", "24 FDMX", "23 QRVX"]
    assert await found(path, FDMX.symbol) == ["25 FDMX", "24 FDMX"]


@pytest.mark.parametrize("symbol", ["NONE", '"', "%", "QRV", "\N{SNOWMAN}"])
async def test_a_name_that_no_pick_had_finds_none(path: Path, symbol: str) -> None:
    assert await found(path, symbol) == []


def alter(path: Path, *cards: str) -> None:
    """A card of which nothing can be read any more."""
    with connected(path) as connection:
        for card in cards:
            for change in ALTERED:
                connection.execute(change, (card,))


async def test_a_card_without_the_name_is_not_read(path: Path) -> None:
    """To read five years of cards took 18 s of the processor that trades."""
    alter(path, "card1", "card2")

    assert await found(path, "QRVY") == ["23 QRVX"]
    assert await found(path, "NONE") == []


@pytest.mark.parametrize("symbol", [None, FDMX.symbol])
async def test_the_cards_of_the_pages_before_are_not_read(
    path: Path, symbol: str | None
) -> None:
    """The 301st page of five years took 5 s."""
    alter(path, "card2")

    picks = await Scores(path).past_picks(HELD, symbol=symbol, skip=1, most=1)

    assert [f"{pick.day:%d} {pick.symbol}" for pick in picks] == ["24 FDMX"]


async def test_a_page_ends_within_a_card_and_the_next_goes_on_there(
    tmp_path: Path,
) -> None:
    card = a_card(0, replace(A_RECORDING, picked=(FDMX.con_id, QRVX.con_id)))
    path = path_in(tmp_path)
    with Journal.opened(path, clock=StoppedClock()) as journal, journal.transaction():
        journal.recordings.add(card)
        journal.recordings.follow(at(Horizon.CLOSE, card))

    pages = [
        await Scores(path).past_picks(HELD, symbol=None, skip=skip, most=1)
        for skip in range(3)
    ]

    assert [[pick.symbol for pick in page] for page in pages] == [
        ["FDMX"],
        ["QRVX"],
        [],
    ]


async def test_a_card_that_was_not_followed_yet_has_no_past_picks(
    tmp_path: Path,
) -> None:
    path = path_in(tmp_path)
    with Journal.opened(path, clock=StoppedClock()) as journal, journal.transaction():
        journal.recordings.add(A_RECORDING)

    assert await found(path, None) == []
