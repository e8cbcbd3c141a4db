"""The only source of chance: names that nobody can guess are made from it."""

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable
from random import Random
from secrets import token_bytes
from typing import Final

from core.model.proposal import ProposalId, Token
from core.rules.scoring.intervals import Resample


RandomBytes = Callable[[int], bytes]
"""So many random bytes, fit for secrets."""

system_random_bytes: Final[RandomBytes] = token_bytes
"""The operating system's."""


def repeatable(seed: int) -> Resample:
    """Draws for figures that must come out the same again; no name is made from them."""
    return Random(seed).choices  # noqa: S311  nothing here is a secret


def new_proposal_id(random_bytes: RandomBytes) -> ProposalId:
    """Ten base32 characters, 50 random bits."""
    return ProposalId(b32encode(random_bytes(7)).decode()[:10].lower())


def new_token(random_bytes: RandomBytes) -> Token:
    """128 random bits in base64url, 22 characters, for the buttons of a card."""
    return Token(urlsafe_b64encode(random_bytes(16)).rstrip(b"=").decode())
