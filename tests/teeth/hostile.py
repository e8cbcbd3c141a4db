"""Bugs of the kinds that the hostile reading found: the lines of docs/safety.md that no
other bug here is for."""

from typing import Final

from tests.teeth.bug import Bug


TEST_OTHER_NAME: Final = "tests/core/flows/test_other_name.py::"
ORDER_MESSAGES: Final = "core/rules/order_messages.py"
GUARDS: Final = "core/rules/common_guards.py"

HOSTILE: Final = (
    Bug(
        name="buy on a Yes that came late",
        line=3,
        file="core/flows/decide.py",
        old="        if tap.waited > LATE_TAP:\n",
        new="        if tap.waited > LATE_TAP * 99:\n",
        test="tests/core/flows/test_late_yes.py::"
        "test_the_old_buttons_buy_nothing_once_the_card_asks_again",
    ),
    Bug(
        name="let an order rest that was sent right before a close",
        line=5,
        file="core/rules/sessions.py",
        old="CLOSING: Final = timedelta(seconds=60)",
        new="CLOSING: Final = timedelta(seconds=0)",
        test="tests/core/flows/test_before_the_close.py::"
        "test_a_yes_right_before_a_close_asks_whether_to_queue",
    ),
    Bug(
        name="send a timed exit however near its close has come",
        line=5,
        file="core/flows/exits/planned.py",
        old="        is_late = order.exit is ExitKind.CLOSE and not",
        new="        is_late = order.exit is None and not",
        test="tests/core/flows/exits/test_timed.py::"
        "test_a_timed_exit_that_would_come_after_the_close_is_not_sent",
    ),
    Bug(
        name="believe any session of any order",
        line=6,
        file="core/model/order.py",
        old="            return identity is not None and self.identity == identity\n",
        new="            return identity is not None\n",
        test=TEST_OTHER_NAME
        + "test_r18_a_lost_order_is_not_called_absent_in_another_name",
    ),
    Bug(
        name="start under another client id while an order works",
        line=6,
        file="core/flows/boot.py",
        old="        others = {before for before in sent_under if before != now}\n",
        new="        others = {before for before in sent_under if before == ''}\n",
        test="tests/core/flows/test_restored.py::"
        "test_another_client_id_or_account_is_refused_while_orders_are_open",
    ),
    Bug(
        name="know an order by its id alone",
        line=7,
        file=ORDER_MESSAGES,
        old="    return _has_ids(order, names) and terms == order.terms\n",
        new="    return _has_ids(order, names)\n",
        test="tests/core/rules/test_whose.py::"
        "test_another_tools_order_under_our_id_is_no_evidence",
    ),
    Bug(
        name="cancel whatever has the order's id",
        line=7,
        file="core/broker/orders.py",
        old="        if not _is_of(order, shown):\n",
        new="        if shown is order:\n",
        test="tests/core/broker/test_orders.py::"
        "test_an_id_that_another_tool_has_is_never_cancelled",
    ),
    Bug(
        name="halt for a tool whose refs begin like ours",
        line=7,
        file="core/rules/listings/unknown_orders.py",
        old="        return self.origin is not Origin.SIMILAR_REF\n",
        new="        return True\n",
        test=TEST_OTHER_NAME + "test_a_tool_whose_refs_begin_like_ours"
        "_is_told_once_and_does_not_halt",
    ),
    Bug(
        name="book a trade again under its second id",
        line=7,
        file="core/model/fills.py",
        old="    return is_there or sum(each.shares for each in together) > most\n",
        new="    return is_there and sum(each.shares for each in together) > most * 99\n",
        test="tests/core/flows/test_busts.py::"
        "test_a_trade_under_a_second_id_is_booked_once_and_halts_once",
    ),
    Bug(
        name="book more of an execution than IB counts with it",
        line=7,
        file="core/ledger/orders.py",
        old="            fill = fill.as_counted\n",
        new="            pass\n",
        test="tests/core/flows/test_busts.py::"
        "test_an_execution_of_more_than_ib_counts_is_booked_as_counted_and_halts",
    ),
    Bug(
        name="overlook that IB's count is ahead",
        line=8,
        file="core/rules/next_id.py",
        old="    if next_id > max(high + 1, seen):\n",
        new="    if next_id > max(high + 1, seen) * 99:\n",
        test="tests/core/flows/test_restored.py::"
        "test_a_folder_that_was_restored_whole_halts",
    ),
    Bug(
        name="leave a part that the owner told out of the books",
        line=9,
        file="core/rules/order_states.py",
        old="    **_lead(FilledByWord, [S.UNKNOWN], to=S.CANCELLED),",
        new="    **_lead(FilledByWord, [S.UNKNOWN], to=S.CLOSED_BY_HUMAN),",
        test="tests/core/flows/test_doubt.py::"
        "test_a_part_filled_by_the_owners_word_is_in_the_books",
    ),
    Bug(
        name="forget a cancel that is wanted while the order is being sent",
        line=10,
        file="core/rules/order_states.py",
        old="    **_stay(CancelAsked, _OURS),\n",
        new="    **_stay(CancelAsked, [S.PLANNED, *_ALIVE]),\n",
        test="tests/core/flows/test_cancelling.py::"
        "test_a_cancel_while_it_is_being_sent_waits_for_ibs_first_word",
    ),
    Bug(
        name="go on with a pool that is exhausted",
        line=11,
        file="bot/bot_api/pools.py",
        old="        if for_long or isinstance(error.__cause__, httpx.PoolTimeout):\n",
        new="        if for_long:\n",
        test="tests/bot/test_pools.py::test_an_exhausted_pool_is_replaced_at_once",
    ),
    Bug(
        name="keep one reason to halt only",
        line=13,
        file="core/ledger/halts.py",
        old="        self._memory.set_halts((*others, halt))\n",
        new="        self._memory.set_halts(others or (halt,))\n",
        test="tests/core/ledger/test_halts.py::"
        "test_what_is_found_while_halted_is_kept_and_told_too",
    ),
    Bug(
        name="end halts that nobody named",
        line=13,
        file="core/ledger/halts.py",
        old="if each not in ended]",
        new="if each not in ended and not ended]",
        test="tests/core/ledger/test_halts.py::"
        "test_resume_ends_what_was_named_and_nothing_that_came_since",
    ),
    Bug(
        name="let what is written overtake flood control",
        line=14,
        file="bot/outgoing/pace.py",
        old="        self._asked_until = loop_time() + seconds\n\n    def reached",
        new="        self._until = loop_time()\n\n    def reached",
        test="tests/bot/outgoing/test_pace.py::"
        "test_a_pause_that_telegram_asked_for_is_kept",
    ),
    Bug(
        name="send an order into a window that may be full",
        line=17,
        file="core/broker/pacing.py",
        old="        return now >= self._silent_until and unread < RATE\n",
        new="        return now >= self._silent_until and unread < RATE * 9\n",
        test="tests/core/broker/test_pacing.py::"
        "test_an_order_waits_while_fifty_messages_may_be_unread",
    ),
    Bug(
        name="take another Openbell in the account for nothing",
        line=17,
        file="core/rules/listings/unknown_orders.py",
        old="    return Origin.OPENBELL if _OPENBELL.fullmatch(ref) else Origin.SIMILAR_REF\n",
        new="    return Origin.SIMILAR_REF\n",
        test=TEST_OTHER_NAME + "test_another_openbell_in_the_account_is_told_and_halts",
    ),
    Bug(
        name="ready to trade while the gateway takes no orders",
        line=19,
        file=GUARDS,
        old="    if _is_up(now) and now.supply.read_only:\n",
        new="    if not _is_up(now) and now.supply.read_only:\n",
        test="tests/core/rules/test_guards.py::"
        "test_what_status_names_keeps_orders_back_as_well",
    ),
    Bug(
        name="say live over rows without both sides",
        line=21,
        file="bot/views/scans/scan_words.py",
        old="    if bare == 0 and quotes:\n",
        new="    if quotes:\n",
        test="tests/bot/views/scans/test_scan_words.py::"
        "test_live_is_only_said_alone_over_rows_with_both_sides",
    ),
    Bug(
        name="say Bought where a part is",
        line=22,
        file="bot/views/orders/outcome.py",
        old="    if states and states == {S.FILLED}:\n",
        new="    if S.FILLED in states:\n",
        test="tests/bot/views/test_true_words.py::"
        "test_the_first_line_of_an_approved_card_answers_what_became_of_it",
    ),
    Bug(
        name="export a fill without its price",
        line=24,
        file="core/store/readable.py",
        old='        price=filled[2] if filled else "",\n',
        new='        price="",\n',
        test="tests/core/store/test_readable.py::"
        "test_a_fill_has_its_own_shares_and_price",
    ),
    Bug(
        name="count for the day's limit only what was filled on it",
        line=26,
        file="core/store/orders.py",
        old="    return executed or order.state not in SETTLED\n",
        new="    return executed\n",
        test="tests/core/store/cached/test_found_orders.py::"
        "test_lists_are_at_each_step_what_a_query_finds",
    ),
    Bug(
        name="buy what is held at every scan",
        line=26,
        file="core/rules/order_guards.py",
        old="    if (held := held_shares(order, c)) > 0:\n",
        new="    if (held := held_shares(order, c)) < 0:\n",
        test="tests/core/rules/test_order_guards.py::"
        "test_a_held_stock_is_not_bought_again",
    ),
    Bug(
        name="send to a gateway that may be a real one in sandbox mode",
        line=30,
        file=GUARDS,
        old="    if mode is Mode.SANDBOX and not line.is_sandbox:\n",
        new="    if mode is None and not line.is_sandbox:\n",
        test="tests/core/rules/test_common_guards.py::"
        "test_the_gateway_is_a_sandbox_if_and_only_if_the_mode_says_so",
    ),
)
