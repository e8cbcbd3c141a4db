"""Requests that need no answer.

Tested by tests/core/sandbox/gateway/test_every_request.py.
"""

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.session import ClientSession
from core.sandbox.protocol.reading import Reader


def ignore(_gateway: Gateway, _session: ClientSession, _read: Reader) -> None:
    """Do nothing: the end of what was refused or answered once, or a message that IB's
    gateway does not answer either.
    """
