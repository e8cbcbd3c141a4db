"""What the owner's limits of a session keep back, and what they never do."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.market import Side
from core.model.order import OrderState
from core.model.proposal import ProposalId, Purpose
from core.rules.figures.terms import AT_THE_OPEN
from core.rules.guards import RefusalKind
from core.rules.new_york import NEW_YORK
from core.rules.sessions import market_state
from tests.builders import (
    FDMX,
    FRIDAY,
    MONDAY,
    NOW,
    QRVX,
    a_fill,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_second_leg,
    a_sent_order,
    a_session,
    a_session_in,
    a_week,
    an_account,
    an_order,
    limits,
    money,
    sessions_of,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    NEXT_OPEN,
    OPEN_MARKET,
    judged,
    kinds,
    the_only,
)


OLDER = ProposalId("anothercard")
TUESDAY = MONDAY + timedelta(days=1)


def ny(day: int, hour: int, minute: int) -> datetime:
    """A moment of that day of November by New York's clock, in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


def bought(**named: Any) -> Any:
    """A buy of an earlier card, filled a moment ago."""
    filled = {
        "proposal_id": OLDER,
        "state": OrderState.FILLED,
        "fills": (a_fill(at=NOW),),
        "leg": 2,
    }
    return a_sent_order(**{**filled, **named})


# loss


@pytest.mark.parametrize(("profit", "stops"), [("-499.99", 0), ("-500", 1), ("9", 0)])
def test_buying_stops_at_the_loss_that_was_set(profit: str, stops: int) -> None:
    account = an_account(day_profit=money(profit))

    found = judged(limits=limits(max_loss=money("500")), account=account)

    assert kinds(found) == [RefusalKind.LOSS] * stops


def test_a_loss_is_said_as_a_loss() -> None:
    account = an_account(day_profit=money("-600"))
    found = the_only(judged(limits=limits(max_loss=money("500")), account=account))

    assert found.text == "The day's loss is $600: buying stops at $500."


@pytest.mark.parametrize("account", [an_account(day_profit=None), None])
def test_a_loss_that_nobody_knows_is_not_taken_for_none(account: Any) -> None:
    found = judged(limits=limits(max_loss=money("500")), account=account)

    [loss] = [each for each in found if each.kind is RefusalKind.LOSS]
    assert "has not sent the day's profit" in loss.text


def test_the_day_before_a_session_says_nothing_of_its_loss() -> None:
    """After Monday's close a card would buy on Tuesday."""
    found = judged(
        limits=limits(max_loss=money("500")),
        account=an_account(day_profit=money("-900")),
        market=CLOSED_MARKET,
        proposal=a_proposal(queue_for=NEXT_OPEN),
    )

    assert found == ()


def test_until_ibs_night_is_over_the_loss_is_still_that_of_the_day_before() -> None:
    """At half past midnight a card for that day's open is asked about Monday's loss."""
    night: dict[str, Any] = {
        "account": an_account(day_profit=money("-900")),
        "market": replace(CLOSED_MARKET, session=a_session(day=TUESDAY)),
        "proposal": a_proposal(queue_for=NEXT_OPEN),
    }
    set_limit = limits(max_loss=money("500"))

    assert (
        judged(limits=set_limit, now=datetime(2026, 11, 24, 5, 30, tzinfo=UTC), **night)
        == ()
    )
    found = judged(
        limits=set_limit, now=datetime(2026, 11, 24, 9, 0, tzinfo=UTC), **night
    )
    assert kinds(found) == [RefusalKind.LOSS]


# buys


def test_as_many_buys_as_the_owner_allows_in_a_session() -> None:
    two = limits(max_buys=2, buy_held=True)

    assert judged(an_order(), limits=two, counting=(bought(),)) == ()
    both = judged(an_order(), an_order(leg=2), limits=two, counting=(bought(),))
    assert the_only(both).kind is RefusalKind.BUYS
    assert the_only(both).text == (
        "2 buys on top of 1 today: the limit is 2 a session."
    )


@pytest.mark.parametrize(
    "earlier",
    [
        bought(side=Side.SELL),
        bought(fills=(a_fill(at=datetime(2026, 11, 20, 20, tzinfo=UTC)),)),
        bought(state=OrderState.CANCELLED, fills=()),
        bought(fills=(a_fill(at=NOW, shares=0),)),
    ],
)
def test_a_sale_another_session_a_bust_and_what_bought_nothing_are_no_buys(
    earlier: Any,
) -> None:
    assert judged(limits=limits(max_buys=1), counting=(earlier,)) == ()


@pytest.mark.parametrize(
    "earlier",
    [
        bought(state=OrderState.ACKED, fills=(), sent_day=FRIDAY),
        bought(state=OrderState.UNKNOWN, fills=()),
        an_order(proposal_id=OLDER, leg=2),
        bought(state=OrderState.CLOSED_BY_HUMAN, fills=()),
    ],
)
def test_what_may_still_buy_is_a_buy_whenever_it_was_sent(earlier: Any) -> None:
    found = judged(limits=limits(max_buys=1), counting=(earlier,))

    assert kinds(found) == [RefusalKind.BUYS]


