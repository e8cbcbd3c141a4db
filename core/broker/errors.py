"""Their exceptions become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.model.errors import BrokerAway


@contextmanager
def speaking_our_errors() -> Iterator[None]:
    """Turn what ib_async and the socket raise into BrokerAway: nothing was sent."""
    try:
        yield
    except OSError as problem:  # ib_async raises ConnectionError when it has no socket
        raise BrokerAway(str(problem) or type(problem).__name__) from problem
