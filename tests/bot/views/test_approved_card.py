"""What became of a card that the owner approved, in true words."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from textwrap import dedent
from typing import Any

import pytest

from bot.views.orders import order_words
from bot.views.scans import card as views
from core.model.card import Card
from core.model.order import Order, OrderState
from core.model.proposal import ProposalState
from tests.bot.views.hands import check, read
from tests.builders import (
    NOW,
    OPENS,
    QRVX,
    a_fill,
    a_proposal,
    a_sent_order,
    money,
    price,
)


def approved(*orders: Order) -> str:
    """The body of an approved card: what stands between its head and its details."""
    head, _, body = whole(*orders).partition("\n\n")
    assert head.endswith("· SANDBOX\nYes, said Sam · 09:41:07 ET")
    return body.strip()


def whole(*orders: Order) -> str:
    """An approved card as it is read, without what opens at a tap."""
    proposal = a_proposal(
        state=ProposalState.APPROVED, decided_by="Sam", decided_at=NOW
    )
    html = views.card(
        Card(proposal=proposal, orders=orders, opens=None), scan_code="TOP_PERC_GAIN"
    )
    check(html)
    return read(html.partition("<blockquote")[0])


def a_fill_of(number: int, at: str) -> Any:
    return a_fill(shares=number, price=price(at), commission=money("1.00"))


def test_an_approved_card_tells_each_order_beside_its_name() -> None:
    text = approved(
        a_sent_order(state=OrderState.PARTIAL, fills=(a_fill_of(40, "4.84"),)),
        a_sent_order(leg=2, state=OrderState.FILLED, fills=(a_fill_of(100, "26.63"),)),
    )

    assert (
        text
        == dedent(
            """
        QRVX BUY 40 of 100 @ 4.84 working
        FDMX BUY 100 filled 100 @ 26.63
                     fee 1.00
        """
        ).strip()
    )


@pytest.mark.parametrize("at", ["4.84", "22.91", "1122.91"])
def test_a_part_fill_is_one_line_also_when_the_rest_is_cancelled(at: str) -> None:
    """The sentence below has the rest and the fee, which do not fit beside a price."""
    text = approved(
        a_sent_order(state=OrderState.PARTIAL_DONE, fills=(a_fill_of(40, at),))
    )

    assert text.splitlines() == [
        f"QRVX BUY 40 of 100 @ {Decimal(at):,}",
        "100 QRVX: 40 of 100 were bought, fee 1.00. The rest is cancelled.",
    ]


@pytest.mark.parametrize("state", [OrderState.PARTIAL, OrderState.PARTIAL_DONE])
def test_no_figure_of_a_long_part_fill_is_cut(state: OrderState) -> None:
    """ "WWWWW BUY 10,000 of 100,000 @ 1,1…" hid the price."""
    large = a_sent_order(
        state=state,
        shares=100_000,
        instrument=replace(QRVX, symbol="WWWWW"),
        fills=(a_fill_of(10_000, "1122.91"),),
    )

    lines = approved(large).splitlines()

    assert lines[0] == "WWWWW BUY 10,000 of 100,000"
    assert lines[1].split()[:2] == ["@", "1,122.91"]


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        (OrderState.PLANNED, {}, "waiting to be sent"),
        (OrderState.SENDING, {}, "placed, unconfirmed"),
        (OrderState.SENDING, {"reason": "mute"}, "unknown – checking"),  # noqa: RUF001  as it is shown
        (OrderState.ACKED, {}, "working"),
        (OrderState.ACKED, {"held_until": OPENS}, "queued for Mon 09:30"),
        (OrderState.ACKED, {"cancel_asked": True}, "cancel asked for"),
        (OrderState.REJECTED, {}, "refused"),
        (OrderState.CANCELLED, {}, "cancelled"),
        (OrderState.UNKNOWN, {}, "unknown – please look"),  # noqa: RUF001  as it is shown
        (OrderState.ABSENT, {}, "never reached IB"),
        (OrderState.LAPSED, {}, "not sent"),
        (OrderState.NEEDS_RECONFIRM, {}, "not sent, price moved"),
        (OrderState.CLOSED_BY_HUMAN, {}, "closed by you"),
    ],
)
def test_every_state_has_its_true_word(
    state: OrderState, more: dict[str, Any], words: str
) -> None:
    text = approved(a_sent_order(state=state, **more))

    assert text.splitlines()[0] == f"QRVX BUY 100 {words}"


@pytest.mark.parametrize(
    ("state", "sentences"),
    [
        (
            OrderState.REJECTED,
            "100 QRVX: refused by IB. Because. Nothing was bought.",
        ),
        (
            OrderState.CANCELLED,
            "100 QRVX: cancelled. Because. Nothing was bought.",
        ),
        (
            OrderState.ABSENT,
            "100 QRVX: never reached IB. Nothing was bought. /scan for a fresh card.",
        ),
        (
            OrderState.LAPSED,
            "100 QRVX: not sent. Because. Nothing was bought. /scan for a fresh card.",
        ),
        (
            OrderState.SENDING,
            (
                "100 QRVX: sent, not yet confirmed. Because. The order may exist. "
                "I won't send it again; asking IB now."
            ),
        ),
        (
            OrderState.UNKNOWN,
            (
                "100 QRVX: Because. The order may exist, and I won't send it again. "
                "/orders asks what you see at IB."
            ),
        ),
        (
            OrderState.NEEDS_RECONFIRM,
            "100 QRVX: not sent. Because. A new card asks again.",
        ),
        (OrderState.ACKED, "100 QRVX: Because."),
        (OrderState.CLOSED_BY_HUMAN, "100 QRVX: Because."),
    ],
)
def test_trouble_is_told_in_three_sentences(state: OrderState, sentences: str) -> None:
    assert approved(a_sent_order(state=state, reason="because")).endswith(
        f"\n{sentences}"
    )


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (
            OrderState.REJECTED,
            "Order rejected - reason:No shortable shares (TWS 201)",
            "refused by IB. IB has no shares of it to lend. Nothing was bought.",
        ),
        (
            OrderState.CANCELLED,
            "Order Canceled - reason: (TWS 202)",
            "cancelled. Nothing was bought.",
        ),
    ],
)
def test_what_ib_says_again_is_not_said_again(
    state: OrderState, reason: str, sentence: str
) -> None:
    text = approved(a_sent_order(state=state, reason=reason))

    assert text.endswith(f"100 QRVX: {sentence}")


def test_a_cancellation_that_was_asked_for_needs_no_reason() -> None:
    text = approved(
        a_sent_order(
            state=OrderState.CANCELLED, cancel_asked=True, reason="by your wish"
        )
    )

    assert text.endswith("100 QRVX: cancelled. Nothing was bought.")


def test_a_held_order_says_until_when() -> None:
    text = approved(a_sent_order(state=OrderState.ACKED, held_until=OPENS))

    assert text.endswith("100 QRVX: held by IB until Mon 23 Nov 09:30 ET.")


@pytest.mark.parametrize(
    ("state", "held", "head"),
    [
        (OrderState.SENDING, None, "Waiting: unconfirmed · SANDBOX"),
        (OrderState.ACKED, OPENS, "Waiting for Mon 09:30 · SANDBOX"),
    ],
)
def test_the_mode_of_a_waiting_order_stands_in_its_line_on_a_narrow_phone(
    state: OrderState, held: datetime | None, head: str
) -> None:
    said = whole(a_sent_order(state=state, held_until=held)).splitlines()[0]

    assert said == head
    assert len(said) <= 33  # bold letters beside each other at 320 pixels


def test_cancelled_is_never_said_of_an_order_that_was_only_asked_to_be() -> None:
    text = approved(a_sent_order(state=OrderState.ACKED, cancel_asked=True))

    assert "cancelled" not in text


def test_only_one_of_two_shows_only_that_one() -> None:
    assert "FDMX" not in approved(a_sent_order(state=OrderState.ACKED))


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("charges", "said"),
    [
        ([("1.00", "USD"), ("1.05", "USD")], ["fee 2.05"]),
        ([("1.00", "USD"), None], ["fee 1.00 so far"]),
        ([None, None], []),
        ([("-0.35", "USD"), ("0.00", "USD")], ["rebate 0.35"]),
        ([("0.00", "USD"), ("0.00", "USD")], ["fee 0.00"]),
        ([("0.92", "EUR"), ("0.10", "EUR")], ["fee 1.02 EUR"]),
        ([("-0.92", "EUR"), ("1.00", "USD")], ["rebate 0.92 EUR", "fee 1.00"]),
        ([("0.92", "EUR"), None], ["fee 0.92 EUR so far"]),
    ],
)
def test_a_fee_is_what_ib_has_told_of_it(
    charges: list[tuple[str, str] | None], said: list[str]
) -> None:
    fills = tuple(
        a_fill(
            exec_id=f"e.{number}.01",
            shares=50,
            commission=Decimal(charge[0]) if charge else None,
            currency=charge[1] if charge else "USD",
        )
        for number, charge in enumerate(charges)
    )
    order = a_sent_order(state=OrderState.FILLED, fills=fills)

    assert [*order_words.state_words(order)][1:] == said


@pytest.mark.attack(19)
@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REJECTED])
def test_of_an_order_that_ib_had_only_what_was_heard_is_said(state: OrderState) -> None:
    """IB's status can count shares whose execution comes seconds later. "IB reports no
    fill" was said meanwhile."""
    text = approved(a_sent_order(state=state, perm_id=900_041))

    assert "No execution has come from IB." in text
    assert "Nothing was" not in text