def test_buys_are_counted_by_the_session_in_which_they_execute() -> None:
    """Monday's buys leave room on Tuesday, for which the card is."""
    found = judged(
        limits=limits(max_buys=1),
        counting=(bought(),),
        market=CLOSED_MARKET,
        proposal=a_proposal(queue_for=NEXT_OPEN),
    )

    assert found == ()


# positions


def test_no_more_positions_than_the_owner_allows() -> None:
    held = (a_position(instrument=FDMX),)

    assert judged(limits=limits(max_positions=2), held=held) == ()
    found = the_only(judged(limits=limits(max_positions=1), held=held))
    assert found.kind is RefusalKind.POSITIONS
    assert found.text == (
        "1 new position on top of 1 that are open or being bought: the limit is 1."
    )


@pytest.mark.parametrize(
    "earlier", [bought(), bought(state=OrderState.ACKED, fills=())]
)
def test_a_position_counts_before_ib_has_listed_it(earlier: Any) -> None:
    found = judged(limits=limits(max_positions=1), counting=(earlier,))

    assert kinds(found) == [RefusalKind.POSITIONS]


def test_more_of_what_is_held_opens_no_position() -> None:
    found = judged(limits=limits(max_positions=1, buy_held=True), held=(a_position(),))

    assert found == ()


def test_with_more_positions_than_the_limit_what_is_held_can_still_be_bought() -> None:
    """The limit was lowered below what there is."""
    held = (a_position(), a_position(instrument=FDMX))

    assert judged(limits=limits(max_positions=1, buy_held=True), held=held) == ()


def test_what_was_sold_whole_is_no_position() -> None:
    sold = a_position(instrument=FDMX, shares=0)

    assert judged(limits=limits(max_positions=1), held=(sold,)) == ()


# the time of day


@pytest.mark.parametrize(
    ("limit", "late"),
    [(time(9, 31), 1), (time(9, 41), 1), (time(9, 42), 0), (time(15, 30), 0)],
)
def test_nothing_is_bought_from_the_owners_hour_on(limit: time, late: int) -> None:
    """It is 09:41 in New York."""
    found = judged(limits=limits(no_buy_after=limit))

    assert kinds(found) == [RefusalKind.LATE] * late


def test_what_waits_for_an_open_is_bought_at_that_open() -> None:
    """At eight in the evening: the hour of the next day's open counts."""
    evening = {
        "now": NOW + timedelta(hours=10),
        "market": CLOSED_MARKET,
        "proposal": a_proposal(queue_for=NEXT_OPEN),
    }

    assert judged(limits=limits(no_buy_after=time(15, 30)), **evening) == ()
    found = judged(limits=limits(no_buy_after=time(9, 30)), **evening)
    assert kinds(found) == [RefusalKind.LATE]


def test_what_may_still_be_filled_before_the_close_counts_by_the_clock_too() -> None:
    """Right before a close the owner queues for the next open; IB may fill it at once."""
    last_minute: dict[str, Any] = {
        "now": a_session().closes - timedelta(seconds=50),
        "market": replace(OPEN_MARKET, next_open=NEXT_OPEN),
        "proposal": a_proposal(queue_for=NEXT_OPEN),
    }
    found = judged(limits=limits(no_buy_after=time(15, 30)), **last_minute)

    assert RefusalKind.LATE in kinds(found)
    late = next(each.text for each in found if each.kind is RefusalKind.LATE)
    assert late.startswith("It could still be bought at 15:59")


def test_the_hour_holds_also_where_no_later_open_is_known() -> None:
    market = replace(OPEN_MARKET, next_open=None)
    found = the_only(judged(limits=limits(no_buy_after=time(9, 31)), market=market))

    assert found.text.startswith("It would be bought at 09:41")


def test_what_is_for_an_open_alone_counts_by_that_open_before_the_close_too() -> None:
    last_minute: dict[str, Any] = {
        "now": a_session().closes - timedelta(seconds=50),
        "market": replace(OPEN_MARKET, next_open=NEXT_OPEN),
        "proposal": a_proposal(queue_for=NEXT_OPEN, legs=(a_leg(tif=AT_THE_OPEN),)),
    }
    for limit, late in ((time(9, 30), 1), (time(15, 30), 0)):
        found = judged(limits=limits(no_buy_after=limit), **last_minute)
        assert kinds(found).count(RefusalKind.LATE) == late


# sales


def test_no_limit_of_a_session_keeps_a_sale_back() -> None:
    strict = limits(
        max_loss=money("1"), max_buys=1, max_positions=1, no_buy_after=time(9, 31)
    )
    sale = an_order(side=Side.SELL)

    found = judged(
        sale,
        limits=strict,
        account=an_account(day_profit=money("-900")),
        counting=(bought(),),
        proposal=a_proposal(purpose=Purpose.SELL),
    )

    assert not {
        RefusalKind.LOSS,
        RefusalKind.BUYS,
        RefusalKind.POSITIONS,
        RefusalKind.LATE,
    } & set(kinds(found))
    assert sale.instrument is QRVX


