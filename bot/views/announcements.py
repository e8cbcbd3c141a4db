"""News that deserves a message of its own, in a line or three."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.views import people, words
from bot.views.orders import order_words, outcome
from core.model.card import Card
from core.model.evidence import LineState
from core.model.market import Side
from core.model.news import (
    AskedAgain,
    ClosedToday,
    CountFellBack,
    Ghost,
    LineBack,
    LineLost,
    LookAlike,
    NothingToSell,
    PeopleChanged,
    ReportMissed,
    Restarted,
    TradingHalted,
)
from core.model.order import FINAL, Order
from core.model.order_news import FillChanged
from core.model.proposal import Leg, ProposalState
from core.rules.figures.slippage import slippage


def settled(card: Card) -> str:
    """How a card's orders ended: what was bought (sold) for how much, and what was
    not."""
    mode = words.bold(words.mode_word(card.proposal.mode))
    bought = [order for order in card.orders if order.filled]
    answer = words.bold(outcome.answer(card.orders))
    return words.lines(
        f"{answer}{_purchases(bought) or _named(card.orders)} · {mode}",
        order_words.explained(card.orders),
        *_against_the_card(card),
    )


def part_filled(card: Card) -> str:
    """What is filled of a card's orders so far, while the rest works."""
    mode = words.bold(words.mode_word(card.proposal.mode))
    done = outcome.done(card.orders)
    so_far = "; ".join(order_words.so_far_words(order) for order in card.orders)
    told = words.at_its_price(words.safe(so_far))
    return words.lines(
        f"{words.bold(f'Part {done}')}: {told} · {mode}",
        f"What works at IB may still be {done}: /orders shows it, /cancel ends it.",
    )


def _against_the_card(card: Card) -> Iterator[str]:
    """A line for each order that was filled at another price than its card showed; what
    it is compared with is said once, so that no line wraps on a phone."""
    legs = {leg.number: leg for leg in card.proposal.legs}
    lines = [
        line
        for order in card.orders
        if (leg := legs.get(order.leg)) and (line := _slipped(order, leg))
    ]
    shown = "ask" if card.proposal.purpose.side is Side.BUY else "bid"
    if len(lines) == 1:
        against = words.together(f"the card's {shown}")
        yield f"{lines[0]} than {against}"
    elif lines:
        yield f"Compared with the card's {shown}:"
        yield from lines


def _slipped(order: Order, leg: Leg) -> str:
    """How much the fills are worse or better than the card's price; empty if equal."""
    found = None if order.exit else slippage(order, leg)
    cents = words.rounded(abs(found.dollars), words.CENT) if found else None
    if found is None or not cents:
        return ""
    share = words.rounded(abs(found.percent), words.CENT)
    how = "worse" if found.dollars > 0 else "better"
    symbol = words.safe(order.instrument.symbol)
    amount = words.money_exact(cents, words.safe(order.instrument.currency))
    return f"{symbol}: {amount} ({share:,}%) {how}"


def _purchases(orders: list[Order]) -> str:
    if not orders:
        return ""
    names = [words.safe(order_words.end_words(order)) for order in orders]
    after = "in all" if orders[0].side is Side.BUY else "after fees"
    told = after if outcome.is_charged(orders) else "before fees"
    in_all = f", {outcome.moved_in_all(orders)} {told}"
    return f" {words.at_its_price(' and '.join(names))}{in_all}"


def _named(orders: Sequence[Order]) -> str:
    """Shares and symbols for the first line, which is all that a lock screen shows."""
    names = (words.safe(f"{each.shares:,} {each.instrument.symbol}") for each in orders)
    return f" · {' and '.join(names)}" if orders else ""


