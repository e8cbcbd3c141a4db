"""What a cent, a word or the last share decides."""

from functools import partial

from core.model.evidence import LineState
from core.model.money import Shares
from core.model.order import OrderState
from core.model.proposal import Purpose
from core.rules.guards import yes_blocks
from core.rules.listings.absence import undecided
from core.rules.order_states import advance
from core.rules.selection import planned
from tests.builders import (
    JOURNAL,
    a_completed_order,
    a_fill,
    a_leg,
    a_line,
    a_proposal,
    a_quote,
    a_sent_order,
    an_evidence,
    limits,
    price,
)
from tests.core.rules.asked import a_readiness, judged, the_only
from tests.core.rules.learning import SILENT, after, filled


blocks_of_picks = partial(yes_blocks, purpose=Purpose.PICKS)


def test_a_price_of_one_dollar_is_told_in_cents() -> None:
    card = a_proposal(legs=(a_leg(reference=price("2.00")),))

    refusal = the_only(judged(quote=a_quote(last=price("1.00")), proposal=card))

    assert "is at 1.00 now" in refusal.text


def test_nothing_is_left_of_a_doubt_once_all_is_filled() -> None:
    doubtful = after(a_sent_order(), SILENT)

    done = advance(doubtful, filled(a_fill(shares=doubtful.shares)))

    assert doubtful.reason is not None
    assert (done.state, done.reason) == (OrderState.FILLED, None)


def test_an_order_whose_end_is_accounted_for_leaves_nothing_to_judge() -> None:
    part = a_fill(shares=Shares(40))
    order = a_sent_order(state=OrderState.PARTIAL, fills=(part,))
    over = a_completed_order(status="Cancelled", filled=part.shares)

    assert not undecided(order, an_evidence(completed=(over,)))
    assert undecided(
        a_sent_order(state=OrderState.ACKED), an_evidence(completed=(over,))
    )


def test_an_order_is_good_till_cancelled_and_nobody_has_asked_for_that() -> None:
    order = planned(a_leg(), a_proposal(), journal=JOURNAL)

    assert (order.tif, order.cancel_asked) == ("GTC", False)


def test_a_line_that_is_down_stands_in_the_way_of_every_order() -> None:
    blocks = blocks_of_picks(
        a_readiness(line=a_line(state=LineState.DOWN), reconciled=False),
        limits(),
    )

    assert blocks == ("IB Gateway is not connected.",)
