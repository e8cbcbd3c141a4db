"""What keeps a sale back, and what does not."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import Freshness
from core.model.money import Shares
from core.model.order import OrderState
from core.model.portfolio import Inventory
from core.model.proposal import Purpose
from core.rules.guards import Refusal, RefusalKind, yes_blocks
from core.rules.selling.guards import too_few
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_fill,
    a_position,
    a_quote,
    a_sent_order,
    an_account,
    an_open_order,
    limits,
    money,
    price,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    NEXT_OPEN,
    a_readiness,
    a_supply,
    judged,
    kinds,
    the_only,
)
from tests.core.rules.selling.sales import (
    EARLIER,
    a_sale,
    a_sale_card,
    a_sale_leg,
    an_earlier_sale,
)


ALL = a_sale_card(purpose=Purpose.SELL_ALL)


def asked(**named: Any) -> Any:
    """What stands in the way of selling 100 QRVX of 100."""
    named = {"held": (a_position(),), "proposal": a_sale_card(), **named}
    order = named.pop("order", a_sale())
    return judged(order, **named)


def test_what_is_held_is_sold() -> None:
    assert asked() == ()


def test_more_than_is_held_is_not_sold() -> None:
    found: Refusal = the_only(asked(held=(a_position(shares=Decimal(99)),)))

    assert found.kind is RefusalKind.SHORT
    assert "99 can be sold now" in found.text


def test_what_was_sold_by_hand_meanwhile_is_not_sold_again() -> None:
    assert kinds(asked(held=())) == [RefusalKind.SHORT]


def test_shares_that_are_being_sold_are_not_sold_twice() -> None:
    sale = an_earlier_sale(1)

    assert kinds(asked(counting=(sale,))) == [RefusalKind.SHORT]


def test_a_sale_by_hand_that_works_keeps_its_shares() -> None:
    by_hand = an_open_order(ref="", side="SELL", shares=1)

    works = Inventory(open_orders=(by_hand,), shares={QRVX.con_id: Decimal(100)})

    assert kinds(asked(inventory=works)) == [RefusalKind.SHORT]
    assert asked(inventory=replace(works, open_orders=())) == ()


@pytest.mark.attack(10)
def test_a_refused_sale_that_ib_keeps_as_inactive_keeps_no_shares() -> None:
    refused = an_earlier_sale(100, state=OrderState.REJECTED)
    row = an_open_order(ref=refused.ref, side="SELL", status="Inactive")
    kept = Inventory(open_orders=(row,), shares={QRVX.con_id: Decimal(100)})
    alive = replace(kept, open_orders=(replace(row, status="Submitted"),))

    assert asked(counting=(refused,), inventory=kept) == ()
    assert kinds(asked(counting=(refused,), inventory=alive)) == [RefusalKind.SHORT]


@pytest.mark.attack(19)
def test_shares_that_have_left_the_account_are_not_told_as_being_sold() -> None:
    """They may have been sold, moved to another account, or merged by a split: IB lists
    fewer than the account window, and that is all that is known."""
    listed = Inventory(open_orders=(), shares={QRVX.con_id: Decimal(50)})

    found: Refusal = the_only(asked(inventory=listed))

    assert found.text == "You hold 50 QRVX: no more than 50 can be sold now."


@pytest.mark.attack(19)
def test_what_was_bought_a_moment_ago_is_not_told_as_a_short_position() -> None:
    """The account window has not listed it yet, and some of it was sold by hand."""
    fill = a_fill(shares=100, at=NOW - timedelta(minutes=1))
    bought = a_sent_order(state=OrderState.FILLED, fills=(fill,))
    listed = Inventory(open_orders=(), shares={QRVX.con_id: Decimal(40)})

    found: Refusal = the_only(asked(held=(), counting=(bought,), inventory=listed))

    assert found.text == "You hold 40 QRVX: no more than 40 can be sold now."


def test_what_ib_does_not_list_when_it_is_asked_is_not_sold() -> None:
    """Another reason than shares that are too few: the sentence says which."""
    refusal = the_only(asked(inventory=Inventory(open_orders=(), shares={})))

    assert refusal.kind is RefusalKind.SHORT
    assert refusal.text.startswith("IB did not list QRVX when it was asked")


def test_a_sale_in_doubt_keeps_its_shares() -> None:
    unknown = an_earlier_sale(1, state=OrderState.UNKNOWN)
    found = asked(counting=(unknown,), in_doubt=(unknown,))

    assert kinds(found) == [RefusalKind.SHORT]


def test_the_order_itself_is_not_counted_against_itself() -> None:
    assert asked(counting=(a_sale(),)) == ()


def test_while_a_buy_of_ours_works_the_stock_is_not_sold() -> None:
    working = (a_sent_order(proposal_id=EARLIER, state=OrderState.PARTIAL),)

    assert kinds(asked(working=working)) == [RefusalKind.ALREADY_WORKING]
    assert asked(working=working, proposal=ALL) == ()


def test_limits_funds_and_the_data_s_age_do_not_keep_a_sale_back() -> None:
    assert (
        asked(
            limits=limits(max_order=money("1"), max_day=money("1")),
            account=an_account(available_funds=money("0")),
            quote=a_quote(freshness=Freshness.DELAYED, at=NOW - timedelta(minutes=15)),
        )
        == ()
    )


@pytest.mark.attack(4)
def test_a_price_that_is_gone_since_the_card_is_asked_about_unless_panic_sells() -> (
    None
):
    assert kinds(asked(quotes={})) == [RefusalKind.PRICE_MOVED]
    assert asked(quotes={}, proposal=ALL) == ()


def test_a_buy_in_doubt_may_still_fill_so_the_stock_is_not_sold() -> None:
    unknown = (a_sent_order(proposal_id=EARLIER, state=OrderState.UNKNOWN),)

    assert kinds(asked(in_doubt=unknown)) == [RefusalKind.IN_DOUBT]
    assert asked(in_doubt=unknown, proposal=ALL) == ()


def test_a_day_s_limit_that_was_passed_does_not_keep_a_sale_back() -> None:
    """A buy that filled above its estimate is enough to pass it."""
    bought = a_sent_order(proposal_id=EARLIER, leg=2, state=OrderState.ACKED)

    assert asked(counting=(bought,), limits=limits(max_day=money("1"))) == ()


@pytest.mark.parametrize("account", [None, an_account(available_funds=None)])
def test_funds_that_ib_has_not_told_do_not_keep_a_sale_back(account: Any) -> None:
    assert asked(account=account) == ()


def test_what_was_just_spent_does_not_keep_a_sale_back() -> None:
    bought = a_sent_order(proposal_id=EARLIER, leg=2, state=OrderState.ACKED)
    poor = an_account(available_funds=money("10"), at=NOW - timedelta(days=1))

    assert asked(counting=(bought,), account=poor) == ()


def test_a_halted_stock_is_sold_only_after_panic() -> None:
    halted = a_quote(halted=True)

    assert kinds(asked(quote=halted)) == [RefusalKind.STOCK_HALTED]
    assert asked(quote=halted, proposal=ALL) == ()


def test_a_price_that_fell_is_asked_about_again() -> None:
    fell = a_quote(bid=price("4.70"), last=price("4.71"), ask=price("4.72"))

    assert kinds(asked(quote=fell)) == [RefusalKind.PRICE_MOVED]
    assert asked(quote=fell, proposal=ALL) == ()


@pytest.mark.parametrize(
    ("bid", "last", "asked_again"),
    [
        ("4.70", "4.81", True),  # one sells at the bid
        ("4.81", "4.70", False),
        (None, "4.70", True),
        (None, "4.81", False),
        (None, None, True),
    ],
)
def test_what_a_sale_would_get_is_the_bid_or_without_one_the_last_price(
    bid: str | None, last: str | None, *, asked_again: bool
) -> None:
    quote = a_quote(bid=price(bid) if bid else None, last=price(last) if last else None)

    found = asked(quote=quote, limits=limits(price_band=Decimal(1)))

    assert kinds(found) == ([RefusalKind.PRICE_MOVED] if asked_again else [])


@pytest.mark.parametrize(
    ("shown", "reference", "now", "asked_again"),
    [
        ("4.00", "5.00", "4.00", False),  # the card showed the lower of the two
        ("5.00", "4.00", "4.00", False),
        (None, "5.00", "4.90", True),
        ("5.00", "5.00", "4.95", False),  # the band itself is inside
        ("5.00", "5.00", "4.94", True),
    ],
)
def test_a_fall_counts_from_what_the_card_showed(
    shown: str | None, reference: str, now: str, *, asked_again: bool
) -> None:
    leg = a_sale_leg(bid=price(shown) if shown else None, reference=price(reference))
    found = asked(
        proposal=a_sale_card(legs=(leg,)),
        quote=a_quote(bid=price(now)),
        limits=limits(price_band=Decimal(1)),
    )

    assert kinds(found) == ([RefusalKind.PRICE_MOVED] if asked_again else [])


def test_a_sale_that_the_owner_let_wait_for_the_open_goes_at_its_price() -> None:
    fell = a_quote(bid=price("4.70"), last=price("4.71"))
    waiting = a_sale_card(queue_for=NEXT_OPEN)

    found = asked(quote=fell, proposal=waiting, market=CLOSED_MARKET)

    assert RefusalKind.PRICE_MOVED not in kinds(found)
    assert kinds(asked(quote=fell, proposal=waiting)) == [RefusalKind.PRICE_MOVED]


def test_a_sale_that_the_owner_has_taken_back_does_not_leave() -> None:
    assert kinds(asked(order=a_sale(cancel_asked=True))) == [RefusalKind.CANCELLED]


def test_only_a_buy_of_the_same_stock_is_waited_for() -> None:
    other = a_sent_order(proposal_id=EARLIER, instrument=FDMX, state=OrderState.ACKED)
    sale = an_earlier_sale(1)
    enough = (a_position(shares=Decimal(200)),)

    assert asked(working=(other,)) == ()
    assert asked(working=(sale,), counting=(sale,), held=enough) == ()


def test_shares_that_exits_cover_are_free_once_the_exits_end_and_no_others() -> None:
    stop, sale = an_earlier_sale(100, exit=ExitKind.STOP), an_earlier_sale(1)

    assert kinds(asked(counting=(stop,))) == [RefusalKind.SHORT]
    assert asked(counting=(stop,), exits_end=True) == ()
    assert kinds(asked(counting=(sale,), exits_end=True)) == [RefusalKind.SHORT]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"state": OrderState.CLOSED_BY_HUMAN, "closed_at": NOW},
        {"gateway": "other:4002", "client_id": 17},
    ],
    ids=["closed by word", "of another login"],
)
def test_shares_of_an_exit_that_cannot_be_cancelled_are_not_free(
    elsewhere: dict[str, Any],
) -> None:
    """The card says so before the Yes; the sale would be refused after it."""
    stop = an_earlier_sale(100, exit=ExitKind.STOP, tif="GTC", **elsewhere)

    assert kinds(asked(counting=(stop,), exits_end=True)) == [RefusalKind.SHORT]


def test_a_better_price_is_taken() -> None:
    assert asked(quote=a_quote(bid=price("5.40"), last=price("5.41"))) == ()


def test_a_halt_keeps_a_sale_back_but_not_what_panic_sells() -> None:
    halted = "/halt by Ada"

    assert kinds(asked(halted=halted)) == [RefusalKind.HALTED]
    assert asked(halted=halted, proposal=ALL) == ()


def test_what_panic_sells_still_waits_for_the_comparison() -> None:
    """No sale leaves on holdings and orders that nobody has looked at."""
    found = asked(halted="x", reconciled=False, proposal=ALL)

    assert kinds(found) == [RefusalKind.NOT_RECONCILED]


def test_a_sale_of_another_account_is_not_sent() -> None:
    assert kinds(asked(order=a_sale(account="DU7654321"))) == [RefusalKind.ACCOUNT]


def test_two_legs_are_each_judged_by_their_own_stock() -> None:
    card = a_sale_card(legs=(a_sale_leg(), a_sale_leg(number=2)))
    found = asked(order=a_sale(leg=2), proposal=card)

    assert kinds(found) == [RefusalKind.SHORT]


@pytest.mark.parametrize("purpose", [Purpose.SELL, Purpose.SELL_ALL])
def test_a_yes_to_a_sale_needs_neither_funds_nor_room_in_the_limit(
    purpose: Purpose,
) -> None:
    now = a_readiness(
        supply=a_supply(account=an_account(available_funds=None)),
        used_today=money("999999"),
    )

    assert yes_blocks(now, limits(), purpose) == ()
    assert yes_blocks(now, limits(), Purpose.BUY) != ()


def test_only_a_yes_to_panic_is_heard_while_halted() -> None:
    now = a_readiness(halted="/halt by Ada")

    assert yes_blocks(now, limits(), Purpose.SELL_ALL) == ()
    assert "halted" in yes_blocks(now, limits(), Purpose.SELL)[0]


def test_a_sale_makes_no_room_in_the_day_s_limit() -> None:
    bought = a_sent_order(proposal_id=EARLIER, state=OrderState.ACKED)
    sale = an_earlier_sale(100, leg=2)
    tight = limits(max_day=money("500"))

    alone = judged(counting=(bought,), limits=tight)
    assert kinds(alone) == [RefusalKind.DAY_CAP]
    assert judged(counting=(sale,), limits=tight) == ()
    assert Shares(100) == sale.shares


@pytest.mark.parametrize(
    ("held", "free", "why"),
    [
        ("60", 60, "no more than 60"),
        ("0.75", 0, "A fraction of a share stays"),
        ("60.5", 60, "A fraction of a share stays"),
        ("100", 40, "being sold already"),
        ("100.5", 40, "being sold already"),
        ("41", 40, "being sold already"),
        ("-50", 0, "a short position"),
    ],
)
def test_too_few_says_the_reason_that_holds_and_no_other(
    held: str, free: int, why: str
) -> None:
    """An exit that sold between card and Yes leaves 60, and none of them is being sold."""
    reasons = ("no more than", "A fraction", "being sold already", "a short position")
    said = too_few("QRVX", held=held, free=free)

    assert why in said
    assert sum(reason in said for reason in reasons) == 1
