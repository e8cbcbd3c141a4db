"""Orders, announcements and trouble, as the owner reads them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from textwrap import dedent

import pytest

from bot.views import (
    announcements,
    system,
    trouble,
    welcome,
    words,
)
from bot.views.orders import overview
from core.model.card import Card
from core.model.evidence import LineState
from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.news import (
    ClosedToday,
    Ghost,
    LineBack,
    LineLost,
    ReportMissed,
    TradingHalted,
)
from core.model.order import Order, OrderState
from core.model.portfolio import OpenOrder
from core.model.proposal import Mode
from tests.bot.values import a_status
from tests.bot.views.hands import check, read
from tests.builders import (
    CLOSES,
    MONDAY,
    NOW,
    OPENS,
    PERM_ID,
    a_fill,
    a_proposal,
    a_sent_order,
    an_open_order,
    an_order,
    money,
    price,
)


TUESDAY = OPENS + timedelta(days=1)


def shown(html: str) -> str:
    check(html)
    return read(html)


def expected(text: str) -> str:
    return dedent(text).strip()


def a_bought_order(number: int = 100, **named: object) -> Order:
    fill = a_fill(shares=number, price=price("4.84"), commission=money("1.00"))
    return a_sent_order(**{"state": OrderState.FILLED, "fills": (fill,), **named})


def test_orders_of_ours_and_of_others() -> None:
    held = a_sent_order(leg=2, state=OrderState.ACKED, held_until=OPENS)
    text = shown(
        overview.orders(
            (a_sent_order(), held),
            (an_open_order(ref=held.ref), an_open_order(ref="")),
            mode=Mode.PAPER,
            missing=None,
            at=NOW,
        )
    )

    assert text == expected(
        """
        Orders · PAPER

        QRVX BUY 100 placed, unconfirmed
        FDMX BUY 100 queued for Mon 09:30

        100 FDMX: held by IB until Mon 23 Nov 09:30 ET.

        Not placed by me
        BUY 100 QRVX    MKT GTC Submitted

        as of 09:41:07 ET
        """
    )


@pytest.mark.attack(7)
def test_a_copy_that_was_made_in_tws_is_among_the_orders_of_others() -> None:
    """It has our order's ref, works, and is no order of ours."""
    ended = a_sent_order(state=OrderState.CANCELLED, perm_id=PERM_ID)
    copy = an_open_order(ref=ended.ref, perm_id=PERM_ID + 1)
    itself = an_open_order(ref=ended.ref, perm_id=PERM_ID)

    def told(listed: OpenOrder) -> str:
        page = overview.orders(
            (ended,), (listed,), mode=Mode.PAPER, missing=None, at=NOW
        )
        return shown(page)

    assert "Not placed by me\nBUY 100 QRVX" in told(copy)
    assert "Not placed by me" not in told(itself)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (
            a_sent_order(state=OrderState.ACKED, cancel_asked=True),
            "Asked IB to cancel 100 QRVX. I'll say when it is done.",
        ),
        (a_bought_order(), "QRVX: filled 100 @ 4.84, fee 1.00."),
        (
            an_order(state=OrderState.ACKED, cancel_asked=True),
            (
                "Not cancelled: 100 QRVX work at IB, and only an older copy of my files "
                "sent that order. Cancel it in TWS."
            ),
        ),
    ],
)
def test_the_answer_to_cancel_claims_no_more_than_is_known(
    order: Order, words: str
) -> None:
    assert overview.cancel_asked(order) == words


# announcements


def test_the_exits_of_one_stock_are_told_apart() -> None:
    exits = [
        replace(a_sent_order(state=OrderState.ACKED), side=Side.SELL, exit=kind)
        for kind in ExitKind
    ]

    said = read(overview.cancellable(exits, mode=Mode.PAPER))

    assert [row.split()[1] for row in said.splitlines()[2:]] == [
        "STOP",
        "TRAIL",
        "TARGET",
        "TIMED",
    ]


