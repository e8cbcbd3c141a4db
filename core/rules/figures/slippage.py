"""What a fill cost against the price that the card showed."""

from core.model.market import Side
from core.model.order import Order
from core.model.proposal import Leg
from core.model.ranking import Change
from core.rules.figures.percent import moved


def slippage(order: Order, leg: Leg) -> Change | None:
    """How much worse the average fill of *order* was than what its *leg* was quoted at
    (the ask of a purchase, the bid of a sale): dollars for all its shares, and percent
    of the price. Below zero it was better. None without a fill or without that quote.
    """
    quoted = leg.ask if leg.side is Side.BUY else leg.bid
    if quoted is None or order.average_price is None:
        return None
    worse = order.average_price - quoted
    percent = moved(quoted, order.average_price)
    if leg.side is Side.SELL:
        worse, percent = -worse, -percent
    return Change(dollars=worse * order.filled, percent=percent)
