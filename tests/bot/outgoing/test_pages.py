"""Each piece of news has its message, drawn from what is known now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.outgoing.pages import Pages, placeholder
from core.model.card import Card
from core.model.exits.news import ExitDone, ExitPartFilled
from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.money import Shares
from core.model.news import (
    CardChanged,
    ClosedToday,
    Ghost,
    InDoubt,
    LineBack,
    LineLost,
    News,
    ReportMissed,
    ReportReady,
    ScanFailed,
    Settled,
    TradingHalted,
)
from core.model.order import OrderRef, OrderState
from core.model.order_news import CancelUnconfirmed, Enlarged, PartFilled
from core.model.proposal import Proposal, ProposalId, ProposalState
from tests.bot.hands import DealtCards, RingingJournal
from tests.bot.values import a_report
from tests.builders import (
    MONDAY,
    NOW,
    PERM_ID,
    PROPOSAL_ID,
    a_fill,
    a_proposal,
    a_sent_order,
    a_shown,
)
from tests.core.wishes import instructions
from tests.fakes.catalogue import unchanging


def pages_of(journal: RingingJournal, *proposals: Proposal) -> Pages:
    cards = DealtCards()
    for proposal in proposals:
        cards.deal(Card(proposal=proposal, orders=(), opens=None))
    return Pages(
        cards=cards,
        proposals=journal.proposals,
        orders=journal.orders,
        instructions=unchanging(instructions(), journal),
    )


@pytest.mark.parametrize(
    ("news", "words"),
    [
        (Ghost(ref="tb-x-1", text="IB lists it"), "tb-x-1"),
        (LineLost(since=NOW, reason="no route"), "not reachable"),
        (LineBack(since=NOW, at=NOW), "again after"),
        (TradingHalted(at=NOW, reason="a ghost"), "Trading is halted"),
        (ReportMissed(day=MONDAY, reason="no line"), "No report"),
        (
            ClosedToday(day=MONDAY, next_report=None, closes_early=None),
            "Closed today",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_announcement_is_a_message_of_its_own(
    journal: RingingJournal, news: News, words: str
) -> None:
    drawing = pages_of(journal).drawing(news)

    assert drawing
    assert words in drawing.page.text
    assert (drawing.changes, drawing.home) == (False, None)


@pytest.mark.parametrize(
    "news",
    [
        ScanFailed(shown=a_shown(message=7), problem="no answer"),
        ReportReady(shown=a_shown(message=7), report=a_report()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_a_placeholder_takes_its_place(
    journal: RingingJournal, news: News
) -> None:
    drawing = pages_of(journal).drawing(news)

    assert drawing
    assert drawing.home == 7


@pytest.mark.parametrize(
    "news",
    [
        CardChanged(proposal_id=ProposalId("unknown")),
        Settled(proposal_id=ProposalId("unknown")),
        PartFilled(proposal_id=ProposalId("unknown"), filled_orders=1),
        InDoubt(ref=OrderRef("tb-unknown-1"), position_now=None),
        Enlarged(ref=OrderRef("tb-unknown-1"), shares=200),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_known_is_not_told(journal: RingingJournal, news: News) -> None:
    assert pages_of(journal).drawing(news) is None


def test_a_card_of_an_earlier_run_stays_behind_the_newer_one_in_its_place(
    journal: RingingJournal,
) -> None:
    old = a_proposal(state=ProposalState.SUPERSEDED)
    newer = replace(
        a_proposal(), id=ProposalId("newernewer"), made_at=NOW + timedelta(minutes=1)
    )
    with journal.transaction():
        journal.proposals.add(newer)

    drawing = pages_of(journal, old).drawing(CardChanged(proposal_id=PROPOSAL_ID))

    assert drawing is None


def test_a_newer_card_elsewhere_is_in_nobodys_way(journal: RingingJournal) -> None:
    newer = a_proposal(
        id=ProposalId("newernewer"),
        made_at=NOW + timedelta(minutes=1),
        shown=a_shown(message=99),
    )
    with journal.transaction():
        journal.proposals.add(newer)

    pages = pages_of(journal, a_proposal())

    assert pages.drawing(CardChanged(proposal_id=PROPOSAL_ID))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("scan:7", "Scanning …"),
        ("report:2026-11-23", "The report is on its way …"),
        ("anything", "One moment …"),
    ],
)
def test_a_placeholder_says_what_will_stand_there(key: str, words: str) -> None:
    assert placeholder(key).text.startswith(words)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("news", "fills", "is_told"),
    [
        (Settled(proposal_id=PROPOSAL_ID), 100, True),
        (Settled(proposal_id=PROPOSAL_ID, filled=0), 100, False),
        (Settled(proposal_id=PROPOSAL_ID, filled=40), 100, False),
        (Settled(proposal_id=PROPOSAL_ID, filled=100), 100, False),
        (Settled(proposal_id=PROPOSAL_ID, filled=100, whole=True), 100, True),
        (Settled(proposal_id=PROPOSAL_ID, filled=100, whole=True), 40, True),
    ],
    ids=["of an early version", "none", "fewer", "a part", "the same", "taken back"],
)
def test_an_end_that_another_has_overtaken_is_not_told_twice(
    journal: RingingJournal, news: Settled, fills: int, *, is_told: bool
) -> None:
    order = a_sent_order(
        state=OrderState.FILLED,
        perm_id=PERM_ID,
        shares=Shares(fills),
        fills=(a_fill(shares=Shares(fills)),),
    )
    cards = DealtCards()
    approved = a_proposal(state=ProposalState.APPROVED)
    cards.deal(Card(proposal=approved, orders=(order,), opens=None))
    pages = Pages(
        cards=cards,
        proposals=journal.proposals,
        orders=journal.orders,
        instructions=unchanging(instructions(), journal),
    )

    assert (pages.drawing(news) is not None) is is_told


@pytest.mark.attack(10)
def test_an_order_that_was_made_larger_is_a_message_of_its_own(
    journal: RingingJournal,
) -> None:
    order = a_sent_order(
        state=OrderState.PARTIAL, shares=Shares(200), fills=(a_fill(),)
    )
    with journal.transaction():
        journal.proposals.add(a_proposal(state=ProposalState.APPROVED))
        journal.orders.add(order)

    pages = pages_of(journal)
    drawing = pages.drawing(Enlarged(ref=order.ref, shares=200))
    late = pages.drawing(CancelUnconfirmed(ref=order.ref))
    unasked = pages.drawing(CancelUnconfirmed(ref=order.ref, is_asked=False))

    assert late
    assert "has not confirmed the cancel of BUY 100 QRVX" in late.page.text
    assert unasked
    assert "could not be asked to cancel BUY 100 QRVX" in unasked.page.text
    assert "I asked" not in unasked.page.text
    assert drawing
    assert "100 of 200 QRVX are bought" in drawing.page.text
    assert (drawing.changes, drawing.home) == (False, None)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("filled", "is_told"),
    [(40, True), (100, False), (0, False)],
    ids=["works", "has ended since", "taken back since"],
)
def test_a_part_fill_is_told_as_a_reply_to_its_card_while_the_rest_works(
    journal: RingingJournal, filled: int, *, is_told: bool
) -> None:
    order = a_sent_order(
        state=OrderState.FILLED if filled == 100 else OrderState.PARTIAL,
        perm_id=PERM_ID,
        fills=(a_fill(shares=Shares(filled)),),
    )
    cards = DealtCards()
    approved = a_proposal(state=ProposalState.APPROVED, shown=a_shown(message=7))
    cards.deal(Card(proposal=approved, orders=(order,), opens=None))
    pages = Pages(
        cards=cards,
        proposals=journal.proposals,
        orders=journal.orders,
        instructions=unchanging(instructions(), journal),
    )

    drawing = pages.drawing(PartFilled(proposal_id=PROPOSAL_ID, filled_orders=1))

    assert (drawing is not None) is is_told
    if drawing is not None:
        assert (drawing.page.reply_to, drawing.changes) == (7, False)
        assert "Part bought</b>: 40 of 100 QRVX" in drawing.page.text


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("state", "shares", "is_told"),
    [
        (OrderState.PARTIAL, 40, True),
        (OrderState.FILLED, 100, False),
        (OrderState.ACKED, 0, False),
    ],
    ids=["works", "has ended since", "taken back since"],
)
def test_a_part_fill_of_an_exit_is_told_while_its_rest_works(
    journal: RingingJournal, state: OrderState, shares: int, *, is_told: bool
) -> None:
    exit_order = a_sent_order(
        side=Side.SELL,
        exit=ExitKind.TARGET,
        state=state,
        fills=(a_fill(shares=Shares(shares)),),
    )
    with journal.transaction():
        journal.proposals.add(a_proposal(state=ProposalState.APPROVED))
        journal.orders.add(exit_order)

    drawing = pages_of(journal).drawing(ExitPartFilled(ref=exit_order.ref))

    assert (drawing is not None) is is_told
    if drawing is not None:
        assert "Target: sold 40 of 100 QRVX at " in drawing.page.text
        assert "rest working" in drawing.page.text
        assert (drawing.changes, drawing.home) == (False, None)


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    ("filled", "is_told"), [(None, True), (40, False), (100, True)]
)
def test_an_end_of_an_exit_that_another_has_overtaken_is_not_told_twice(
    journal: RingingJournal, filled: int | None, *, is_told: bool
) -> None:
    exit_order = a_sent_order(
        side=Side.SELL,
        exit=ExitKind.STOP,
        state=OrderState.FILLED,
        fills=(a_fill(shares=Shares(100)),),
    )
    with journal.transaction():
        journal.proposals.add(a_proposal(state=ProposalState.APPROVED))
        journal.orders.add(exit_order)

    drawing = pages_of(journal).drawing(ExitDone(ref=exit_order.ref, filled=filled))

    assert (drawing is not None) is is_told
