"""One order of a card was sent, and the other's price moved: both must be seen."""

from core.model.proposal import Choice
from tests.builders import QRVX, price
from tests.core.test_stateful import Trading
from tests.fakes.broker import BrokerBehaviour


def test_what_became_of_the_first_order_is_told_although_the_second_asks_again() -> (
    None
):
    game = Trading()
    game.begin()
    try:
        game.heal()
        game.scan()
        game.harness.broker.behaviour = BrokerBehaviour.DELAYS
        game.tap(Choice.YES, 1, fresh=True)
        game.wait(1)
        game.harness.quote(QRVX, last=price("5.20"), ask=price("5.20"))
        game.harness.broker.behaviour = BrokerBehaviour.HOLDS
        game.do(game.harness.broker.deliver)
        game.wait(1)
        game.fill(100)
        game.wait(11)

        said = " ".join(message.text for message in game.telegram.said)
    finally:
        game.teardown()

    assert "Yes buys 100 QRVX" in said
    assert "FDMX BUY 100 filled 100" in said
    assert "Part bought 100 FDMX" in said
    assert "Not bought: the price or the market has changed" in said
