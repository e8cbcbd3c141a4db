"""Bugs in what is believed of the market and of the account's figures."""

from typing import Final

from tests.teeth.bug import Bug


LINES: Final = "core/broker/quotes.py"
LINE: Final = "core/broker/lines.py"
TEST_QUOTES: Final = "tests/core/broker/test_quotes.py::"

QUOTES: Final = (
    Bug(
        name="hand on a line that has been silent",
        file=LINES,
        old="        return abs(self._connection.clock.now() - line.quote.at) <= JUST_NOW\n",
        new="        return True\n",
        test=TEST_QUOTES
        + "test_who_comes_to_a_silent_line_is_answered_by_a_new_request",
    ),
    Bug(
        name="keep the values of a line that IB has ended",
        file=LINE,
        old="                self._quote = None\n",
        new="",
        test=TEST_QUOTES + "test_a_competing_session_ends_every_line",
    ),
    Bug(
        name="let a size make a price new",
        file=LINE,
        old="        if not NOW.isdisjoint(values):\n",
        new="        if values:\n",
        test=TEST_QUOTES + "test_sizes_do_not_make_an_old_price_new",
    ),
    Bug(
        name="send on a price that was heard long ago",
        file="core/rules/order_guards.py",
        old="QUOTE_LIFE: Final = timedelta(seconds=5)",
        new="QUOTE_LIFE: Final = timedelta(seconds=60)",
        test="tests/core/rules/test_order_guards.py::test_an_old_price_is_no_price",
    ),
)
