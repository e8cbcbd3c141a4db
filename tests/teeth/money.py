"""Bugs in what the owner is told of money."""

from typing import Final

from tests.teeth.bug import Bug


DAY: Final = "core/rules/figures/day_profit.py"
TEST_TRANSLATE: Final = "tests/core/broker/test_translate.py::"
TEST_LEDGER: Final = "tests/core/ledger/test_orders.py::"
RETENTION: Final = "core/store/retention.py"
TEST_RETENTION: Final = "tests/contracts/store/test_retention.py::"
TEST_DAY: Final = "tests/core/rules/figures/test_day_profit.py::"

MONEY: Final = (
    Bug(
        name="tell a day's loss from a close of before the split",
        file="core/rules/figures/splits.py",
        old="    return adjusted <= _NEAR < abs(last / close - 1)\n",
        new="    return adjusted < 0\n",
        test="tests/core/rules/test_reporting.py::"
        "test_a_close_of_before_a_split_says_nothing_of_the_day",
    ),
    Bug(
        name="take London's pence for pounds",
        file="core/broker/lines.py",
        old="Price(found / self.unit)\n",
        new="found\n",
        test="tests/journeys/test_abroad.py::"
        "test_a_holding_in_another_currency_is_sold",
    ),
    Bug(
        name="ask about New York's hours before a sale abroad",
        file="core/flows/decide.py",
        old=" or proposal.has_own_hours\n",
        new="\n",
        test="tests/journeys/test_abroad.py::"
        "test_in_new_yorks_night_a_sale_abroad_is_sent_at_once",
    ),
    Bug(
        name="ask about the hours of a stock that the owner keeps",
        file="core/model/proposal.py",
        old="all(leg.has_own_hours for leg in self.wanted)\n",
        new="all(leg.has_own_hours for leg in self.legs)\n",
        test="tests/journeys/test_abroad.py::"
        "test_of_a_panic_only_what_is_in_it_decides_whose_hours_count",
    ),
    Bug(
        name="say of what London sells at once that it waits for New York",
        file="core/model/proposal.py",
        old="return len({leg.has_own_hours for leg in self.wanted}) > 1\n",
        new="return False\n",
        test="tests/journeys/test_abroad.py::"
        "test_panic_in_new_yorks_night_sells_in_london_and_queues_the_rest",
    ),
    Bug(
        name="count what was sold in another currency as dollars",
        file="core/rules/scoring/round_trips.py",
        old=" if each.instrument.currency == DOLLARS]\n",
        new="]\n",
        test="tests/journeys/test_abroad.py::"
        "test_a_holding_in_another_currency_is_sold",
    ),
    Bug(
        name="buy the first of several listings without a question",
        file="core/flows/named/purchases.py",
        old="        return exact[0] if len(exact) == 1 else ",
        new="        return exact[0] if exact else ",
        test="tests/core/flows/named/test_purchases.py::"
        "test_a_symbol_that_several_exchanges_list_is_asked_about",
    ),
    Bug(
        name="buy the listing in another currency that was chosen",
        file="core/flows/named/purchases.py",
        old="        if not _in_dollars(chosen):\n",
        new="        if not chosen.instrument:\n",
        test="tests/core/flows/named/test_purchases.py::"
        "test_a_symbol_that_several_exchanges_list_is_asked_about",
    ),
    Bug(
        name="count what was bought today from the previous close",
        line=20,
        file=DAY,
        old="    morning = held - sum((trade.signed for trade in trades), Decimal(0))\n",
        new="    morning = held\n",
        test=TEST_DAY + "test_each_share_counts_from_the_close_or_from_its_own_price",
    ),
    Bug(
        name="claim the day's profit where its trades are not known",
        file="core/rules/reporting.py",
        old="    known = day if trades is not None else None\n",
        new="    known = day\n",
        test="tests/core/rules/test_reporting.py::"
        "test_where_the_days_trades_are_not_known_neither_is_its_profit",
    ),
    Bug(
        name="mark a stock in another currency in dollars",
        file="core/rules/reporting.py",
        old=" or not position.is_dollar_stock:\n",
        new=":\n",
        test="tests/core/rules/test_reporting.py::"
        "test_a_quote_in_another_currency_marks_no_position_in_dollars",
    ),
    Bug(
        name="let a warrant take a place of the five",
        line=27,
        file="core/rules/ranking.py",
        old="    fit = (row for row in rows if row.unfit is None)\n",
        new="    fit = rows\n",
        test="tests/core/rules/test_ranking.py::"
        "test_what_is_no_stock_takes_no_place_and_stays_among_the_rows",
    ),
    Bug(
        name="take a row without a currency for dollars",
        line=27,
        file="core/broker/translate.py",
        old="        instrument=replace(instrument, currency=contract.currency),\n",
        new="        instrument=instrument,\n",
        test=TEST_TRANSLATE + "test_a_scanned_row_keeps_what_tells_it_from_a_stock",
    ),
    Bug(
        name="merge a doubled contract number silently",
        line=27,
        file="core/rules/scanned_rows.py",
        old="        twice |= {con_id for con_id, count in counts.items() if count > 1}\n",
        new="        twice |= {con_id for con_id, count in counts.items() if count > 2}\n",
        test="tests/core/rules/test_scanned_rows.py::"
        "test_twice_in_one_answer_is_doubled_and_once_in_each_of_two_is_not",
    ),
    Bug(
        name="let the session's own bar hide a split",
        line=27,
        file="core/rules/ranking.py",
        old="    rolled = today if day_of(at) != session_day else None\n",
        new="    rolled = today\n",
        test="tests/core/rules/test_ranking.py::"
        "test_a_split_day_whose_price_is_near_the_old_close_is_one",
    ),
    Bug(
        name="add a fee in euros to the dollars",
        line=23,
        file="core/model/order.py",
        old="        fee = self.fees.get(DOLLARS)\n",
        new="        fee = sum(self.fees.values()) if self.fees else None\n",
        test=TEST_LEDGER + "test_a_fee_in_another_currency_is_kept_apart_from_dollars",
    ),
    Bug(
        name="let a hold stand as the reason of a cancellation",
        file="core/rules/order_states.py",
        old="    return None if isinstance(event, Cancelled) and was_on_the_way else",
        new="    return",
        test="tests/core/rules/test_order_states.py::"
        "test_a_note_of_the_way_does_not_say_why_it_was_cancelled",
    ),
    Bug(
        name="cut the fraction of what was held before",
        file="core/broker/translate.py",
        old="        shares=shares_in(shares),\n",
        new="        shares=Decimal(int(shares)),\n",
        test=TEST_TRANSLATE + "test_a_position_is_all_the_shares_in_one_account",
    ),
    Bug(
        name="forget a card of which something was filled",
        file=RETENTION,
        old="        OR EXISTS (SELECT 1 FROM exec WHERE exec.ref = intent.ref)\n",
        new="",
        test=TEST_RETENTION + "test_what_was_filled_stays_for_good",
    ),
    Bug(
        name="forget an update that waits",
        file=RETENTION,
        old=" AND state != 'new'\n",
        new="\n",
        test=TEST_RETENTION
        + "test_finished_updates_go_when_they_are_old_and_waiting_ones_never",
    ),
    Bug(
        name="clean up while an order leaves",
        file="core/flows/upkeep.py",
        old="        if self.orders.in_states(_ON_THE_WAY):\n            return\n",
        new="",
        test="tests/core/flows/test_upkeep.py::"
        "test_nothing_is_forgotten_while_an_order_is_on_its_way",
    ),
    Bug(
        name="lose a fill for the time that it was made",
        file="core/broker/raw_fields.py",
        old="            moment = utc_text(now())\n",
        new="            moment = fields[_TIME]\n",
        test="tests/core/broker/test_raw_fields.py::"
        "test_a_fill_is_not_lost_for_a_moment_that_nobody_can_read",
    ),
    Bug(
        name="sell an option as its stock",
        file="core/model/portfolio.py",
        old="return self.kind == STOCK\n",
        new="return True\n",
        test="tests/core/flows/named/test_panic_holdings.py::"
        "test_what_is_no_stock_in_dollars_is_never_sold_as_one",
    ),
    Bug(
        name="leave a gateway that lists nothing in Read-Only mode",
        file="core/broker/listings.py",
        old="        except _Refused:\n            raise\n",
        new="",
        test="tests/core/broker/test_supply.py::"
        "test_a_gateway_that_lists_nothing_in_read_only_mode_is_not_left",
    ),
)
