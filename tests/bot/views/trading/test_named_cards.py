"""Cards that no scan made: what they ask, and that whatever they hold fits a phone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.views import announcements, trouble
from bot.views.scans import card
from bot.views.trading import answers, terms
from core.model.card import Card
from core.model.evidence import LineState
from core.model.market import Freshness, OrderType, Side
from core.model.money import Shares
from core.model.news import NothingToSell
from core.model.order import Order, OrderState
from core.model.portfolio import Position
from core.model.proposal import (
    Decision,
    Leg,
    Proposal,
    ProposalState,
    Purpose,
    Verdict,
)
from tests.bot.values import a_status
from tests.bot.views import strategies as any_
from tests.bot.views.hands import check, read
from tests.builders import (
    FDMX,
    NOW,
    OPENS,
    a_fill,
    a_leg,
    a_line,
    a_position,
    a_proposal,
    a_sent_order,
    an_exit,
    price,
)
from tests.core.rules.selling.sales import a_sale_card, a_sale_leg


def shown(proposal: Proposal, **named: object) -> str:
    return read(
        card.card(
            replace(Card(proposal=proposal, orders=(), opens=None), **named),  # type: ignore[arg-type]  # Card's own fields
            scan_code="X",
        )
    )


def row(text: str, first: str) -> list[str]:
    """The words of the line that begins with *first*."""
    return next(line.split() for line in text.splitlines() if line.startswith(first))


def the_sale(leg: Leg | None = None, **named: object) -> str:
    legs = (leg or a_sale_leg(),)
    return shown(a_sale_card(legs=legs), **named)


_LONDON = replace(FDMX, symbol="QQQ")
MIXED = (a_sale_leg(), a_sale_leg(number=2, instrument=_LONDON, listed_on="LSEETF"))


def test_a_panic_card_names_what_has_its_own_exchanges_hours() -> None:
    """It said nothing of hours, and went by New York's for all."""
    text = shown(a_sale_card(legs=MIXED, purpose=Purpose.SELL_ALL))
    alone = shown(a_sale_card(legs=MIXED[:1], purpose=Purpose.SELL_ALL))
    left = (MIXED[0], replace(MIXED[1], left_out=True))

    assert "QQQ goes by its own exchange's hours: sold at once in them" in text
    assert "own exchange" not in alone
    assert "own exchange" not in shown(
        a_sale_card(legs=left, purpose=Purpose.SELL_ALL), closes=OPENS
    )


@pytest.mark.parametrize("closes", [None, OPENS])
def test_the_question_about_an_open_says_what_does_not_wait_for_it(closes: Any) -> None:
    """London's share was said to wait for New York's open, and IB sold it at once."""
    asked = a_sale_card(legs=MIXED, purpose=Purpose.SELL_ALL, queue_for=OPENS)
    text = shown(asked, closes=closes)

    assert text.startswith("Send: SELL 100 QRVX and 100 QQQ?")
    assert "market order for QRVX sent now" in text
    assert "QQQ goes by its own exchange's hours: sold at once in them" in text
    assert "Send all?" in text
    assert "Queue" not in text


def test_many_with_their_own_hours_are_counted() -> None:
    many = tuple(
        a_sale_leg(number=n, instrument=replace(FDMX, symbol=f"Q{n}"), listed_on="LSE")
        for n in range(1, 6)
    )

    text = shown(a_sale_card(legs=many, purpose=Purpose.SELL_ALL))
    assert "5 of them go by their own exchanges' hours" in text


def test_a_sale_says_what_it_costs_and_brings() -> None:
    text = the_sale(a_sale_leg(shares=Shares(50)))

    assert text.splitlines()[0] == "Sell 50 of 100 QRVX?"
    assert row(text, "cost") == ["cost", "4.84", "$242"]
    assert row(text, "buyers") == ["buyers", "pay", "4.81", "$241"]
    assert "spread 0.4%" in text
    assert "Brings about $239 after $1.01 fees" in text
    assert "sold at what buyers pay then" in text


