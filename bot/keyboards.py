"""The keyboards under messages: what their buttons say, and what each carries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.callback_data import (
    Admit,
    Buy,
    CancelOrder,
    CheckWithIb,
    Chosen,
    ChosenSize,
    Dismiss,
    Doubt,
    EndHalts,
    Extra,
    Glance,
    Look,
    More,
    Overview,
    Press,
    Refresh,
    SayFilled,
    ScanAgain,
    Seen,
    Sell,
    write,
)
from bot.presses.exits import AskExits, ChosenExits
from bot.views import words
from bot.views.orders import order_words
from core.model.card import Card
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit
from core.model.identity import Person
from core.model.market import FoundStock, Instrument, Side
from core.model.money import Size
from core.model.order import WORKING, Order, OrderState
from core.model.order_events import WordOfFill
from core.model.portfolio import Position
from core.model.proposal import Choice, Leg, Proposal, ProposalState, Purpose
from core.rules.figures.size import said


def for_card(card: Card) -> InlineKeyboardMarkup | None:
    """The buttons of a card as it stands."""
    proposal = card.proposal
    more = [*_more(proposal), AGAIN] if proposal.purpose is Purpose.PICKS else []
    match proposal.state:
        case ProposalState.OFFERED if card.refused:
            return _markup(
                *_fitting(card), _sizes(card), _exits(card), _check(card), more
            )
        case ProposalState.OFFERED if proposal.queue_for:
            return _markup(_queue_row(proposal))
        case ProposalState.OFFERED:
            return _markup(
                _yes_no(proposal),
                _only(proposal),
                _sizes(card),
                _exits(card),
                _check(card),
                more,
            )
        case ProposalState.APPROVED:
            # One that is about to leave has no button yet: it would only flash. One in
            # doubt has its question; /cancel lists them all.
            at_ib = [o for o in card.orders if o.state in WORKING]
            cancellable = filter(order_words.can_be_cancelled, at_ib)
            cancels = ([cancel_button(order)] for order in cancellable)
            return _markup(*cancels, _more(proposal))
        case _:
            return _markup(more)


def for_person(person: Person, *, sure: bool) -> InlineKeyboardMarkup | None:
    """Under the question whether to add somebody."""
    label = f"Yes, {person.number} may act" if sure else f"Add as {person.rights}"
    admit = Admit(number=person.number, rights=person.rights, sure=sure)
    return _markup([_button(label, admit)])


def for_removal(number: int) -> InlineKeyboardMarkup | None:
    return _markup([_button(f"Remove {number}", Dismiss(number=number))])


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


def for_word(word: WordOfFill) -> InlineKeyboardMarkup | None:
    """Under what the owner typed of a fill: it counts when he confirms it."""
    label = f"Yes: {word.shares:,} at {words.price(word.price)}"
    return _markup([_button(label, SayFilled(word=word))])


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
    return _markup(*rows[:_MOST_ROWS], [refresh_button(Overview.ORDERS)])


def for_positions(held: Iterable[Position]) -> InlineKeyboardMarkup | None:
    """Sell a part of a holding, or all of it; look again."""
    rows = [
        sell_row(each)
        for each in held
        if each.whole_shares > 0 and each.is_dollar_stock
    ]
    return _markup(*rows[:_MOST_HOLDINGS], [refresh_button(Overview.POSITIONS)])


def for_stocks_to_see(
    found: Iterable[FoundStock], what: Glance
) -> InlineKeyboardMarkup | None:
    """Stocks that may have been meant, each with where it is listed."""
    return _markup(
        *(
            [
                look_button(
                    f"{each.instrument.symbol} · {each.listed_on}",
                    each.instrument,
                    what,
                )
            ]
            for each in found
        )
    )


def look_button(
    label: str, instrument: Instrument, what: Glance
) -> InlineKeyboardButton:
    """Shows *instrument* as it is now."""
    look = Look(what=what, con_id=instrument.con_id, symbol=instrument.symbol)
    return _button(label, look)


def for_stock(instrument: Instrument, other: Glance) -> InlineKeyboardMarkup | None:
    """Under a stock's quote or chart: the other of both."""
    label = "Chart" if other is Glance.CHART else "Quote"
    return _markup([look_button(label, instrument, other)])