def cancel_unconfirmed(order: Order, *, is_asked: bool) -> str:
    """That IB does not answer a request to cancel, or could not be asked, and what that
    means."""
    what = f"{order.side} {order.rest:,} {words.safe(order.instrument.symbol)}"
    kind = f" ({order.exit})" if order.exit is not None else ""
    if not is_asked:
        return words.lines(
            f"<b>IB could not be asked to cancel {what}{kind}.</b>",
            "It may still execute: cancel it in TWS. /orders shows it.",
        )
    return words.lines(
        f"<b>IB has not confirmed the cancel of {what}{kind}.</b>",
        "It may still execute. I asked a minute ago and ask again, after some time once"
        " an hour; outside trading hours IB may answer only at the next open.",
        "Exits that were to take its place are placed once it has ended."
        if order.exit is not None
        else "",
        "/orders shows it; TWS can cancel it, too.",
    )


def fill_changed(order: Order, news: FillChanged) -> str:
    """That IB has corrected a trade, or taken it back, and that the books follow."""
    symbol, done = words.safe(order.instrument.symbol), order.side.done
    was = f"{news.was.shares:,} {symbol} {done} at {words.price(news.was.price)}"
    now = f"{news.now.shares:,} at {words.price(news.now.price)}"
    head = (
        f"IB has corrected a trade: {was}, is {now} now"
        if news.now.shares
        else f"IB has taken a trade back: {was}"
    )
    few = "none is" if not order.filled else "1 is"
    count = f"{order.filled:,} are" if order.filled > 1 else few
    return words.lines(
        f"<b>{head}.</b>",
        f"By this order {count} {done} now; {_follow(news)}",
        _came_back(order, news),
        "Nothing was sent for it. /positions shows what is held, /exits what protects it.",
    )


def enlarged(order: Order) -> str:
    """That an order which was told as filled is for more shares."""
    symbol, side = words.safe(order.instrument.symbol), order.side
    rest = (
        f"The rest of {order.rest:,} is cancelled."
        if order.state in FINAL
        else f"The rest of {order.rest:,} works at IB and may still be {side.done}: "
        "/orders shows it, /cancel ends it."
    )
    return words.lines(
        f"<b>{order.filled:,} of {order.shares:,} {symbol} are {side.done}: the order is"
        " larger now.</b>",
        "It was changed at IB after I had sent it, by hand or by another program, and I"
        f" did not hear of it before. {rest}",
        "Nothing was sent for it.",
    )


def _follow(news: FillChanged) -> str:
    if news.now.shares != news.was.shares:
        return "the books follow, and so do exits."
    return "the books follow. Exits at IB stay at their prices: /exits moves them."


def _came_back(order: Order, news: FillChanged) -> str:
    is_back = order.side is Side.SELL and news.now.shares < news.was.shares
    if not is_back:
        return ""
    return (
        "Shares that came back after their exits were over have none: /exits sets them."
    )


def unknown_order(news: Ghost | LookAlike | CountFellBack) -> str:
    """An order at IB that nobody expected, or a count of them."""
    match news:
        case Ghost():
            return ghost(news)
        case LookAlike():
            return look_alike(news)
        case CountFellBack():
            return count_fell_back(news)


def count_fell_back(news: CountFellBack) -> str:
    return words.lines(
        f"<b>IB Gateway counts order ids from {news.next_id} again</b>: it was reset.",
        "No order is touched by it. Mine go on above all that I ever used.",
    )


def asked_again(news: AskedAgain, *, card: Card) -> str:
    """That a Yes did not buy, why, and what to do."""
    mode = words.bold(words.mode_word(card.proposal.mode))
    offers = card.proposal.state is ProposalState.OFFERED
    has_exits = card.held and any(not leg.exits.is_empty for leg in card.proposal.legs)
    return words.lines(
        f"<b>Not {card.proposal.purpose.done}: the price or the market has changed</b> · {mode}",
        words.sentence(news.reason),
        "The card above asks again." if offers else "Nothing is offered any more.",
        _HELD if has_exits else "",
    )


_HELD: Final = "/exits shows what protects the shares that you hold."
"""A Yes to exits counts for these, whatever becomes of the purchase."""


def ghost(news: Ghost) -> str:
    ref = f"<code>{words.safe(news.ref)}</code>"
    return words.lines(
        f"<b>An order turned up that should not exist</b>: {ref}.",
        words.sentence(news.text),
        "Nothing is sent any more. Look at /orders and at IB; then /resume.",
        NO_EXITS_EITHER if news.old_copy else "",
    )


