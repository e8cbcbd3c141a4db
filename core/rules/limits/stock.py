"""The owner's limits for one stock: dollars, spread, volume; and the price step, the
exits and a size of less than one share.

A figure that is not known refuses the order, and the refusal names it.
"""

from collections.abc import Iterator
from decimal import Decimal

from core.model.market import OrderType, Quote, Side
from core.model.money import Money, Price, Size, Steps
from core.model.order import Order
from core.model.portfolio import AccountSummary
from core.model.proposal import Leg
from core.rules.circumstances import (
    Circumstances,
    Reason,
    RefusalKind,
    still_open,
)
from core.rules.exits.prices import (
    below_nothing,
    nearer_than_a_step,
    needs_ranges,
)
from core.rules.figures.in_words import alike, dollars, minute, order_price, tenth
from core.rules.figures.percent import share
from core.rules.figures.price_steps import step_at
from core.rules.figures.sizing import why_none
from core.rules.order_guards import held_shares, same_stock, unknown_rate


def stock_is_within_its_cap(order: Order, c: Circumstances) -> Iterator[Reason]:
    """The holding, the working orders and this order together."""
    limit = c.limits.max_stock
    if limit is None:
        return
    held = max(held_shares(order, c), Decimal(0)) * _price(order, c)
    day = c.day
    working = sum(
        (
            still_open(o, day)
            for o in c.others
            if o.side is Side.BUY and same_stock(order, o)
        ),
        Decimal(0),
    )
    total = held + working + c.cost_of(order)
    if total > limit:
        yield (
            RefusalKind.STOCK_CAP,
            (
                f"{order.instrument.symbol} would come to {dollars(total)} with {dollars(held)}"
                f" held and {dollars(working)} being bought: the limit is {dollars(limit)} a"
                " stock."
            ),
        )


def _price(order: Order, c: Circumstances) -> Decimal:
    """The higher of the current price, if quoted, and the card's."""
    quote = c.quote_of(order)
    now = (quote.ask or quote.last) if quote else None
    return max(now or Decimal(0), c.leg_of(order).reference)


def spread_is_narrow(order: Order, c: Circumstances) -> Iterator[Reason]:
    """In percent of the ask. Not for an order that waits for an open: it has no spread
    yet."""
    limit = c.limits.max_spread
    if limit is None or c.waits(order):
        return
    bid, ask = _sides(order, c)
    symbol = order.instrument.symbol
    if bid is None or ask is None or ask < bid:
        missing = "bid" if bid is None else "ask" if ask is None else "true bid and ask"
        yield (
            RefusalKind.SPREAD,
            f"{symbol} has no {missing} now, so its spread is not known.",
        )
    elif (spread := share(ask - bid, ask)) > limit:
        at = " to ".join(alike(bid, ask, written=order_price))
        yield (
            RefusalKind.SPREAD,
            (
                f"{symbol}'s spread is {tenth(spread)}% ({at}): a market order"
                f" pays it, and the limit is {limit:f}%."
            ),
        )


def _sides(order: Order, c: Circumstances) -> tuple[Price | None, Price | None]:
    """The current bid and ask; the card's while no quote has been requested."""
    quote, leg = c.quote_of(order), c.leg_of(order)
    return (leg.bid, leg.ask) if quote is None else (quote.bid, quote.ask)


