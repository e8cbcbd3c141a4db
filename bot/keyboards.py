"""The inline keyboards under messages: labels, and the callback data of each button."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.callback_data import (
    Buy,
    CancelOrder,
    ConfirmFilled,
    Doubt,
    EndHalts,
    LookAtStock,
    Refresh,
    Sell,
    StockDetail,
    parse,
    write,
)
from bot.presses import offer_rows
from bot.presses.exits import AskExits
from bot.presses.kinds import DoubtAnswer, Overview
from bot.presses.making import button, markup, side_by_side
from bot.presses.people import Admit, Dismiss
from bot.views import labels
from bot.views.orders import order_words
from core.model.card import Card
from core.model.exits.overview import ProtectedHolding
from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.identity import Person
from core.model.market import ConId, FoundStock, Instrument, Side
from core.model.money import DOLLARS, Size
from core.model.order import WORKING, Order, OrderState
from core.model.order_events import WordOfFill
from core.model.portfolio import Position
from core.model.proposal import ProposalState, Purpose


def for_card(card: Card) -> InlineKeyboardMarkup | None:
    """The buttons of a card in its current state."""
    proposal = card.proposal
    more = (
        [*offer_rows.more(proposal), offer_rows.AGAIN]
        if proposal.purpose is Purpose.PICKS
        else []
    )
    match proposal.state:
        case ProposalState.OFFERED if card.refused:
            return markup(
                *offer_rows.fitting(card),
                *offer_rows.left_out(proposal),
                offer_rows.gap(proposal),
                offer_rows.sizes(card),
                offer_rows.exits(card),
                [*offer_rows.order_type(card), *offer_rows.check(card)],
                more,
            )
        case ProposalState.OFFERED if proposal.queue_for:
            return markup(offer_rows.queue_row(proposal), offer_rows.gap(proposal))
        case ProposalState.OFFERED:
            return markup(
                offer_rows.yes_no(proposal),
                *offer_rows.left_out(proposal),
                offer_rows.only(proposal),
                offer_rows.sizes(card),
                offer_rows.exits(card),
                [*offer_rows.order_type(card), *offer_rows.check(card)],
                more,
            )
        case ProposalState.APPROVED:
            # One that is about to leave has no button yet: it would only flash. One in
            # doubt has its question; /cancel lists them all.
            at_ib = [o for o in card.orders if o.state in WORKING]
            cancellable = filter(order_words.can_be_cancelled, at_ib)
            cancels = ([cancel_button(order)] for order in cancellable)
            return markup(*cancels, offer_rows.more(proposal))
        case _:
            return markup(more)


def for_person(person: Person, *, sure: bool) -> InlineKeyboardMarkup | None:
    """Under the question whether to add somebody."""
    admit = Admit(number=person.number, rights=person.rights, sure=sure)
    return markup([button(labels.add(person, sure=sure), admit)])


def for_removal(number: int) -> InlineKeyboardMarkup | None:
    return markup([button(labels.remove(number), Dismiss(number=number))])


def for_failed_scan() -> InlineKeyboardMarkup | None:
    return markup([offer_rows.AGAIN])


def for_doubt(order: Order) -> InlineKeyboardMarkup | None:
    """The answers to an order in doubt; None once it is settled."""
    if order.state is not OrderState.UNKNOWN:
        return None
    return markup(
        [
            button(labels.IT_IS_THERE, Doubt(seen=DoubtAnswer.THERE, ref=order.ref)),
            button(
                labels.IT_IS_NOT_THERE, Doubt(seen=DoubtAnswer.NOT_THERE, ref=order.ref)
            ),
        ],
        [
            button(
                labels.it_was_filled(order),
                Doubt(seen=DoubtAnswer.FILLED, ref=order.ref),
            )
        ],
        [button(labels.ASK_ME_LATER, Doubt(seen=DoubtAnswer.LATER, ref=order.ref))],
    )


def for_word(word: WordOfFill) -> InlineKeyboardMarkup | None:
    """The confirmation of a fill that the owner typed."""
    return markup([button(labels.this_fill(word), ConfirmFilled(word=word))])


def for_resume(*, until: datetime) -> InlineKeyboardMarkup | None:
    """The button that ends the halts up to *until* (UTC), which the message names."""
    return markup([button(labels.ALLOW_ORDERS, EndHalts(until=until))])


def for_orders(orders: Iterable[Order]) -> InlineKeyboardMarkup | None:
    """Cancel what can be cancelled, settle what is in doubt, look again."""
    rows: list[list[InlineKeyboardButton]] = []
    for order in orders:
        if order.state is OrderState.UNKNOWN:
            rows.append(_settle_row(order))
        if order_words.can_be_cancelled(order):
            rows.append([cancel_button(order)])
    return markup(*rows[:_MOST_ROWS], [refresh_button(Overview.ORDERS)])


def for_positions(held: Iterable[Position]) -> InlineKeyboardMarkup | None:
    """Sell all or part of each holding, show its chart, and refresh."""
    stocks = [each for each in held if each.is_stock][:_MOST_HOLDINGS]
    sells = [sell_row(each) for each in stocks if each.whole_shares > 0]
    charts = [look for each in stocks for look in _chart_of(each.instrument)]
    return markup(*sells, *side_by_side(charts), [refresh_button(Overview.POSITIONS)])


def _chart_of(instrument: Instrument) -> list[InlineKeyboardButton]:
    """A button with the stock's name; none if the symbol does not fit into a
    button."""
    look = look_button(
        labels.chart_of(_name_of(instrument)), instrument, StockDetail.CHART
    )
    return [look] if parse(str(look.callback_data)) else []


def for_stocks_to_see(
    found: Iterable[FoundStock], what: StockDetail
) -> InlineKeyboardMarkup | None:
    """Stocks that may have been meant, each with where it is listed."""
    return markup(
        *([look_button(labels.listed(each), each.instrument, what)] for each in found)
    )


def for_which_to_see(
    stocks: Iterable[Instrument], what: StockDetail
) -> InlineKeyboardMarkup | None:
    """Stocks of one card, each by its symbol."""
    buttons = [look_button(each.symbol, each, what) for each in stocks]
    return markup(*side_by_side([b for b in buttons if parse(str(b.callback_data))]))


def for_which_to_sell(stocks: Iterable[Instrument]) -> InlineKeyboardMarkup | None:
    """Stocks of one card: each button makes a card that asks."""
    return markup(*side_by_side([_sell_button(each) for each in stocks]))


def look_button(
    label: str, instrument: Instrument, what: StockDetail
) -> InlineKeyboardButton:
    """A button that shows *instrument* as it is now."""
    look = LookAtStock(what=what, con_id=instrument.con_id, symbol=instrument.symbol)
    return button(label, look)


def for_stock(
    instrument: Instrument, other: StockDetail
) -> InlineKeyboardMarkup | None:
    """Under a stock's quote a button for its chart, and the reverse."""
    label = labels.CHART if other is StockDetail.CHART else labels.QUOTE
    return markup([look_button(label, instrument, other)])


