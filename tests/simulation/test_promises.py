"""What the auditor reads of the words about an order of another login."""

from dataclasses import replace

import pytest

from bot.views.trouble import other_name
from tests.bot.views.hands import read
from tests.builders import a_sent_order
from tests.simulation.halt import ALLOWED
from tests.simulation.promises import _NOT_THIS_LOGIN, asks_about


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


_LEFT_OUT = (
    "Not in this sale: 300 LLNX (being sold already, sold just now, or in an order that"
    " you closed by word today)."
)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (f"{_LEFT_OUT}\n\nLLNX 400   5.53   $2,212", True),
        (_LEFT_OUT, False),
        ("AVLZ 300   26.32   $7,896", False),
    ],
    ids=["the rest", "none of it", "others"],
)
def test_what_panic_asks_about_is_read_beside_what_it_leaves_out(
    text: str, *, asks: bool
) -> None:
    assert asks_about("LLNX", text) == asks