def for_settled(card: Card) -> InlineKeyboardMarkup | None:
    """Under what was bought: the way out of each, and its chart. The taps only ask."""
    return _markup(
        *(
            [
                _sell_button(f"Sell {order.instrument.symbol}", order.instrument, 100),
                look_button("Chart", order.instrument, Glance.CHART),
            ]
            for order in card.orders
            if order.fills and order.side is Side.BUY
        )
    )


def _sell_button(
    label: str, instrument: Instrument, percent: int
) -> InlineKeyboardButton:
    return _button(label, Sell(con_id=instrument.con_id, percent=percent))


def for_which(held: Iterable[Position]) -> InlineKeyboardMarkup | None:
    """Holdings that have one symbol, told apart by what they trade in."""
    return _markup(
        *(
            [
                _button(
                    f"Sell {each.instrument.symbol} in {each.instrument.currency}",
                    Sell(con_id=each.instrument.con_id, percent=100),
                )
            ]
            for each in held
        )
    )


def for_stocks(found: Iterable[FoundStock], size: Size) -> InlineKeyboardMarkup | None:
    """Stocks that may have been meant, each with where it is listed."""
    rows = (
        [
            _button(
                f"{each.instrument.symbol} · {each.listed_on} · "
                f"{each.instrument.currency}",
                Buy(con_id=each.instrument.con_id, size=size),
            )
        ]
        for each in found
    )
    return _markup(*rows)


def sell_row(position: Position) -> list[InlineKeyboardButton]:
    """25, 50 and 100 %: each asks on a card first."""
    con_id, name = position.instrument.con_id, position.instrument.symbol
    return [
        _button(f"{percent}% {name}", Sell(con_id=con_id, percent=percent))
        for percent in (25, 50, 100)
    ]


_MOST_HOLDINGS: Final = 20


def belongs_to(overview: Overview, keyboard: InlineKeyboardMarkup | None) -> bool:
    """Whether *keyboard* is the one under *overview*."""
    rows = keyboard.inline_keyboard if keyboard else ()
    wanted = write(Refresh(overview=overview))
    return any(button.callback_data == wanted for row in rows for button in row)


def for_overview(overview: Overview) -> InlineKeyboardMarkup | None:
    return _markup([refresh_button(overview)])


def cancel_button(order: Order) -> InlineKeyboardButton:
    left = order.shares - order.filled
    verb = "Ask again: cancel" if order.cancel_asked else "Cancel"
    label = f"{verb} {order.instrument.symbol} {left:,}"
    return _button(label, CancelOrder(ref=order.ref), KeyboardButtonStyle.DANGER)


def refresh_button(overview: Overview) -> InlineKeyboardButton:
    return _button("Refresh", Refresh(overview=overview))


_MOST_ROWS: Final = 40
"""Telegram takes a hundred buttons in all."""


def _button(
    label: str, press: Press, style: KeyboardButtonStyle | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=write(press), style=style)


EXITS: Final = {
    "No exits": NO_EXITS,
    "Stop 5%": ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
    "Trail 5%": ExitPlan(trail=Distance(amount=Decimal(5), unit=Unit.PERCENT)),
}
"""The exits that a tap can choose; all others can be written."""

AGAIN: Final = _button("Scan again", ScanAgain())


def _answer(
    label: str, choice: Choice, proposal: Proposal, style: KeyboardButtonStyle | None
) -> InlineKeyboardButton:
    return _button(label, Chosen(choice=choice, token=proposal.token), style)


def _yes_no(proposal: Proposal) -> list[InlineKeyboardButton]:
    symbols = [leg.instrument.symbol for leg in proposal.legs]
    yes = _yes(proposal.purpose, symbols)
    return [
        _answer(yes, Choice.YES, proposal, KeyboardButtonStyle.SUCCESS),
        _answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER),
    ]