def volume_is_large_enough(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Skipped while there is no quote, because the volume of a card only grows. Before
    the open no part of the session has passed, so that nothing can be said of it."""
    limit, quote = c.limits.min_relative_volume, c.quote_of(order)
    if limit is None or quote is None or c.waits(order):
        return
    found, symbol = relative_volume(quote, c), order.instrument.symbol
    session = c.market.session
    if session is not None and c.now <= session.opens:
        yield (
            RefusalKind.THIN,
            (
                f"{symbol}'s relative volume counts from the open on, and your limit of"
                f" {limit:f} with it: nothing is bought before {minute(session.opens)}."
            ),
        )
    elif found is None:
        yield (
            RefusalKind.THIN,
            (
                f"IB has not sent {symbol}'s volume and its average, so its relative"
                " volume is not known."
            ),
        )
    elif found < limit:
        yield (
            RefusalKind.THIN,
            (
                f"{symbol} trades {tenth(found)} times its average volume for this time of"
                f" day: the limit is {limit:f}."
            ),
        )


def relative_volume(quote: Quote, c: Circumstances) -> Decimal | None:
    """The session's volume so far, divided by the part of an average day's volume that
    belongs to the time since the open (spread evenly over the session). Both figures
    are IB's, in the same unit; None if either is not known."""
    session, whole = c.market.session, quote.average_volume
    if session is None or not whole or quote.volume is None or c.now <= session.opens:
        return None
    passed = Decimal((min(c.now, session.closes) - session.opens).total_seconds())
    length = Decimal((session.closes - session.opens).total_seconds())
    return Decimal(quote.volume) * length / (Decimal(whole) * passed)


def price_step_is_known(order: Order, _c: Circumstances) -> Iterator[Reason]:
    """A limit is rounded to IB's price step, which is never assumed."""
    if order.order_type is not OrderType.MARKET and order.limit is None:
        yield (
            RefusalKind.PRICE_STEP,
            (
                f"IB has not sent {order.instrument.symbol}'s price step, so its limit"
                " cannot be set."
            ),
        )


def exits_have_a_distance(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Otherwise the purchase would be without an exit that the owner relies on."""
    leg, symbol = c.leg_of(order), order.instrument.symbol
    if below_nothing(leg.exits, leg.reference):
        yield RefusalKind.EXIT_DISTANCE, too_far(symbol, leg.reference)
    if nearer_than_a_step(leg.exits, leg.reference, leg.steps):
        yield RefusalKind.EXIT_DISTANCE, too_near(symbol, leg.reference, leg.steps)
    if needs_ranges(leg.exits):
        yield (
            RefusalKind.EXIT_DISTANCE,
            (
                f"{symbol}'s average true range is not known, so its exits have no price:"
                " choose exits in percent, or none."
            ),
        )


def too_far(symbol: str, price: Price) -> str:
    """The sentence about a stop that would lie below nothing."""
    return (
        f"{symbol} costs about {order_price(price)}, and its stop would be as far off or"
        " further: choose a nearer one, or none."
    )


def too_near(symbol: str, price: Price, steps: Steps) -> str:
    """The sentence about an exit that would lie less than a price step away."""
    return (
        f"{symbol}'s price moves in steps of {order_price(step_at(price, steps))}, and an"
        " exit would be nearer than one: choose one further off, or none."
    )


def limit_reaches_the_ask(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Otherwise the order would rest at IB, although the card promised a purchase."""
    quote = c.quote_of(order)
    if order.limit is None or c.waits(order) or quote is None or quote.ask is None:
        return
    if quote.ask > order.limit:
        ask, limit = alike(quote.ask, order.limit, written=order_price)
        yield (
            RefusalKind.PRICE_MOVED,
            (f"{order.instrument.symbol} asks {ask} now, above the limit of {limit}."),
        )


def size_is_a_share(order: Order, c: Circumstances) -> Iterator[Reason]:
    """A sum may be less than one share, and IB's API refuses fractions."""
    if order.shares < 1:
        size, worth = (
            c.proposal.size or c.limits.default_size,
            c.proposal.net_liquidation,
        )
        leg = c.leg_of(order)
        yield (
            RefusalKind.SIZE,
            why_no_share(size, leg, worth=worth, account=c.account),
        )


def why_no_share(
    size: Size, leg: Leg, *, worth: Money | None, account: AccountSummary | None
) -> str:
    """As ``why_none``; or that the rate of the account's currency is missing, if that
    is the reason."""
    lacks = unknown_rate(account) if size.risk and worth is None else None
    return lacks or why_none(size, leg, worth=worth)
