"""R17. Whose an order is that carries a ref like ours, and that our journal never wrote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from core.model.order import JOURNAL_NAME, REF_PREFIX


class Kin(Enum):
    """What a stranger's ref says of where it comes from."""

    OURS = auto()  # this journal's own name: it is an old copy, or has a twin
    OPENBELL = auto()  # another Openbell trades in this account
    LIKENESS = auto()  # another tool, whose refs begin as ours do


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """An order at IB that our journal does not know; ``text`` says what it is."""

    ref: str
    kin: Kin
    text: str

    @property
    def halts(self) -> bool:
        """Two who trade in one account must not; another tool is only told."""
        return self.kin is not Kin.LIKENESS


_OPENBELL: Final = re.compile(
    rf"{REF_PREFIX}([0-9a-f]{{{JOURNAL_NAME}}}-)?[a-z2-7]{{10}}-\d{{1,3}}", re.ASCII
)
"""As order_ref writes it: journal, proposal, leg. Older ones have no journal."""


def a_stranger(ref: str, where: str, journal: Sequence[str]) -> Stranger | None:
    """What the unknown *ref*, seen *where*, is to the journal of these names; None
    when it does not even begin like ours."""
    if not ref.startswith(REF_PREFIX):
        return None
    kin = _kin(ref, journal)
    return Stranger(ref=ref, kin=kin, text=f"{where} {ref} {_WORDS[kin]}")


def _kin(ref: str, journal: Sequence[str]) -> Kin:
    if any(ref.startswith(f"{REF_PREFIX}{name}-") for name in journal):
        return Kin.OURS
    return Kin.OPENBELL if _OPENBELL.fullmatch(ref) else Kin.LIKENESS


_WORDS: Final = {
    Kin.OURS: "that carries this journal's own name and is not in it",
    Kin.OPENBELL: "that another Openbell sent, which trades in this account",
    Kin.LIKENESS: "of another tool, whose name for it begins like ours",
}
