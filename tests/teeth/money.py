"""Bugs in what the owner is told of money."""

from typing import Final

from tests.teeth.bug import Bug


DAY: Final = "core/rules/figures/day_profit.py"
TEST_DAY: Final = "tests/core/rules/figures/test_day_profit.py::"

MONEY: Final = (
    Bug(
        name="count what was bought today from the previous close",
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
        old=" or position.instrument.currency != DOLLARS:\n",
        new=":\n",
        test="tests/core/rules/test_reporting.py::"
        "test_a_quote_in_another_currency_marks_no_position_in_dollars",
    ),
)