def look_alike(news: LookAlike) -> str:
    return words.lines(
        "<b>Another tool's order has a name that begins like mine.</b>",
        words.sentence(news.text),
        "I leave it alone and go on.",
    )


_LOST: Final = {
    LineState.UP: "The orders cannot be compared with IB's",
    LineState.CUT_OFF: "IB Gateway has no connection to IB",
}


def line_lost(news: LineLost) -> str:
    lost = _LOST.get(news.state, "IB Gateway is not reachable")
    return words.lines(
        f"<b>{lost}</b> since {words.moment(news.since)}.",
        words.sentence(news.reason),
        "Orders that IB holds stay with IB; new ones wait. "
        "I keep trying, and tell you when that is over.",
    )


def line_back(news: LineBack) -> str:
    seconds = (news.at - news.since).total_seconds()
    return (
        f"IB is there again after {words.age(seconds)}. "
        "The orders have been compared with IB's. /status says whether a Yes "
        "would be sent now."
    )


def trading_halted(news: TradingHalted) -> str:
    return words.lines(
        f"<b>Trading is halted</b> since {words.moment(news.at)}.",
        words.sentence(news.reason),
        "Nothing new is sent, also after a restart, until /resume. "
        "/orders shows what IB still holds.",
        NO_EXITS_EITHER if news.old_copy else "",
    )


NO_EXITS_EITHER: Final = (
    "No exit is placed or ended either: its plan may be an old one. /exits shows what is"
    " bare."
)


def nothing_to_sell(news: NothingToSell) -> str:
    return words.lines(
        f"<b>Nothing to sell</b> by /panic, asked at {words.moment(news.at)}.",
        words.coded(words.safe(news.stays)) or "IB lists no holdings.",
        "Trading stays halted until /resume. /orders shows what IB still holds.",
    )


def of_the_application(
    news: TradingHalted | NothingToSell | Restarted | PeopleChanged,
) -> str:
    if isinstance(news, PeopleChanged):
        return people.changed(news)
    if isinstance(news, NothingToSell):
        return nothing_to_sell(news)
    if isinstance(news, Restarted):
        return restarted(news)
    return trading_halted(news)


def restarted(news: Restarted) -> str:
    return words.lines(
        f"<b>I was started again</b> at {words.moment(news.at)}.",
        words.sentence(news.why or _KILLED),
        "Orders that were sent are at IB as before, and none is sent twice: all of them "
        "are compared first. /status shows when that is done.",
    )


_KILLED = "The previous run was killed, or the power failed: it recorded no reason"


def report_missed(news: ReportMissed) -> str:
    day = words.long_day(news.day)
    return words.lines(
        f"<b>No report for {day}.</b>",
        words.sentence(news.reason),
        "/report makes one now.",
    )


def closed_today(news: ClosedToday) -> str:
    """One line: no session today, when the next report comes, an early close."""
    parts = [f"<b>Closed today</b>, {words.long_day(news.day)}."]
    if news.next_report:
        early = (
            f", early close {words.minute(news.closes_early)}"
            if news.closes_early
            else ""
        )
        parts.append(f"Next report {words.day_moment(news.next_report)}{early}.")
    return " ".join(parts)


def waiting_for_the_journal(problem: str) -> str:
    """Nothing can be written down, so nothing is done."""
    return words.lines(
        "<b>I am waiting: I cannot write my journal.</b>",
        words.sentence(problem),
        "Until I can, I send no order and answer nothing; orders at IB stay as they "
        "are, and what you send me is heard later. Look at that machine's disk. "
        "I go on by myself, and compare every order with IB's first.",
    )


def damaged_journal(problem: str) -> str:
    """A start that was refused because of what is on the disk."""
    return words.lines(
        "<b>I cannot start: my journal is damaged.</b>",
        words.sentence(problem),
        "I send no order and answer nothing; orders at IB stay as they are: look at them "
        "in TWS. On that machine, openbell restore brings a copy back, and every order "
        "is compared with IB's before anything is sent.",
    )
