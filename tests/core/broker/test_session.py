"""What the socket raises is said in our words: nothing was sent."""

import pytest

from core.broker.session import speaking_our_errors
from core.model.errors import BrokerAway


@pytest.mark.parametrize(
    "problem", [ConnectionError("Not connected"), BrokenPipeError(), OSError(5, "I/O")]
)
def test_a_socket_that_fails_is_a_broker_away(problem: OSError) -> None:
    with pytest.raises(BrokerAway) as away, speaking_our_errors():
        raise problem

    assert away.value.__cause__ is problem


def test_other_errors_are_not_touched() -> None:
    with pytest.raises(ZeroDivisionError), speaking_our_errors():
        raise ZeroDivisionError
