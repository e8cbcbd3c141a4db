"""Bugs at the line to IB and beside another instance: what is read late, who is there."""

from typing import Final

from tests.teeth.bug import Bug


LATE: Final = "tests/core/broker/test_late_reading.py::"
PACING: Final = "tests/core/broker/test_pacing.py::"
TWO_BOTS: Final = "tests/simulation/test_two_bots.py::"
PULSE: Final = "tests/core/flows/test_data_heartbeat.py::"

WIRE: Final = (
    Bug(
        name="count what left, and not what the gateway may still have to read",
        file="core/broker/pacing.py",
        old="        return now >= self._silent_until and unread < RATE\n",
        new="        del unread\n"
        "        return now >= self._silent_until and self._in_window(now) < RATE\n",
        test=PACING + "test_an_order_waits_while_fifty_messages_may_be_unread",
    ),
    Bug(
        name="send requests into a socket that nobody reads",
        file="core/broker/pacing.py",
        old="        return max(read, now, self._silent_until)\n",
        new="        del read\n        return self._sent_room_at(share, now)\n",
        test=LATE + "test_a_gateway_that_reads_nothing_is_sent_no_second_burst",
    ),
    Bug(
        name="let an order leave as early behind a burst as anything else",
        file="core/broker/pacing.py",
        old="self.unread.in_its_last(self._orders_window, now)",
        new="self.unread.in_its_last(self._window, now)",
        test=PACING + "test_an_order_waits_while_fifty_messages_may_be_unread",
    ),
    Bug(
        name="take an answer for the proof of all that left",
        file="core/broker/unread.py",
        old="        message = asked.popleft()\n",
        new="        asked.popleft()\n        message = self.left\n",
        test="tests/core/broker/test_unread.py::"
        "test_a_lost_answer_of_the_clock_makes_the_next_prove_less",
    ),
    Bug(
        name="take a 100 behind an order for nobody's",
        file="core/broker/session.py",
        old="            self._refuse_what_is_unread(text)\n",
        new="",
        test=LATE + "test_a_complaint_right_behind_an_order_is_heard_as_its_refusal",
    ),
    Bug(
        name="trust the mode, and not the gateway",
        file="core/rules/common_guards.py",
        old="    gateway_fits_the_mode,\n",
        new="",
        test="tests/core/rules/test_common_guards.py::"
        "test_the_gateway_is_a_sandbox_if_and_only_if_the_mode_says_so",
    ),
    Bug(
        name="let an answer end the spell of another reader",
        file="bot/poll.py",
        old="        self._pause = 0.0\n\n    def _note_contested",
        new="        self._pause = 0.0\n"
        '        self._conflict_at = float("-inf")\n\n    def _note_contested',
        test=TWO_BOTS
        + "test_two_with_one_token_are_told_and_halt_even_while_the_owner_writes",
    ),
    Bug(
        name="take a client id in use for a gateway that is away",
        file="core/flows/outage.py",
        old="            if line.id_in_use:\n",
        new="            if False:\n",
        test=TWO_BOTS + "test_the_second_under_one_client_id_is_told_and_halts",
    ),
    Bug(
        name="count what the owner says on top of what IB listed",
        file="core/rules/order_states.py",
        old="        shares=Shares(word.shares - order.listed),\n",
        new="        shares=word.shares,\n",
        test="tests/core/flows/test_doubt.py::"
        "test_only_what_ib_has_not_listed_is_taken_by_word",
    ),
    Bug(
        name="take the silence of SPY for a quiet stock's",
        file="core/flows/data_heartbeat.py",
        old="            self._silent_since = self.clock.now()\n",
        new="            pass\n",
        test=PULSE + "test_data_that_fell_silent_is_named_and_holds_a_yes_back",
    ),
    Bug(
        name="list the orders of the login's other accounts",
        file="core/broker/listings.py",
        old="        return asked.seen.working_in(account)\n",
        new="        return asked.seen.working()\n",
        test="tests/core/broker/test_orders.py::"
        "test_orders_of_the_logins_other_accounts_are_not_listed",
    ),
)