@pytest.mark.parametrize(
    "card",
    [
        a_sale_card(legs=(a_sale_leg(halted=True),)),
        a_proposal(purpose=Purpose.BUY, legs=(a_leg(picks=(), halted=True),)),
    ],
)
def test_a_halted_stock_is_named_before_the_yes(card: Proposal) -> None:
    assert "QRVX is halted: a Yes counts once it trades." in shown(card)
    ended = replace(card, state=ProposalState.EXPIRED)
    assert "is halted" not in shown(ended)


@pytest.mark.parametrize("purpose", [Purpose.SELL, Purpose.SELL_ALL, Purpose.BUY])
def test_a_price_that_is_not_live_is_named_before_the_yes(purpose: Purpose) -> None:
    leg = a_leg(picks=()) if purpose is Purpose.BUY else a_sale_leg()
    old = replace(leg, freshness=Freshness.DELAYED)
    card = a_sale_card(purpose=purpose, legs=(old,))

    assert "The price is not live: QRVX (delayed)." in shown(card)
    assert "not live" not in shown(replace(card, legs=(leg,)))
    assert "not live" not in shown(replace(card, state=ProposalState.EXPIRED))


def test_a_limit_between_two_cents_is_named_as_it_is_sent() -> None:
    """IB's step is half a cent; "at most 83.38" would be less than the order pays."""
    leg = a_leg(picks=(), order_type=OrderType.LIMIT, limit=price("83.385"))
    text = shown(a_proposal(purpose=Purpose.BUY, legs=(leg,)))

    assert "limit order, at most 83.385, good till" in text


def test_a_fee_below_a_dollar_is_not_called_none() -> None:
    few = a_proposal(purpose=Purpose.BUY, legs=(a_leg(shares=Shares(5), picks=()),))

    assert "About $24 + $0.24 fees" in shown(few)


def test_a_sale_of_all_names_no_rest() -> None:
    assert the_sale().splitlines()[0] == "Sell 100 QRVX?"


def test_a_sale_says_what_was_not_bought_here() -> None:
    assert "bought" not in the_sale().lower().replace("buyers", "")
    assert "I did not buy it; I can sell it even so." in the_sale(
        a_sale_leg(bought_here=Shares(0))
    )
    assert "I bought 40 of the 100." in the_sale(a_sale_leg(bought_here=Shares(40)))


def test_a_sale_without_a_quote_says_so() -> None:
    text = the_sale(a_sale_leg(bid=None, ask=None))

    assert "No quote: the market's price is not known here." in text


def test_a_closed_market_is_said_before_the_yes_and_asked_about() -> None:
    assert "Yes asks once more" in the_sale(opens=OPENS)
    question = shown(a_sale_card(queue_for=OPENS), opens=OPENS)
    assert "Queue: SELL 100 QRVX?" in question
    assert "brings about" in question
    assert "funds free" not in question


def test_what_was_not_sold_is_told_as_not_sold() -> None:
    for state in (ProposalState.DECLINED, ProposalState.EXPIRED):
        text = shown(a_sale_card(state=state, decided_by="Ada", decided_at=NOW))
        assert "Nothing was sold." in text
        assert "bought" not in text


def test_panic_lists_every_holding_and_what_stays() -> None:
    legs = (a_sale_leg(), a_sale_leg(number=2, instrument=FDMX, shares=Shares(50)))
    text = shown(
        a_sale_card(
            purpose=Purpose.SELL_ALL, legs=legs, note="Not in this sale: 0.5 FDMX."
        )
    )

    assert text.splitlines()[0] == "Sell all that you hold?"
    assert "Not in this sale: 0.5 FDMX." in text
    assert "QRVX 100" in text
    assert "FDMX 50" in text


