"""R17: orders at IB whose refs look like ours but are not in our journal."""

from core.rules.listings.unknown_orders import listed, unknown_orders
from tests.builders import (
    JOURNAL,
    a_completed_order,
    a_fill_message,
    an_evidence,
    an_open_order,
    some_names,
)
from tests.core.rules.passes import REF


def test_every_listing_names_orders() -> None:
    evidence = an_evidence(
        open_orders=(an_open_order(ref="tb-a-1"), an_open_order(ref="by hand")),
        completed=(a_completed_order(names=some_names(ref="tb-b-1")),),
        fills=(a_fill_message(names=some_names(ref="tb-c-1")), a_fill_message()),
    )

    assert listed(evidence) == {"tb-a-1", "tb-b-1", "tb-c-1", "by hand", REF}


def test_r17_whoever_uses_our_prefix_is_a_stranger() -> None:
    evidence = an_evidence(
        open_orders=(an_open_order(), an_open_order(ref=f"tb-{JOURNAL}-open-1")),
        completed=(a_completed_order(names=some_names(ref="tb-over-1")),),
    )

    ours, tool = unknown_orders(
        evidence, known=lambda ref: ref == REF, journal=[JOURNAL]
    )

    assert ours.halts
    assert ours.text == (
        f"IB holds an open order tb-{JOURNAL}-open-1 "
        "that carries this journal's own name and is not in it"
    )
    assert not tool.halts
    assert tool.text == (
        "IB lists an order of today tb-over-1 "
        "of another tool, whose name for it begins like ours"
    )
