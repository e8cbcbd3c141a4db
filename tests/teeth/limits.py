"""Bugs in the limits of a session: each would buy what the owner has ruled out."""

from typing import Final

from tests.teeth.bug import Bug


SESSION: Final = "core/rules/limits/session.py"
STOCK: Final = "core/rules/limits/stock.py"
GUARDS: Final = "core/rules/guards.py"
TEST_SESSION: Final = "tests/core/rules/limits/test_session.py::"
TEST_STOCK: Final = "tests/core/rules/limits/test_stock.py::"

LIMITS: Final = (
    Bug(
        name="do not say that the rate of the account is what lacks",
        file=STOCK,
        old="    lacks = unknown_rate(account) if size.risk and worth is None else None\n",
        new="    lacks = None\n",
        test=TEST_STOCK + "test_a_size_by_risk_names_the_rate_that_lacks",
    ),
    Bug(
        name="let what was approved later keep an order back",
        file="core/rules/circumstances.py",
        old="            elif not (is_behind and _waits_behind(order)):\n",
        new="            else:\n",
        test="tests/core/flows/test_two_owners.py::"
        "test_of_two_purchases_that_are_too_much_together_the_first_is_bought",
    ),
    Bug(
        name="count an order at any hours for the day on which it is sent",
        file="core/rules/circumstances.py",
        old="            return day_of(outside_hours_from(self.market, self.now))\n",
        new="            return day_of(self.now)\n",
        test=TEST_SESSION
        + "test_where_no_hours_are_left_the_loss_of_the_session_before_says_nothing",
    ),
    Bug(
        name="buy with an exit nearer than a price step",
        file="core/rules/exits/prices.py",
        old="    return len(priced(plan, basis, steps)) < len(wanted)\n",
        new="    return not wanted\n",
        test="tests/core/flows/exits/test_nearer_than_a_step.py::"
        "test_a_purchase_is_kept_back_whose_exit_is_nearer_than_a_step",
    ),
    Bug(
        name="take a loss that nobody knows for none",
        file=SESSION,
        old="    if profit is None:\n",
        new="    if profit is None:\n        return\n    if profit is None:\n",
        test=TEST_SESSION + "test_a_loss_that_nobody_knows_is_not_taken_for_none",
    ),
    Bug(
        name="stop buying only when the loss is above its limit",
        file=SESSION,
        old="    elif -profit >= limit:\n",
        new="    elif -profit > limit:\n",
        test=TEST_SESSION + "test_buying_stops_at_the_loss_that_was_set",
    ),
    Bug(
        name="count only the filled buys of a session",
        file=SESSION,
        old="    return may_still_buy(order, day) or any(",
        new="    return any(",
        test=TEST_SESSION + "test_what_may_still_buy_is_a_buy_whenever_it_was_sent",
    ),
    Bug(
        name="count buys by the calendar",
        file=SESSION,
        old="    day = c.day\n    used",
        new="    day = day_of(c.now)\n    used",
        test=TEST_SESSION
        + "test_buys_are_counted_by_the_session_in_which_they_execute",
    ),
    Bug(
        name="let a card of two take the last buy twice",
        file=SESSION,
        old="    if used + len(orders) > limit:\n",
        new="    if used + 1 > limit:\n",
        test=TEST_SESSION + "test_as_many_buys_as_the_owner_allows_in_a_session",
    ),
    Bug(
        name="count only the positions that IB lists",
        file=SESSION,
        old="    return held | _stocks(coming) | _stocks(lately)\n",
        new="    return held\n",
        test=TEST_SESSION + "test_a_position_counts_before_ib_has_listed_it",
    ),
    Bug(
        name="judge the hour of what waits for an open by the clock of now",
        file=SESSION,
        old="    if c.market.phase is MarketPhase.CLOSED:\n        return [opens]\n",
        new="",
        test=TEST_SESSION + "test_what_waits_for_an_open_is_bought_at_that_open",
    ),
    Bug(
        name="take what is queued right before a close for bought at the open alone",
        file=SESSION,
        old="        return [opens] if c.is_for_an_open else [c.now, opens]\n",
        new="        return [opens]\n",
        test=TEST_SESSION
        + "test_what_may_still_be_filled_before_the_close_counts_by_the_clock_too",
    ),
    Bug(
        name="forget what is held beside what was bought a moment ago",
        file="core/rules/order_guards.py",
        old="    return max(listed, _by_our_fills(ours))\n",
        new="    return listed\n",
        test=TEST_STOCK
        + "test_what_was_bought_a_moment_ago_comes_on_top_of_what_was_held_before",
    ),
    Bug(
        name="forget what is held in the cap of a stock",
        file=STOCK,
        old="    total = held + working + c.cost_of(order)\n",
        new="    total = working + c.cost_of(order)\n",
        test=TEST_STOCK + "test_what_is_held_works_and_is_ordered_counts_together",
    ),
    Bug(
        name="take a spread without a bid for narrow",
        file=STOCK,
        old="    if bid is None or ask is None or ask < bid:\n",
        new="    if bid is None or ask is None:\n        return\n    if ask < bid:\n",
        test=TEST_STOCK + "test_a_spread_that_nobody_knows_is_not_taken_for_narrow",
    ),
    Bug(
        name="take an unknown volume for large enough",
        file=STOCK,
        old="    elif found is None:\n",
        new="    elif found is None:\n        return\n    elif found is None:\n",
        test=TEST_STOCK + "test_a_volume_that_nobody_knows_is_not_taken_for_large",
    ),
    Bug(
        name="send a limit order whose limit could not be set",
        file=GUARDS,
        old="    price_step_is_known,\n    exits_have_a_distance,\n    size_is_a_share,\n)\nSUM",
        new="    exits_have_a_distance,\n    size_is_a_share,\n)\nSUM",
        test=TEST_STOCK + "test_a_limit_order_without_a_limit_does_not_leave",
    ),
    Bug(
        name="offer a size that buys not one share",
        file=GUARDS,
        old="    size_is_a_share,\n)\nSUM",
        new=")\nSUM",
        test=TEST_STOCK + "test_a_size_that_buys_no_share_says_so_on_the_card",
    ),
    Bug(
        name="keep the size by risk when the stop goes away",
        file="core/flows/amending/choose_exits.py",
        old="        if size.risk is None:\n",
        new="        if size is not None:\n",
        test="tests/core/flows/amending/test_resize.py::"
        "test_another_stop_is_another_size_by_risk",
    ),
    Bug(
        name="give what is bought in the evening the next session's room",
        file="core/rules/circumstances.py",
        old="            return day_of(outside_hours_from(self.market, self.now))\n        return",
        new="            pass\n        return",
        test=TEST_SESSION
        + "test_what_is_bought_after_the_close_counts_for_the_day_that_ends",
    ),
    Bug(
        name="place what was only to be asked about",
        file="core/broker/reference/preview.py",
        old="    words.whatIf, words.orderRef = True,",
        new="    words.whatIf, words.orderRef = False,",
        test="tests/contracts/ib/test_broker.py::"
        "test_a_preview_tells_margin_and_commission_and_places_nothing",
    ),
    Bug(
        name="hide another client's order behind a question of ours",
        file="core/broker/client_wrapper.py",
        old="order.clientId == self._client_id and order.orderId in self.previews\n",
        new="order.orderId in self.previews\n",
        test="tests/core/broker/reference/test_preview.py::"
        "test_another_clients_order_under_the_same_number_is_listed",
    ),
    Bug(
        name="take the answer to a question for an order",
        file="core/broker/client_wrapper.py",
        old="        if order.whatIf or self._was_asked_about(order):\n",
        new="        if False:\n",
        test="tests/core/broker/reference/test_preview.py::"
        "test_an_answer_that_comes_too_late_is_taken_for_no_order",
    ),
    Bug(
        name="ask IB as often as the owner taps",
        file="core/flows/amending/check.py",
        old="        if now - self._asked < APART:\n",
        new="        if now - self._asked < 0:\n",
        test="tests/core/flows/amending/test_check.py::"
        "test_a_second_tap_within_a_minute_asks_nothing",
    ),
    Bug(
        name="keep no record of the id of a question",
        file="core/flows/amending/check.py",
        old="        self.ledger.give_away(order_id, asked_of=order.ref)\n",
        new="",
        test="tests/core/flows/amending/test_check.py::"
        "test_the_id_of_a_question_is_never_an_orders",
    ),
    Bug(
        name="assume a cent where IB names no price step",
        file="core/rules/figures/price_steps.py",
        old="    return below[-1] if below else None\n",
        new="    from decimal import Decimal\n\n"
        '    return below[-1] if below else Price(Decimal("0.01"))\n',
        test="tests/core/rules/figures/test_price_steps.py::"
        "test_a_step_that_nobody_knows_is_not_assumed",
    ),
    Bug(
        name="round a limit up, above what the owner allows",
        file="core/rules/figures/terms.py",
        old="    return rounded_down(",
        new="    from core.rules.figures.price_steps import rounded_up\n\n"
        "    return rounded_up(",
        test="tests/core/rules/figures/test_terms.py::"
        "test_a_limit_is_the_ask_and_a_part_of_it_on_ibs_step",
    ),
    Bug(
        name="leave what is bought abroad without the cap on its gap",
        file="core/rules/figures/terms.py",
        old="    return _capped(priced, limits) if leg.has_own_hours else priced\n",
        new="    return priced\n",
        test="tests/journeys/test_abroad.py::"
        "test_a_cap_on_the_gap_limits_what_is_bought_in_london",
    ),
    Bug(
        name="send abroad for New York's open what is asked about anew",
        file="core/rules/figures/terms.py",
        old="    if leg.has_own_hours:\n        return now(leg, limits)\n",
        new="",
        test="tests/core/rules/figures/test_terms.py::"
        "test_abroad_a_cap_on_the_gap_is_a_limit_whose_open_is_not_waited_for",
    ),
    Bug(
        name="let a limit order rest below the ask",
        file=STOCK,
        old="    if quote.ask > order.limit:\n",
        new="    if quote.ask > order.limit * 2:\n",
        test="tests/core/flows/amending/test_price_steps.py::"
        "test_an_ask_above_the_limit_asks_again_with_a_new_one",
    ),
    Bug(
        name="queue at whatever price the open brings",
        file="core/flows/decide.py",
        old="            waiting = tuple(self._at_open(leg, proposal) for leg in legs)\n",
        new="            waiting = legs\n",
        test="tests/core/flows/amending/test_price_steps.py::"
        "test_what_waits_for_an_open_is_bought_no_higher_than_the_cap",
    ),
    Bug(
        name="keep the token of a card without a limit",
        file="core/flows/amending/price_steps.py",
        old="            token = stands.token if is_same else self.new_token()\n",
        new="            token = stands.token\n",
        test="tests/core/flows/amending/test_price_steps.py::"
        "test_before_the_step_is_known_no_yes_is_offered_and_an_old_one_buys_nothing",
    ),
    Bug(
        name="keep the old Yes when the size changes",
        file="core/ledger/cards.py",
        old="        asked = replace(proposal, legs=legs, size=size, token=token)\n",
        new="        asked = replace(proposal, legs=legs, size=size)\n",
        test="tests/core/flows/amending/test_resize.py::"
        "test_a_yes_to_an_older_size_buys_nothing",
    ),
    Bug(
        name="round a sum up to the next share",
        file="core/rules/figures/sizing.py",
        old="        return Shares(floor(size.dollars / price_of(leg)))\n",
        new="        return Shares(-floor(-size.dollars / price_of(leg)))\n",
        test="tests/core/rules/figures/test_sizing.py::"
        "test_dollars_buy_whole_shares_rounded_down",
    ),
    Bug(
        name="size by the further of two stops",
        file="core/rules/figures/sizing.py",
        old="    return min((each for each in stops",
        new="    return max((each for each in stops",
        test="tests/core/rules/figures/test_sizing.py::"
        "test_the_nearer_of_two_stops_counts",
    ),
    Bug(
        name="ask the guards no more when the order is written",
        file="core/rules/sending.py",
        old="    return next(found, None) or judgement.against(order)\n",
        new="    return next(found, None)\n",
        test="tests/core/flows/test_before_it_leaves.py::"
        "test_a_loss_that_comes_after_the_judgement_keeps_the_order_back",
    ),
)
