"""Ids for proposals and tokens for their buttons, which cannot be guessed."""

from base64 import b32encode, urlsafe_b64encode

from core.chance import RandomBytes
from core.model.proposal import ProposalId, Token


def new_proposal_id(random_bytes: RandomBytes) -> ProposalId:
    """Ten base32 characters, 50 random bits."""
    return ProposalId(b32encode(random_bytes(7)).decode()[:10].lower())


def new_token(random_bytes: RandomBytes) -> Token:
    """128 random bits in base64url, 22 characters."""
    return Token(urlsafe_b64encode(random_bytes(16)).rstrip(b"=").decode())
