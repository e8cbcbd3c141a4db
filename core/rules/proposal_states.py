"""How a card's state follows from what happens to it: one table.

A pair of state and happening that is not in the table changes nothing: an offer has
only one answer, the first."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from core.model.proposal import Choice, ProposalState as S, Verdict


class ProposalEvent(StrEnum):
    """What can end an offer."""

    YES = "yes"  # to all legs, or to one
    NO = "no"
    TIME_OVER = "time over"
    REPLACED = "replaced"  # by a newer card, or the journal cannot be trusted


STEPS: Final[Mapping[tuple[S, ProposalEvent], S]] = {
    (S.OFFERED, ProposalEvent.YES): S.APPROVED,
    (S.OFFERED, ProposalEvent.NO): S.DECLINED,
    (S.OFFERED, ProposalEvent.TIME_OVER): S.EXPIRED,
    (S.OFFERED, ProposalEvent.REPLACED): S.SUPERSEDED,
}

VERDICTS: Final[Mapping[S, Verdict]] = {
    S.DRAFT: Verdict.ALREADY,
    S.APPROVED: Verdict.ALREADY,
    S.DECLINED: Verdict.ALREADY,
    S.EXPIRED: Verdict.EXPIRED,
    S.SUPERSEDED: Verdict.ALREADY,
}
"""The answer to a tap on a card that is no longer an offer."""


def answer_of(choice: Choice) -> ProposalEvent:
    """What *choice* does to the offer."""
    return ProposalEvent.NO if choice is Choice.NO else ProposalEvent.YES