def test_all_that_was_bought_in_one_line() -> None:
    both = (a_bought_order(), a_bought_order(leg=2))

    told = announcements.settled(Card(proposal=a_proposal(), orders=both, opens=None))

    assert shown(told) == expected(
        """
        Bought 100 QRVX @ 4.84 and 100 FDMX @ 4.84, $970 in all · SANDBOX
        Compared with the card's ask:
        QRVX: $1.00 (0.21%) worse
        FDMX: $2,177.00 (81.81%) better
        """
    )


def test_fees_that_have_not_come_yet_are_not_claimed() -> None:
    fill = a_fill(shares=100, price=price("4.84"), commission=None)
    uncharged = a_sent_order(state=OrderState.FILLED, fills=(fill,))

    told = announcements.settled(
        Card(proposal=a_proposal(), orders=(uncharged,), opens=None)
    )

    assert shown(told) == expected(
        """
        Bought 100 QRVX @ 4.84, $484 before fees · SANDBOX
        QRVX: $1.00 (0.21%) worse than the card's ask
        """
    )


def test_what_was_bought_in_part_and_what_was_refused() -> None:
    part = a_bought_order(40, state=OrderState.PARTIAL_DONE)
    refused = a_sent_order(
        leg=2, state=OrderState.REJECTED, reason="insufficient funds (TWS 201)"
    )

    told = announcements.settled(
        Card(proposal=a_proposal(), orders=(part, refused), opens=None)
    )

    assert shown(told) == expected(
        """
        Part bought 40 of 100 QRVX @ 4.84, $195 in all · SANDBOX
        100 QRVX: 40 of 100 were bought, fee 1.00. The rest is cancelled.
        100 FDMX: refused by IB. The money in the account does not cover it. Nothing was bought.
        QRVX: $0.40 (0.21%) worse than the card's ask
        """
    )


def test_nothing_bought() -> None:
    absent = a_sent_order(state=OrderState.ABSENT)

    told = announcements.settled(
        Card(proposal=a_proposal(), orders=(absent,), opens=None)
    )

    assert shown(told).startswith(
        "Not sent: it never reached IB · 100 QRVX · SANDBOX\n100 QRVX: never reached IB."
    )


def test_what_the_owner_closed_is_not_called_unbought() -> None:
    closed = a_sent_order(
        state=OrderState.CLOSED_BY_HUMAN, reason="Sam says it is there"
    )

    told = announcements.settled(
        Card(proposal=a_proposal(), orders=(closed,), opens=None)
    )

    assert (
        shown(told)
        == "Closed by you · 100 QRVX · SANDBOX\n100 QRVX: Sam says it is there."
    )


def test_the_line_goes_and_comes() -> None:
    lost = shown(announcements.line_lost(LineLost(since=NOW, reason="no route")))
    back = shown(
        announcements.line_back(LineBack(since=NOW, at=NOW + timedelta(minutes=3)))
    )

    assert lost.startswith("IB Gateway is not reachable since 09:41 ET.\nNo route.")
    assert "I keep trying" in lost
    assert back.startswith("IB is there again after 3 min.")


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LineState.DOWN, "IB Gateway is not reachable since 09:41 ET."),
        (LineState.FROZEN, "IB Gateway is not reachable since 09:41 ET."),
        (LineState.CUT_OFF, "IB Gateway has no connection to IB since 09:41 ET."),
        (LineState.UP, "The orders cannot be compared with IB's since 09:41 ET."),
    ],
)
def test_a_gateway_that_answers_is_not_told_as_out_of_reach(
    state: LineState, words: str
) -> None:
    lost = announcements.line_lost(LineLost(since=NOW, reason="1100", state=state))

    assert shown(lost).startswith(words)


def test_a_halt_says_how_it_ends() -> None:
    told = shown(announcements.trading_halted(TradingHalted(at=NOW, reason="a ghost")))

    assert "Trading is halted since 09:41 ET.\nA ghost." in told
    assert "until /resume" in told


