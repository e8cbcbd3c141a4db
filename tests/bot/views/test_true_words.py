"""No view says what the state does not hold: any orders that can come about."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings

from bot import keyboards
from bot.views import announcements, report, trouble
from bot.views.orders import ib_words, order_words, overview
from bot.views.scans import card as views
from core.model.card import Card
from core.model.exits.plan import NO_EXITS
from core.model.news import AskedAgain, LineBack
from core.model.order import FINAL, Order, OrderState
from core.model.proposal import Decision, Mode, ProposalState, Verdict
from core.rules.exits.written import plan_in
from tests.bot.values import a_report
from tests.bot.views import reachable
from tests.bot.views.hands import check, read
from tests.builders import (
    NOW,
    PROPOSAL_ID,
    a_fill,
    a_leg,
    a_position,
    a_proposal,
    a_sent_order,
)


often = settings(max_examples=300, deadline=None)

ANSWERS = ("Bought", "Part bought", "Not ", "Nothing bought", "Refused", "Cancelled")
OTHERS = ("Waiting", "Please look", "Closed")


def drawn(card: Card) -> str:
    html = views.card(card, scan_code="TOP_PERC_GAIN")
    check(html)
    return read(html)


def an_approved(*legs: Order) -> Card:
    proposal = a_proposal(
        state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
    )
    return Card(proposal=proposal, orders=legs, opens=None)


def holds(first: str, legs: tuple[Order, ...]) -> bool:
    """Whether the first line *first* says no more than *legs* hold."""
    states = {leg.state for leg in legs}
    filled = [leg for leg in legs if leg.fills]
    if first.startswith("Bought"):
        return states == {OrderState.FILLED}
    if first.startswith("Part bought"):
        return bool(filled) and states != {OrderState.FILLED}
    if first.startswith("Please look"):
        return OrderState.UNKNOWN in states
    if first.startswith("Waiting"):
        return not filled and not states <= FINAL
    return not filled and states <= FINAL


@pytest.mark.attack(22)
@often
@given(reachable.cards)
def test_the_first_line_of_an_approved_card_answers_what_became_of_it(
    card: Card,
) -> None:
    first = drawn(card).splitlines()[0]

    assert first.startswith((*ANSWERS, *OTHERS))
    assert holds(first, card.orders)


@pytest.mark.attack(19)
@often
@given(reachable.cards)
@example(an_approved(a_sent_order(state=OrderState.CANCELLED, perm_id=7)))
def test_nothing_bought_is_only_said_where_ib_never_had_the_order(card: Card) -> None:
    told = read(announcements.settled(card))
    for text in (drawn(card), told):
        never = [o for o in card.orders if not o.fills and o.perm_id is None]
        assert text.count("Nothing was bought") <= len(never)
        if any(order.fills for order in card.orders):
            assert "Nothing bought" not in text


@often
@given(reachable.cards)
def test_what_rings_at_the_end_names_what_ended_in_its_first_line(card: Card) -> None:
    first = read(announcements.settled(card)).splitlines()[0]
    told = [order for order in card.orders if order.filled] or card.orders

    assert all(order.instrument.symbol in first for order in told)


@pytest.mark.attack(22)
@often
@given(reachable.cards)
def test_one_reason_is_told_once_and_ibs_text_only_behind_a_tap(card: Card) -> None:
    open_text, _, folded = views.card(card, scan_code="X").partition("<blockquote")
    sentences = [line for line in read(open_text).splitlines() if line.endswith(".")]

    assert len(sentences) == len(set(sentences))
    assert "(TWS" not in open_text
    assert "(TWS" not in announcements.settled(card)
    assert folded.count("INSUFFICIENT") <= 1


@pytest.mark.attack(22)
@often
@given(reachable.cards)
def test_not_sent_does_not_stand_at_a_leg_that_was_sent(card: Card) -> None:
    for order in card.orders:
        words = " ".join(order_words.state_words(order))
        if order.fills or order.perm_id:
            assert "not sent" not in words
            assert "waiting to be sent" not in words


@pytest.mark.attack(22)
def test_a_refusal_that_concerns_both_is_told_once() -> None:
    reason = "$3,175 are needed; $2,000 are free."
    both = [
        a_sent_order(leg=leg, state=OrderState.LAPSED, reason=reason) for leg in (1, 2)
    ]

    assert drawn(an_approved(*both)).count(reason) == 1
    assert "100 QRVX and 100 FDMX: not sent." in drawn(an_approved(*both))
    assert announcements.settled(an_approved(*both)).count(reason) == 1


@pytest.mark.attack(22)
def test_ibs_capitals_stand_once_and_folded_away() -> None:
    both = [
        a_sent_order(leg=leg, state=OrderState.REJECTED, reason=reachable.NO_FUNDS)
        for leg in (1, 2)
    ]
    html = views.card(an_approved(*both), scan_code="X")

    assert html.count("AVAILABLE FUNDS") == 1
    assert "AVAILABLE FUNDS" in html.partition("<blockquote expandable>")[2]
    assert "AVAILABLE FUNDS" not in announcements.settled(an_approved(*both))
    assert "The money in the account does not cover it." in html
    assert "(TWS" in overview.orders(both, (), mode=Mode.PAPER, missing=None, at=NOW)


@pytest.mark.attack(23)
def test_a_note_of_the_way_does_not_stand_at_the_end() -> None:
    filled = a_sent_order(
        state=OrderState.FILLED, reason=reachable.HELD, fills=(a_fill(),)
    )

    assert "399" not in drawn(an_approved(filled))


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("\u59d4\u6258 09:30:00 (TWS 399)", "held by IB"),
        ("will not be placed until the market opens (TWS 399)", "held by IB"),
        ("Your order was repriced at 09:45 (TWS 399)", "working"),
        ("IB changed GTC to DAY", "working"),
    ],
)
def test_an_order_that_ib_holds_until_nobody_knows_when_is_not_called_working(
    reason: str, said: str
) -> None:
    order = a_sent_order(state=OrderState.ACKED, reason=reason)

    assert order_words.state_words(order) == (said,)


@pytest.mark.attack(22)
def test_the_answer_to_a_yes_promises_nothing() -> None:
    said = trouble.toast(Decision(verdict=Verdict.APPROVED, proposal=None))

    assert "sent" not in said
    assert "pproved" not in said


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("Order rejected - reason:Margin (TWS 201)", "The money in the account"),
        ("Order rejected - reason: (TWS 201)", ""),
        ("The API interface is currently in Read-Only mode. (TWS 321)", "Switch it"),
        ("Ursache - Die API ist im Nur-Lese-Modus. (TWS 321)", "Switch it"),
        ("Error validating request.-'bO' : cause - Bad tif (TWS 321)", "malformed"),
        ("??????.-'bO' : ?? - API??????????? (TWS 321)", "/status says whether"),
        ("Something never read before (TWS 987)", "IB's own words are below."),
        ("Order Canceled - reason: (TWS 202)", ""),
        ("Order rejected - reason:shortage of funds (TWS 201)", "IB's own checks"),
        ("Order rejected - reason:limit up-limit down (TWS 201)", "IB's own checks"),
        ("Order rejected - reason:not for short sale (TWS 201)", "no shares of it"),
        ("Order rejected - reason:above the size limit (TWS 201)", "It is larger"),
        ("L'ordine attende fino alle 9.30 (TWS 399)", "IB holds it."),
        ("Your order was repriced at 09:45 (TWS 399)", "IB's own words are below."),
    ],
)
def test_ibs_text_is_said_in_our_words(text: str, ours: str) -> None:
    said = ib_words.in_our_words(text)

    assert said.startswith(ours) or ours in said
    assert bool(said) is bool(ours)


def refused(*fitting: int) -> Card:
    return Card(
        proposal=a_proposal(),
        orders=(),
        opens=None,
        refused=("$3,175 are needed; $2,000 are free.",),
        fitting=fitting,
    )


@pytest.mark.attack(22)
def test_a_refusal_that_is_known_stands_first_with_what_would_fit() -> None:
    text = drawn(refused(1))

    assert text.startswith(
        "Both together would not be sent.\n$3,175 are needed; $2,000 are free.\n"
        "What would fit: 100 QRVX alone."
    )
    assert "Offered: BUY 100 QRVX and 100 FDMX" in text


@pytest.mark.attack(22)
def test_the_only_yes_under_a_refusal_that_is_known_is_to_what_would_be_sent() -> None:
    def labels(*fitting: int) -> list[str]:
        keyboard = keyboards.for_card(refused(*fitting))
        assert keyboard
        return [b.text for row in keyboard.inline_keyboard for b in row]

    assert labels()[0] == "No"
    assert labels(2)[:2] == ["Yes, buy FDMX ($2,661)", "No"]
    assert labels(1, 2)[:3] == ["Only QRVX", "Only FDMX", "No"]
    assert not any(label.startswith("Yes") for label in labels(1, 2))


@pytest.mark.attack(22)
@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        (ProposalState.OFFERED, "The card above asks again."),
        (ProposalState.DRAFT, "Nothing is offered any more."),
    ],
)
def test_a_price_that_moved_is_told_in_a_message_of_its_own(
    state: ProposalState, next_step: str
) -> None:
    card = Card(proposal=a_proposal(state=state), orders=(), opens=None)
    news = AskedAgain(proposal_id=PROPOSAL_ID, reason="QRVX is at 5.10 now.")
    told = announcements.asked_again(news, card=card)
    check(told)

    assert read(told) == (
        "Not bought: the price or the market has changed · SANDBOX\n"
        f"QRVX is at 5.10 now.\n{next_step}"
    )


@pytest.mark.attack(22)
@pytest.mark.parametrize(("exits", "is_said"), [("stop 5%", True), ("", False)])
def test_a_card_that_asks_again_tells_where_the_exits_of_its_yes_are(
    exits: str, *, is_said: bool
) -> None:
    """They stand for what is held already; the new card has none of its own."""
    leg = a_leg(exits=plan_in(exits) if exits else NO_EXITS)
    card = Card(
        proposal=a_proposal(legs=(leg,)),
        orders=(),
        opens=None,
        held=(a_position(),),
    )
    news = AskedAgain(proposal_id=PROPOSAL_ID, reason="QRVX is at 5.10 now.")
    told = announcements.asked_again(news, card=card)
    nothing_held = announcements.asked_again(news, card=replace(card, held=()))
    check(told)

    line = "/exits shows what protects the shares that you hold."
    assert (line in read(told)) is is_said
    assert line not in read(nothing_held)


@pytest.mark.attack(22)
def test_a_report_without_ib_says_so_and_of_when_its_figures_are() -> None:
    away = read(report.report(a_report(away="no route")))
    unknown = read(report.report(a_report(away="no route", account=None)))

    assert "IB cannot be reached: No route.\n" in away
    assert "Figures, holdings and prices below are of Mon 23 Nov 09:41 ET." in away
    assert "Nothing of the account is known." in unknown
    assert "reached" not in read(report.report(a_report()))


@pytest.mark.attack(19)
def test_the_end_of_an_outage_does_not_say_ready() -> None:
    back = LineBack(since=NOW, at=NOW + timedelta(minutes=3))

    assert "eady" not in announcements.line_back(back)
