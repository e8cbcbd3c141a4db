"""What the owner's limits keep back of one stock."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.market import ConId, OrderType, Quote, Side
from core.model.money import Price, PriceStep, Shares, Size
from core.model.order import OrderState
from core.model.portfolio import BaseFigures
from core.model.proposal import ProposalId
from core.model.status import MarketState
from core.rules.guards import RefusalKind
from core.rules.outlook import outlook
from tests.builders import (
    FDMX,
    QRVX,
    a_fill,
    a_leg,
    a_position,
    a_proposal,
    a_quote,
    a_sent_order,
    a_session,
    an_account,
    an_order,
    limits,
    money,
    price,
)
from tests.core.rules.asked import (
    CLOSED_MARKET,
    NEXT_OPEN,
    OPEN_MARKET,
    circumstances,
    judged,
    kinds,
    the_only,
)


OLDER = ProposalId("anothercard")
A_CENT = (PriceStep(above=price("0"), step=price("0.01")),)


# dollars in one stock


def test_what_is_held_works_and_is_ordered_counts_together() -> None:
    """100 held at 4.83, 50 being bought for 241.50, and this order for 483."""
    held = (a_position(),)
    working = a_sent_order(
        proposal_id=OLDER, shares=50, estimate=money("241.50"), state=OrderState.UNKNOWN
    )
    more = {"held": held, "counting": (working,)}

    enough = limits(max_stock=money("1207.50"), buy_held=True)
    assert judged(limits=enough, **more) == ()
    found = judged(limits=limits(max_stock=money("1207"), buy_held=True), **more)
    assert the_only(found).kind is RefusalKind.STOCK_CAP
    assert the_only(found).text == (
        "QRVX would come to $1,208 with $483 held and $242 being bought: the limit is"
        " $1,207 a stock."
    )


@pytest.mark.parametrize(
    "other",
    [{"instrument": FDMX}, {"side": Side.SELL}],
    ids=["another stock", "a sale"],
)
def test_what_buys_nothing_of_the_stock_does_not_count(other: dict[str, Any]) -> None:
    """And nothing is held: the order alone comes to the limit."""
    working = a_sent_order(proposal_id=OLDER, state=OrderState.PARTIAL, **other)
    found = judged(limits=limits(max_stock=money("483")), counting=(working,))

    assert RefusalKind.STOCK_CAP not in kinds(found)


@pytest.mark.parametrize(
    ("quotes", "held"),
    [
        ({QRVX.con_id: a_quote(ask=None, bid=None, last=price("0.60"))}, "$60"),
        ({QRVX.con_id: a_quote(ask=price("0.40"), last=price("0.60"))}, "$50"),
        ({}, "$50"),
    ],
    ids=["no ask", "an ask below the card's price", "no quote"],
)
def test_a_holding_counts_at_the_ask_or_last_or_the_cards_price(
    quotes: dict[ConId, Quote], held: str
) -> None:
    card = a_proposal(legs=(a_leg(reference=price("0.50")),))
    cap = limits(max_stock=money("10"), buy_held=True)
    found = judged(limits=cap, held=(a_position(),), quotes=quotes, proposal=card)

    text = next(each.text for each in found if each.kind is RefusalKind.STOCK_CAP)
    assert f"with {held} held" in text


def test_what_was_bought_a_moment_ago_is_held_before_ib_lists_it() -> None:
    filled = a_sent_order(proposal_id=OLDER, state=OrderState.FILLED, fills=(a_fill(),))

    found = judged(
        limits=limits(max_stock=money("900"), buy_held=True), counting=(filled,)
    )

    assert kinds(found) == [RefusalKind.STOCK_CAP]


def test_what_was_bought_a_moment_ago_comes_on_top_of_what_was_held_before() -> None:
    """IB still lists the 100 of before: with this order it would be 300."""
    filled = a_sent_order(
        proposal_id=OLDER,
        state=OrderState.FILLED,
        position_before=Decimal(100),
        fills=(a_fill(),),
    )
    books: dict[str, Any] = {"counting": (filled,)}
    cap = limits(max_stock=money("1000"), buy_held=True)

    stale = judged(limits=cap, held=(a_position(),), **books)
    renewed = judged(limits=cap, held=(a_position(shares=200),), **books)

    assert kinds(stale) == [RefusalKind.STOCK_CAP]
    assert [each.text for each in stale] == [each.text for each in renewed]


# the spread


@pytest.mark.parametrize(("bid", "wide"), [("4.83", 0), ("4.78", 0), ("4.77", 1)])
def test_a_spread_wider_than_the_limit_is_not_bought(bid: str, wide: int) -> None:
    quote = a_quote(bid=price(bid), ask=price("4.83"))

    found = judged(limits=limits(max_spread=Decimal("1.2")), quote=quote)

    assert kinds(found) == [RefusalKind.SPREAD] * wide


@pytest.mark.parametrize(
    ("sides", "missing"),
    [
        ({"bid": None}, "no bid"),
        ({"ask": None}, "no ask"),
        ({"bid": price("4.90")}, "no true bid and ask"),
    ],
)
def test_a_spread_that_nobody_knows_is_not_taken_for_narrow(
    sides: dict[str, Any], missing: str
) -> None:
    found = judged(limits=limits(max_spread=Decimal(5)), quote=a_quote(**sides))

    assert f"{missing} now," in found[-1].text


def test_a_spread_as_wide_as_the_limit_is_bought() -> None:
    quote = a_quote(bid=price("4.95"), ask=price("5.00"), last=price("4.83"))
    found = judged(limits=limits(max_spread=Decimal(1)), quote=quote)

    assert RefusalKind.SPREAD not in kinds(found)


def test_the_card_says_a_wide_spread_before_the_yes() -> None:
    wide = a_leg(bid=price("4.00"))
    card = circumstances(
        quotes={},
        limits=limits(max_spread=Decimal(5)),
        proposal=a_proposal(legs=(wide,)),
    )

    would = outlook(card)

    assert "spread is 17.2%" in would.refused[0]
    assert would.fitting == ()


def test_what_waits_for_an_open_has_no_spread_yet() -> None:
    found = judged(
        limits=limits(max_spread=Decimal(1), min_relative_volume=Decimal(9)),
        quote=a_quote(bid=None),
        market=CLOSED_MARKET,
        proposal=a_proposal(queue_for=NEXT_OPEN),
    )

    assert found == ()


# relative volume


@pytest.mark.parametrize(("average", "thin"), [(3_000_000, 0), (50_000_000, 1)])
def test_a_stock_that_hardly_trades_is_not_bought(average: int, thin: int) -> None:
    """1.25 million shares in the first ten of 390 minutes."""
    quote = a_quote(average_volume=average)

    found = judged(limits=limits(min_relative_volume=Decimal(2)), quote=quote)

    assert kinds(found) == [RefusalKind.THIN] * thin


@pytest.mark.parametrize("missing", ["volume", "average_volume"])
def test_a_volume_that_nobody_knows_is_not_taken_for_large(missing: str) -> None:
    known: dict[str, Any] = {"average_volume": 1, missing: None}
    quote = a_quote(**known)

    found = judged(limits=limits(min_relative_volume=Decimal(1)), quote=quote)

    assert "relative volume is not known" in the_only(found).text


def test_as_many_times_the_average_as_the_limit_is_enough() -> None:
    """A tenth of the session has passed, and a fifth of the average was traded."""
    at = {"now": a_session().opens + timedelta(minutes=39)}
    quote = a_quote(volume=200, average_volume=1000, at=at["now"])

    assert (
        judged(limits=limits(min_relative_volume=Decimal(2)), quote=quote, **at) == ()
    )
    [thin] = judged(
        limits=limits(min_relative_volume=Decimal("2.1")), quote=quote, **at
    )
    assert "2.0 times" in thin.text


def test_at_the_open_itself_no_part_of_the_session_has_passed() -> None:
    opens = a_session().opens
    quote = a_quote(average_volume=1000, at=opens)

    found = judged(
        limits=limits(min_relative_volume=Decimal(1)), quote=quote, now=opens
    )
    assert "counts from the open on" in the_only(found).text


# price step and size


def test_a_limit_order_without_a_limit_does_not_leave() -> None:
    order = an_order(order_type=OrderType.LIMIT)

    assert kinds(judged(order)) == [RefusalKind.PRICE_STEP]
    assert judged(replace(order, limit=price("4.88"))) == ()


def test_a_size_that_buys_no_share_says_so_on_the_card() -> None:
    small = a_leg(shares=0, ask=price("600"), reference=price("599"))
    card = circumstances(quotes={}, proposal=a_proposal(legs=(small,)))

    would = outlook(card)

    assert would.refused == (
        "This size buys no whole share of QRVX, which costs $600.00.",
    )
    assert small.instrument == QRVX


@pytest.mark.parametrize(
    ("ask", "market", "found"),
    [
        (price("4.80"), OPEN_MARKET, []),
        (price("4.81"), OPEN_MARKET, [RefusalKind.PRICE_MOVED]),
        (price("4.81"), CLOSED_MARKET, []),
        (None, OPEN_MARKET, []),
    ],
    ids=["at the limit", "above it", "before an open", "no ask"],
)
def test_a_limit_below_the_ask_asks_again(
    ask: Price | None, market: MarketState, found: list[RefusalKind]
) -> None:
    order = an_order(order_type=OrderType.LIMIT, limit=price("4.80"))
    waits = a_proposal(queue_for=NEXT_OPEN) if market is CLOSED_MARKET else a_proposal()

    refused = judged(order, quote=a_quote(ask=ask), market=market, proposal=waits)
    assert kinds(refused) == found


def test_without_a_quote_nothing_is_said_of_the_limit() -> None:
    order = an_order(order_type=OrderType.LIMIT, limit=price("4.80"))

    assert kinds(judged(order, quotes={})) == [RefusalKind.NO_QUOTE]


def test_one_share_is_a_size() -> None:
    assert judged(an_order(shares=Shares(1))) == ()


# exits


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (
            Distance(amount=Decimal(5), unit=Unit.DOLLARS),
            "QRVX costs about 4.83, and its stop would be as far off or further",
        ),
        (
            Distance(amount=Decimal("0.1"), unit=Unit.PERCENT),
            "QRVX's price moves in steps of 0.0100, and an exit would be nearer than one",
        ),
        (
            Distance(amount=Decimal(2), unit=Unit.ATR),
            "QRVX's average true range is not known, so its exits have no price",
        ),
    ],
    ids=["below nothing", "nearer than a step", "no range"],
)
def test_what_cannot_get_its_stop_is_not_bought(stop: Distance, says: str) -> None:
    leg = a_leg(
        exits=ExitPlan(stop=stop),
        reference=price("4.83"),
        steps=A_CENT,
    )
    found = the_only(judged(proposal=a_proposal(legs=(leg,))))

    assert found.kind is RefusalKind.EXIT_DISTANCE
    assert found.text.startswith(says)


# a size by risk


@pytest.mark.parametrize(
    ("per_dollar", "lacks"), [(None, "the rate of EUR"), ("0.9", "the account's value")]
)
def test_a_size_by_risk_names_the_rate_that_lacks(
    per_dollar: str | None, lacks: str
) -> None:
    """Who was told to choose dollars was refused for the rate at the next tap."""
    base = BaseFigures(
        currency="EUR",
        per_dollar=Decimal(per_dollar) if per_dollar else None,
        net_liquidation=Decimal(1_000),
        available_funds=Decimal(1_000),
    )
    stop = ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT))
    one_percent = Size(risk=Decimal(1))
    card = a_proposal(size=one_percent, legs=(a_leg(exits=stop),), net_liquidation=None)

    found = judged(
        an_order(shares=Shares(0)), account=an_account(base=base), proposal=card
    )

    [size] = [each for each in found if each.kind is RefusalKind.SIZE]
    assert f"IB has not sent {lacks}" in size.text
