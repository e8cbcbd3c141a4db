"""Whatever code IB sends of an order, and whenever: our journal ends with IB's book.

Each code is played at a simulated gateway over a socket: before IB has named the
order, after that, and after a fill, while the order lives and while it dies. With
NIGHTLY in the environment every number that could be a code is played in every way.
"""

import os
from typing import Final

import pytest

from core.broker.codes import CODES
from core.sandbox.trading.order_state import OrderStatus
from tests.codes.case import Case
from tests.codes.judge import disagreements
from tests.codes.published import EVERYTHING, NOBODYS, PUBLISHED, in_parts
from tests.codes.ways import FEW, LOOKED_FOR, WAYS, Way


LONG: Final = "NIGHTLY" in os.environ
PLAYED: Final = in_parts(EVERYTHING, 60) if LONG else in_parts(PUBLISHED, 6)

OF_EACH_KIND: Final = (201, 103, 2109, 202, 399, NOBODYS)
"""Dead, no verdict, a note, a cancellation, held, and unheard of."""


def test_every_code_that_we_know_is_played() -> None:
    assert CODES.keys() <= set(PUBLISHED) <= set(EVERYTHING)
    assert sorted(code for part in PLAYED for code in part) == sorted(
        EVERYTHING if LONG else PUBLISHED
    )


@pytest.mark.timeout(600 if LONG else 300)
@pytest.mark.parametrize("codes", PLAYED, ids=lambda codes: f"from {codes[0]}")
async def test_every_published_code_ends_as_the_gateways_book_says(
    codes: tuple[int, ...],
) -> None:
    assert await disagreements(codes, WAYS if LONG else FEW) == []


@pytest.mark.parametrize("codes", in_parts(OF_EACH_KIND, 2), ids=str)
async def test_a_code_of_each_kind_does_so_in_every_way(codes: tuple[int, ...]) -> None:
    assert await disagreements(codes, WAYS) == []


@pytest.mark.parametrize("code", OF_EACH_KIND)
async def test_a_code_in_the_middle_of_a_comparison_does_so(code: int) -> None:
    assert await disagreements([code], LOOKED_FOR) == []


async def test_a_difference_between_the_journal_and_the_book_is_seen() -> None:
    async def dies_unreported(case: Case) -> None:
        await case.working()
        case.is_over_in_silence(OrderStatus.CANCELLED)

    [seen] = await disagreements([2109], [Way(play=dies_unreported)], within=0.5)

    assert "2109 (note), dies_unreported, at once: the journal has acked 0" in seen
    assert "the book Cancelled 0" in seen