def test_a_stock_that_is_left_out_of_a_panic_is_said_to_be_bare() -> None:
    """The panic has cancelled its stop, and no exit is placed before /resume."""
    stays = a_sale_leg(number=2, instrument=FDMX, left_out=True)
    asked = a_sale_card(purpose=Purpose.SELL_ALL, legs=(a_sale_leg(), stays))
    bare = "What stays has no stop or target of mine until /resume."
    whole = a_sale_card(purpose=Purpose.SELL_ALL, legs=(a_sale_leg(),))

    assert bare in shown(asked)
    assert bare not in shown(whole)


def test_a_panic_says_that_a_resume_places_the_exits_anew() -> None:
    text = read(answers.panic((), a_status()))

    assert "places the stops and targets of what you hold" in text
    assert "brings no order back" not in text


def test_what_cannot_be_sold_of_all_is_named_and_the_rest_is_offered() -> None:
    legs = (a_sale_leg(), a_sale_leg(number=2, instrument=FDMX))
    text = shown(
        a_sale_card(purpose=Purpose.SELL_ALL, legs=legs),
        refused=("FDMX cannot.",),
        fitting=(1,),
    )

    assert "Not all of it would be sold." in text
    assert "Yes sells 100 QRVX." in text


def test_the_cost_of_many_shares_is_not_cut_and_stands_apart() -> None:
    leg = a_leg(picks=(), shares=Shares(5_000_000), reference=price("6.25"))
    many = a_proposal(purpose=Purpose.BUY, legs=(leg,))

    assert row(shown(many), "last") == ["last", "6.25", "$31,250,000"]


def test_a_purchase_says_its_price_and_that_it_has_no_exits() -> None:
    text = shown(a_proposal(purpose=Purpose.BUY, legs=(a_leg(picks=()),)))

    assert text.splitlines()[0] == "Buy 100 QRVX?"
    assert row(text, "sellers") == ["sellers", "ask", "4.83", "$483"]
    assert row(text, "since") == ["since", "open", "+14.8%"]
    assert "About $483 + $1 fees" in text
    assert "no exits" in text


@pytest.mark.parametrize(
    "priced",
    [
        {},
        {"order_type": OrderType.LIMIT},
        {"order_type": OrderType.LIMIT, "limit": price("4.87")},
        {"order_type": OrderType.LIMIT, "limit": price("4.87"), "tif": "OPG"},
    ],
)
def test_the_answer_to_another_order_type_has_one_colon_at_most(
    priced: dict[str, Any],
) -> None:
    asked = a_proposal(purpose=Purpose.BUY, legs=(replace(a_leg(picks=()), **priced),))
    said = trouble.repriced(Decision(verdict=Verdict.RESIZED, proposal=asked))

    assert said.startswith("Changed to a ")
    assert said.count(":") <= 1
    assert said.endswith("Nothing was sent.")


def test_a_button_of_a_card_that_was_replaced_says_so_in_plain_words() -> None:
    over = a_proposal(state=ProposalState.SUPERSEDED)
    said = trouble.toast(Decision(verdict=Verdict.ALREADY, proposal=over))

    assert said.startswith("Already closed")


def test_the_end_of_a_sale_says_sold_and_what_is_left_after_fees() -> None:
    fill = a_fill(commission=Decimal("1.00"))
    sold = a_sent_order(side=Side.SELL, state=OrderState.FILLED, fills=(fill,))
    approved = a_sale_card(state=ProposalState.APPROVED, decided_by="Ada")
    told = Card(proposal=approved, orders=(sold,), opens=None)

    assert read(announcements.settled(told)).startswith(
        "Sold 100 QRVX @ 4.83, $482 after fees"
    )
    assert read(card.card(told, scan_code="X")).startswith("Sold · SANDBOX")


def test_a_sale_that_was_not_sent_points_to_the_holdings() -> None:
    lapsed = a_sent_order(side=Side.SELL, state=OrderState.LAPSED, reason="Too few.")
    approved = a_sale_card(state=ProposalState.APPROVED, decided_by="Ada")
    text = read(
        card.card(Card(proposal=approved, orders=(lapsed,), opens=None), scan_code="X")
    )

    assert "Nothing was sold. /positions to sell." in text


