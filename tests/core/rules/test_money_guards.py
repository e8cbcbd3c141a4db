"""What keeps orders back for what they cost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model.order import OrderState
from core.model.status import MarketPhase, MarketState
from core.rules.guards import (
    RefusalKind,
    spent,
)
from core.rules.order_guards import day_is_within_its_cap
from tests.builders import (
    FRIDAY,
    MONDAY,
    NOW,
    a_fill,
    a_quote,
    a_sent_order,
    an_account,
    an_order,
    limits,
    money,
    price,
)
from tests.core.rules.asked import circumstances, judged, kinds, the_only


def test_an_order_over_its_cap_is_not_sent() -> None:
    allowed = limits(max_order=money("500"))
    small, large = an_order(), an_order(leg=2)

    refusal = the_only(judged(small, large, limits=allowed))

    assert (refusal.kind, refusal.ref) == (RefusalKind.ORDER_CAP, large.ref)
    assert refusal.text == "100 FDMX cost about $2,661; the limit is $500 an order."


def test_many_shares_over_a_cap_are_written_as_their_dollars_are() -> None:
    by_order, *_ = judged(an_order(shares=1_000_000))

    assert by_order.text.startswith("1,000,000 QRVX cost about $")


def test_the_cap_counts_at_the_dearer_of_estimate_and_ask() -> None:
    dearer = a_quote(ask=price("4.90"))

    assert judged(quote=dearer, limits=limits(max_order=money("490"))) == ()
    assert kinds(judged(quote=dearer, limits=limits(max_order=money("489")))) == [
        RefusalKind.ORDER_CAP
    ]


def test_without_an_ask_the_cap_counts_at_the_last_price() -> None:
    no_ask = a_quote(ask=None, last=price("4.90"))

    found = judged(quote=no_ask, limits=limits(max_order=money("489")))

    assert RefusalKind.ORDER_CAP in kinds(found)


def test_a_cheaper_ask_does_not_lower_what_the_card_said() -> None:
    cheaper = a_quote(ask=price("4.80"))

    found = judged(quote=cheaper, limits=limits(max_order=money("482")))

    assert kinds(found) == [RefusalKind.ORDER_CAP]


def test_the_day_counts_what_was_sent_and_both_orders() -> None:
    sent = a_sent_order(
        proposal_id="another", state=OrderState.ACKED, estimate=money("1000")
    )
    both = (an_order(), an_order(leg=2))

    at_the_cap = limits(max_day=money("4144"))
    over = limits(max_day=money("4143"))

    assert judged(*both, counting=(sent,), limits=at_the_cap) == ()
    refusal = the_only(judged(*both, counting=(sent,), limits=over))
    assert refusal.kind is RefusalKind.DAY_CAP
    assert refusal.text == (
        "$3,144 on top of $1,000 used today: the limit is $4,143 a day."
    )


def test_funds_must_cover_both_orders_with_a_margin() -> None:
    both = (an_order(), an_order(leg=2))
    enough = an_account(available_funds=money("3175.44"))
    short = an_account(available_funds=money("3175.43"))

    assert judged(*both, account=enough) == ()
    assert kinds(judged(*both, account=short)) == [RefusalKind.FUNDS]


def test_funds_that_do_not_know_our_latest_order_yet_are_not_spent_twice() -> None:
    sent_at = NOW - timedelta(seconds=2)
    before = a_sent_order(sent_at=sent_at, state=OrderState.ACKED)
    account = an_account(at=NOW - timedelta(seconds=5), available_funds=money("900"))

    assert kinds(judged(account=account, counting=(before,))) == [RefusalKind.FUNDS]
    knowing = replace(account, at=sent_at)
    renewed = replace(account, at=NOW, funds_at=account.at)
    assert judged(account=knowing, counting=(before,)) == ()
    found = judged(account=renewed, counting=(before,))
    assert kinds(found) == [RefusalKind.FUNDS]  # its other figures are newer


@pytest.mark.parametrize("account", [None, an_account(available_funds=None)])
def test_unknown_funds_are_no_funds(account: Any) -> None:
    assert kinds(judged(account=account)) == [RefusalKind.FUNDS]


@pytest.mark.parametrize(
    ("state", "fills", "dollars"),
    [
        (OrderState.SENDING, (), "483.00"),
        (OrderState.UNKNOWN, (), "483.00"),
        (OrderState.ACKED, (), "483.00"),
        (OrderState.CLOSED_BY_HUMAN, (), "483.00"),
        (OrderState.PARTIAL, (a_fill(shares=50, price=price("20")),), "1241.50"),
        (OrderState.PARTIAL, (a_fill(shares=50),), "483.00"),
        (OrderState.FILLED, (a_fill(price=price("4.80")),), "480"),
        (OrderState.PARTIAL_DONE, (a_fill(shares=50),), "241.50"),
        (OrderState.REJECTED, (), "0"),
        (OrderState.ABSENT, (), "0"),
        (OrderState.CANCELLED, (), "0"),
    ],
)
def test_what_an_order_counts_against_the_day(
    state: OrderState, fills: Any, dollars: str
) -> None:
    assert spent([a_sent_order(state=state, fills=fills)], MONDAY) == money(dollars)


@pytest.mark.attack(26)
def test_what_was_queued_on_friday_counts_in_mondays_session() -> None:
    queued = a_sent_order(
        proposal_id="another",
        state=OrderState.ACKED,
        sent_at=NOW - timedelta(days=3),
        sent_day=FRIDAY,
        estimate=money("1000"),
    )

    refusal = the_only(judged(counting=(queued,), limits=limits(max_day=money("1482"))))

    assert refusal.text.startswith("$483 on top of $1,000 used today")


@pytest.mark.attack(26)
def test_what_is_queued_counts_with_what_waits_for_the_same_open() -> None:
    """On Friday evening Monday's limit is asked: Friday's fills are not Monday's."""
    friday = NOW - timedelta(days=3)
    closed = MarketState(phase=MarketPhase.CLOSED, session=None, next_open=NOW)
    filled = a_sent_order(
        state=OrderState.FILLED, fills=(a_fill(at=friday),), sent_at=friday
    )
    waits = a_sent_order(leg=2, state=OrderState.ACKED, estimate=money("2661"))

    used = circumstances(
        now=friday + timedelta(hours=8), market=closed, counting=(filled, waits)
    ).used

    assert used == money("2661")


