"""The state of an order in words; nothing claims more than is known."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from bot.views import words
from bot.views.orders import ib_words
from core.model.market import Side
from core.model.money import DOLLARS
from core.model.order import FINAL, Order, OrderState


NOT_CONFIRMED: Final = "placed, unconfirmed"
CHECKING: Final = f"unknown {words.DASH} checking"
PLEASE_LOOK: Final = f"unknown {words.DASH} please look"
CANCEL_ASKED: Final = ("cancel asked for", "not confirmed")

_PLAIN: Final = {
    OrderState.PLANNED: "waiting to be sent",
    OrderState.REJECTED: "refused",
    OrderState.CANCELLED: "cancelled",
    OrderState.UNKNOWN: PLEASE_LOOK,
    OrderState.ABSENT: "never reached IB",
    OrderState.LAPSED: "not sent",
    OrderState.NEEDS_RECONFIRM: "not sent, price moved",
    OrderState.CLOSED_BY_HUMAN: "closed by you",
}
"""States that one phrase describes completely."""

_STATE_WORDS: Final = {
    OrderState.UNKNOWN: "{names}: {because} The order may exist, and I won't send it "
    "again. /orders asks what you see at IB.",
    OrderState.REJECTED: "{names}: refused by IB. {because} {bought}",
    OrderState.CANCELLED: "{names}: cancelled. {because} {bought}",
    OrderState.ABSENT: "{names}: never reached IB. {bought} {again}",
    OrderState.LAPSED: "{names}: not sent. {because} {bought} {again}",
    OrderState.NEEDS_RECONFIRM: "{names}: not sent. {because} A new card asks again.",
    OrderState.PARTIAL_DONE: "{names}: {bought} The rest is cancelled. {because}",
}
"""For each state: what happened, whether an order exists, and what to do now."""

_CHECKING_WORDS: Final = (
    "{names}: sent, not yet confirmed. {because} The order may exist. I won't send it "
    "again; asking IB now."
)


def state_words(order: Order) -> tuple[str, ...]:
    """Short lines for a column: first the state, then its details."""
    if order.cancel_asked and order.state not in FINAL:
        return _cancel_asked(order)
    return _as_it_stands(order)


def _as_it_stands(order: Order) -> tuple[str, ...]:
    match order.state:
        case OrderState.SENDING:
            return (CHECKING if order.reason else NOT_CONFIRMED,)
        case OrderState.ACKED:
            return (_working(order),)
        case OrderState.PARTIAL:
            return _part_filled(order, _working(order))
        case OrderState.FILLED:
            average = _average(order)
            return (f"filled {order.filled:,} @ {average}", *_fee(order))
        case OrderState.PARTIAL_DONE:
            return (*_part_filled(order, "the rest cancelled"), *_fee(order))
        case _:
            return (_PLAIN[order.state], *_fee(order))


def _cancel_asked(order: Order) -> tuple[str, ...]:
    """The line about a cancel that was asked for; only evidence ends the order."""
    match order.state:
        case OrderState.PLANNED:
            return ("will not be sent",)
        case OrderState.SENDING:
            return (CHECKING if order.reason else NOT_CONFIRMED, *CANCEL_ASKED)
        case OrderState.PARTIAL:
            return (*_part_filled(order, "cancel asked,"), "not confirmed")
        case OrderState.UNKNOWN:
            return (PLEASE_LOOK, *CANCEL_ASKED)
        case _:
            return CANCEL_ASKED


class _StateWords(NamedTuple):
    """The explanation of an order without its name: a text and its values."""

    text: str
    because: str
    bought: str
    again: str


def explained(orders: Iterable[Order]) -> str:
    """Explanations that the states alone do not give, as HTML, one line each; orders
    with the same end and reason share one."""
    alike: dict[_StateWords, list[Order]] = {}
    for order in orders:
        alike.setdefault(_state_words(order), []).append(order)
    return words.lines(*(_told(wording, of) for wording, of in alike.items()))


def _told(wording: _StateWords, orders: Sequence[Order]) -> str:
    parts = (f"{order.shares:,} {order.instrument.symbol}" for order in orders)
    names = words.safe(" and ".join(parts))
    text = wording.text.format(names=names, **wording._asdict())
    return " ".join(text.split())


def quoted(orders: Iterable[Order]) -> str:
    """IB's own texts about *orders*, each once, shown at a tap; "" without any."""
    wanted = (order for order in orders if not _needs_no_reason(order))
    said = dict.fromkeys(filter(None, map(ib_words.in_ibs_words, wanted)))
    if not said:
        return ""
    texts = (words.safe(words.fit(text, words.LONGEST)) for text in said)
    return words.details(["IB's own words:", *texts])


