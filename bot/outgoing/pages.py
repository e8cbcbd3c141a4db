"""Draws each kind of news: its text, and the buttons under it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from bot import keyboards
from bot.outgoing.page import Page
from bot.views import announcements, placeholders, report, trouble
from bot.views.scans import card as card_view
from bot.views.schedule import bulletins, shown
from bot.views.settings import changes
from bot.views.trading import exit_news
from core.model.card import Card
from core.model.chosen.news import (
    BriefReady,
    LimitRaised,
    RunsMissed,
    SettingSetAside,
    SummaryReady,
)
from core.model.exits.news import (
    ChangedAtIb,
    ExitClosed,
    ExitDone,
    ExitPartFilled,
    ExitsLate,
    HoldingGone,
    SplitSeen,
    TimedExitMissed,
    Unprotected,
)
from core.model.exits.plan import NO_EXITS
from core.model.news import (
    AskedAgain,
    CardChanged,
    ClosedToday,
    CountFellBack,
    Ghost,
    InDoubt,
    LineBack,
    LineLost,
    LookAlike,
    News,
    NothingToSell,
    OtherName,
    PeopleChanged,
    ReportMissed,
    ReportReady,
    Restarted,
    ScanFailed,
    Settled,
    TradingHalted,
)
from core.model.order import FINAL, Order, OrderState
from core.model.order_news import CancelUnconfirmed, Enlarged, FillChanged, PartFilled
from core.model.proposal import Proposal, ProposalId, ProposalState
from core.ports.orders import OrderLookup
from core.ports.proposals import ShownProposals
from core.ports.settings import InstructionReader


_OfAnOrder = (
    OtherName
    | ExitDone
    | ExitPartFilled
    | ExitClosed
    | ChangedAtIb
    | FillChanged
    | Enlarged
    | CancelUnconfirmed
)
"""News about one order of ours."""

_OfACard = Settled | AskedAgain | PartFilled
"""News about a card of ours, as a reply to it."""

_WAITED_FOR: Final = frozenset(
    {"scan", "report", "brief", "summary", "buy", "sell", "panic", "exits"}
)


class Drawer(Protocol):
    """Draws news for one chat."""

    def drawing(self, news: News) -> "Drawing | None":
        """As it stands now; None when there is nothing (left) to say."""


class CardReader(Protocol):
    """Finds cards in their current state."""

    def card(self, proposal_id: ProposalId) -> Card | None: ...


def placeholder(key: str) -> Page:
    """The silent line that stands for a result until it comes."""
    text = placeholders.waiting(_kind(key))
    return Page(text=text, silent=True)


def is_waited_for(key: str) -> bool:
    """Whether the result for this placeholder rings, as a message of its own. Other
    results come together with news that rings."""
    return _kind(key) in _WAITED_FOR


def closed_place(key: str) -> Page | None:
    """What the placeholder *key* says if no result came; None if it is never given
    up."""
    text = placeholders.no_result(_kind(key))
    return None if text is None else Page(text=text)


def _kind(key: str) -> str:
    return key.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """News as it should be shown. If it ``changes``, its message is edited. ``home`` is
    its place until it has a message: a placeholder, or the message that it replaces.
    ``proposal_id`` is the card whose place is in the journal; if its message is lost
    and the ``offer`` can still be answered, it moves with its buttons. News that ``closes``
    only changes what was told before."""

    page: Page
    changes: bool = False
    home: int | None = None
    proposal_id: ProposalId | None = None
    offer: Proposal | None = None
    closes: bool = False


class Pages:
    """Draws news from the newest state."""

    def __init__(
        self,
        *,
        cards: CardReader,
        proposals: ShownProposals,
        orders: OrderLookup,
        instructions: InstructionReader,
    ) -> None:
        self._cards = cards
        self._proposals = proposals
        self._orders = orders
        self._instructions = instructions

    def copied(self, news: News, *, acts: bool) -> Drawing | None:
        """The drawing of *news* for another chat, always in a message of its own;
        without buttons for people who may only look."""
        if isinstance(news, CardChanged):
            card = self._cards.card(news.proposal_id)
            drawing = None if card is None else self._drawn(card)
        else:
            drawing = self.drawing(news)
        if drawing is None:
            return None
        keyboard = drawing.page.keyboard if acts else None
        page = replace(drawing.page, keyboard=keyboard, reply_to=None)
        return Drawing(page=page, changes=drawing.changes, closes=drawing.closes)

    def drawing(self, news: News) -> Drawing | None:
        """The news as it stands now; None when there is nothing (left) to say."""
        match news:
            case CardChanged():
                return self._card_changed(news)
            case InDoubt():
                return self._doubt(news)
            case ScanFailed() | ReportReady() | BriefReady() | SummaryReady():
                page = _answer(news)
                return Drawing(page=page, changes=True, home=news.shown.message)
            case Settled() | AskedAgain() | PartFilled():
                return self._of_a_card(news)
            case (OtherName() | ExitDone() | ExitClosed() | ChangedAtIb()) | (
                ExitPartFilled() | FillChanged() | Enlarged() | CancelUnconfirmed()
            ):
                return self._of_an_order(news)
            case _:
                return Drawing(page=_announced(news))

    def _card_changed(self, news: CardChanged) -> Drawing | None:
        card = self._cards.card(news.proposal_id)
        if card is None or self._stands_behind(card.proposal):
            return None
        return self._drawn(card)

    def _drawn(self, card: Card) -> Drawing:
        made_by = self._instructions.of(card.proposal.made_at).requests
        scan_code = ",".join(dict.fromkeys(each.code for each in made_by))
        page = Page(
            text=card_view.card(card, scan_code=scan_code),
            keyboard=keyboards.for_card(card),
        )
        is_open = card.proposal.state is ProposalState.OFFERED
        return Drawing(
            page=page,
            changes=True,
            home=card.proposal.shown.message,
            proposal_id=card.proposal.id,
            offer=card.proposal if is_open else None,
        )

    def _stands_behind(self, proposal: Proposal) -> bool:
        """Whether a newer card has replaced this one in its message."""
        newest = self._proposals.newest_in(proposal.shown)
        return newest not in {None, proposal.id}

    def _of_a_card(self, news: _OfACard) -> Drawing | None:
        """A message that rings, as a reply to its card."""
        card = self._cards.card(news.proposal_id)
        if card is None or _is_overtaken(news, card):
            return None
        if isinstance(news, Settled):
            text, keyboard = announcements.settled(card), keyboards.for_settled(card)
        elif isinstance(news, PartFilled):
            text, keyboard = announcements.part_filled(card), None
        else:
            text, keyboard = announcements.asked_again(news, card=card), None
        there = card.proposal.shown.message
        return Drawing(page=Page(text=text, keyboard=keyboard, reply_to=there))

    def _doubt(self, news: InDoubt) -> Drawing | None:
        """The question about an order in doubt, and later how it ended."""
        order = self._orders.by_ref(news.ref)
        if order is None:
            return None
        is_open = order.state is OrderState.UNKNOWN
        text = (
            trouble.in_doubt(order, position_now=news.position_now)
            if is_open
            else trouble.doubt_closed(order)
        )
        page = Page(text=text, keyboard=keyboards.for_doubt(order))
        return Drawing(page=page, changes=True, closes=not is_open)

    def _of_an_order(self, news: _OfAnOrder) -> Drawing | None:
        order = self._orders.by_ref(news.ref)
        if order is None or _is_past(news, order):
            return None
        if isinstance(news, ExitClosed):
            keyboard = keyboards.for_exits_again(order.instrument, news.plan)
            text = exit_news.exit_closed(order, news)
            return Drawing(page=Page(text=text, keyboard=keyboard))
        return Drawing(page=Page(text=_said_of(order, news)))


def _is_past(news: _OfAnOrder, order: Order) -> bool:
    """Whether it is so no more: a trade was busted, or IB has ended the order."""
    if isinstance(news, ExitDone):
        return not order.filled or order.filled > (news.filled or order.filled)
    if isinstance(news, ExitPartFilled):
        return order.state is not OrderState.PARTIAL
    return isinstance(news, CancelUnconfirmed) and order.state in FINAL


def _said_of(order: Order, news: _OfAnOrder) -> str:
    match news:
        case OtherName():
            return trouble.other_name(order, belongs=news.text)
        case FillChanged():
            return announcements.fill_changed(order, news)
        case Enlarged():
            return announcements.enlarged(order)
        case ChangedAtIb():
            return exit_news.changed_at_ib(order, news)
        case CancelUnconfirmed():
            return announcements.cancel_unconfirmed(order, is_asked=news.is_asked)
        case _:
            return exit_news.exit_sold(order)


def _is_overtaken(news: _OfACard, card: Card) -> bool:
    """Whether the orders of *card* have ended otherwise since, which is news of its
    own: drawn as they are now, the two would say the same."""
    if isinstance(news, PartFilled):
        has_ended = all(order.state in FINAL for order in card.orders)
        return has_ended or news.filled_orders != sum(
            order.filled > 0 for order in card.orders
        )
    if isinstance(news, AskedAgain) or news.filled is None:
        return False
    filled = sum(order.filled for order in card.orders)
    is_whole = all(order.state is OrderState.FILLED for order in card.orders)
    return filled > news.filled or (
        filled == news.filled and is_whole is not news.whole
    )


def _announced(news: News) -> Page:
    """A message of its own; where shares have no exit, a button asks for one."""
    text = _ANNOUNCED[type(news)](news)
    if not isinstance(news, Unprotected | SplitSeen):
        return Page(text=text)
    plan = news.plan if isinstance(news, Unprotected) else NO_EXITS
    again = keyboards.for_bare(news.con_id, news.symbol, plan)
    return Page(text=text, keyboard=again)


def _answer(news: ScanFailed | ReportReady | BriefReady | SummaryReady) -> Page:
    """The page that replaces its placeholder."""
    match news:
        case ReportReady():
            return Page(text=report.report(news.report))
        case BriefReady():
            return Page(text=bulletins.brief(news.brief))
        case SummaryReady():
            return Page(text=bulletins.summary(news.summary))
        case ScanFailed():
            pass
    text = trouble.scan_failed(news.problem)
    return Page(text=text, keyboard=keyboards.for_failed_scan())


_ANNOUNCED: Final[dict[type, Callable[[Any], str]]] = {
    Ghost: announcements.unknown_order,
    LookAlike: announcements.unknown_order,
    CountFellBack: announcements.unknown_order,
    LineLost: announcements.line_lost,
    LineBack: announcements.line_back,
    TradingHalted: announcements.of_the_application,
    NothingToSell: announcements.of_the_application,
    Restarted: announcements.of_the_application,
    Unprotected: exit_news.unprotected,
    ExitsLate: exit_news.exits_late,
    HoldingGone: exit_news.holding_gone,
    TimedExitMissed: exit_news.timed_exit_missed,
    SplitSeen: exit_news.split_seen,
    PeopleChanged: announcements.of_the_application,
    ReportMissed: announcements.report_missed,
    ClosedToday: announcements.closed_today,
    LimitRaised: changes.raised,
    SettingSetAside: changes.set_aside,
    RunsMissed: shown.missed,
}
"""News that is a message of its own."""
