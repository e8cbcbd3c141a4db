"""The guards of one order, or of all orders of a card: stock, price, money."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.model.market import Freshness, OrderType, Side
from core.model.money import Money, Price
from core.model.order import Order, OrderState
from core.model.portfolio import AccountSummary
from core.rules.circumstances import (
    Circumstances,
    Reason,
    RefusalKind,
    spent,
)
from core.rules.figures.in_words import day_name, dollars, percent, price, whole
from core.rules.figures.percent import moved as percent_since
from core.rules.new_york import day_of
from core.rules.selling.holding import bought_in, held_of, just_filled


FEE_MARGIN: Final = Decimal("1.01")
"""Funds must cover the estimate plus 1 %, for slippage and fees."""

QUOTE_LIFE: Final = timedelta(seconds=5)
"""An older price proves nothing about this moment. A quiet stock's price is requested
again before an order, so its age is that of the answer."""


def owner_still_wants_it(order: Order, _c: Circumstances) -> Iterator[Reason]:
    if order.cancel_asked:
        yield RefusalKind.CANCELLED, withdrawn(order)


def withdrawn(order: Order) -> str:
    """Why an order that waits to be sent will not be sent: its cancel came first."""
    return f"{order.instrument.symbol} was cancelled by you."


def order_is_of_this_account(order: Order, c: Circumstances) -> Iterator[Reason]:
    if order.account != c.limits.account:
        yield RefusalKind.ACCOUNT, f"The order was for {order.account}."


def stock_is_not_in_doubt(order: Order, c: Circumstances) -> Iterator[Reason]:
    if any(same_stock(order, o) for o in c.in_doubt if o.state is OrderState.UNKNOWN):
        yield (
            RefusalKind.IN_DOUBT,
            f"An earlier order for {order.instrument.symbol} is in doubt.",
        )


def stock_has_no_order_of_ours(order: Order, c: Circumstances) -> Iterator[Reason]:
    if any(same_stock(order, other) and other.exit is None for other in c.working):
        yield (
            RefusalKind.ALREADY_WORKING,
            f"An order of ours for {order.instrument.symbol} is still working.",
        )


def stock_is_not_held(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Scans find the same stock again and again; it is bought only once unless the
    owner's setting allows more."""
    if c.limits.buy_held:
        return
    if (held := held_shares(order, c)) > 0:
        yield (
            RefusalKind.HELD,
            (
                f"You hold {held:f} {order.instrument.symbol} already; more is bought"
                " only with OPENBELL_BUY_HELD=true."
            ),
        )


def held_shares(order: Order, c: Circumstances) -> Decimal:
    """The shares that IB lists; while a purchase is too recent to be listed, at least
    those that there are by our own fills."""
    ours = [other for other in c.counting if same_stock(order, other)]
    listed = held_of(order.instrument, c.held)
    if not just_filled(bought_in(ours, order.instrument), c.now):
        return listed
    return max(listed, _by_our_fills(ours))


def _by_our_fills(ours: Sequence[Order]) -> Decimal:
    """What IB listed when the first of these purchases was sent, and all that was bought
    and sold since."""
    buys = [each for each in ours if each.side is Side.BUY and each.fills]
    first = min(buys, key=lambda each: each.sent_at or each.fills[0].at)
    since = min(first.sent_at or first.fills[0].at, first.fills[0].at)
    changes = (
        fill.shares if each.side is Side.BUY else -fill.shares
        for each in ours
        for fill in each.fills
        if fill.at >= since
    )
    return (first.position_before or Decimal(0)) + sum(changes)


def price_is_known(order: Order, c: Circumstances) -> Iterator[Reason]:
    """Not for an order that waits for an open, whose price cannot be known. A market
    order pays what is asked: where nobody offers, the last trade may be hours old, and
    IB sends it as if it were new."""
    quote = c.quote_of(order)
    symbol = order.instrument.symbol
    if c.queued:
        return
    if quote is None or (quote.last is None and quote.ask is None):
        why = c.unquoted.get(order.instrument.con_id)
        because = f": {why}" if why else ""
        yield RefusalKind.NO_QUOTE, f"{symbol} has no price now{because}."
    elif abs(c.now - quote.at) > QUOTE_LIFE:
        age = (c.now - quote.at).total_seconds()
        yield RefusalKind.OLD_QUOTE, f"{symbol}'s price is {whole(age)} s old."
    elif quote.ask is None and _pays_what_is_asked(order, c):
        yield (
            RefusalKind.NO_QUOTE,
            f"Nobody offers {symbol} now, so a market order would have no price.",
        )


