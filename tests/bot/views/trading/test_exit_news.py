"""What the owner reads of exits that ended otherwise than planned."""

from bot import keyboards
from bot.presses.exits import AskExits
from bot.presses.making import button
from bot.views.trading import exit_news
from core.model.exits.news import ExitClosed
from core.model.exits.plan import NO_EXITS, ExitKind
from core.model.market import OrderType, Side
from core.model.order import Order, OrderState
from core.rules.exits.written import plan_in
from tests.bot.views.test_messages import shown
from tests.builders import QRVX, a_sent_order, price


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
