"""What the owner reads of exits that ended otherwise than planned, and of orders that
were changed at IB."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot import keyboards
from bot.presses.exits import AskExits
from bot.presses.making import button
from bot.views.trading import exit_news
from core.model.exits.news import ChangedAtIb, ExitClosed, HoldingGone, TimedExitMissed
from core.model.exits.plan import NO_EXITS, ExitKind
from core.model.market import OrderType, Side
from core.model.order import Order, OrderState
from core.rules.exits.written import plan_in
from tests.bot.views.test_messages import shown
from tests.builders import CLOSES, MONDAY, NOW, QRVX, a_sent_order, price


def a_closed_stop() -> Order:
    return a_sent_order(
        side=Side.SELL,
        exit=ExitKind.STOP,
        order_type=OrderType.STOP,
        stop=price("4.59"),
        state=OrderState.CLOSED_BY_HUMAN,
        reason="Sam says it is not there",
    )


def test_a_closed_exit_says_which_shares_lack_it_and_offers_it_again() -> None:
    order, plan = a_closed_stop(), plan_in("stop 5%")
    assert plan is not None
    news = ExitClosed(ref=order.ref, plan=plan)

    text = shown(exit_news.exit_closed(order, news))
    keyboard = keyboards.for_exits_again(QRVX, plan)
    assert keyboard is not None
    (row,) = keyboard.inline_keyboard

    assert text.startswith("100 QRVX have no stop 4.59: you said it is not there.")
    assert "it and a new one might both sell" in text
    assert "Tap to place them again now (stop 5%): a card asks first." in text
    asks = button("Exits of QRVX again", AskExits(con_id=QRVX.con_id, plan=plan))
    assert row == (asks,)


def test_without_a_plan_it_says_how_to_set_one() -> None:
    order = a_closed_stop()
    text = shown(exit_news.exit_closed(order, ExitClosed(ref=order.ref, plan=NO_EXITS)))
    assert keyboards.for_exits_again(QRVX, NO_EXITS) is None
    assert "/exits QRVX stop 5% sets others" in text


def test_shares_that_left_otherwise_than_by_the_bot_are_named_with_their_exits() -> (
    None
):
    news = HoldingGone(at=NOW, con_id=QRVX.con_id, symbol="QRVX", shares=1200)
    text = shown(exit_news.holding_gone(news))
    assert text.startswith("No whole share of QRVX is held any more since 09:41")
    assert "1,200 had exits, and no order of mine sold them." in text
    assert "Their exits are over." in text


def test_a_timed_exit_that_missed_its_close_says_what_is_held_and_when_it_is_sold() -> (
    None
):
    news = TimedExitMissed(
        con_id=QRVX.con_id,
        symbol="QRVX",
        shares=1200,
        missed=MONDAY,
        closes=CLOSES + timedelta(days=1),
    )
    text = shown(exit_news.timed_exit_missed(news))
    assert text.startswith("QRVX was not sold before the close of Mon 23 Nov")
    assert "1,200 shares are held." in text
    assert "before the close of Tue 24 Nov 16:00 ET. /sell QRVX sells them" in text


STOP = {"exit": ExitKind.STOP, "order_type": OrderType.STOP, "stop": price("4.59")}
TRAIL = {
    "exit": ExitKind.TRAIL,
    "order_type": OrderType.TRAIL,
    "trail_percent": Decimal(3),
}
TARGET = {"exit": ExitKind.TARGET, "order_type": OrderType.LIMIT, "limit": price("5")}
LIMIT = {"side": Side.BUY, "order_type": OrderType.LIMIT, "limit": price("4.83")}
SALE: dict[str, Any] = {}

BARE = "nothing protects these shares"
NO_MORE = "it sells nothing any more"


def changed(kind: dict[str, Any], **change: Any) -> str:
    """The message about an order of this *kind*, sent for 100 until it is cancelled."""
    order = a_sent_order(**{"side": Side.SELL, "state": OrderState.ACKED, **kind})
    order = replace(order, **{k: v for k, v in change.items() if k != "was_tif"})
    news = ChangedAtIb(
        at=NOW,
        ref=order.ref,
        shares=order.shares,
        was_shares=100,
        tif=order.tif,
        was_tif=change.get("was_tif", "GTC"),
        limit=order.limit,
        was_limit=kind.get("limit"),
        stop=order.stop,
        was_stop=kind.get("stop"),
        distance=order.distance,
        was_distance=a_sent_order(**kind).distance,
    )
    return shown(exit_news.changed_at_ib(order, news))


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("kind", "head", "lost"),
    [
        (
            STOP,
            "QRVX: the stop 4.59 for 100 shares ends with the next close (DAY, not",
            BARE,
        ),
        (
            TRAIL,
            "QRVX: the trailing stop 3% for 100 shares ends with the next close",
            BARE,
        ),
        (
            TARGET,
            "QRVX: the target 5.00 for 100 shares ends with the next close",
            NO_MORE,
        ),
        (
            LIMIT,
            "QRVX: the order to buy 100 ends with the next close",
            "is not bought.",
        ),
        (SALE, "QRVX: the order to sell 100 ends with the next close", "is not sold."),
    ],
    ids=["stop", "trail", "target", "limit buy", "sale"],
)
def test_what_an_order_that_ends_tonight_leaves_behind_is_said(
    kind: dict[str, Any], head: str, lost: str
) -> None:
    text = changed(kind, tif="DAY")

    assert text.startswith(head)
    assert lost in text
    assert "Nothing was sent for it." in text


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("kind", "change", "head"),
    [
        (STOP, {"shares": 200}, "the stop 4.59 is for 200 shares now, not 100."),
        (TARGET, {"shares": 40}, "the target 5.00 is for 40 shares now, not 100."),
        (
            LIMIT,
            {"shares": 1_000},
            "the order to buy is for 1,000 shares now, not 100.",
        ),
        (
            LIMIT,
            {"limit": price("5.10")},
            "the order to buy 100 has its limit at 5.10 now, not 4.83.",
        ),
        (
            STOP,
            {"stop": price("3")},
            "the stop for 100 shares is at 3.00 now, not 4.59.",
        ),
        (
            STOP,
            {"stop": price("4.75")},
            "the stop for 100 shares is at 4.75 now, not 4.59.",
        ),
        (
            TARGET,
            {"limit": price("9")},
            "the target for 100 shares has its limit at 9.00 now, not 5.00.",
        ),
        (
            TRAIL,
            {"trail_percent": Decimal("20.0")},
            "the trailing stop for 100 shares follows at 20% now, not 3%.",
        ),
        (
            TRAIL,
            {"trail_percent": None, "trail_amount": price("0.9")},
            "the trailing stop for 100 shares follows at 0.9000 now, not 3%.",
        ),
        (
            STOP,
            {"stop": price("3"), "tif": "DAY"},
            "the stop for 100 shares is at 3.00 now, not 4.59 and ends with the next",
        ),
        (
            STOP,
            {"shares": 200, "tif": "DAY"},
            "the stop 4.59 is for 200 shares now, not 100 and ends with the next close",
        ),
        (
            STOP,
            {"tif": "GTC", "was_tif": "DAY"},
            "the stop 4.59 for 100 shares stays until it is filled or cancelled (GTC, not DAY).",
        ),
        (
            LIMIT,
            {"tif": "GTD"},
            "the order to buy 100 ends at another time (GTD, not GTC).",
        ),
    ],
)
def test_the_first_line_says_what_the_order_is_now(
    kind: dict[str, Any], change: dict[str, Any], head: str
) -> None:
    assert changed(kind, **change).startswith(f"QRVX: {head}")


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("stop", "follows"),
    [
        ("3", "sold only when the price falls to 3.00: you can lose more."),
        ("4.75", "sold as soon as the price falls to 4.75. /exits QRVX sets another."),
    ],
)
def test_what_a_moved_stop_protects_is_said(stop: str, follows: str) -> None:
    assert follows in changed(STOP, stop=price(stop))
    assert "sold" not in changed(STOP, stop=STOP["stop"], shares=200)


@pytest.mark.attack(10)
def test_a_stop_that_stays_again_is_not_said_to_end() -> None:
    assert BARE not in changed(STOP, tif="GTC", was_tif="DAY")


@pytest.mark.attack(10)
@pytest.mark.parametrize(("percent", "follows"), [("20", True), ("2", False)])
def test_a_trailing_stop_that_follows_further_off_can_lose_more(
    percent: str, *, follows: bool
) -> None:
    text = changed(TRAIL, trail_percent=Decimal(percent))

    assert ("you can lose more" in text) is follows
    assert "below the best price since it stood" in text
