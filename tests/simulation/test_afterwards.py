"""What the auditor reads in messages about what others have changed."""

from core.sandbox.trading.tickets import OrderTicket
from tests.simulation.afterwards import _terms


TRAILING = OrderTicket(
    client_id=17,
    order_id=1,
    con_id=1,
    action="SELL",
    quantity=100,
    order_type="TRAIL",
    trail_percent=20.0,
    tif="GTC",
)


def test_what_can_be_changed_in_the_terminal_is_read_as_messages_say_it() -> None:
    assert _terms(TRAILING) == {
        "stop": "",
        "distance": "20",
        "shares": "100",
        "end": "GTC",
    }
