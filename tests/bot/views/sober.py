"""Values as a day brings them, made of any: what fits the columns of a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from core.model.market import Instrument, TrailingDistance
from core.model.money import Shares
from core.model.order import Order
from core.model.portfolio import Position
from core.model.scoring.score import Result


_MOST: Final = 2_000
"""Of any figure."""

_SIGNED: Final = frozenset(
    [
        "dollars",
        "percent",
        "open_profit",
        "day_profit",
        "overnight",
        "since_report",
        "mean",
        "low",
        "high",
        "slippage",
        "gain",
        "best",
        "worst",
        "gap",
        "commission",
        "skew",
        "position_now",
    ]
)
"""What may be below zero, beside the shares of a position."""


def sober(value: Any, name: str = "") -> Any:
    """*value* with figures that no column cuts, symbols of three letters, and orders that
    are filled at most once."""
    match value:
        case bool() | str():
            made: Any = value
        case int() | float() | Decimal():
            made = _near(value, is_signed=name in _SIGNED)
        case timedelta():
            made = abs(value)
        case TrailingDistance(percent=percent, amount=amount):
            made = replace(
                value, percent=percent and abs(percent), amount=sober(amount)
            )
        case Mapping():
            made = {key: sober(each, str(key)) for key, each in value.items()}
        case Sequence():
            kind: Any = type(value)
            made = kind(map(sober, value))
        case _:
            made = _with_sober_fields(value) if is_dataclass(value) else value
    return made


def _near(value: Any, *, is_signed: bool) -> Any:
    near = abs(value) % _MOST + 1 if abs(value) > _MOST else abs(value)
    return type(value)(-near if value < 0 and is_signed else near)


def _with_sober_fields(value: Any) -> Any:
    named = {e.name: sober(getattr(value, e.name), e.name) for e in fields(value)}
    match replace(value, **named):
        case Instrument(con_id=con_id) as stock:
            return replace(stock, symbol=_symbol(con_id))
        case Order() as order:
            return _filled_once(replace(order, shares=Shares(order.shares or 1)))
        case Result() as result:
            return replace(result, days=result.days or 1)
        case Position() as held:
            return replace(held, shares=held.shares.copy_sign(value.shares))
        case other:
            return other


def _filled_once(order: Order) -> Order:
    if order.filled <= order.shares:
        return order
    return replace(order, fills=(replace(order.fills[0], shares=order.shares),))


def _symbol(con_id: int) -> str:
    return "".join(chr(ord("A") + con_id // 26**n % 26) for n in range(3))
