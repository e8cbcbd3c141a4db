"""From a holding to the leg of a card that sells it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeGuard

from core.model.market import ConId, Freshness, Quote, Side
from core.model.money import Price, Shares
from core.model.order import Order
from core.model.portfolio import Position
from core.model.proposal import Leg
from core.rules.selling.holding import bought_here


_TAKEN: Final = (
    "being sold already, sold just now, or in an order that you closed by word today"
)


def sale_leg(
    position: Position,
    shares: Shares,
    *,
    number: int,
    quote: Quote | None,
    orders: Sequence[Order],
) -> Leg | None:
    """The leg that sells *shares* of *position*, at *quote*'s price or else IB's mark;
    *orders* are all that this journal had of the stock when that was read. None if no price is known."""
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
        traded=tuple((order.ref, order.filled) for order in orders if order.fills),
        halted=bool(quote and quote.halted),
        freshness=quote.freshness if is_priced(quote) else Freshness.UNKNOWN,
        listed_on=position.listed_on,
    )


def is_priced(quote: Quote | None) -> TypeGuard[Quote]:
    """Whether *quote* has a price that a sale could get."""
    return quote is not None and bool(quote.bid or quote.last)


def _reference(position: Position, quote: Quote | None) -> Price | None:
    told = (quote.last or quote.bid) if quote else None
    return told or position.price or position.average_cost


def left_out(
    held: Iterable[Position], legs: Sequence[Leg], *, free: Mapping[ConId, Shares]
) -> str:
    """What the *legs* do not sell of *held*, why and how it can be sold, as text; empty
    if they sell everything. Of each stock so many shares are *free* to be sold."""
    sold = {leg.instrument.con_id: leg.shares for leg in legs}
    left = [
        _stays(position, free, sold.get(position.instrument.con_id, Shares(0)))
        for position in held
        if position.shares != sold.get(position.instrument.con_id, 0)
    ]
    return f"Not in this sale: {', '.join(left)}." if left else ""


def _stays(position: Position, free: Mapping[ConId, Shares], sold: Shares) -> str:
    why = _why_not_here(position, free.get(position.instrument.con_id, Shares(0)))
    rest, symbol = position.shares - sold, position.instrument.symbol
    return f"{rest:f} {symbol}{f' ({why})' if why else ''}"


def _why_not_here(position: Position, free: Shares) -> str:
    """Empty where the number says it: a fraction of a share, or a short position."""
    symbol, currency = position.instrument.symbol, position.instrument.currency
    if not position.is_stock:
        return "no stock: sell it in TWS"
    if not position.is_dollar_stock:
        return f"in {currency}: /sell {symbol} asks about it"
    if free < position.whole_shares:
        return _TAKEN
    if free and _reference(position, None) is None:
        return "no price known: sell it in TWS"
    return ""
