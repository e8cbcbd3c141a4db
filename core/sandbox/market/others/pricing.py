"""The price of an option by Black and Scholes (1973), without dividends."""

from math import erf, exp, log, sqrt
from typing import Final, NamedTuple


VOLATILITY: Final = 0.28  # of every option, a year: assumed
RATE: Final = 0.04  # a year, assumed
SECONDS_A_YEAR: Final = 365 * 86_400.0
LEAST_VOLATILITY, MOST_VOLATILITY, CLOSE_ENOUGH = 0.001, 5.0, 1e-7
CALL: Final = "C"
_SMALLEST: Final = 1e-9
_A_DAY: Final = 365.0


class Greeks(NamedTuple):
    """An option's price in dollars a share, and its Greeks; theta a day, vega for one
    point of volatility.
    """

    price: float
    delta: float
    gamma: float
    vega: float
    theta: float


def greeks(
    right: str,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    *,
    rate: float = RATE,
) -> Greeks:
    """The value of a European option; its intrinsic value once it has expired."""
    call = right == CALL
    if years <= 0:
        inner = max(0.0, spot - strike if call else strike - spot)
        return Greeks(inner, float(inner > 0) * (1 if call else -1), 0.0, 0.0, 0.0)
    root = max(volatility * sqrt(years), _SMALLEST)
    upper = (log(spot / strike) + rate * years) / root + root / 2
    lower, sign = upper - root, 1 if call else -1
    owed = strike * exp(-rate * years)
    density = exp(-upper * upper / 2) / sqrt(6.283185307179586)
    price = sign * (spot * _normal(sign * upper) - owed * _normal(sign * lower))
    decay = -spot * density * root / (2 * years)
    theta = (decay - sign * rate * owed * _normal(sign * lower)) / _A_DAY
    return Greeks(
        price=price,
        delta=sign * _normal(sign * upper),
        gamma=density / (spot * root),
        vega=spot * density * sqrt(years) / 100,
        theta=theta,
    )


def implied_volatility(
    right: str, spot: float, strike: float, years: float, price: float
) -> float | None:
    """The volatility (a year, as a fraction) at which an option has that price; None
    where there is none.
    """
    low, high = LEAST_VOLATILITY, MOST_VOLATILITY
    cheapest, dearest = (
        greeks(right, spot, strike, years, each).price for each in (low, high)
    )
    if years <= 0 or not cheapest <= price <= dearest:
        return None
    while high - low > CLOSE_ENOUGH:
        middle = (low + high) / 2
        cheap = greeks(right, spot, strike, years, middle).price < price
        low, high = (middle, high) if cheap else (low, middle)
    return (low + high) / 2


def _normal(value: float) -> float:
    return (1 + erf(value / sqrt(2))) / 2
