"""Whether IB has ended a sale because of a stock split, where its listings no longer
show how the sale ended.

At a stock split IB cancels every order that is good till cancelled
(interactivebrokers.github.io/tws-api/classIBApi_1_1Order.html, on the time in force).

Tested by tests/core/rules/exits/test_split_ends.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.model.evidence import Evidence
from core.model.fills import Fill
from core.model.market import Side
from core.model.order import GOOD_TILL_CANCELLED, Order
from core.model.order_events import Cancelled, OrderEvent, WentSilent
from core.model.portfolio import Position
from core.rules.exits.splits import sent_at_of, signed_shares
from core.rules.figures.splits import FACTORS, factor_in_words, whole_shares
from core.rules.listings.found import find


_NEAR: Final = Decimal("0.05")
"""How far IB's average cost may be from what was paid here, as a fraction of it. The next
factor is 9 % away at least, so no share can have been sold besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnTrades:
    """What the trades of this journal leave of a stock: its shares, and ``paid``, what
    each of them cost in dollars with fees."""

    shares: Decimal
    paid: Decimal


def ended_at_split(
    verdict: OrderEvent,
    order: Order,
    orders: Sequence[Order],
    evidence: Evidence,
    *,
    asked: Position | None = None,
) -> OrderEvent:
    """*verdict*; but where it is a doubt about *order* that a split explains, the end
    of *order*.

    A split explains it if IB had confirmed the order and lists nothing of it in
    complete *evidence*, and if exactly one split turns the shares that would be left
    without this sale, and their cost, into what IB lists now. *orders* are all of the
    stock in the account. *asked* is the holding on the card that approved the order:
    its cost counts for shares that were not bought here, of which the purchases say
    nothing.
    """
    if not (isinstance(verdict, WentSilent) and _may_be(order, evidence)):
        return verdict
    owned = (_by_purchases(order, orders), _by_card(order, orders, asked))
    found = (_split(each, order, evidence) for each in owned if each)
    split = next(filter(None, found), None)
    if split is None:
        return verdict
    return Cancelled(ref=order.ref, reason=f"IB ends orders at a split, {split}")


def _may_be(order: Order, evidence: Evidence) -> bool:
    is_sale = order.side is Side.SELL and order.tif == GOOD_TILL_CANCELLED
    is_named = bool(order.perm_id and order.sent_at)
    return is_sale and is_named and find(order, evidence).nothing


def _split(books: _OwnTrades, order: Order, evidence: Evidence) -> str | None:
    """Such as "4 for 1", if that split turns what the *books* have into what IB lists;
    None if none does."""
    now = evidence.position_in(order.instrument, order.account)
    cost = evidence.cost_in(order.instrument, order.account)
    if not cost or books.shares <= 0:
        return None
    fit = (
        factor
        for factor in FACTORS
        if whole_shares(books.shares / factor) == whole_shares(now)
        and abs(books.paid * factor / cost - 1) <= _NEAR
    )
    return next((factor_in_words(factor) for factor in fit), None)


def _by_purchases(order: Order, orders: Iterable[Order]) -> _OwnTrades | None:
    """What is held by the newest purchase that was sent before *order*, and all orders
    sent since; None where nothing was bought here, so that no cost is known."""
    sent = sorted((o for o in orders if o.sent_at), key=sent_at_of)
    buys = [o for o in sent if o.side is Side.BUY and o.filled]
    entry = next(
        (o for o in reversed(buys) if sent_at_of(o) <= sent_at_of(order)), None
    )
    if entry is None or entry.position_before is None:
        return None
    since = [o for o in sent if sent_at_of(o) >= sent_at_of(entry)]
    bought = [f for o in since if o.side is Side.BUY for f in o.fills]
    shares = entry.position_before + sum(map(signed_shares, since))
    return _OwnTrades(shares=shares, paid=_average(bought))


def _by_card(
    order: Order, orders: Iterable[Order], asked: Position | None
) -> _OwnTrades | None:
    """What is held by IB's listing when *order* was sent, and all orders sent since, at
    the average cost that the card showed; None where either is not known."""
    cost = asked.average_cost if asked else None
    if cost is None or order.position_before is None:
        return None
    since = [o for o in orders if o.sent_at and o.sent_at >= sent_at_of(order)]
    shares = order.position_before + sum(map(signed_shares, since))
    return _OwnTrades(shares=shares, paid=cost)


def _average(bought: Sequence[Fill]) -> Decimal:
    paid = sum(
        (f.shares * f.price + (f.dollars_charged or 0) for f in bought), Decimal()
    )
    return paid / sum(fill.shares for fill in bought)
