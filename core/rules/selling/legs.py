"""From a holding to the leg of a card that sells it."""

from collections.abc import Iterable, Sequence

from core.model.market import Quote, Side
from core.model.money import Price, Shares
from core.model.order import Order
from core.model.portfolio import Position
from core.model.proposal import Leg
from core.rules.selling.holding import bought_here


def sale_leg(
    position: Position,
    shares: Shares,
    *,
    number: int,
    quote: Quote | None,
    orders: Iterable[Order],
) -> Leg | None:
    """The leg that sells *shares* of *position*, at *quote*'s price or else IB's mark;
    *orders* are all that this journal has of the stock. None if no price is known."""
    reference = _reference(position, quote)
    if reference is None:
        return None
    return Leg(
        number=number,
        instrument=position.instrument,
        side=Side.SELL,
        shares=shares,
        picks=(),
        change=None,
        reference=reference,
        ask=quote.ask if quote else None,
        bid=quote.bid if quote else None,
        holding=position,
        bought_here=bought_here(position.instrument, orders),
        halted=bool(quote and quote.halted),
    )


def _reference(position: Position, quote: Quote | None) -> Price | None:
    told = (quote.last or quote.bid) if quote else None
    return told or position.price or position.average_cost


def left_out(held: Iterable[Position], legs: Sequence[Leg]) -> str:
    """What the *legs* do not sell of *held*, as text; empty if they sell everything."""
    sold = {leg.instrument.con_id: leg.shares for leg in legs}
    left = [
        f"{position.shares - sold.get(position.instrument.con_id, 0):f}"
        f" {position.instrument.symbol}"
        for position in held
        if position.shares != sold.get(position.instrument.con_id, 0)
    ]
    return f"Stays in the account: {', '.join(left)}." if left else ""
