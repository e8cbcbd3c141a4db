"""Headlines: who writes is asked once, and IB's own codes are not shown."""

from datetime import UTC, datetime

import pytest

from core.broker.messages import NewsItem
from core.broker.reference.headlines import headline_of
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import GAINERS, both_ends


async def test_who_writes_is_asked_once_a_conversation() -> None:
    async with both_ends() as ends:
        again = Trouble(message="reqNewsProviders", action=Action.DROP, nth=2, times=0)
        ends.server.add_trouble(again)
        rows = await ends.market.scan(GAINERS, within=2)

        told = [
            await ends.market.headlines(row.instrument, within=2) for row in rows[:3]
        ]

    assert all(told)  # a second question would have had no answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("QRVX wins", "QRVX wins"),
        ("{A:800015:L:en:K:n/a:C:0.97}QRVX wins", "QRVX wins"),
        ("{K:n/a}!QRVX {not} wins", "QRVX {not} wins"),
    ],
)
def test_the_codes_before_a_headline_are_not_shown(text: str, shown: str) -> None:
    found = headline_of(NewsItem("2026-11-23 14:00:00.0", "SIM", "SIM$1", text))

    assert found
    assert (found.text, found.at) == (shown, datetime(2026, 11, 23, 14, tzinfo=UTC))


@pytest.mark.parametrize(("at", "text"), [("", "words"), ("2026-11-23", "{A:1}")])
def test_what_has_no_moment_or_no_words_is_no_headline(at: str, text: str) -> None:
    assert headline_of(NewsItem(at, "SIM", "SIM$1", text)) is None