def test_a_ghost_is_named() -> None:
    told = shown(announcements.ghost(Ghost(ref="tb-x-1", text="IB lists it")))

    assert "should not exist: tb-x-1.\nIB lists it." in told
    assert "then /resume" in told


def test_a_missed_report_says_why() -> None:
    told = announcements.report_missed(ReportMissed(day=MONDAY, reason="no line"))

    assert shown(told) == expected(
        """
        No report for Mon 23 Nov.
        No line.
        /report makes one now.
        """
    )


@pytest.mark.parametrize(
    ("news", "line"),
    [
        (
            ClosedToday(
                day=MONDAY,
                next_report=TUESDAY + timedelta(minutes=5),
                closes_early=CLOSES - timedelta(hours=3),
            ),
            (
                "Closed today, Mon 23 Nov. Next report Tue 24 Nov 09:35 ET, "
                "early close 13:00 ET."
            ),
        ),
        (
            ClosedToday(day=MONDAY, next_report=None, closes_early=None),
            "Closed today, Mon 23 Nov.",
        ),
    ],
    ids=["early", "plain"],
)
def test_a_day_without_a_session_is_one_line(news: ClosedToday, line: str) -> None:
    assert shown(announcements.closed_today(news)) == line


# trouble


def test_a_doubt_is_put_with_the_facts() -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, reason="the answer was lost")

    assert shown(trouble.in_doubt(order, position_now=Decimal(100))) == expected(
        """
        I can't tell whether IB has this order: BUY 100 QRVX.

        The answer was lost.

        sent Mon 23 Nov 09:41 ET
        position then 0, now 100, as if all of it had filled
        ref tb-0a1b2c3d-abcdefghij-1

        Look for it in IB's own app, under orders and trades. Until you answer I buy no more of this stock. Is it there, or was it filled?

        Only a part, or at another price:
        /filled QRVX 100 4.83
        """
    )


def test_a_doubt_without_facts_shows_that_too() -> None:
    order = replace(a_sent_order(), sent_at=None, position_before=None)

    text = shown(trouble.in_doubt(order, position_now=None))

    assert f"sent at an unknown time\nposition then {words.DASH}, now" in text


def test_the_first_message_says_what_this_is() -> None:
    text = shown(welcome.welcome(a_status(mode=Mode.LIVE)))

    assert text.startswith("Openbell · LIVE · DU1234567")
    assert "buy what you say Yes to" in text


def test_neither_start_nor_about_says_that_all_is_asked_in_automatic_mode() -> None:
    asking = [welcome.welcome(a_status()), system.about(a_status())]
    buying = [
        welcome.welcome(a_status(), automatic=True),
        system.about(a_status(), automatic=True),
    ]

    assert "only what you say Yes to" in shown(asking[1])
    assert not any("utomatic" in shown(text) for text in asking)
    for text in map(shown, buying):
        assert "without asking, within your limits" in text
        assert "only what you say" not in text


@pytest.mark.attack(23)
def test_a_fractional_holding_is_told_as_it_is() -> None:
    order = a_sent_order(state=OrderState.UNKNOWN, position_before=Decimal("57.68"))

    now = Decimal("57.68") + order.shares
    text = shown(trouble.in_doubt(order, position_now=now))

    assert "position then 57.68, now 157.68, as if all of it had filled" in text


@pytest.mark.parametrize(
    ("now", "hint"),
    [
        ("400", "as after a split, 4 for 1, at which IB ends a stock's orders"),
        ("12", "a split, 1 for 8, at which IB ends a stock's orders, or as if 88 had"),
        ("0", "as if all of it had filled"),
        ("93", "now 93\n"),
    ],
)
def test_a_sale_in_doubt_says_what_a_split_makes_of_its_shares(
    now: str, hint: str
) -> None:
    order = a_sent_order(
        side=Side.SELL, state=OrderState.UNKNOWN, position_before=Decimal(100)
    )
    assert hint in shown(trouble.in_doubt(order, position_now=Decimal(now)))
