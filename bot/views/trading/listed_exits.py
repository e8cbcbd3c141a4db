"""/exits: each holding with its exits, and which shares have no stop.

Tested by tests/bot/views/trading/test_exits_card.py.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.views import words
from bot.views.trading.exits import (
    NO_PLAN,
    WAITS,
    WHAT_A_STOP_IS,
    WHAT_A_TIMED_EXIT_IS,
    order_name,
    plan_words,
    standing,
)
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.order import Order
from core.model.portfolio import Position
from core.model.status import ExitsWait


_MOST: Final = 12

_IN_TENTHS: Final = 10
"""Seconds; what takes longer is told in whole ones."""


def overview(
    held: Sequence[ProtectedHolding],
    *,
    abroad: Sequence[Position] = (),
    wait: ExitsWait | None = None,
) -> str:
    """/exits: each holding with its exits, in the order of *held*. *abroad* are those in
    other currencies, which have none of ours. *wait* is what keeps exits back.
    """
    if not held and abroad:
        return words.lines("<b>Exits</b>", _without_exits(abroad))
    if not held:
        return words.lines(
            "<b>Nothing to protect</b>: IB lists no whole share in dollars.",
            "It may list what was bought only after three minutes.",
        )
    shown, more = words.first(held, _MOST)
    naked = sum(1 for each in held if each.naked)
    covered = f"Everything{' in dollars' if abroad else ''} has a stop"
    head = f"{naked} of {len(held)} {_bare_of(held)}" if naked else covered
    first = words.safe(held[0].instrument.symbol)
    return words.paragraphs(
        f"<b>Exits</b> · <b>{head}</b>",
        WAITS.get(wait, ""),
        *(_holding(each) for each in shown),
        more,
        _without_exits(abroad),
        words.lines(
            WHAT_A_STOP_IS,
            WHAT_A_TIMED_EXIT_IS if any(map(_is_timed, held)) else "",
            f"For example <code>/exits {first} stop 5% target 10%</code>, "
            f"<code>/exits {first} trail 3%</code>.",
        ),
    )


def _without_exits(abroad: Sequence[Position]) -> str:
    """Exits are kept of stocks in dollars only."""
    if not abroad:
        return ""
    named = ", ".join(f"{words.shares(p.shares)} {p.instrument.symbol}" for p in abroad)
    return (
        f"Not in dollars, so without an exit of mine: {words.safe(named)}. Set a stop in"
        " TWS, or send /sell."
    )


def _is_timed(holding: ProtectedHolding) -> bool:
    protection = holding.protection
    if protection is None or ExitKind.CLOSE in protection.off:
        return False
    return protection.plan.sessions is not None


def _holding(each: ProtectedHolding) -> str:
    symbol = words.safe(each.instrument.symbol)
    naked = f": {each.naked:,} {_bare_of([each])}" if each.naked else ""
    return words.lines(
        f"<b>{symbol}</b> {each.shares:,}{naked}",
        _approved(each.protection),
        standing(each.exits),
        words.lines(*(_elsewhere(order) for order in each.elsewhere)),
        words.lines(*(_closed(order) for order in each.closed)),
        _bare_for(each),
    )


def _bare_for(each: ProtectedHolding) -> str:
    """How long the holding was without its stop."""
    if each.bare_for is None:
        return ""
    seconds = each.bare_for.total_seconds()
    took = f"{words.tenth(seconds)} s" if seconds < _IN_TENTHS else words.age(seconds)
    return f"its stop stood {took} after the purchase"


def _closed(order: Order) -> str:
    """An exit that the bot no longer follows."""
    return f"{order_name(order)}: {words.safe(order.reason or 'closed by you')}"


def _bare_of(held: Iterable[ProtectedHolding]) -> str:
    known = any(each.elsewhere for each in held)
    return "without a stop that I know of" if known else "without a stop"


def _elsewhere(order: Order) -> str:
    """An exit that this session can neither see nor end."""
    return (
        f"{order_name(order)}: of another login, gateway or client id. I do not know here"
        " whether it stands, and leave it alone: look in TWS"
    )


def _approved(protection: Protection | None) -> str:
    if protection is None:
        return f"approved: {NO_PLAN}"
    off = ", ".join(protection.off)
    return f"approved: {plan_words(protection.plan)}{f' (off: {off})' if off else ''}"
