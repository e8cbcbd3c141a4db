"""One tap reads its card once, and what all orders share once. (What a tap may do is
asked in test_offer.py.)"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.flows.standing import Standing
from core.model.proposal import Choice, Token, Verdict
from core.store.proposals import SqlProposals
from tests.harness.core import Harness


class Counted:
    """Counts the calls of a method and passes them on."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self.calls, self._method = 0, method

    def __get__(self, owner: object, _: type) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.calls += 1
            return self._method(owner, *args, **named)

        return call


async def test_a_yes_reads_its_card_and_the_standing_once(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with harness.trading():
        card = await harness.scan()
        by_token, by_id = Counted(SqlProposals.by_token), Counted(SqlProposals.by_id)
        offers, read = Counted(SqlProposals.offers), Counted(Standing.read)
        monkeypatch.setattr(SqlProposals, "by_token", by_token)
        monkeypatch.setattr(SqlProposals, "by_id", by_id)
        monkeypatch.setattr(SqlProposals, "offers", offers)
        monkeypatch.setattr(Standing, "read", read)
        decision = harness.tap(card, Choice.YES)
        counted = (by_token.calls, by_id.calls, offers.calls, read.calls)

    assert decision.verdict is Verdict.APPROVED
    assert counted == (1, 0, 0, 1)


async def test_a_token_that_nobody_knows_is_no_card(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        tap = harness.a_tap(card, Choice.YES)
        decision = harness.engine.decide(replace(tap, token=Token("no such")))

    assert decision.verdict is Verdict.UNKNOWN
