"""Bugs in what protects a holding: each leaves it naked, or sells more than is held."""

from typing import Final

from tests.teeth.bug import Bug


COVERAGE: Final = "core/rules/exits/coverage.py"
KEEPER: Final = "core/flows/exits/keeper.py"
NEEDS: Final = "core/flows/exits/needs.py"
PLANNED: Final = "core/flows/exits/planned.py"
JUDGE: Final = "core/flows/exits/judge.py"
TIMED: Final = "core/flows/exits/timed.py"
TEST_TIMED: Final = "tests/core/flows/exits/test_timed.py::"
TEST_JUDGE: Final = "tests/core/flows/exits/test_judge.py::"
TEST_KEEPER: Final = "tests/core/flows/exits/test_keeper.py::"
TEST_SOLD: Final = "tests/core/flows/exits/test_sold.py::"
TEST_HALTED: Final = "tests/core/flows/exits/test_halted.py::"
TEST_LATE: Final = "tests/core/flows/exits/test_late.py::"
TEST_PRICES: Final = "tests/core/rules/exits/test_prices.py::"
TEST_CLOSED: Final = "tests/core/flows/exits/test_closed.py::"

EXITS: Final = (
    Bug(
        name="send an exit that was taken off",
        file="core/model/exits/protection.py",
        old=" and order.exit not in self.off\n",
        new="\n",
        test="tests/core/flows/exits/test_meanwhile.py::"
        "test_an_exit_that_was_taken_off_is_not_sent_although_ib_did_not_answer",
    ),
    Bug(
        name="sell before the usual close what a short day closes on earlier",
        file="core/rules/exits/timing.py",
        old="    left = session.closes - now\n",
        new="    left = session.closes.replace(hour=21, minute=0) - now\n",
        test="tests/core/flows/test_short_weeks.py::"
        "test_what_waits_for_an_open_is_bought_protected_and_sold_before_its_close",
    ),
    Bug(
        name="send a target although its stop does not work yet",
        file=PLANNED,
        old=" and not self._is_too_early(order):\n",
        new=":\n",
        test="tests/core/flows/exits/test_sibling.py::"
        "test_no_target_leaves_before_its_stop_works",
    ),
    Bug(
        name="do not tell an exit whose execution comes behind its end",
        file="core/ledger/orders.py",
        old="(before.state not in FINAL or is_another)\n",
        new="before.state not in FINAL\n",
        test="tests/core/ledger/test_exit_ends.py::"
        "test_an_exit_that_has_sold_is_told_once",
    ),
    Bug(
        name="end a stop whose target was closed by word",
        file=COVERAGE,
        old="        of_it = (*self.alive, *self.unseen)\n",
        new="        of_it = self.alive\n",
        test="tests/core/flows/exits/test_closed_by_word.py::"
        "test_a_stop_stands_when_its_target_is_closed_by_word",
    ),
    Bug(
        name="place an exit in the room of one closed by word",
        file=COVERAGE,
        old="    room = max(0, room - unseen_exits(orders, now))\n",
        new="",
        test="tests/core/flows/exits/test_meanwhile.py::"
        "test_an_exit_closed_by_word_is_not_written_over_and_over",
    ),
    Bug(
        name="do not say what becomes of a sale that was closed by word",
        file="bot/views/trouble.py",
        old='    if order.side is Side.BUY:\n        return "Buying',
        new='    if order.side:\n        return "Buying',
        test="tests/bot/views/trading/test_closed_sale.py::"
        "test_shares_whose_sale_is_closed_by_word_are_said_to_have_no_exit",
    ),
    Bug(
        name="free shares twice where the clock of IB is ahead",
        file="core/rules/selling/holding.py",
        old="    return listed - sum(fill.shares for fill in bought if fill.at > now)\n",
        new="    return listed\n",
        test="tests/core/flows/exits/test_lagging.py::"
        "test_a_clock_behind_ibs_frees_no_share_twice",
    ),
    Bug(
        name="place an exit on what the owner said before IB answered",
        file=KEEPER,
        old="        if self._is_another_by_now(protection):\n            return\n",
        new="",
        test="tests/core/flows/exits/test_meanwhile.py::"
        "test_a_panic_meanwhile_keeps_the_exit_back",
    ),
    Bug(
        name="count what an exit sells from the account window",
        file=PLANNED,
        old="judgement, held=held)\n",
        new="judgement)\n",
        test="tests/core/flows/exits/test_lagging.py::"
        "test_what_an_exit_sold_soon_is_not_taken_off_a_second_time",
    ),
    Bug(
        name="take an exit for ended once its cancel is wanted",
        file=COVERAGE,
        old="        return tuple(order for order in self.orders if order.state not in FINAL)\n",
        new="        living = (o for o in self.orders if not o.cancel_asked)\n"
        "        return tuple(order for order in living if order.state not in FINAL)\n",
        test="tests/model/exits/test_exits.py::"
        "test_no_state_breaks_a_promise_of_the_exits",
    ),
    Bug(
        name="protect all that is held, whatever was bought",
        file="core/rules/exits/covered.py",
        old="    if not protection.entries:\n        return max(0, room - bought_after(protection, orders))\n",
        new="    return room\n",
        test=TEST_KEEPER + "test_what_was_held_before_is_not_covered_by_the_purchase",
    ),
    Bug(
        name="give what is bought anew the exits of the holding before",
        file="core/rules/exits/covered.py",
        old="        if held > 0 and not trade.is_anew:\n",
        new="        if True:\n",
        test="tests/core/flows/exits/test_changed_holdings.py::"
        "test_what_is_bought_after_all_was_sold_has_no_exits_of_the_plan_before",
    ),
    Bug(
        name="set the exits of a card whose shares are sold",
        file="core/rules/exits/approval.py",
        old='    return "" if _still_held(leg, orders) else gone\n',
        new='    return "" if orders else gone\n',
        test="tests/core/flows/exits/test_changed_holdings.py::"
        "test_a_yes_to_exits_of_what_was_sold_since_sets_none",
    ),
    Bug(
        name="leave a target without its stop",
        file=COVERAGE,
        old="kinds <= due and bool(kinds & PROTECTS) == bool(due & PROTECTS)\n",
        new="kinds <= due\n",
        test="tests/core/rules/exits/test_coverage.py::"
        "test_a_group_ends_that_lacks_its_stop_and_stays_without_its_target",
    ),
    Bug(
        name="end a stop because its target lapsed",
        file=COVERAGE,
        old="kinds <= due and bool(kinds & PROTECTS) == bool(due & PROTECTS)\n",
        new="kinds == due\n",
        test="tests/core/flows/exits/test_sibling.py::"
        "test_a_target_that_never_reached_ib_joins_the_stop_that_stands",
    ),
    Bug(
        name="leave exits alive when the shares were sold by hand",
        file=KEEPER,
        old="        if self._end(needed.cancel):\n",
        new="        if not needed:\n",
        test=TEST_SOLD + "test_no_exit_stays_alive_when_the_owner_sells_by_hand",
    ),
    Bug(
        name="place again what was cancelled at IB",
        file="core/flows/exits/plans.py",
        old="        if ended := dict(taken_off(protection, orders)):\n",
        new="        ended = dict(taken_off(protection, orders))\n"
        "        if ended and not protection.entries:\n",
        test=TEST_SOLD + "test_what_is_ended_at_ib_is_not_placed_again_and_told",
    ),
    Bug(
        name="tell exits that IB ended at a split as ended by hand",
        file="core/flows/exits/pauses.py",
        old="        return now - self._ended_since.setdefault(con_id, now) < _WINDOW\n",
        new="        return False\n",
        test="tests/core/flows/exits/test_splits.py::"
        "test_exits_that_ib_ends_at_a_split_are_told_with_it_and_once",
    ),
    Bug(
        name="do not look at what others may sell beside exits that stand",
        file=KEEPER,
        old="        return is_open and works and self.pauses.before_looking(stock.con_id)\n",
        new="        return False\n",
        test="tests/core/flows/exits/test_beside_others.py::"
        "test_exits_end_for_a_sale_by_hand_and_come_back_when_it_is_gone",
    ),
    Bug(
        name="let an order of the simulated gateway trade before its condition is true",
        file="core/sandbox/trading/order_life.py",
        old="        later = waits_until(order, seen, self._trading_hours)\n",
        new="        later = None\n",
        test="tests/core/sandbox/trading/terms/test_terms.py::"
        "test_good_after_time_trades_no_earlier",
    ),
    Bug(
        name="leave the others of a group whole where one has sold a part",
        file="core/sandbox/trading/order_life.py",
        old="(oca_member, oca_member.ticket.quantity - shares, at)",
        new="(oca_member, oca_member.ticket.quantity, at)",
        test="tests/core/sandbox/gateway/requests/test_exit_groups.py::"
        "test_a_part_that_is_sold_is_taken_off_the_other_exits",
    ),
    Bug(
        name="take what a sale brought by the ask of its card",
        file="core/rules/figures/slippage.py",
        old="    quoted = leg.ask if leg.side is Side.BUY else leg.bid\n",
        new="    quoted = leg.ask\n",
        test="tests/core/rules/figures/test_slippage.py::"
        "test_worse_is_above_zero_on_both_sides",
    ),
    Bug(
        name="tell nobody that shares with exits are gone",
        file="core/ledger/exits.py",
        old="            if unsold:\n",
        new="            if False:\n",
        test="tests/core/flows/exits/test_changed_holdings.py::"
        "test_shares_that_are_transferred_out_take_their_exits_with_them",
    ),
    Bug(
        name="say that the account's value lacks where only the rate does",
        file="core/flows/amending/check.py",
        old="        account = self.broker.account()\n        return why",
        new="        account = None\n        return why",
        test="tests/core/flows/amending/test_check.py::"
        "test_the_rate_that_lacks_is_named_and_not_the_accounts_value",
    ),
    Bug(
        name="wait for the account window before exits of a holding stand",
        file="core/flows/exits/plans.py",
        old="            new = just_filled(bought_in(orders, stock), now)\n",
        new="            new = 0\n",
        test="tests/core/flows/exits/test_cards.py::"
        "test_what_was_bought_just_now_is_shown_and_can_have_other_exits",
    ),
    Bug(
        name="count a plan's delay from one that was given up",
        file="core/flows/exits/late.py",
        old="        if self._cards.get(stock.con_id) != card:\n",
        new="        if False:\n",
        test="tests/core/flows/exits/test_late.py::"
        "test_the_minute_of_a_new_plan_does_not_begin_with_an_older_ones",
    ),
    Bug(
        name="buy with a stop that would lie below nothing",
        file="core/rules/exits/prices.py",
        old="    return any(dollars_of(each, price) >= price for each in far)\n",
        new="    return any(dollars_of(each, price) < 0 for each in far)\n",
        test="tests/core/flows/exits/test_unknown_range.py::"
        "test_a_stop_that_would_lie_below_nothing_keeps_the_purchase_back",
    ),
    Bug(
        name="leave a trailing stop at the distance that it was sent with",
        file="core/rules/order_messages.py",
        old="    return order.distance and (echo.distance or order.distance)\n",
        new="    return order.distance\n",
        test="tests/core/flows/exits/test_changed_at_ib.py::"
        "test_a_trailing_stop_follows_at_the_distance_that_ib_has_and_it_is_told_once",
    ),
    Bug(
        name="judge a listing abroad in dollars by New York's hours",
        file="core/model/proposal.py",
        old="return self.is_abroad or not keeps_new_york_hours(self.listed_on)\n",
        new="return self.is_abroad\n",
        test="tests/core/model/test_hours.py::"
        "test_a_listing_abroad_has_its_own_hours_even_in_dollars",
    ),
    Bug(
        name="take half a sale and a split for a split alone",
        file="core/rules/exits/split_ends.py",
        old="        and abs(books.paid * factor / cost - 1) <= _NEAR\n",
        new="",
        test="tests/core/rules/exits/test_split_ends.py::"
        "test_what_one_split_alone_does_not_make_stays_in_doubt",
    ),
    Bug(
        name="forget what a holding cost that was not bought here",
        file="core/flows/exits/split_ends.py",
        old="asked=self._asked_about(order)\n",
        new="asked=None\n",
        test="tests/core/flows/exits/test_splits.py::"
        "test_exits_of_a_holding_not_bought_here_that_a_split_ended_are_told_ended",
    ),
    Bug(
        name="leave in doubt what a split has ended in the night",
        file="core/flows/reconcile.py",
        old="        verdict = self.split_ends.answer(verdict, order, evidence)\n",
        new="",
        test="tests/core/flows/exits/test_splits.py::"
        "test_exits_that_a_split_ended_days_ago_are_told_ended_and_set_anew_for_all",
    ),
    Bug(
        name="send an order for an open that has begun",
        file="core/rules/common_guards.py",
        old="    if c.market.phase is MarketPhase.OPEN and c.is_for_an_open:\n",
        new="    if c.market.phase is MarketPhase.UNKNOWN and c.is_for_an_open:\n",
        test="tests/core/flows/amending/test_choose_terms.py::"
        "test_an_order_for_an_open_that_has_begun_is_not_sent",
    ),
    Bug(
        name="sell before the exits have ended",
        file="core/flows/trade.py",
        old="            await self.exits.make_way(planned)\n",
        new="",
        test=TEST_SOLD + "test_a_sale_ends_the_exits_first_and_protects_what_is_left",
    ),
    Bug(
        name="place exits in a panic",
        file="core/rules/halts.py",
        old="    return any(halt.reason.startswith(_PANIC) for halt in halts)\n",
        new="    return all(halt.reason.startswith(_PANIC) for halt in halts) and not halts\n",
        test=TEST_HALTED + "test_a_panic_ends_the_exits_and_places_none_until_resume",
    ),
    Bug(
        name="a halt keeps protection back",
        file="core/flows/exits/judge.py",
        old="deadline=_NEVER, despite_halt=True",
        new="deadline=_NEVER, despite_halt=False",
        test=TEST_HALTED + "test_a_halt_does_not_keep_protection_back",
    ),
    Bug(
        name="place a passed stop anew",
        file="core/flows/exits/pricing.py",
        old="        if problem is None:\n",
        new="        if problem is None or exits:\n",
        test=TEST_KEEPER + "test_a_stop_whose_price_has_passed_is_not_placed_anew",
    ),
    Bug(
        name="send a target whose stop has sold",
        file="core/rules/exits/guards.py",
        old="    if group_has_sold(order, c.counting, listed):\n",
        new="    if group_has_sold(order, (), listed):\n",
        test=TEST_SOLD + "test_an_exit_is_not_sent_once_another_of_its_group_has_sold",
    ),
    Bug(
        name="round a stop away from the price paid",
        file="core/rules/exits/prices.py",
        old="    at = rounded_up(Price(basis - dollars_of(distance, basis)), steps)\n",
        new="    at = rounded_down(Price(basis - dollars_of(distance, basis)), steps)\n",
        test=TEST_PRICES + "test_a_stop_is_rounded_up_and_a_target_down",
    ),
    Bug(
        name="leave exits in the old shares after a split",
        file="core/rules/figures/splits.py",
        old="found is None or off[found] > _NEAR",
        new="found is None or off[found] <= _NEAR",
        test="tests/core/flows/exits/test_splits.py::"
        "test_a_holding_that_was_doubled_by_hand_is_no_split",
    ),
    Bug(
        name="call an order filled whose trade was taken back",
        file="core/rules/order_states.py",
        old="    S.FILLED: S.CANCELLED,\n}",
        new="}",
        test="tests/core/rules/test_fills.py::"
        "test_a_trade_that_was_taken_back_bought_nothing",
    ),
    Bug(
        name="place exits by the plans of an old copy",
        file="core/rules/halts.py",
        old="    return any(halt.old_copy for halt in halts)\n",
        new="    return not halts and False\n",
        test="tests/core/flows/exits/test_old_copy.py::"
        "test_no_exit_leaves_by_an_old_copy_s_plan",
    ),
    Bug(
        name="look at another account's exits as this one's",
        file="core/flows/exits/plans.py",
        old="        return orders_in(self.account(), self.orders.of_stock(stock.con_id))\n",
        new="        return self.orders.of_stock(stock.con_id)\n",
        test="tests/core/flows/exits/test_meanwhile.py::"
        "test_each_account_has_its_own_exits_of_a_stock",
    ),
    Bug(
        name="keep the room of an exit that others were approved for",
        file="core/rules/circumstances.py",
        old="CLOSED_BY_HUMAN or order.replaced:\n",
        new="CLOSED_BY_HUMAN:\n",
        test=TEST_CLOSED
        + "test_other_exits_are_placed_in_its_stead_once_they_are_approved",
    ),
    Bug(
        name="count a standing exit that was closed by word for its first day alone",
        file="core/rules/circumstances.py",
        old="        own = closed or own\n",
        new="        own = order.sent_day\n",
        test=TEST_CLOSED
        + "test_one_of_an_earlier_day_keeps_its_room_for_the_day_of_the_word",
    ),
    Bug(
        name="leave exits that gave up shares which came back",
        file="core/rules/exits/coverage.py",
        old="    if any(not fill.shares for order in group.orders for fill in order.fills):\n",
        new="    if not group.orders:\n",
        test="tests/core/flows/test_busts.py::"
        "test_exits_that_gave_up_shares_which_came_back_are_placed_anew",
    ),
    Bug(
        name="end the exits for a sale that a halt keeps back",
        file=NEEDS,
        old="        return card is None or card.purpose is not Purpose.SELL_ALL\n",
        new="        return False\n",
        test="tests/core/flows/exits/test_old_copy.py::"
        "test_a_sale_that_a_halt_keeps_back_ends_no_exits_beforehand",
    ),
    Bug(
        name="take half a holding sold by hand for a split",
        file="core/rules/figures/splits.py",
        old="    is_rise = 1 < factor <= RISE\n",
        new="    is_rise = False\n",
        test="tests/core/flows/exits/test_splits.py::"
        "test_half_that_is_sold_by_hand_at_twice_the_price_is_no_split",
    ),
    Bug(
        name="believe the second that IB stamps a sale with",
        file="core/rules/selling/holding.py",
        old="    if order.sent_at is not None and order.sent_at >= since:\n",
        new="    if order.sent_at is None:\n",
        test="tests/core/rules/selling/test_holding.py::"
        "test_a_fill_stamped_before_its_sale_was_sent_is_not_sold_twice",
    ),
    Bug(
        name="end what is left of a group once one of it is closed by word",
        file="core/rules/exits/coverage.py",
        old="        of_it = (*self.alive, *self.unseen)\n",
        new="        of_it = self.alive\n",
        test=TEST_CLOSED + "test_the_others_of_its_group_stay",
    ),
    Bug(
        name="count each exit of a group as selling for itself",
        file="core/rules/selling/holding.py",
        old="    return sum(group.rest for group in groups_of(sales)) + unseen",
        new="    return sum(o.rest for g in groups_of(sales) for o in g.alive) + unseen",
        test=TEST_KEEPER + "test_of_a_part_fill_so_much_is_protected_and_then_the_rest",
    ),
    Bug(
        name="sell before the first close what was to be sold before a later one",
        file="core/rules/exits/timing.py",
        old="    return session.day >= day and TOO_LATE",
        new="    return TOO_LATE",
        test="tests/core/flows/exits/test_timed.py::"
        "test_before_an_earlier_close_than_its_own_it_is_not_due",
    ),
    Bug(
        name="take a target of several true ranges for one",
        file="core/rules/exits/prices.py",
        old="(distance.amount * atr)",
        new="atr",
        test="tests/core/flows/named/test_purchases.py::"
        "test_the_card_begins_with_the_exits_of_the_settings",
    ),
    Bug(
        name="show a distance in dollars like a price",
        file="bot/views/trading/exits.py",
        old='    return f"{distance} {side}" if distance.unit is Unit.DOLLARS else ',
        new="    return ",
        test="tests/bot/views/trading/test_exits_card.py::"
        "test_a_distance_in_dollars_is_not_read_as_a_price",
    ),
    Bug(
        name="end a stop for a timed exit that cannot be sent",
        file=TIMED,
        old="            self._refused[stock.con_id] = await self.judge.refuses_all()\n",
        new="            await self.judge.refuses_all()\n",
        test=TEST_TIMED + "test_a_clock_set_near_the_close_takes_no_stop_away",
    ),
    Bug(
        name="tell nobody of a timed exit that has missed its close",
        file=TIMED,
        old="        await self._put_off(stock)\n",
        new="",
        test=TEST_TIMED
        + "test_one_that_missed_its_close_is_told_once_and_sold_before_the_next",
    ),
    Bug(
        name="put a timed exit off by a clock that is ahead",
        file=TIMED,
        old="await self.judge.surely()",
        new="self.clock.now()",
        test=TEST_TIMED
        + "test_a_clock_that_was_ahead_for_a_moment_puts_no_timed_exit_off",
    ),
    Bug(
        name="see a timed exit due by this machine's clock alone",
        file=TIMED,
        old="self.standing.by_both_clocks()",
        new="(self.clock.now(),)",
        test=TEST_TIMED
        + "test_a_timed_exit_is_told_as_late_where_a_clock_set_back_does_not_see_it_due",
    ),
    Bug(
        name="begin a new minute at each look for exits that a guard keeps back",
        file=PLANNED,
        old="            self.late.failed(order.instrument, judged.refused)\n",
        new="",
        test=TEST_LATE
        + "test_exits_that_a_guard_keeps_back_are_told_after_a_minute_too",
    ),
    Bug(
        name="take an exit that is planned at every look for one that stands",
        file=KEEPER,
        old=" or self.planned.why_unsent(stock):\n",
        new=":\n",
        test="tests/core/flows/exits/test_late.py::"
        "test_exits_that_a_slow_gateway_keeps_back_are_told",
    ),
    Bug(
        name="judge an exit by a moment before IB has listed",
        file=JUDGE,
        old="        judgement = self._judgement_of_now(judgement.line)\n",
        new="",
        test=TEST_JUDGE + "test_a_slow_listing_keeps_no_stop_back",
    ),
    Bug(
        name="send an exit on what was listed before a sleep",
        file=JUDGE,
        old="        if slept(self.clock) - asleep > FRESH.total_seconds():\n"
        "            return JudgedExit(judgement=judgement, refused=_SLEPT)\n",
        new="",
        test=TEST_JUDGE
        + "test_no_exit_leaves_on_what_was_listed_before_the_machine_slept",
    ),
)