@pytest.mark.attack(26)
def test_a_limit_that_is_not_todays_says_whose_it_is() -> None:
    closed = MarketState(phase=MarketPhase.CLOSED, session=None, next_open=NOW)

    weekend = circumstances(
        now=NOW - timedelta(days=2), market=closed, limits=limits(max_day=money("10"))
    )
    [(kind, text)] = day_is_within_its_cap((an_order(),), weekend)

    assert kind is RefusalKind.DAY_CAP
    assert "used for Monday: the limit is $10 a day." in text


@pytest.mark.attack(26)
def test_a_fill_counts_on_its_own_day_and_the_rest_goes_on_counting() -> None:
    friday = a_fill(shares=50, at=NOW - timedelta(days=3))
    order = a_sent_order(state=OrderState.PARTIAL, fills=(friday,), sent_day=FRIDAY)

    assert spent([order], MONDAY) == money("241.50")
    assert spent([order], FRIDAY) == money("483.00")


@pytest.mark.attack(26)
def test_a_cards_own_planned_orders_are_counted_once() -> None:
    both = (an_order(), an_order(leg=2))
    at_the_cap = limits(max_day=money("3144"))

    assert judged(*both, counting=both, limits=at_the_cap) == ()


@pytest.mark.attack(26)
def test_what_another_card_has_planned_counts() -> None:
    planned = an_order(leg=2, proposal_id="another")

    found = judged(counting=(planned,), limits=limits(max_day=money("3143")))

    assert kinds(found) == [RefusalKind.DAY_CAP]
    assert judged(counting=(planned,), limits=limits(max_day=money("3144"))) == ()


def test_a_limit_order_that_was_closed_by_word_days_later_counts_on_that_day() -> None:
    """Good till cancelled, it may work on; it counted for the day on which it was sent,
    which was over."""
    closed = a_sent_order(
        state=OrderState.CLOSED_BY_HUMAN, sent_day=FRIDAY, tif="GTC", closed_at=NOW
    )
    assert spent([closed], MONDAY) == closed.estimate
    assert spent([closed], MONDAY + timedelta(days=1)) == 0


@pytest.mark.attack(26)
def test_what_the_owner_closed_counts_in_the_session_it_was_held_for() -> None:
    closed = a_sent_order(state=OrderState.CLOSED_BY_HUMAN, sent_day=FRIDAY)

    assert spent([closed], MONDAY) == 0
    assert spent([replace(closed, held_until=NOW)], MONDAY) == money("483.00")