def for_settled(card: Card) -> InlineKeyboardMarkup | None:
    """Buttons to sell, protect and draw what was bought. A tap on Sell asks first."""
    return markup(
        *(
            [
                _sell_button(order.instrument),
                look_button(labels.EXITS, order.instrument, StockDetail.EXITS),
                look_button(labels.CHART, order.instrument, StockDetail.CHART),
            ]
            for order in card.orders
            if order.filled and order.side is Side.BUY
        )
    )


def _sell_button(instrument: Instrument) -> InlineKeyboardButton:
    sell_all = Sell(con_id=instrument.con_id, percent=100)
    return button(labels.sell(instrument.symbol), sell_all)


def for_which(held: Iterable[Position]) -> InlineKeyboardMarkup | None:
    """Holdings with the same symbol, each with where it is listed."""
    return markup(
        *(
            [
                button(
                    labels.holding(each),
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
            button(
                labels.listed(each),
                Buy(con_id=each.instrument.con_id, size=size),
            )
        ]
        for each in found
    )
    return markup(*rows)


def sell_row(position: Position) -> list[InlineKeyboardButton]:
    """25, 50 and 100 %: each asks on a card first."""
    con_id, name = position.instrument.con_id, _name_of(position.instrument)
    return [
        button(labels.sell_part(percent, name), Sell(con_id=con_id, percent=percent))
        for percent in (25, 50, 100)
    ]


def _name_of(instrument: Instrument) -> str:
    """Its symbol; a stock abroad has the sign of its currency."""
    if instrument.currency == DOLLARS:
        return instrument.symbol
    return f"{instrument.symbol} {labels.sign(instrument.currency)}"


_MOST_HOLDINGS: Final = 20


def belongs_to(overview: Overview, keyboard: InlineKeyboardMarkup | None) -> bool:
    """Whether *keyboard* is the one under *overview*."""
    rows = keyboard.inline_keyboard if keyboard else ()
    wanted = write(Refresh(overview=overview))
    return any(button.callback_data == wanted for row in rows for button in row)


def for_overview(overview: Overview) -> InlineKeyboardMarkup | None:
    return markup([refresh_button(overview)])


def cancel_button(order: Order) -> InlineKeyboardButton:
    danger = KeyboardButtonStyle.DANGER
    return button(labels.cancel(order), CancelOrder(ref=order.ref), danger)


def refresh_button(overview: Overview) -> InlineKeyboardButton:
    return button(labels.REFRESH, Refresh(overview=overview))


_MOST_ROWS: Final = 40
"""Telegram takes a hundred buttons in all."""


def for_exits(held: Iterable[ProtectedHolding]) -> InlineKeyboardMarkup | None:
    """Change or remove the exits of each holding, and refresh. The symbol is only on
    the first button of its row, because longer labels are cut on a phone. A tap asks on
    a card that names the stock."""
    rows = [
        [
            button(
                labels.none_of(each.instrument.symbol) if plan == NO_EXITS else label,
                AskExits(con_id=each.instrument.con_id, plan=plan),
            )
            for label, plan in offer_rows.EXITS.items()
        ]
        for each in held
    ]
    return markup(*rows[:_MOST_HOLDINGS], [refresh_button(Overview.EXITS)])


def for_exits_again(stock: Instrument, plan: ExitPlan) -> InlineKeyboardMarkup | None:
    """A button that asks on a card for the exits that were approved."""
    return None if plan.is_empty else for_bare(stock.con_id, stock.symbol, plan)


def for_bare(con_id: ConId, symbol: str, plan: ExitPlan) -> InlineKeyboardMarkup | None:
    """A button that asks on a card for the exits of *plan*, or for a stop if it has
    none."""
    if plan.is_empty:
        stop = AskExits(con_id=con_id, plan=offer_rows.EXITS[labels.STOP_5])
        return markup([button(labels.stop_for(symbol), stop)])
    return markup(
        [button(labels.exits_again(symbol), AskExits(con_id=con_id, plan=plan))]
    )


def _settle_row(order: Order) -> list[InlineKeyboardButton]:
    symbol = order.instrument.symbol
    return [
        button(labels.there(symbol), Doubt(seen=DoubtAnswer.THERE, ref=order.ref)),
        button(
            labels.not_there(symbol), Doubt(seen=DoubtAnswer.NOT_THERE, ref=order.ref)
        ),
        button(
            labels.filled_at(symbol, order.about),
            Doubt(seen=DoubtAnswer.FILLED, ref=order.ref),
        ),
    ]
