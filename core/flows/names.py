"""Names for proposals and their buttons that nobody can guess."""

import secrets
from base64 import b32encode

from core.model.proposal import ProposalId, Token


def new_proposal_id() -> ProposalId:
    """Ten base32 characters, 50 random bits."""
    return ProposalId(b32encode(secrets.token_bytes(7)).decode()[:10].lower())


def new_token() -> Token:
    """128 random bits in base64url, 22 characters."""
    return Token(secrets.token_urlsafe(16))
