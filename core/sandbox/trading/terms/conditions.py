"""Conditions of an order: they must be true before it works, or they cancel it.

The kinds and their numbers are those of IB's OrderCondition classes.
"""

from datetime import datetime
from enum import IntEnum
from typing import Protocol

from core.sandbox.trading.terms.times import moment_of
from core.sandbox.trading.tickets import Condition


class ConditionKind(IntEnum):
    """What a condition compares."""

    PRICE = 1
    TIME = 3
    MARGIN = 4
    EXECUTION = 5
    VOLUME = 6
    PERCENT_CHANGE = 7


class ConditionValues(Protocol):
    """The values that conditions are compared with, at one moment."""

    @property
    def now(self) -> datetime:
        """The moment, UTC."""

    def price(self, con_id: int) -> float:
        """The last price, in the unit that the stock is quoted in."""

    def volume(self, con_id: int) -> float:
        """Shares traded today."""

    def percent_change(self, con_id: int) -> float:
        """Change since the previous close, per cent."""

    def margin_cushion(self) -> float:
        """Excess liquidity divided by net liquidation value, per cent."""

    def executed(self, condition: Condition) -> bool:
        """Whether the account has traded that symbol since the order was placed."""


def hold(conditions: tuple[Condition, ...], seen: ConditionValues) -> bool:
    """Whether all conditions together are true: "and" binds closer than "or", as in
    IB's window.
    """
    groups: list[bool] = [True]
    for condition, before in zip(conditions, (None, *conditions), strict=False):
        if before is not None and before.joined == "o":
            groups.append(True)
        groups[-1] = groups[-1] and _holds(condition, seen)
    return any(groups)


def _holds(condition: Condition, seen: ConditionValues) -> bool:
    if condition.kind == ConditionKind.EXECUTION:
        return seen.executed(condition)
    if condition.kind == ConditionKind.TIME:
        at = moment_of(condition.value, seen.now)
        return at is not None and (seen.now >= at) is condition.more
    actual, wanted = _actual(condition, seen), float(condition.value)
    return actual >= wanted if condition.more else actual <= wanted


def _actual(condition: Condition, seen: ConditionValues) -> float:
    if condition.kind == ConditionKind.PRICE:
        return seen.price(condition.con_id)
    if condition.kind == ConditionKind.VOLUME:
        return seen.volume(condition.con_id)
    if condition.kind == ConditionKind.MARGIN:
        return seen.margin_cushion()
    return seen.percent_change(condition.con_id)
