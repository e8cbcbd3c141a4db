"""What the auditor reads off a card, in the words that cards have had."""

import pytest

from tests.simulation.approvals import asked


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("Yes: BUY 100 MACV and 100 OFRV", {"MACV": 100, "OFRV": 100}),
        ("Yes buys 100 MACV and 1,000 OFRV", {"MACV": 100, "OFRV": 1000}),
        ("Yes buys 100 MACV\nand 100 OFRV\nmarket order", {"MACV": 100, "OFRV": 100}),
        ("Buy 50 BRK.B?", {"BRK.B": 50}),
        ("Sell 100 of 200 LLNX?", {"SELL LLNX": 100}),
        ("Queue: SELL 99 KO and 200 LLNX?", {"SELL KO": 99, "SELL LLNX": 200}),
        ("Offered: BUY 100 MACV, about $300", {"MACV": 100}),
        (
            "Sell all that you hold?\nKO 99    82.56  $8,173\nLLNX 1,200 4.82 $5,784",
            {"SELL KO": 99, "SELL LLNX": 1200},
        ),
        (
            "Sell all that you hold?\nYes sells 99 KO.\nKO 99   82.56   $8,173",
            {"SELL KO": 99},
        ),
        ("Top gainers\nOFRV  3.61  +15.3%", {}),
    ],
)
def test_the_orders_that_a_card_asks_about(text: str, orders: dict[str, int]) -> None:
    assert dict(asked(text)) == orders
