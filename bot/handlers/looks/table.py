"""The table of a card's whole scan: pages in one message; a tap opens a stock."""

from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callback_data import Open, StockDetail, Table, parse
from bot.handlers.services import Services, Tapped, answer, follow, redraw, toast
from bot.keyboards import look_button
from bot.outgoing.page import Page
from bot.presses.making import button, side_by_side
from bot.views import labels, toasts
from bot.views.scans import scan_words, stock, table
from core.model.market import ConId
from core.model.proposal import Proposal
from core.rules.figures.table_order import SortBy, row_of


_NAMES: Final = {
    SortBy.RANK: labels.IBS_ORDER,
    SortBy.CHANGE: labels.BY_CHANGE,
    SortBy.VOLUME: labels.BY_VOLUME,
    SortBy.SPREAD: labels.BY_SPREAD,
}


async def show_table(wanted: Table, tapped: Tapped, services: Services) -> None:
    """Show another page in the message that was tapped."""
    proposal = services.queries.proposal_of(wanted.proposal_id)
    if proposal is None:
        await answer(tapped, toasts.SCAN_GONE)
        return
    await toast(tapped)
    await redraw(tapped, table_page(proposal, by=wanted.by, page=wanted.page))


async def open_stock(wanted: Open, tapped: Tapped, services: Services) -> None:
    """Show a stock's figures from the scan, with buttons to its present ones."""
    proposal = services.queries.proposal_of(wanted.proposal_id)
    if proposal is None:
        await answer(tapped, toasts.SCAN_GONE)
        return
    await toast(tapped)
    page = Page(
        text=stock.stock(proposal.ranking, wanted.con_id),
        keyboard=_of_now(proposal, wanted.con_id),
        silent=True,
        reply_to=tapped.on,
    )
    await follow(tapped, page)


def _of_now(proposal: Proposal, con_id: ConId) -> InlineKeyboardMarkup | None:
    """Buttons to the stock's quote and chart of now, as the scan's figures age. None if
    its symbol is too long for a button's data.
    """
    row = row_of(con_id, proposal.ranking)
    if row is None:
        return None
    looks = [
        look_button(label, row.instrument, what)
        for label, what in (
            (labels.QUOTE_NOW, StockDetail.QUOTE),
            (labels.CHART, StockDetail.CHART),
        )
    ]
    readable = all(parse(str(each.callback_data)) for each in looks)
    return InlineKeyboardMarkup([looks]) if readable else None


def table_page(proposal: Proposal, *, by: SortBy = SortBy.RANK, page: int = 0) -> Page:
    """One page of the table with its buttons; a *page* beyond the last is the last."""
    page = min(page, table.pages(proposal.ranking) - 1)
    text = table.table(proposal.ranking, by=by, page=page)
    keyboard = buttons(proposal, by=by, page=page)
    return Page(text=text, keyboard=keyboard, silent=True)


def buttons(
    proposal: Proposal, *, by: SortBy, page: int
) -> InlineKeyboardMarkup | None:
    """A button for each stock of the page, for the pages before and after it, and to
    sort; None for an empty scan."""
    if not proposal.ranking.rows:
        return None
    rows = table.on_page(proposal.ranking, by=by, page=page)
    stocks = [
        button(
            scan_words.name(row),
            Open(con_id=row.instrument.con_id, proposal_id=proposal.id),
        )
        for row in rows
        if row.unfit is None
    ]
    return InlineKeyboardMarkup(
        [*side_by_side(stocks), _turning(proposal, by, page), _sorting(proposal, by)]
    )


def _turning(proposal: Proposal, by: SortBy, page: int) -> list[InlineKeyboardButton]:
    """The buttons Back and Next where there is such a page; the middle one leads to the
    first page.
    """
    ranking, last = proposal.ranking, table.pages(proposal.ranking) - 1

    def turn(label: str, to: int) -> InlineKeyboardButton:
        return button(label, Table(by=by, page=to, proposal_id=proposal.id))

    before = [turn(labels.BACK, page - 1)] if page else []
    after = [turn(labels.NEXT, page + 1)] if page < last else []
    return [*before, turn(table.place(ranking, page=page), 0), *after]


def _sorting(proposal: Proposal, by: SortBy) -> list[InlineKeyboardButton]:
    return [
        button(name, Table(by=each, page=0, proposal_id=proposal.id))
        for each, name in _NAMES.items()
        if each is not by
    ]
