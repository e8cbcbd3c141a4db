"""What a button says and what it carries: at most 64 bytes, and never an order.

The data names something that was decided before (a token, an order's ref); who may
press is the gate's matter, whether it still counts is the engine's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.views import order_words, words
from core.model.card import Card
from core.model.order import WORKING, Order, OrderRef, OrderState
from core.model.proposal import Choice, Proposal, ProposalState, Token


class Page(StrEnum):
    """Answers that can be looked at again."""

    POSITIONS = "positions"
    ORDERS = "orders"
    ACCOUNT = "account"
    STATUS = "status"


class Extra(StrEnum):
    """What else there is to see of a card's scan."""

    TABLE = "t"  # every row
    CHARTS = "c"  # the five over two sessions


class Seen(StrEnum):
    """What the owner says of an order in doubt."""

    FILLED = "f"
    THERE = "y"
    NOT_THERE = "n"
    LATER = "l"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An answer to a card."""

    choice: Choice
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Show what a card has no room for."""

    what: Extra
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAgain:
    """Make a new card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Ask IB to cancel one order."""

    ref: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What the owner saw of an order in doubt."""

    seen: Seen
    ref: OrderRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Show an answer as it is now."""

    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHalts:
    """Allow orders again, as far as the halts up to a moment (UTC) forbade them."""

    until: datetime


Press = Chosen | More | ScanAgain | CancelOrder | Doubt | Refresh | EndHalts

_DATA: Final = re.compile(r"v1:([a-z]):([A-Za-z0-9_:-]{0,58})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS: Final = re.compile(r"\d{1,17}", re.ASCII)
_TICK: Final = timedelta(microseconds=1)
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,56}", re.ASCII)


def write(press: Press) -> str:
    """The callback data of a button."""
    return f"v1:{_body(press)}"


def _body(press: Press) -> str:
    body = "s:"
    match press:
        case Chosen(choice=choice, token=token):
            body = f"o:{choice}:{token}"
        case More(what=what, token=token):
            body = f"m:{what}:{token}"
        case CancelOrder(ref=ref):
            body = f"c:{ref}"
        case Doubt(seen=seen, ref=ref):
            body = f"d:{seen}:{ref}"
        case EndHalts(until=until):
            body = f"h:{(until - _EPOCH) // _TICK}"
        case Refresh(page=page):
            body = f"r:{page}"
        case ScanAgain():
            pass
    return body


def parse(data: str | None) -> Press | None:
    """What a button means; None for anything that this program never wrote."""
    match = _DATA.fullmatch(data or "")
    if match is None:
        return None
    kind, rest = match.groups()
    try:
        return _READERS[kind](*rest.split(":"))
    except (KeyError, TypeError, ValueError):  # no such kind, too many parts, a word
        return None


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _digits(text: str) -> str:
    if _DIGITS.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _scan_again(nothing: str) -> ScanAgain:
    if nothing:
        raise ValueError(nothing)
    return ScanAgain()


_READERS: Final[dict[str, Callable[..., Press]]] = {
    "o": lambda choice, token: Chosen(choice=Choice(choice), token=Token(_name(token))),
    "m": lambda what, token: More(what=Extra(what), token=Token(_name(token))),
    "s": _scan_again,
    "c": lambda ref: CancelOrder(ref=OrderRef(_name(ref))),
    "d": lambda seen, ref: Doubt(seen=Seen(seen), ref=OrderRef(_name(ref))),
    "h": lambda ticks: EndHalts(until=_EPOCH + int(_digits(ticks)) * _TICK),
    "r": lambda page: Refresh(page=Page(page)),
}


def for_card(card: Card) -> InlineKeyboardMarkup | None:
    """The buttons of a card as it stands."""
    proposal = card.proposal
    match proposal.state:
        case ProposalState.OFFERED if card.refused:
            return _markup(_fitting(card), [*_more(proposal), AGAIN])
        case ProposalState.OFFERED if proposal.queue_for:
            return _markup(_queue_row(proposal))
        case ProposalState.OFFERED:
            return _markup(
                _yes_no(proposal), _only(proposal), [*_more(proposal), AGAIN]
            )
        case ProposalState.APPROVED:
            # One that is about to leave has no button yet: it would only flash. One in
            # doubt has its question; /cancel lists them all.
            at_ib = [o for o in card.orders if o.state in WORKING]
            cancellable = filter(order_words.can_be_cancelled, at_ib)
            return _markup(*([cancel_button(order)] for order in cancellable))
        case _:
            return _markup([*_more(proposal), AGAIN])


def for_failed_scan() -> InlineKeyboardMarkup | None:
    return _markup([AGAIN])


def for_doubt(order: Order) -> InlineKeyboardMarkup | None:
    """What the owner is asked to look for; nothing once it is settled."""
    if order.state is not OrderState.UNKNOWN:
        return None
    return _markup(
        [
            _button("It is there", Doubt(seen=Seen.THERE, ref=order.ref)),
            _button("It is not there", Doubt(seen=Seen.NOT_THERE, ref=order.ref)),
        ],
        [_filled_button(order, "It was filled")],
        [_button("Ask me later", Doubt(seen=Seen.LATER, ref=order.ref))],
    )