def _yes(purpose: Purpose, symbols: Sequence[str]) -> str:
    if purpose is Purpose.SELL_ALL:
        return f"Yes, sell {'all' if len(symbols) > 1 else symbols[0]}"
    if purpose is Purpose.EXITS:
        return "Yes, set them"
    act = purpose.side.lower()
    return f"Yes, {act} both" if len(symbols) > 1 else f"Yes, {act} {symbols[0]}"


def _only(proposal: Proposal) -> list[InlineKeyboardButton]:
    is_choice = proposal.purpose is Purpose.PICKS
    if len(proposal.legs) != len(_ONE_OF_TWO) or not is_choice:
        return []
    return [
        _answer(f"Only {leg.instrument.symbol}", choice, proposal, None)
        for leg, choice in zip(proposal.legs, _ONE_OF_TWO, strict=True)
    ]


def _check(card: Card) -> list[InlineKeyboardButton]:
    """A question to IB, where a purchase can be chosen."""
    ask = CheckWithIb(token=card.proposal.token)
    return [_button("Check with IB", ask)] if card.sizes else []


def _sizes(card: Card) -> list[InlineKeyboardButton]:
    """What each order could be instead; the one that stands is marked."""
    token, chosen = card.proposal.token, card.proposal.size
    return [
        _button(
            f"• {said(size)}" if size == (chosen or card.sizes[0]) else said(size),
            ChosenSize(size=size, token=token),
        )
        for size in card.sizes
    ]


def _exits(card: Card) -> list[InlineKeyboardButton]:
    """Which exits what is bought could have instead; those that stand are marked."""
    token, legs = card.proposal.token, card.proposal.legs
    return [
        _button(
            f"• {label}" if all(leg.exits == plan for leg in legs) else label,
            ChosenExits(plan=plan, token=token),
        )
        for label, plan in EXITS.items()
        if card.sizes
    ]


def for_exits(held: Iterable[ProtectedHolding]) -> InlineKeyboardMarkup | None:
    """Under each holding's exits: others, or none; look again."""
    rows = [
        [
            _button(
                f"{each.instrument.symbol} {label.lower()}",
                AskExits(con_id=each.instrument.con_id, plan=plan),
            )
            for label, plan in EXITS.items()
        ]
        for each in held
    ]
    return _markup(*rows[:_MOST_HOLDINGS], [refresh_button(Overview.EXITS)])


_ONE_OF_TWO: Final = (Choice.FIRST, Choice.SECOND)


def _fitting(card: Card) -> list[list[InlineKeyboardButton]]:
    """What would be sent of a card that would be refused as a whole, with what it costs
    where that is one stock. No Yes where it is known that none would follow."""
    proposal = card.proposal
    no = _answer("No", Choice.NO, proposal, KeyboardButtonStyle.DANGER)
    if proposal.purpose is Purpose.SELL_ALL and card.fitting:
        return [_yes_no(proposal)]
    fitting = [
        leg
        for leg in proposal.legs
        if leg.number in card.fitting and proposal.purpose is Purpose.PICKS
    ]
    if len(fitting) == 1:
        return [[_yes_to_one(fitting[0], proposal)], [no]]
    return [[*(_only_one(leg, proposal) for leg in fitting), no]]


def _yes_to_one(leg: Leg, proposal: Proposal) -> InlineKeyboardButton:
    cost = words.dollars(leg.estimate)
    label = f"Yes, buy {leg.instrument.symbol} ({cost})"
    choice = Choice(f"{leg.number}")
    return _answer(label, choice, proposal, KeyboardButtonStyle.SUCCESS)


def _only_one(leg: Leg, proposal: Proposal) -> InlineKeyboardButton:
    label = f"Only {leg.instrument.symbol}"
    return _answer(label, Choice(f"{leg.number}"), proposal, None)


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