def test_panic_s_answer_says_what_holds_and_what_comes() -> None:
    text = read(answers.panic([a_sent_order()], a_status()))

    assert text.splitlines()[0].startswith("Stopped: I send nothing new")
    assert "BUY 100 QRVX" in text
    assert "nothing is sold before your Yes" in text


@pytest.mark.parametrize("cancelled", [(), (a_sent_order(),)])
def test_a_second_panic_says_that_the_first_one_s_sales_go_on(
    cancelled: tuple[Order, ...],
) -> None:
    """Orders that IB holds are open: "No order of mine was open" would be false."""
    sale = a_sent_order(leg=2, side=Side.SELL)
    text = read(answers.panic(cancelled, a_status(), going_on=[sale]))

    assert "Not cancelled, from your earlier Yes to sell all: SELL 100 FDMX." in text
    assert ("To be cancelled: BUY 100 QRVX." in text) == bool(cancelled)
    assert "No order of mine was open" not in text


def test_nobody_is_told_that_an_order_of_another_login_is_being_cancelled() -> None:
    """Only the login that sent it can cancel it, so IB is not asked."""
    theirs = a_sent_order(
        leg=2,
        gateway="other:4002",
        client_id=17,
        login=("DU1234567",),
    )
    status = a_status()
    session = status.line.identity
    for text in (
        answers.panic([a_sent_order(), theirs], status),
        answers.cancelled_all([a_sent_order(), theirs], symbols=(), identity=session),
    ):
        check(text)
        assert "To be cancelled: BUY 100 QRVX." in read(text)
        assert "Not cancelled, and may still execute: BUY 100 FDMX." in read(text)
    only = answers.cancelled_all([theirs], symbols=(), identity=session)
    assert "To be cancelled" not in read(only)


@pytest.mark.parametrize("wanted", [[], [a_sent_order()]])
def test_what_the_owner_closed_by_his_word_is_said_not_to_be_cancelled(
    wanted: list[Order],
) -> None:
    """It is not followed any more, and he may have said that it is there."""
    closed = replace(an_exit(), state=OrderState.CLOSED_BY_HUMAN)
    text = answers.cancelled_all(wanted, symbols=(), identity=None, closed=[closed])
    check(text)

    assert "closed it by your word: SELL 100 QRVX. If you see it at IB" in read(text)


def test_panic_without_a_line_promises_no_more_than_it_can() -> None:
    away = a_status(line=a_line(state=LineState.DOWN))
    text = read(answers.panic([], away))

    assert "IB cannot be asked now" in text
    assert "Nothing is sold before your Yes" in text


def test_panic_that_ib_does_not_let_through_says_why_and_what_to_do() -> None:
    read_only = "The gateway's Read-Only API is on: switch it off."
    halted = "/panic by Ada"
    stuck = a_status(
        reconciled=False, halted=halted, blocks=(f"Halted: {halted}", read_only)
    )
    text = read(answers.panic([], stuck))

    assert read_only in text
    assert "Halted:" not in text
    assert "If that cannot wait, cancel and sell in TWS" in text


def test_a_purchase_says_whose_shares_they_are_where_that_is_known() -> None:
    leg = replace(a_leg(picks=()), company="QURVEX & SONS <HOLDINGS> INTERNATIONAL INC")
    text = shown(a_proposal(purpose=Purpose.BUY, legs=(leg,)))
    unknown = shown(a_proposal(purpose=Purpose.BUY, legs=(a_leg(picks=()),)))

    assert "Buy 100 QRVX?\nQURVEX & SONS <HOLDINGS>" in text
    assert "Buy 100 QRVX?\nSANDBOX" in unknown