def _state_words(order: Order) -> _StateWords:
    because = words.sentence(_reason(order))
    text = _STATE_WORDS.get(order.state)
    if order.state is OrderState.SENDING and because:
        text = _CHECKING_WORDS
    if text is None and not _needs_no_reason(order):
        because = _held(order) or because
        text = "{names}: {because}" if because else ""
    return _StateWords(
        text=text or "",
        because=because,
        bought=_bought(order),
        again=_AGAIN[order.side],
    )


def _bought(order: Order) -> str:
    """What is known to be bought (sold). An order that IB had accepted may have been
    filled before it ended, also by IB's own count, so only what has come is said of it."""
    if order.filled:
        fee = ", ".join(("", *_fee(order)))
        return f"{order.filled:,} of {order.shares:,} were {order.side.done}{fee}."
    was_at_ib = order.perm_id is not None
    if was_at_ib:
        return "No execution has come from IB."
    return f"Nothing was {order.side.done}."


_AGAIN: Final = {
    Side.BUY: "/scan for a fresh card.",
    Side.SELL: "/positions to sell.",
}


def _reason(order: Order) -> str:
    """Why, in our words."""
    if _needs_no_reason(order):
        return ""
    reason = order.reason or ""
    return ib_words.in_our_words(reason) if ib_words.is_from_ib(reason) else reason


def _needs_no_reason(order: Order) -> bool:
    """Whether the reason is left out: a note on the way to a complete fill no longer
    matters, and an owner who cancelled knows why."""
    was_asked = order.cancel_asked and order.state in _CANCELLED
    return was_asked or order.state is OrderState.FILLED


_CANCELLED: Final = frozenset({OrderState.CANCELLED, OrderState.PARTIAL_DONE})


def end_words(order: Order) -> str:
    """A phrase for the end of an order, to be used in a sentence."""
    symbol = order.instrument.symbol
    average = _average(order)
    match order.state:
        case OrderState.FILLED:
            told = ", by your word" if any(f.by_word for f in order.fills) else ""
            return f"{order.filled:,} {symbol} @ {average}{told}"
        case OrderState.PARTIAL_DONE:
            return f"{order.filled:,} of {order.shares:,} {symbol} @ {average}"
        case _:
            return f"{symbol} {', '.join(state_words(order))}"


def so_far_words(order: Order) -> str:
    """A phrase for an order whose card is not at its end, to be used in a sentence."""
    symbol = order.instrument.symbol
    if order.state is not OrderState.PARTIAL:
        shares = "" if order.filled else f"{order.shares:,} "
        return f"{shares}{end_words(order)}"
    rest = "cancel asked, not confirmed"
    if not order.cancel_asked:
        rest = f"rest {_working(order)}"
    part = f"{order.filled:,} of {order.shares:,} {symbol}"
    return f"{part} @ {_average(order)}, {rest}"


def _average(order: Order) -> str:
    """What a share was traded at, with its currency where that is not the dollar."""
    price, currency = words.price(order.average_price), order.instrument.currency
    return price if currency == DOLLARS else f"{price} {words.safe(currency)}"


def can_be_cancelled(order: Order) -> bool:
    """Whether it has not ended. A cancel can be asked for again, since the request can
    be lost with the line."""
    return order.state not in FINAL


def _part_filled(order: Order, rest: str) -> tuple[str, ...]:
    return (f"{order.filled:,} of {order.shares:,} @ {_average(order)}", rest)


def _working(order: Order) -> str:
    if order.held_until:
        return f"queued for {words.weekday_time(order.held_until)}"
    is_held = order.state is OrderState.ACKED and ib_words.says_held(order.reason or "")
    return "held by IB" if is_held else "working"


def _held(order: Order) -> str:
    if order.state is not OrderState.ACKED or order.held_until is None:
        return ""
    until = words.day_moment(order.held_until)
    return f"held by IB until {until}."


def _fee(order: Order) -> tuple[str, ...]:
    """What IB has charged, by currency; "so far" while a fill's fee is not known."""
    so_far = "" if order.is_charged else " so far"
    return tuple(
        f"{_charged(amount, currency)}{so_far}"
        for currency, amount in order.fees.items()
    )


def _charged(amount: Decimal, currency: str) -> str:
    word = "fee" if amount >= 0 else "rebate"
    unit = "" if currency == DOLLARS else f" {currency}"
    return f"{word} {words.exact(abs(amount))}{unit}"