def _pays_what_is_asked(order: Order, c: Circumstances) -> bool:
    """Whether it is a market order of these hours: what trades on an exchange of another
    country may wait at IB for that to open, and nobody offers before."""
    return order.order_type is OrderType.MARKET and not c.proposal.has_own_hours


def data_is_live(order: Order, c: Circumstances) -> Iterator[Reason]:
    quote = c.quote_of(order)
    if quote is None or c.queued or c.limits.allow_delayed:
        return
    if quote.freshness is not Freshness.LIVE:
        yield (
            RefusalKind.NOT_LIVE,
            f"{order.instrument.symbol}'s price is not live ({quote.freshness}).",
        )


def stock_is_not_halted(order: Order, c: Circumstances) -> Iterator[Reason]:
    quote = c.quote_of(order)
    if quote is not None and quote.halted:
        yield RefusalKind.STOCK_HALTED, f"{order.instrument.symbol} is halted."


def price_is_the_cards(order: Order, c: Circumstances) -> Iterator[Reason]:
    """The last price in both directions; the ask, which is paid, only upwards, and a bid
    above it as well: then the ask is an old one."""
    quote, leg = c.quote_of(order), c.leg_of(order)
    if quote is None:
        return
    band = c.limits.price_band
    if quote.last is not None and abs(percent_since(leg.reference, quote.last)) > band:
        yield moved(order, quote.last, leg.reference)
    else:
        shown = max(leg.reference, leg.ask or leg.reference)
        paid = max(filter(None, (quote.ask, quote.bid)), default=shown)
        if percent_since(shown, paid) > band:
            yield moved(order, paid, shown)


def order_is_within_its_cap(order: Order, c: Circumstances) -> Iterator[Reason]:
    cost = c.cost_of(order)
    if cost > c.limits.max_order:
        yield (
            RefusalKind.ORDER_CAP,
            (
                f"{order.shares:,} {order.instrument.symbol} cost about {dollars(cost)};"
                f" the limit is {dollars(c.limits.max_order)} an order."
            ),
        )


def same_stock(order: Order, other: Order) -> bool:
    return order.instrument.con_id == other.instrument.con_id


def moved(order: Order, now: Price, since: Price) -> Reason:
    moved_by = percent(percent_since(since, now))
    text = (
        f"{order.instrument.symbol} is at {price(now)} now, {moved_by} since the card."
    )
    return RefusalKind.PRICE_MOVED, text


def day_is_within_its_cap(
    orders: Sequence[Order], c: Circumstances
) -> Iterator[Reason]:
    used, wanted = c.used, _cost_of_all(orders, c)
    day = c.day
    of_day = "today" if day == day_of(c.now) else f"for {day_name(day)}"
    if used + wanted > c.limits.max_day:
        yield (
            RefusalKind.DAY_CAP,
            (
                f"{dollars(wanted)} on top of {dollars(used)} used {of_day}: the limit is"
                f" {dollars(c.limits.max_day)} a day."
            ),
        )


def funds_are_enough(orders: Sequence[Order], c: Circumstances) -> Iterator[Reason]:
    """The account's figures may be older than our latest orders, so these are added."""
    if c.account is None or c.account.available_funds is None:
        yield RefusalKind.FUNDS, unknown_funds(c.account)
        return
    seen = c.account.funds_at or c.account.at
    unseen = [o for o in c.counting if o.sent_at is not None and o.sent_at > seen]
    needed = Money((_cost_of_all(orders, c) + spent(unseen, date.min)) * FEE_MARGIN)
    if needed > c.account.available_funds:
        yield (
            RefusalKind.FUNDS,
            (
                f"{dollars(needed)} are needed;"
                f" {dollars(c.account.available_funds)} are free."
            ),
        )


def unknown_funds(account: AccountSummary | None) -> str:
    """Which figure IB has not sent, so that the available funds are not known."""
    return unknown_rate(account) or "IB has not sent the account's free funds."


def unknown_rate(account: AccountSummary | None) -> str | None:
    """That no figure of the account is known in dollars, because IB has not sent the
    rate of its currency; None if it has."""
    base = account.base if account else None
    if base is None or base.per_dollar is not None:
        return None
    return f"IB has not sent the rate of {base.currency}, in which the account is kept."


def _cost_of_all(orders: Sequence[Order], c: Circumstances) -> Money:
    return Money(sum((c.cost_of(order) for order in orders), Decimal(0)))
