"""Bugs in what is sold, and in the way out."""

from typing import Final

from tests.teeth.bug import Bug


HOLDING: Final = "core/rules/selling/holding.py"
PANIC: Final = "core/flows/named/panic.py"
TEST_HOLDING: Final = "tests/core/rules/selling/test_holding.py::"
TEST_LAGGING: Final = "tests/core/rules/selling/test_lagging.py::"
SLEPT: Final = (
    "            if slept(self.clock) - asleep > FRESH.total_seconds():\n"
    "                self.reconciler.forget()  # what came may be of before the sleep\n"
    "                return\n"
)
JUDGED: Final = "            judgement = self._judgement_of_now(proposal, line)\n"

TEST_SALES: Final = "tests/core/flows/named/test_sales.py::"
IN_TROUBLE: Final = "tests/core/flows/named/test_sales_in_trouble.py::"
TEST_PANIC: Final = "tests/core/flows/named/test_panic"

SALES: Final = (
    Bug(
        name="offer what the exit of another login may sell",
        file=HOLDING,
        old=" and order.is_of(identity)\n",
        new="\n",
        test="tests/core/flows/named/test_sales_beside_exits.py::"
        "test_what_the_exit_of_another_login_may_sell_is_not_sold_from_here",
    ),
    Bug(
        name="sell what the owner has left out of a panic",
        file="core/flows/decide.py",
        old="        return proposal.wanted\n",
        new="        return proposal.legs\n",
        test="tests/core/flows/named/test_left_out.py::"
        "test_yes_sells_what_is_not_left_out",
    ),
    Bug(
        name="panic where it is only asked about",
        file="bot/handlers/panic_words.py",
        old="    if is_question(said):\n        return False\n",
        new="",
        test="tests/bot/handlers/test_urgency.py::"
        "test_what_may_mean_to_stop_is_asked_with_buttons",
    ),
    Bug(
        name="trust what was held when a stop was sent hours ago",
        file=HOLDING,
        old="    return [each for each in times if at - each < _WINDOW]\n",
        new="    return list(times)\n",
        test=TEST_HOLDING
        + "test_an_old_stop_that_fires_while_the_listing_lags_frees_no_share",
    ),
    Bug(
        name="trust a listing that lacked the sale before",
        file=HOLDING,
        old="    return _begun(min(times), lacking) if times else sent\n",
        new="    return sent\n",
        test=TEST_LAGGING
        + "test_a_sale_before_that_the_listing_had_is_not_taken_off_again",
    ),
    Bug(
        name="trust the first of two sales about what was held",
        file=HOLDING,
        old=" for each in _sent_before(now, sales)}:\n",
        new=" for each in sorted(_sent_before(now, sales))[:1]}:\n",
        test=TEST_LAGGING
        + "test_what_was_sold_by_hand_between_two_sales_is_not_sold_again",
    ),
    Bug(
        name="trust a listing that lacked what a stop had sold",
        file=HOLDING,
        old="    held = listed - lacked\n",
        new="    held = listed\n",
        test=TEST_LAGGING
        + "test_a_sale_was_sent_by_a_listing_that_may_lack_what_a_stop_had_sold",
    ),
    Bug(
        name="count exits of later purchases as held before",
        file=HOLDING,
        old="    sent = [o for o in sales if o.sent_at is not None and o.sent_at < filled]\n",
        new="    sent = sales\n",
        test=TEST_LAGGING
        + "test_exits_for_what_was_bought_after_a_stop_were_no_shares_held_before_it",
    ),
    Bug(
        name="judge a sale by a moment before IB has listed",
        file="core/flows/trade.py",
        old="            inventory = await self._inventory_for(planned)\n"
        + SLEPT
        + JUDGED,
        new=JUDGED
        + "            inventory = await self._inventory_for(planned)\n"
        + SLEPT,
        test=IN_TROUBLE
        + "test_a_listing_that_takes_long_does_not_make_the_judgement_old",
    ),
    Bug(
        name="sell what the card said, whatever is held by then",
        file="core/rules/selling/guards.py",
        old="    elif order.shares > free:\n",
        new="    elif order.shares > free and held_of(instrument, c.held) <= 0:\n",
        test=TEST_SALES + "test_a_position_that_shrank_by_hand_is_never_sold_short",
    ),
    Bug(
        name="sell shares that are being sold",
        file=HOLDING,
        old="    selling = _being_sold([o for o in counted if o.exit is None], now)\n",
        new="    selling = 0\n",
        test=TEST_SALES + "test_a_card_made_while_a_sale_works_offers_only_the_rest",
    ),
    Bug(
        name="forget sales by hand",
        file=HOLDING,
        old="        selling += _sold_by_others(",
        new="        selling += 0 * _sold_by_others(",
        test=TEST_HOLDING + "test_a_sale_by_hand_that_still_works_is_counted",
    ),
    Bug(
        name="sell what was sold and is still listed",
        file=HOLDING,
        old="    return max(0, min(sold + before.sold, beyond))\n",
        new="    return 0 * max(0, min(sold + before.sold, beyond))\n",
        test=TEST_HOLDING + "test_a_fill_that_is_not_listed_yet_is_not_sold_twice",
    ),
    Bug(
        name="believe the account window alone",
        file=HOLDING,
        old="    whole = floor(min(listed, default=Decimal(0)))\n",
        new="    whole = floor(max(listed, default=Decimal(0)))\n",
        test=TEST_HOLDING
        + "test_a_holding_that_ib_lists_no_more_when_it_is_asked_is_not_sold",
    ),
    Bug(
        name="a halt does not keep a sale back",
        file="core/rules/guards.py",
        old="    if purpose is not Purpose.SELL_ALL:\n",
        new="    if not purpose.sells:\n",
        test=IN_TROUBLE + "test_while_halted_nothing_is_sold",
    ),
    Bug(
        name="panic asks before the cancels are confirmed",
        file=PANIC,
        old="            await self._orders_end()\n",
        new="",
        test=TEST_PANIC
        + ".py::test_it_asks_when_ib_has_confirmed_the_cancels_and_not_before",
    ),
    Bug(
        name="a second panic cancels what the first sells",
        file=PANIC,
        old="            alive = [o for o in self._alive() if not self._is_panic_s(o.proposal_id)]\n",
        new="            alive = list(self._alive())\n",
        test=TEST_PANIC
        + "_resumed.py::test_twice_is_one_question_and_the_first_one_s_sales_go_on",
    ),
    Bug(
        name="panic is forgotten with its process",
        file=PANIC,
        old="            self.memory.set_panic(panic)\n",
        new="",
        test=TEST_PANIC
        + "_restarted.py::test_killed_before_the_card_the_next_run_asks",
    ),
    Bug(
        name="send a sale upon what the account window says",
        file="core/flows/trade.py",
        old="                    held=_held_before(clear[0], known),\n",
        new="                    held=None,\n",
        test=IN_TROUBLE + "test_a_clock_behind_ibs_makes_no_share_of_a_sale_free_again",
    ),
    Bug(
        name="leave out of a panic what the account window does not know yet",
        file=HOLDING,
        old="    new = just_filled(bought, now)\n",
        new="    new = 0\n",
        test=TEST_PANIC
        + "_holdings.py::test_what_was_bought_a_moment_ago_is_sold_although_the_window_lags",
    ),
    Bug(
        name="what a sale brings makes room in the day's limit",
        file="core/rules/circumstances.py",
        old="    buys = [order for order in orders if order.side is Side.BUY]\n",
        new="    buys = list(orders)\n",
        test="tests/core/rules/selling/test_guards.py::"
        "test_a_sale_makes_no_room_in_the_day_s_limit",
    ),
    Bug(
        name="tell a panic of an empty account where other things are held",
        file="core/flows/named/panic.py",
        old="NothingToSell(at=panic.at, stays=answer.problem)",
        new="NothingToSell(at=panic.at)",
        test="tests/core/flows/named/test_panic_in_trouble.py::"
        "test_where_nothing_can_be_sold_here_it_names_what_is_held",
    ),
    Bug(
        name="say of what IB did not list that others are selling it",
        file="core/rules/selling/guards.py",
        old="    if c.inventory is not None and instrument.con_id not in c.inventory.shares:\n",
        new="    if c.inventory is not None and not instrument.con_id:\n",
        test="tests/core/flows/named/test_panic_in_trouble.py::"
        "test_where_ib_answers_nothing_the_reason_does_not_speak_of_other_sales",
    ),
)
