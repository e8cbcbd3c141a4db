"""Bugs in what is believed of the market and of the account's figures."""

from typing import Final

from tests.teeth.bug import Bug


LINES: Final = "core/broker/quotes.py"
LINE: Final = "core/broker/lines.py"
TEST_QUOTES: Final = "tests/core/broker/test_quotes_disturbed.py::"
ACCOUNT: Final = "core/broker/account.py"
TEST_ACCOUNT: Final = "tests/core/broker/test_account.py::"

QUOTES: Final = (
    Bug(
        name="hand on a line that has been silent",
        line=4,
        file=LINES,
        old="        return abs(self._connection.clock.now() - line.quote.at) <= JUST_NOW\n",
        new="        return True\n",
        test=TEST_QUOTES
        + "test_who_comes_to_a_silent_line_is_answered_by_a_new_request",
    ),
    Bug(
        name="keep the values of a line that IB has ended",
        line=4,
        file=LINE,
        old="                self._values, self._quote = {}, None\n",
        new="",
        test=TEST_QUOTES + "test_a_competing_session_ends_every_line",
    ),
    Bug(
        name="let a size make a price new",
        file=LINE,
        old="        if not self._values or is_now:\n",
        new="        if values:\n",
        test=TEST_QUOTES + "test_sizes_do_not_make_an_old_price_new",
    ),
    Bug(
        name="let a side that goes away make the last price new",
        line=4,
        file=LINE,
        old="is_now=name in NOW and values[name] is not None",
        new="is_now=name in NOW",
        test="tests/core/broker/test_lines.py::"
        "test_a_side_that_goes_away_does_not_make_the_others_younger",
    ),
    Bug(
        name="overlook a bid beyond the band",
        line=4,
        file="core/rules/order_guards.py",
        old="(quote.ask, quote.bid)",
        new="(quote.ask,)",
        test="tests/core/rules/test_order_guards.py::"
        "test_a_bid_beyond_the_band_means_that_last_and_ask_are_old",
    ),
    Bug(
        name="call an order filled with what it was sent for",
        line=10,
        file="core/rules/order_messages.py",
        old="    shares = _size_in(order, echo) if is_echo else order.shares\n",
        new="    shares = order.shares\n",
        test="tests/core/flows/test_resized.py::"
        "test_one_made_larger_works_and_can_be_cancelled_behind_its_first_hundred",
    ),
    Bug(
        name="halt over an order that somebody made larger unreported",
        line=10,
        file="core/rules/order_states.py",
        old="    if is_larger(before, after):\n        return False\n",
        new="",
        test="tests/core/flows/test_resized.py::"
        "test_one_enlarged_and_cancelled_unheard_was_not_filled_whole",
    ),
    Bug(
        name="take the status of a copy made in TWS for the order's",
        line=7,
        file="core/flows/listen.py",
        old="        return order if isinstance(message, FillMessage) else None\n",
        new="        return order\n",
        test="tests/core/flows/test_copies.py::"
        "test_a_copy_of_an_order_made_in_tws_halts_once_and_is_left_alone",
    ),
    Bug(
        name="keep the rate of a subscription that was lost",
        line=25,
        file="core/broker/account.py",
        old="        self._rates = ExchangeRates()\n",
        new="",
        test="tests/core/broker/test_account.py::"
        "test_nothing_from_before_a_lost_subscription_counts_after_it",
    ),
    Bug(
        name="believe the owner's word over IB's open orders",
        line=9,
        file="core/rules/listings/absence.py",
        old="    if order.state in ENDED_AT_IB or _refutes_word(order, found):\n",
        new="    if order.state in ENDED_AT_IB:\n",
        test="tests/core/flows/test_doubt.py::"
        "test_an_order_that_the_owner_called_filled_and_ib_works_is_an_alarm",
    ),
    Bug(
        name="take a stop that somebody made smaller for one that IB reduced",
        line=10,
        file="core/flows/reconcile.py",
        old="            yield from cut_by_hand(group, evidence)\n",
        new="",
        test="tests/core/flows/exits/test_reduced.py::"
        "test_a_stop_that_somebody_made_smaller_is_told_and_left_as_it_is",
    ),
    Bug(
        name="take a stop that somebody made larger for one that IB reduced",
        line=10,
        file="core/flows/reconcile.py",
        old="            yield from grown_by_hand(group, evidence, earlier=earlier)\n",
        new="",
        test="tests/core/flows/exits/test_reduced.py::"
        "test_a_stop_enlarged_behind_a_sale_of_its_group_never_sells_more_than_is_held",
    ),
    Bug(
        name="let a copy made in TWS end the order",
        line=7,
        file="core/rules/listings/found.py",
        old=" and not is_copy(order, each.names)",
        new="",
        test="tests/core/rules/test_copies.py::"
        "test_a_copy_neither_ends_nor_keeps_the_order",
    ),
    Bug(
        name="ask again about what was cancelled meanwhile",
        line=1,
        file="core/flows/trade.py",
        old="                continue  # cancelled meanwhile: the rest is judged again\n",
        new="                pass\n",
        test="tests/core/flows/test_trade.py::"
        "test_what_is_cancelled_while_the_chat_is_waited_for_is_not_asked_about_again",
    ),
    Bug(
        name="send on a price that was received long ago",
        line=4,
        file="core/rules/order_guards.py",
        old="QUOTE_LIFE: Final = timedelta(seconds=5)",
        new="QUOTE_LIFE: Final = timedelta(seconds=60)",
        test="tests/core/rules/test_order_guards.py::test_an_old_price_is_no_price",
    ),
    Bug(
        name="multiply by the dollar's rate",
        line=25,
        file="core/broker/exchange_rates.py",
        old="        return Money(in_base / per_dollar)\n",
        new="        return Money(in_base * per_dollar)\n",
        test=TEST_ACCOUNT + "test_dollars_are_the_base_currency_divided_by_ibs_rate",
    ),
    Bug(
        name="know the rate by its old name only",
        line=25,
        file=ACCOUNT,
        old="        by_currency = tag.removeprefix(LEDGER)\n",
        new="        by_currency = tag\n",
        test=TEST_ACCOUNT
        + "test_what_ib_tells_by_currency_may_be_marked_as_of_its_ledger",
    ),
    Bug(
        name="guess a zone that makes a fill one of tomorrow",
        line=23,
        file="core/broker/texts.py",
        old="    is_wrong = here is None and latest is not None and moment > latest\n",
        new="    is_wrong = False\n",
        test="tests/core/broker/test_raw_fields.py::"
        "test_a_fill_is_not_lost_for_a_moment_that_nobody_can_read",
    ),
    Bug(
        name="say what is held before IB has listed it",
        line=19,
        file=ACCOUNT,
        old="        return tuple(self._positions.values()) if self._complete else None\n",
        new="        return tuple(self._positions.values())\n",
        test=TEST_ACCOUNT + "test_nothing_is_known_before_ib_has_told_all",
    ),
    Bug(
        name="date the funds by whatever came last",
        line=25,
        file=ACCOUNT,
        old="            funds_at=funds.at if funds else None,\n",
        new="            funds_at=max(told),\n",
        test=TEST_ACCOUNT + "test_the_funds_have_a_time_of_their_own",
    ),
    Bug(
        name="keep figures of a subscription that was lost",
        file="core/broker/connection.py",
        old="        self.book.forget()\n        loop =",
        new="        loop =",
        test=TEST_ACCOUNT + "test_a_subscription_that_was_lost_is_made_again",
    ),
    Bug(
        name="cut the fraction of a holding off",
        file=ACCOUNT,
        old="        held = translate.shares_in(shares)\n",
        new="        held = Decimal(int(shares))\n",
        test=TEST_ACCOUNT
        + "test_a_holding_is_what_it_is_and_its_whole_part_can_be_sold",
    ),
    Bug(
        name="read a moment with a hyphen in the gateway's zone",
        line=23,
        file="core/broker/texts.py",
        old='    is_utc = zone in {"Z", "z"} or (between == "-" and not zone)\n',
        new='    is_utc = zone in {"Z", "z"}\n',
        test="tests/core/broker/test_raw_fields.py::test_a_moment_with_a_hyphen_is_utc",
    ),
    Bug(
        name="take an empty commission for nothing",
        line=23,
        file="core/broker/raw_fields.py",
        old="        if fields[_AMOUNT].strip():\n",
        new="        if fields:\n",
        test="tests/core/broker/test_raw_fields.py::"
        "test_an_empty_commission_is_not_known_and_a_rebate_is_one",
    ),
    Bug(
        name="know a hold in English only",
        line=23,
        file="core/rules/codes/holds.py",
        old="    return says_until or _CLOCK_TIME.search(text) is not None\n",
        new="    return says_until\n",
        test="tests/core/broker/test_codes.py::"
        "test_a_hold_in_another_language_is_a_hold",
    ),
    Bug(
        name="book an execution of less than no shares",
        line=23,
        file="core/broker/incoming/executions.py",
        old="    if executed < 0 or (executed and paid <= 0):\n",
        new="    if executed > 0 and paid <= 0:\n",
        test="tests/core/broker/test_translate.py::"
        "test_an_execution_that_tells_too_little_is_never_booked",
    ),
    Bug(
        name="take a right that is traded before its issue for a stock",
        line=27,
        file="core/rules/scanned_rows.py",
        old='    name = _WHEN_ISSUED.sub("", " ".join(symbol.upper().split()))\n',
        new='    name = " ".join(symbol.upper().split())\n',
        test="tests/core/rules/test_scanned_rows.py::"
        "test_a_symbol_tells_a_warrant_a_right_and_a_unit",
    ),
    Bug(
        name="ask for the facts of a stock by a request of their own",
        file="core/broker/quotes.py",
        old="            client.reqMktData(number, contract, GENERIC_TICKS,",
        new="            facts = self.session.draw(partial(self._take_message, line))\n"
        '            client.reqMktData(facts, contract, "", False, False, [])\n'
        "            client.reqMktData(number, contract, GENERIC_TICKS,",
        test="tests/core/flows/research/test_scan_messages.py::"
        "test_the_facts_of_a_card_cost_no_message",
    ),
    Bug(
        name="end the search for headlines at IB's refusal",
        file="core/flows/amending/headlines.py",
        old="        except BrokerError:\n            return ()\n",
        new="        except BrokerError:\n            raise\n",
        test="tests/core/flows/amending/test_headlines.py::"
        "test_a_refusal_is_nobodys_trouble",
    ),
    Bug(
        name="take a volume and an average of -1 for figures",
        file="core/broker/translate.py",
        old="    return int(number) if 0 <= number < _LARGEST else None\n",
        new="    return int(number) if -_LARGEST < number < _LARGEST else None\n",
        test="tests/core/broker/test_lines.py::"
        "test_a_size_that_is_no_number_of_shares_is_unknown",
    ),
    Bug(
        name="take IB's unset figure for a stock that is halted and easy to borrow",
        file="core/broker/translate.py",
        old="    return value if 0 <= value < _LARGEST else None\n",
        new="    return value if value >= 0 else None\n",
        test="tests/core/broker/test_lines.py::"
        "test_a_word_of_ib_that_is_no_number_says_nothing",
    ),
)
