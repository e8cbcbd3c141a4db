"""The guards of a sale. Spending limits, funds and live prices do not hold it back: an
owner who wants out may sell at whatever the market pays, once he has been told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from core.model.market import Freshness, Side
from core.model.money import Shares
from core.model.order import Order
from core.model.proposal import Purpose
from core.rules.circumstances import Circumstances, Reason, RefusalKind
from core.rules.figures.in_words import order_price
from core.rules.figures.percent import moved as percent_since
from core.rules.order_guards import (
    moved,
    order_is_of_this_account,
    owner_still_wants_it,
    same_stock,
    stock_is_not_halted,
    stock_is_not_in_doubt,
)
from core.rules.selling.holding import (
    held_of,
    is_ended_first,
    orders_in,
    sellable_shares,
)


def never_short(order: Order, c: Circumstances) -> Iterator[Reason]:
    """At most what is certainly held and not already being sold may be sold."""
    instrument = order.instrument
    free = sellable_shares(
        instrument,
        held=c.held,
        ours=orders_in(order.account, c.others),
        inventory=c.inventory,
        now=c.now,
        without=lambda other: c.exits_end and is_ended_first(other, c.line.identity),
    )
    if c.inventory is not None and instrument.con_id not in c.inventory.shares:
        yield RefusalKind.SHORT, not_listed(instrument.symbol)
    elif order.shares > free:
        held = f"{_held(order, c, free):f}"
        yield RefusalKind.SHORT, too_few(instrument.symbol, held=held, free=free)


def _held(order: Order, c: Circumstances, free: Shares) -> Decimal:
    """The smaller of what the account window and IB's answer list, and no less than
    what is *free*: the window may lack a purchase."""
    listed = held_of(order.instrument, c.held)
    if c.inventory is not None:
        listed = min(listed, c.inventory.shares[order.instrument.con_id])
    return max(listed, Decimal(free)) if free else listed


def not_listed(symbol: str) -> str:
    """The sentence about a holding of the account window that IB's answer lacks."""
    return (
        f"IB did not list {symbol} when it was asked for the holdings right before the"
        " sale, so none can be sold now."
    )


def too_few(symbol: str, *, held: str, free: int) -> str:
    """The sentence that says that there are not enough shares to sell, and why."""
    rest = Decimal(held) - free
    if rest < 0:
        return f"You hold {held} {symbol}: a short position has nothing to sell."
    if rest == 0:
        return f"You hold {held} {symbol}: no more than {free:,} can be sold now."
    if rest < 1:
        fraction = "A fraction of a share stays: IB takes no order for one."
        return (
            f"You hold {held} {symbol}, of which {free:,} can be sold now. {fraction}"
        )
    return (
        f"You hold {held} {symbol}, of which {free:,} can be sold now: the rest is being"
        " sold already (an order that you closed by word counts for its day, one of"
        " another login until it has ended), or was sold just now, which IB may list for"
        " three minutes."
    )


def no_buy_is_working(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Otherwise the rest of the purchase would fill after the sale. /panic has already
    asked to cancel it."""
    if c.proposal.purpose is Purpose.SELL_ALL:
        return
    symbol = order.instrument.symbol
    if any(same_stock(order, o) and o.side is Side.BUY for o in c.working):
        yield (
            RefusalKind.ALREADY_WORKING,
            f"A buy of ours for {symbol} is still working: /cancel {symbol} first.",
        )


def no_buy_is_in_doubt(order: Order, c: Circumstances) -> Iterator[Reason]:
    """A purchase in doubt may be working. A sale in doubt only blocks its own
    shares."""
    if c.proposal.purpose is not Purpose.SELL_ALL:
        buys = [o for o in c.in_doubt if o.side is Side.BUY]
        yield from stock_is_not_in_doubt(order, replace(c, in_doubt=buys))


def trading_in_it_goes_on(order: Order, c: Circumstances) -> Iterator[Reason]:
    """A sale of /panic is sent anyway: IB takes it, or refuses it (154), and that is
    told."""
    if c.proposal.purpose is not Purpose.SELL_ALL:
        yield from stock_is_not_halted(order, c)


def price_has_not_fallen(order: Order, c: Circumstances) -> Iterator[Reason]:
    """A better price needs no new card; a sale of /panic needs none at any price. One
    that is gone since the card may have fallen as well; a card that had none said so."""
    quote, leg = c.quote_of(order), c.leg_of(order)
    if c.queued or c.proposal.purpose is Purpose.SELL_ALL:
        return
    paid = (quote.bid or quote.last) if quote is not None else None
    shown = min(leg.reference, leg.bid or leg.reference)
    if paid is None and leg.freshness is not Freshness.UNKNOWN:
        symbol, was = order.instrument.symbol, order_price(shown)
        gone = f"{symbol} has no price now; it was {was} on the card."
        yield RefusalKind.PRICE_MOVED, f"{gone} Yes sells at whatever the market pays."
    elif paid is not None and -percent_since(shown, paid) > c.limits.price_band:
        yield moved(order, paid, shown)


SALE_GUARDS: Final[tuple[Callable[[Order, Circumstances], Iterator[Reason]], ...]] = (
    owner_still_wants_it,
    order_is_of_this_account,
    never_short,
    no_buy_is_working,
    no_buy_is_in_doubt,
    trading_in_it_goes_on,
    price_has_not_fallen,
)