def for_resume(*, until: datetime) -> InlineKeyboardMarkup | None:
    """Under the reasons that have been named: no other is ended by it."""
    return _markup([_button("Allow orders again", EndHalts(until=until))])


def for_orders(orders: Iterable[Order]) -> InlineKeyboardMarkup | None:
    """Cancel what can be cancelled, settle what is in doubt, look again."""
    rows: list[list[InlineKeyboardButton]] = []
    for order in orders:
        if order.state is OrderState.UNKNOWN:
            rows.append(_settle_row(order))
        if order_words.can_be_cancelled(order):
            rows.append([cancel_button(order)])
    return _markup(*rows[:_MOST_ROWS], [refresh_button(Page.ORDERS)])


def belongs_to(page: Page, keyboard: InlineKeyboardMarkup | None) -> bool:
    """Whether *keyboard* is the one under *page*."""
    rows = keyboard.inline_keyboard if keyboard else ()
    wanted = write(Refresh(page=page))
    return any(button.callback_data == wanted for row in rows for button in row)


def for_page(page: Page) -> InlineKeyboardMarkup | None:
    return _markup([refresh_button(page)])


def cancel_button(order: Order) -> InlineKeyboardButton:
    left = order.shares - order.filled
    verb = "Ask again: cancel" if order.cancel_asked else "Cancel"
    label = f"{verb} {order.instrument.symbol} {left:,}"
    return _button(label, CancelOrder(ref=order.ref), KeyboardButtonStyle.DANGER)


def refresh_button(page: Page) -> InlineKeyboardButton:
    return _button("Refresh", Refresh(page=page))


_MOST_ROWS: Final = 40
"""Telegram takes a hundred buttons in all."""


def _button(
    label: str, press: Press, style: KeyboardButtonStyle | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=write(press), style=style)


AGAIN: Final = _button("Scan again", ScanAgain())


def _answer(
    label: str, choice: Choice, proposal: Proposal, style: KeyboardButtonStyle | None
) -> InlineKeyboardButton:
    return _button(label, Chosen(choice=choice, token=proposal.token), style)


def _yes_no(proposal: Proposal) -> list[InlineKeyboardButton]:
    symbols = [leg.instrument.symbol for leg in proposal.legs]
    yes = "Yes, buy both" if len(symbols) > 1 else f"Yes, buy {symbols[0]}"
    return [
        _answer(yes, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS),
        _answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER),
    ]


def _only(proposal: Proposal) -> list[InlineKeyboardButton]:
    if len(proposal.legs) != len(_ONE_OF_TWO):
        return []
    return [
        _answer(f"Only {leg.instrument.symbol}", choice, proposal, None)
        for leg, choice in zip(proposal.legs, _ONE_OF_TWO, strict=True)
    ]


_ONE_OF_TWO: Final = (Choice.FIRST, Choice.SECOND)


def _fitting(card: Card) -> list[InlineKeyboardButton]:
    """What would be sent of a card that would be refused as a whole. No Yes where it
    is known that none would follow."""
    proposal = card.proposal
    only = [
        _answer(
            f"Only {leg.instrument.symbol}", Choice(f"{leg.number}"), proposal, None
        )
        for leg in proposal.legs
        if leg.number in card.fitting
    ]
    return [*only, _answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER)]


def _queue_row(proposal: Proposal) -> list[InlineKeyboardButton]:
    assert proposal.queue_for
    queue = f"Queue for {words.weekday_time(proposal.queue_for)}"
    return [
        _answer(queue, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS),
        _answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER),
    ]


def _more(proposal: Proposal) -> list[InlineKeyboardButton]:
    """What else can be shown of a card's scan."""
    count = len(proposal.ranking.rows)
    if count == 0:
        return []
    return [
        _button(f"All {count}", More(what=Extra.TABLE, token=proposal.token)),
        _button("Charts", More(what=Extra.CHARTS, token=proposal.token)),
    ]


def _settle_row(order: Order) -> list[InlineKeyboardButton]:
    symbol = order.instrument.symbol
    return [
        _button(f"{symbol} is there", Doubt(seen=Seen.THERE, ref=order.ref)),
        _button(f"{symbol} is not", Doubt(seen=Seen.NOT_THERE, ref=order.ref)),
        _button(
            f"{symbol} filled @ {words.price(order.about)}",
            Doubt(seen=Seen.FILLED, ref=order.ref),
        ),
    ]


def _filled_button(order: Order, said: str) -> InlineKeyboardButton:
    left = order.shares - order.filled
    label = f"{said}: {left:,} at about {words.price(order.about)}"
    return _button(label, Doubt(seen=Seen.FILLED, ref=order.ref))


def _markup(
    *rows: Sequence[InlineKeyboardButton],
) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None
