"""The slippage: the fill price against the price on the card."""

from core.model.market import Side
from core.model.order import Order
from core.model.proposal import Leg
from core.model.ranking import Change
from core.rules.figures.percent import moved


def slippage(order: Order, leg: Leg) -> Change | None:
    """How much worse the average fill of *order* was than the quote of its *leg* (the
    ask for a purchase, the bid for a sale): in dollars for all shares, and in percent
    of the price. Negative if it was better. None without a fill or without that quote.
    """
    quoted = leg.ask if leg.side is Side.BUY else leg.bid
    if quoted is None or order.average_price is None:
        return None
    worse = order.average_price - quoted
    percent = moved(quoted, order.average_price)
    if leg.side is Side.SELL:
        worse, percent = -worse, -percent
    return Change(dollars=worse * order.filled, percent=percent)