def test_the_other_answers_fit() -> None:
    for text in (
        answers.no_sale("IB lists no <X> in this account."),
        answers.no_purchase("Which one is <X>?"),
        answers.how_to_sell(),
        answers.how_to_buy(),
        answers.cancelled_all([], symbols=["<X>", "Y"], identity=None),
        answers.cancelled_all([a_sent_order()], symbols=(), identity=None),
        announcements.nothing_to_sell(NothingToSell(at=NOW + timedelta(hours=1))),
    ):
        check(text)


whatever = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def named_cards(draw: st.DrawFn) -> Card:
    """Any card of any purpose but a scan's, in any state."""
    purpose = draw(st.sampled_from([Purpose.BUY, Purpose.SELL, Purpose.SELL_ALL]))
    most = 30 if purpose is Purpose.SELL_ALL else 1
    legs = draw(st.lists(any_.legs, min_size=1, max_size=most))
    held = draw(any_.positions)
    sides = [_as(leg, purpose, held, number) for number, leg in enumerate(legs, 1)]
    shown = draw(any_.cards)
    return replace(
        shown,
        proposal=replace(shown.proposal, purpose=purpose, legs=tuple(sides)),
    )


def _as(leg: Leg, purpose: Purpose, held: Position, number: int) -> Leg:
    if not purpose.sells:
        return replace(leg, number=number)
    holding = replace(held, shares=Decimal(held.shares))
    return replace(
        leg, number=number, side=Side.SELL, holding=holding, bid=leg.ask, change=None
    )


@whatever
@given(named_cards())
def test_any_named_card(shown: Card) -> None:
    check(card.card(shown, scan_code="X"))


def test_the_price_of_a_named_card_is_the_quote_s() -> None:
    assert a_sale_leg().estimate == Decimal("481.00")
    assert a_sale_leg(bid=None).estimate == Decimal("482.00")
    assert a_position().price == price("4.61")


@pytest.mark.attack(22)
def test_the_answer_to_a_tap_says_nothing_of_a_limit_that_is_still_to_come() -> None:
    """The price steps come within moments: the card shows the limit, and perhaps
    another size, before the answer is read."""
    leg = a_leg(order_type=OrderType.LIMIT, limit=None)
    changed = Decision(verdict=Verdict.RESIZED, proposal=a_proposal(legs=(leg,)))

    said = trouble.repriced(changed)
    assert (
        said == "Changed to a limit order: the card shows its limit. Nothing was sent."
    )
    assert trouble.resized(changed) == "The card has the new size. Nothing was sent."
    assert "not known yet" in terms.kind_of_order(a_proposal(legs=(leg,)))


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"limit": price("4.90")}, True),
        ({"limit": price("4.90"), "tif": "OPG"}, False),
        ({"order_type": OrderType.MARKET}, False),
    ],
    ids=["a limit", "for the open alone", "a market order"],
)
def test_what_rests_at_ib_is_said_to_outlive_what_stops_new_orders(
    named: dict[str, Any], *, says: bool
) -> None:
    leg = a_leg(**{"order_type": OrderType.LIMIT, **named})
    card = Card(proposal=a_proposal(legs=(leg,)), orders=(), opens=None)

    assert terms.works_on(card) == ""
    assert ("buys on" in terms.works_on(replace(card, buying_stops=True))) is says


@pytest.mark.parametrize("ask", [answers.how_to_sell, answers.how_to_buy])
def test_the_question_for_an_amount_quotes_what_it_was_not_told_by(
    ask: Callable[[str, str], str],
) -> None:
    assert "from “if it &lt;falls”" in ask("macv", "if it <falls")
    assert "from “" not in ask("macv", "")


def test_a_command_within_a_note_is_code_and_a_tap_on_it_names_the_stock() -> None:
    """ "/sell" alone was a link, and the name after it was lost on a tap."""
    note = "Not in this sale: 100 SAP (in EUR: /sell SAP asks about it)."
    html = terms.noted(a_proposal(note=note))
    check(html)

    assert "</b><code>/sell SAP</code><b>" in html
