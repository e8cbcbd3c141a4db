"""An offer has one answer, and nothing else ever changes a card's state."""

import pytest

from core.model.proposal import Choice, ProposalState, Verdict
from core.rules.proposal_states import STEPS, VERDICTS, ProposalEvent, answer_of


def test_only_an_offer_can_be_answered_and_every_answer_ends_it() -> None:
    assert {state for state, _ in STEPS} == {ProposalState.OFFERED}
    assert {event for _, event in STEPS} == set(ProposalEvent)
    assert ProposalState.OFFERED not in STEPS.values()
    assert len(set(STEPS.values())) == len(ProposalEvent)


def test_a_tap_on_every_other_card_hears_that_it_is_over() -> None:
    assert set(VERDICTS) == set(ProposalState) - {ProposalState.OFFERED}
    assert Verdict.APPROVED not in VERDICTS.values()


@pytest.mark.parametrize("choice", Choice)
def test_only_no_is_no(choice: Choice) -> None:
    is_no = choice is Choice.NO

    assert answer_of(choice) is (ProposalEvent.NO if is_no else ProposalEvent.YES)