# outside of regular hours

EVENING: dict[str, Any] = {
    "now": NOW + timedelta(hours=7),
    "market": CLOSED_MARKET,
    "proposal": a_proposal(
        queue_for=NEXT_OPEN, legs=(a_leg(outside_hours=True), a_second_leg())
    ),
}
"""After Monday's close: a limit order may still be filled on Monday."""


def test_what_is_bought_after_the_close_counts_for_the_day_that_ends() -> None:
    """Else every order of the evening would have the next session's room to itself."""
    filled = bought(fills=(a_fill(at=NOW + timedelta(hours=6)),))
    one = limits(max_buys=1, max_day=money("900"), max_loss=money("500"))
    lost = an_account(day_profit=money("-900"))

    found = judged(limits=one, counting=(filled,), account=lost, **EVENING)

    assert {RefusalKind.LOSS, RefusalKind.BUYS, RefusalKind.DAY_CAP} <= set(
        kinds(found)
    )


def test_what_may_be_filled_in_the_evening_is_late_in_the_evening() -> None:
    found = judged(limits=limits(no_buy_after=time(15, 30)), **EVENING)

    assert kinds(found) == [RefusalKind.LATE]


def outside(now: datetime, **named: Any) -> list[RefusalKind]:
    """What is said at *now* (in the week of Thanksgiving) to a limit order that may be
    filled outside regular hours."""
    market = market_state(sessions_of(*a_week().all, a_session_in(7)), now)
    asked: dict[str, Any] = {
        "now": now,
        "market": market,
        "proposal": a_proposal(
            queue_for=market.next_open, legs=(a_leg(outside_hours=True),)
        ),
        "quotes": {},
    }
    return kinds(judged(an_order(outside_hours=True), **{**asked, **named}))


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (ny(24, 18, 0), 1),
        (ny(24, 21, 0), 0),  # the evening is over
        (ny(25, 2, 0), 0),  # IB's figure is of the day before
        (ny(25, 5, 0), 1),
        (ny(26, 12, 0), 0),  # Thanksgiving
        (ny(27, 16, 59), 1),  # it closes at 13:00
        (ny(27, 17, 1), 0),
        (ny(22, 12, 0), 0),  # a Sunday
    ],
)
def test_where_no_hours_are_left_the_loss_of_the_session_before_says_nothing(
    now: datetime, kept: int
) -> None:
    """On a Saturday the order was refused for Friday's loss, which it adds nothing to."""
    found = outside(
        now,
        limits=limits(max_loss=money("500")),
        account=an_account(day_profit=money("-900")),
    )

    assert found == [RefusalKind.LOSS] * kept


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (ny(24, 5, 0), 0),  # before it said 09:30
        (ny(24, 9, 20), 1),
        (ny(24, 18, 0), 1),
        (ny(24, 21, 0), 0),
        (ny(26, 18, 0), 0),
    ],
)
def test_an_order_at_any_hours_is_late_by_when_it_can_first_be_filled(
    now: datetime, late: int
) -> None:
    found = outside(now, limits=limits(no_buy_after=time(9, 15)))

    assert found == [RefusalKind.LATE] * late


@pytest.mark.parametrize(
    ("now", "refused"),
    [(ny(24, 5, 0), 1), (ny(24, 18, 0), 1), (ny(24, 21, 0), 0), (ny(26, 12, 0), 0)],
)
def test_while_no_hours_run_an_order_at_any_hours_has_no_spread_yet(
    now: datetime, refused: int
) -> None:
    """Nor a volume, nor an ask that its limit has to reach: none trades."""
    strict = limits(max_spread=Decimal(1), min_relative_volume=Decimal(1))
    quote = replace(a_quote(bid=None, volume=None), at=now)

    found = outside(now, limits=strict, quotes={QRVX.con_id: quote})

    assert set(found) == ({RefusalKind.SPREAD, RefusalKind.THIN} if refused else set())


def test_before_the_open_the_volume_of_the_session_is_not_asked_for() -> None:
    """It said that IB had not sent the volume, which IB had."""
    market = market_state(a_week(), ny(24, 9, 0))
    asked = a_proposal(queue_for=market.next_open, legs=(a_leg(outside_hours=True),))
    [found] = judged(
        an_order(outside_hours=True),
        now=ny(24, 9, 0),
        market=market,
        proposal=asked,
        limits=limits(min_relative_volume=Decimal(1)),
        quote=a_quote(at=ny(24, 9, 0), volume=90_000, average_volume=100_000),
    )

    assert found.text == (
        "QRVX's relative volume counts from the open on, and your limit of 1 with it:"
        " nothing is bought before 09:30 ET."
    )
