"""The judge of a holding sees each thing that must not be, and nothing in what is right."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.sandbox.api_types import Message
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder, Execution, OrderStatus
from core.sandbox.trading.tickets import OrderTicket, Side
from tests.builders import NOW
from tests.campaign.holding.facts import Facts
from tests.campaign.holding.judge import (
    AWAKE,
    SETTLING,
    exits_unapproved,
    is_about_exits,
    is_sale,
    is_unsent,
    wrong_at_rest,
    wrong_ever,
)
from tests.campaign.holding.watch import Lapse, Watch
from tests.campaign.test_judge import a_message


PLAN = ((5.0, 10.0),)
BOUGHT = a_message("Bought 100 QRVX @ 4.83, $484 in all")
SOLD = a_message("Sold 50 QRVX @ 4.81, $240 after fees")
FIRED = a_message("Stop: sold 100 QRVX at 4.57 for $456 after fees.")
YES = a_message("Sold\nYes, said Sam · 09:41:06 ET\n\nQRVX SELL 50 filled 50 @ 4.81")


def an_order(
    kind: str, *, leg: int, side: str = "SELL", shares: int = 100
) -> BookOrder:
    ticket = OrderTicket(
        client_id=17,
        order_id=leg,
        con_id=1,
        action=side,
        quantity=shares,
        order_type=kind,
        aux_price=4.59 if kind == "STP" else None,
        limit_price=5.31 if kind == "LMT" else None,
        order_ref=f"tb-0a1b2c3d-abcdefghij-{leg}",
    )
    return BookOrder(
        ticket=ticket, perm_id=leg, status=OrderStatus.SUBMITTED, placed_at=NOW
    )


def done(order: BookOrder, *, filled: int = 0) -> BookOrder:
    status = OrderStatus.FILLED if filled else OrderStatus.CANCELLED
    return replace(order, status=status, filled=filled)


def a_fill_of(order: BookOrder, shares: int, *, price: float = 4.83) -> Executed:
    execution = Execution(
        exec_id="x",
        time=NOW + timedelta(seconds=1),
        account="DU1",
        exchange="ISLAND",
        side=order.ticket.side,
        shares=shares,
        price=price,
        cumulative=shares,
        average=price,
        liquidity=2,
    )
    return Executed(at=NOW, order=order, execution=execution)


ENTRY = done(an_order("MKT", leg=1, side="BUY"), filled=100)
STOP = an_order("STP", leg=11)
TARGET = an_order("LMT", leg=12)
SALE = an_order("MKT", leg=2, shares=50)


def facts(held: int, *orders: BookOrder, fills: tuple[Executed, ...] = ()) -> Facts:
    bought = a_fill_of(ENTRY, 100)
    return Facts(held=held, orders=(ENTRY, *orders), executions=(bought, *fills))


def at_rest(found: Facts, *received: Message, is_owed: bool = True) -> set[str]:
    return set(wrong_at_rest(found, [BOUGHT, *received], is_owed=is_owed))


def watched(**lapses: list[Lapse]) -> Watch:
    watch = Watch(
        facts=lambda: facts(0), is_owed=lambda: True, is_connected=lambda: True
    )
    watch.naked = lapses.get("naked", [])
    watch.too_much = lapses.get("too_much", [])
    return watch


def test_a_holding_with_both_its_exits_is_right() -> None:
    found = facts(100, STOP, TARGET)

    assert at_rest(found) == set()
    assert wrong_ever(found, watched(), []) == {}
    assert exits_unapproved(found, PLAN) == 0


def test_shares_without_a_stop_are_wrong_unless_that_is_told_or_wanted() -> None:
    bare = facts(100, TARGET)

    assert at_rest(bare) == {"unprotected"}
    assert at_rest(bare, a_message("QRVX has no exit now since 09:41.")) == set()
    assert at_rest(bare, a_message("SELL 100?", "It is there")) == set()
    assert at_rest(bare, is_owed=False) == set()


def test_an_exit_that_lives_on_a_flat_position_is_wrong() -> None:
    sold = facts(0, done(STOP, filled=100), TARGET)

    assert at_rest(sold, FIRED) == {"alive_on_flat"}


def test_two_exits_of_a_kind_are_wrong() -> None:
    twice = facts(100, STOP, an_order("STP", leg=13), TARGET)

    assert at_rest(twice) == {"oversold"}


def test_parts_have_an_exit_of_a_kind_each() -> None:
    parts = (an_order("STP", leg=leg, shares=50) for leg in (11, 13))

    assert at_rest(facts(100, *parts)) == set()


def test_a_sale_beside_exits_of_the_same_shares_is_wrong() -> None:
    assert at_rest(facts(100, STOP, SALE)) == {"oversold"}


@pytest.mark.parametrize("told", [[], [FIRED, FIRED]])
def test_an_exit_that_fired_is_told_once(told: list[Message]) -> None:
    sold = facts(0, done(STOP, filled=100))

    assert at_rest(sold, FIRED) == set()
    assert at_rest(sold, *told) == {"untold"}


def test_a_sale_is_told_and_has_a_yes() -> None:
    sold = facts(50, done(SALE, filled=50), an_order("STP", leg=11, shares=50))

    assert at_rest(sold, SOLD) == set()
    assert at_rest(sold) == {"untold"}
    assert wrong_ever(sold, watched(), [YES]) == {}
    assert wrong_ever(sold, watched(), []) == {"unapproved": 1}


def test_one_yes_sells_once() -> None:
    twice = facts(0, done(SALE, filled=50), done(SALE, filled=50))

    assert wrong_ever(twice, watched(), [YES]) == {"duplicates": 1}


def test_an_account_that_was_short_for_a_moment_is_wrong() -> None:
    fills = (a_fill_of(STOP, 150), a_fill_of(ENTRY, 50))

    assert wrong_ever(facts(0, fills=fills), watched(), []) == {"short": 1}


def test_what_lasted_too_long_is_wrong() -> None:
    lapses = {
        "naked": [Lapse(seconds=AWAKE + 9, awake=AWAKE + 1), Lapse(seconds=AWAKE + 9)],
        "too_much": [Lapse(seconds=SETTLING + 1), Lapse(seconds=SETTLING - 1)],
    }

    found = wrong_ever(facts(0), watched(**lapses), [])

    assert found == {"unprotected": 1, "oversold": 1}


def test_an_exit_at_a_price_that_nobody_approved_is_wrong() -> None:
    moved = facts(100, STOP, TARGET)

    assert exits_unapproved(moved, ((3.0, 10.0),)) == 1
    assert exits_unapproved(moved, ((5.0, 20.0),)) == 1
    assert exits_unapproved(moved, ((3.0, 20.0), *PLAN)) == 0


@dataclass(slots=True)
class Scenery:
    """What the watch sees."""

    held: Facts
    is_connected: bool = False


def test_the_watch_counts_what_lasts_and_how_much_of_it_the_bot_was_there() -> None:
    scenery = Scenery(facts(100, TARGET))
    watch = Watch(
        facts=lambda: scenery.held,
        is_owed=lambda: True,
        is_connected=lambda: scenery.is_connected,
    )
    watch.look(1.0)
    scenery.is_connected = True
    watch.look(2.0)
    scenery.held = facts(100, STOP, TARGET)
    watch.look(1.0)
    scenery.held = facts(100, TARGET)
    watch.look(0.5)

    assert watch.naked == [Lapse(seconds=3.0, awake=2.0), Lapse(seconds=0.5, awake=0.5)]
    assert watch.too_much == []


@pytest.mark.parametrize(
    ("text", "sells", "exits"),
    [
        ("Sold · SANDBOX\nYes, said Sam\n\nQRVX SELL 50 filled 50 @ 4.81", True, False),
        ("No, said Sam · 09:41. Nothing was sold.\nOffered: SELL 50 QRVX", True, False),
        ("Stopped: I send nothing new\nTo be cancelled: SELL 50 QRVX.", False, False),
        ("Exits of QRVX: stop 3%\nYes, said Sam · 09:41:07 ET", False, True),
        ("Exits · Everything has a stop\n\nQRVX 100", False, False),
    ],
)
def test_a_card_is_known_by_what_it_asks(
    text: str, *, sells: bool, exits: bool
) -> None:
    assert is_sale(a_message(text)) is sells
    assert is_about_exits(a_message(text)) is exits


def test_a_purchase_is_no_sale() -> None:
    assert facts(100).sales == []
    assert Side.BUY in {o.ticket.side for o in facts(100).entries}


def test_an_approved_order_that_is_still_to_be_sent_is_no_end() -> None:
    waits = a_message(
        "Waiting: not sent yet\nYes, said Sam\nQRVX BUY waiting to be sent"
    )

    assert is_unsent(waits)
    assert not is_unsent(YES)
