"""Whether IB has ended a sale at a split, although it lists its end no more.

IB cancels every order that is good till cancelled at a stock split
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
from core.rules.found import find


_NEAR: Final = Decimal("0.05")
"""How far IB's average cost may be from what was paid here, as a fraction of it. The next
factor is 9 % away at least, so no share can have been sold besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnTrades:
    """What is held by our own trades: so many shares, ``paid`` dollars each with fees."""

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
    """*verdict*, or the end of *order* where that is a doubt which a split answers.

    It does where IB had confirmed the order, lists nothing of it in complete
    *evidence*, and the shares that were left without a sale of it, and their cost, are
    now as exactly one split makes them. *orders* are all of its stock and account;
    *asked* is the holding on the card that approved it, whose cost counts where that of
    the purchases says nothing: of shares that were not bought here."""
    if not (isinstance(verdict, WentSilent) and _may_be(order, evidence)):
        return verdict
    books = (_books(order, orders), _books_of_card(order, orders, asked))
    found = (_split(each, order, evidence) for each in books if each)
    split = next(filter(None, found), None)
    if split is None:
        return verdict
    return Cancelled(ref=order.ref, reason=f"IB ends orders at a split, {split}")


def _may_be(order: Order, evidence: Evidence) -> bool:
    is_sale = order.side is Side.SELL and order.tif == GOOD_TILL_CANCELLED
    is_named = bool(order.perm_id and order.sent_at)
    return is_sale and is_named and find(order, evidence).nothing


def _split(books: _OwnTrades, order: Order, evidence: Evidence) -> str | None:
    """ "4 for 1" if such a split makes what IB lists of what the *books* have."""
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


def _books(order: Order, orders: Iterable[Order]) -> _OwnTrades | None:
    """By the newest purchase that was sent before *order*, and what was sent from then
    on; None where nothing was bought here, so that no cost is known."""
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


def _books_of_card(
    order: Order, orders: Iterable[Order], asked: Position | None
) -> _OwnTrades | None:
    """By what was held when *order* was sent, at the cost that its card had of IB, and
    what was sent from then on."""
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
