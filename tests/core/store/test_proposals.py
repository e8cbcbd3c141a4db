"""What is kept in memory of cards is what the journal has."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.errors import Contradiction
from core.model.proposal import Proposal, ProposalId, ProposalState, Token
from core.store.access import Access
from core.store.disk import connected
from core.store.proposals import SqlProposals
from tests.builders import NOW, a_proposal, a_shown
from tests.core.store.journals import path_in, write_template


STEPS = 60
NAMES = tuple(ProposalId(name) for name in ("one", "two", "three"))
LATE = NOW + timedelta(days=1)


class _TakenBackError(Exception):
    """The transaction is undone."""


def a_card(name: ProposalId, chance: random.Random) -> Proposal:
    token = Token(f"{name}-{chance.choice('ab')}")
    return replace(a_proposal(), id=name, token=token, note=chance.choice(["", "!"]))


def step(cards: SqlProposals, chance: random.Random) -> None:
    name = chance.choice(NAMES)
    match chance.randrange(3):
        case 0 if cards.by_id(name) is None:
            cards.add(a_card(name, chance))
        case 1:
            cards.set_shown(name, a_shown(message=chance.randrange(3)))
        case 2:
            to = chance.choice([ProposalState.APPROVED, ProposalState.EXPIRED])
            shown = chance.choice([None, a_shown(message=1), a_shown(message=2)])
            at = chance.choice([NOW, NOW, LATE])
            cards.move(name, to=to, by="Sam", at=at, shown=shown)
        case _:
            cards.amend(a_card(name, chance))


def found(cards: SqlProposals) -> list[Proposal | None]:
    tokens = [Token(f"{name}-{letter}") for name in NAMES for letter in "ab"]
    return [*map(cards.by_id, NAMES), *map(cards.by_token, tokens)]


@pytest.mark.parametrize("seed", range(6))
def test_cards_are_at_each_step_as_the_journal_has_them(
    seed: int, tmp_path: Path
) -> None:
    chance, path = random.Random(seed), path_in(tmp_path)
    write_template(path)
    with connected(path) as connection:
        access = Access(connection)
        kept = SqlProposals(access)
        for _ in range(STEPS):
            with suppress(Contradiction, _TakenBackError), access.transaction():
                step(kept, chance)
                assert found(kept) == found(SqlProposals(access))
                if chance.random() < 0.2:
                    raise _TakenBackError
            assert found(kept) == found(SqlProposals(access))
