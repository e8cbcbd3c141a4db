"""Bugs in what evidence is worth: refusals, ghosts, yesterday's comparison."""

from typing import Final

from tests.teeth.bug import Bug


ORDER_MESSAGES: Final = "core/rules/order_messages.py"
TEST_ORDER_MESSAGES: Final = "tests/core/rules/test_order_messages.py::"
TEST_RECOVERY: Final = "tests/core/flows/test_recovery.py::"
TEST_CANCELLING: Final = "tests/core/flows/test_cancelling.py::"
TEST_NEW_DAY: Final = "tests/core/flows/test_new_day.py::"

EVIDENCE: Final = (
    Bug(
        name="any refusal ends any order",
        file=ORDER_MESSAGES,
        old="        case Meaning.DEAD if is_new(order):\n",
        new="        case Meaning.DEAD:\n",
        test=TEST_ORDER_MESSAGES
        + "test_a_dead_code_on_an_order_that_ib_knows_is_no_verdict",
    ),
    Bug(
        name="believe a refusal at once",
        file=ORDER_MESSAGES,
        old="            yield Refused(ref=order.ref, reason=text)\n",
        new="            yield Rejected(ref=order.ref, reason=text)\n",
        test=TEST_ORDER_MESSAGES
        + "test_a_dead_code_on_a_new_order_refuses_it_and_asks_for_evidence",
    ),
    Bug(
        name="a refusal outweighs the listing",
        file="core/rules/listings/reconciliation.py",
        old="    if order.refused and is_new(order) and found.nothing:\n",
        new="    if order.refused and is_new(order):\n",
        test="tests/core/rules/test_reconciliation.py::"
        "test_r13_a_refused_order_that_is_listed_lives",
    ),
    Bug(
        name="take what IB keeps of a refused order for the order at work",
        line=10,
        file="core/rules/listings/found.py",
        old="        open=None if row is not None and row.is_inactive and has_ended else row,\n",
        new="        open=row,\n",
        test="tests/core/rules/test_reconciliation.py::"
        "test_r13_a_refused_order_that_is_listed_as_inactive_is_rejected",
    ),
    Bug(
        name="say that a stop stands which IB lists as inactive",
        line=19,
        file="core/rules/listings/absence.py",
        old="    kept_as_inactive,\n",
        new="",
        test="tests/core/flows/exits/test_refused.py::"
        "test_a_stop_that_ib_keeps_as_inactive_is_not_said_to_stand",
    ),
    Bug(
        name="let a ghost live",
        file="core/ledger/orders.py",
        old="            if is_unwanted(before, after):\n",
        new="            if after is before:\n",
        test=TEST_RECOVERY
        + "test_r16_an_absent_order_that_turns_up_is_cancelled_and_halts_the_trading",
    ),
    Bug(
        name="ask for a cancel only once",
        line=10,
        file="core/flows/reconcile.py",
        old="        for order in self.ledger.cancels_wanted():\n",
        new="        for order in self.ledger.unwanted():\n",
        test=TEST_RECOVERY
        + "test_r16_a_ghost_that_goes_on_is_asked_at_every_pass_to_end",
    ),
    Bug(
        name="forget a cancel that IB does not answer",
        line=10,
        file="core/engine.py",
        old="        self._parts.late_cancels.look()\n",
        new="",
        test="tests/core/flows/test_cancelling.py::"
        "test_a_cancel_that_ib_does_not_answer_is_asked_again_and_told_once",
    ),
    Bug(
        name="answer a refused cancel with the same request",
        line=10,
        file="core/flows/reconcile.py",
        old="            if order.ref not in self.asked:\n",
        new="            if order.ref:\n",
        test="tests/core/flows/test_cancelling.py::"
        "test_a_refused_cancel_is_not_asked_again_by_the_pass_that_it_brings",
    ),
    Bug(
        name="trade on yesterday's comparison",
        file="core/flows/trade.py",
        old="        if self.reconciler.is_of_another_day(now):\n",
        new="        if self.reconciler.is_of_another_day(now) is None:\n",
        test=TEST_NEW_DAY + "test_the_days_first_order_waits_for_a_pass_of_that_day",
    ),
    Bug(
        name="an old sign of life will do",
        file="core/broker/heartbeat.py",
        old="        if begun is not None and self._loop.time() - begun[0] < FRESH:\n",
        new="        if begun is not None:\n",
        test="tests/core/broker/test_heartbeat.py::"
        "test_an_old_probe_says_nothing_of_this_moment",
    ),
    Bug(
        name="read in a copy's row whether an exit has sold",
        line=7,
        file="core/rules/exits/coverage.py",
        old="    row = row_of(order, listed)\n",
        new="    row = {each.ref: each for each in listed}.get(order.ref)\n",
        test="tests/core/rules/test_copies.py::"
        "test_whether_an_exit_has_sold_is_read_in_its_own_row",
    ),
    Bug(
        name="know Read-Only API in English only",
        line=19,
        file="core/rules/codes/read_only.py",
        old='WORDS: Final = "|".join(_IN_EACH_LANGUAGE).replace(\n',
        new="WORDS: Final = _IN_EACH_LANGUAGE[0].replace(\n",
        test="tests/core/broker/test_supply.py::"
        "test_read_only_mode_is_known_in_each_language_of_tws",
    ),
    Bug(
        name="take any 321 without a number for Read-Only API",
        line=19,
        file="core/broker/supply.py",
        old="(self._lists_orders and number == INVALID)",
        new="number == INVALID",
        test="tests/core/broker/test_supply.py::test_another_321_is_not_read_only_mode",
    ),
    Bug(
        name="do not tell that a stop ends tonight",
        line=10,
        file="core/rules/order_states.py",
        old="    was_tif = before.tif if rests else after.tif\n",
        new="    was_tif = after.tif\n",
        test="tests/core/flows/exits/test_changed_at_ib.py::"
        "test_an_exit_that_is_made_good_for_a_day_is_told_and_protects_until_the_close",
    ),
    Bug(
        name="begin to wait anew after each refused cancel",
        line=10,
        file="core/flows/sent/late_cancels.py",
        old="            return\n        now = self.clock.boottime()\n",
        new="            self._asked = {}\n            return\n"
        "        now = self.clock.boottime()\n",
        test=TEST_CANCELLING
        + "test_a_cancel_that_ib_refuses_each_time_is_asked_more_and_more_rarely",
    ),
    Bug(
        name="wait over a new line as long as over the one before",
        line=10,
        file="core/flows/sent/late_cancels.py",
        old="        if asked.line_since != line_since:\n",
        new="        if False:\n",
        test=TEST_CANCELLING + "test_over_a_new_line_ib_is_asked_again_after_a_minute",
    ),
    Bug(
        name="wait for a cancel by a time of day that can be set",
        line=10,
        file="core/flows/sent/late_cancels.py",
        old="        now = self.clock.boottime()\n",
        new="        now = self.clock.now().timestamp()\n",
        test=TEST_CANCELLING + "test_a_clock_set_forward_is_no_hour_without_an_answer",
    ),
    Bug(
        name="forget an accepted cancel with the owner's word of a fill",
        line=10,
        file="core/rules/order_states.py",
        old=" and not is_by_word\n",
        new="\n",
        test=TEST_CANCELLING
        + "test_a_cancel_outlives_the_owners_word_that_some_or_all_was_filled",
    ),
    Bug(
        name="do not ask for the cancel of an order that two passes show alive",
        line=10,
        file="core/flows/reconcile.py",
        old="        self.ask_cancels()\n        return evidence\n",
        new="        return evidence\n",
        test=TEST_CANCELLING
        + "test_a_cancel_outlives_the_owners_word_that_some_or_all_was_filled",
    ),
    Bug(
        name="do not ask for the cancel of an order that came back",
        line=10,
        file="core/flows/listen.py",
        old="            self.reconciler.note_alive(order.ref)\n",
        new="",
        test=TEST_CANCELLING + "test_an_order_that_comes_back_is_cancelled_at_once",
    ),
    Bug(
        name="do not follow a stop that is moved in TWS",
        line=10,
        file="core/rules/order_messages.py",
        old="    return order.stop if order.stop is None else echo.stop or order.stop\n",
        new="    return order.stop\n",
        test="tests/core/flows/exits/test_changed_at_ib.py::"
        "test_an_exit_that_is_moved_in_tws_is_where_ib_has_it_and_told_each_time",
    ),
    Bug(
        name="count a stop for one day as protection of tomorrow",
        line=10,
        file="core/rules/exits/overview.py",
        old="        if is_open or order.tif == GOOD_TILL_CANCELLED\n",
        new="",
        test="tests/core/flows/exits/test_changed_at_ib.py::"
        "test_an_exit_that_is_made_good_for_a_day_is_told_and_protects_until_the_close",
    ),
)
