"""Answers to /buy, /sell, /panic and /cancel all: what was done, and what follows.

Tested by tests/journeys/test_selling.py.
"""

from collections.abc import Sequence
from typing import Final

from bot.views import words
from core.model.evidence import LineState
from core.model.identity import Identity
from core.model.order import Order
from core.model.status import Status
from core.rules.selling.left import left_in_words


def no_sale(problem: str) -> str:
    """Why there is no card to sell."""
    return words.lines(
        f"<b>No card.</b> {words.sentence(problem)}",
        "Nothing was sold. /positions shows what you hold.",
    )


def no_purchase(problem: str) -> str:
    """Why there is no card to buy."""
    return words.lines(
        f"<b>No card.</b> {words.sentence(problem)}", "Nothing was bought."
    )


def how_to_buy(stock: str = "", amount: str = "") -> str:
    """The question for the missing or unclear argument of /buy."""
    if stock:
        unclear = _unclear(amount)
        asked = (
            f"<b>Buy how many {_named(stock)}?</b>{unclear} Type it: 50, $500 or 1%."
        )
    elif amount:
        asked = f"<b>Buy {words.safe(amount)} of which stock?</b> Type its symbol."
    else:
        asked = "<b>Buy what, and how many?</b> Type it: MACV, MACV 50, MACV $500."
    return words.lines(asked, "A card asks first; nothing was bought.")


def how_to_sell(stock: str = "", amount: str = "") -> str:
    """The question for the missing or unclear argument of /sell."""
    if stock:
        name = _named(stock)
        asked = (
            f"<b>Sell how many {name}?</b>{_unclear(amount)} Type whole shares: 50, half, "
            "25%, all."
        )
    elif amount:
        asked = f"<b>Sell {words.safe(amount)} of which stock?</b> Type its symbol."
    else:
        asked = "<b>Sell what, and how many?</b> Type it: MACV, MACV 50, MACV half."
    return words.lines(
        asked, "A card asks first; nothing was sold. /positions has buttons."
    )


WHICH_OF_THEM: Final = "<b>Which of them?</b> Nothing was done yet."
"""The question for the stock of a bare "cancel", "sell" or "chart" that replies to a card;
its buttons name them."""


def _unclear(amount: str) -> str:
    """What was said in the place of an amount, and is none; "" for nothing."""
    said = words.safe(words.fit(amount, 30))
    return f" I can't tell it from “{said}”." if said else ""


def _named(stock: str) -> str:
    return words.safe(words.fit(stock.upper(), 12))


def panic(
    wanted: Sequence[Order], status: Status, *, going_on: Sequence[Order] = ()
) -> str:
    """What /panic has done at once, and what is still to come. The sales of an earlier
    one are *going_on*."""
    return words.paragraphs(
        f"<b>Stopped: I send nothing new</b> · {words.bold(words.mode_word(status.mode))}",
        _cancels(wanted, going_on, status.line.identity),
        _next(status),
        "/resume allows orders again, and places the stops and targets of what you hold"
        " anew. Nothing else that was cancelled comes back.",
    )


WHICH_STOP: Final = words.paragraphs(
    "<b>Stop? Nothing was stopped yet.</b>",
    "To stop everything also cancels your stops and targets at IB, and then asks whether"
    " to sell what you hold. To send nothing new leaves them there. /status says what"
    " holds now.",
)
"""Where it is not certain that all is to be stopped."""


def _cancels(
    wanted: Sequence[Order], going_on: Sequence[Order], identity: Identity | None
) -> str:
    near, far = _by_reach(wanted, identity)
    told = []
    if near:
        told.append(
            f"To be cancelled: {_names(near)}. IB is asked until it confirms; "
            "/orders shows it."
        )
    if far:
        told.append(_not_from_here(far))
    if going_on:
        told.append(
            f"Not cancelled, from your earlier Yes to sell all: {_names(going_on)}. "
            "<code>/cancel all</code> ends that, too."
        )
    return " ".join(told) or "No order of mine was open."


def _next(status: Status) -> str:
    if status.line.state is not LineState.UP or not status.reconciled:
        return words.lines(
            "IB cannot be asked now. As soon as it can, orders are cancelled, and a card "
            "asks whether to sell what you hold. Nothing is sold before your Yes.",
            *map(words.safe, _in_the_way(status)),
            "If that cannot wait, cancel and sell in TWS.",
        )
    return (
        "Next comes a card with what you hold. It asks whether to sell that: nothing "
        "is sold before your Yes."
    )


def _in_the_way(status: Status) -> tuple[str, ...]:
    """Why IB cannot be asked; the halt that /panic is itself does not keep it."""
    halted = status.halted
    return tuple(b for b in status.blocks if halted is None or halted not in b)[:1]


def cancelled_all(
    wanted: Sequence[Order],
    *,
    symbols: Sequence[str],
    identity: Identity | None,
    closed: Sequence[Order] = (),
) -> str:
    """Which orders of *symbols* (of all stocks if there are none) /cancel has asked IB to
    cancel, and which the *identity* cannot. *closed*: those in doubt that the owner has
    closed by his word."""
    if not wanted:
        none = f"Nothing to cancel: no order{_of_any(symbols)} of mine is open."
        return words.lines(none, _not_followed(closed))
    near, far = _by_reach(wanted, identity)
    stocks = {order.instrument for order in wanted}
    without = [each for each in symbols if not any(s.is_named(each) for s in stocks)]
    return words.lines(
        f"<b>To be cancelled: {_names(near)}.</b>" if near else "",
        "IB is asked until it confirms; /orders shows it." if near else "",
        _not_from_here(far) if far else "",
        _not_followed(closed),
        f"No order{_of_any(without)} of mine is open." if without else "",
        "What you hold stays.",
    )


def _not_followed(closed: Sequence[Order]) -> str:
    named = ", ".join(f"{o.side} {o.rest:,} {o.instrument.symbol}" for o in closed)
    said = (
        f"Not cancelled, since you closed it by your word: {words.safe(named)}. If you see"
        " it at IB, cancel it there."
    )
    return said if closed else ""


def _of_any(symbols: Sequence[str]) -> str:
    """ " of ABC or XYZ"; "" if no stock is named."""
    return f" of {words.safe(' or '.join(symbols))}" if symbols else ""


def _by_reach(
    orders: Sequence[Order], identity: Identity | None
) -> tuple[list[Order], list[Order]]:
    """The *orders* that *identity* can cancel, or the next identity where there is none
    yet; and those of another login or client id."""
    far = [o for o in orders if identity is not None and not o.is_of(identity)]
    return [order for order in orders if order not in far], far


def _not_from_here(orders: Sequence[Order]) -> str:
    return (
        f"Not cancelled, and may still execute: {_names(orders)}. Another login or "
        "client id sent that, and only it can cancel it: I ask once it is logged in "
        "again. Until then cancel it in TWS."
    )


def _names(orders: Sequence[Order]) -> str:
    return words.safe(left_in_words(orders))
