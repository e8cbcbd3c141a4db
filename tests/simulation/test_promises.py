"""What the auditor reads of the words about an order of another login."""

from dataclasses import replace

import pytest

from bot.views.trouble import other_name
from tests.bot.views.hands import read
from tests.builders import a_sent_order
from tests.simulation.halt import ALLOWED
from tests.simulation.promises import _NOT_THIS_LOGIN


@pytest.mark.parametrize("symbol", ["QRVX", "BRK.B"])
def test_the_stock_of_an_order_of_another_login_is_read_off_the_message(
    symbol: str,
) -> None:
    order = a_sent_order()
    named = replace(order, instrument=replace(order.instrument, symbol=symbol))

    text = read(other_name(named, belongs="the login with DU1 (now DU2)"))

    assert _NOT_THIS_LOGIN.findall(text) == [("BUY", symbol)]


@pytest.mark.parametrize(
    ("text", "allows"),
    [
        ("Ready to trade again · SANDBOX", True),
        ("Ready to queue for Mon 09:30 ET again · SANDBOX", True),
        ("No longer halted · SANDBOX. Still in the way:", True),
        ("Ready to queue for Mon 09:30 ET\n\nA Yes now asks", False),
    ],
)
def test_what_ends_a_halt_is_read_off_the_answer_to_resume(
    text: str, *, allows: bool
) -> None:
    assert (ALLOWED.match(text) is not None) == allows
