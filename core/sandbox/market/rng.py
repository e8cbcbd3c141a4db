"""Random numbers without state: the same salt and index always give the same number."""

from functools import cache
from hashlib import blake2b
from itertools import pairwise
from math import exp, floor, log


_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_TO_UNIT = 2.0**-53


def salt(*parts: int | str) -> int:
    """A 64-bit salt for everything that is drawn about one thing."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def uniform(salted: int, index: int = 0) -> float:
    """A number in [0, 1): the finaliser of splitmix64 over salt and index."""
    x = (salted + index * _GOLDEN) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((x ^ (x >> 31)) >> 11) * _TO_UNIT


def uniforms(salted: int, first: int, last: int) -> list[float]:
    """``uniform(salted, index)`` for every index from first to last: hundreds at once
    take half the time."""
    found = []
    begin, end = salted + first * _GOLDEN, salted + last * _GOLDEN
    for start in range(begin, end + 1, _GOLDEN):
        x = start & _MASK
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
        found.append(((x ^ (x >> 31)) >> 11) * _TO_UNIT)
    return found


def between(low: float, high: float, salted: int, index: int = 0) -> float:
    """A number with uniform distribution over [low, high)."""
    return low + (high - low) * uniform(salted, index)


def normal(salted: int, index: int = 0) -> float:
    """An approximately normal number: mean 0, standard deviation 1, never beyond 3 (the
    sum of three uniform ones).
    """
    at = 3 * index
    total = uniform(salted, at) + uniform(salted, at + 1) + uniform(salted, at + 2)
    return 2.0 * (total - 1.5)


def lognormal(median: float, spread: float, salted: int, index: int = 0) -> float:
    """A positive number, log-normal in shape: prices, volumes, sizes."""
    return exp(log(median) + spread * normal(salted, index))


def smooth_noise(salted: int, x: float) -> float:
    """A smooth curve without end, in [-1, 1], with one maximum or minimum per unit of
    x.
    """
    cell = floor(x)
    f = x - cell
    left, right = uniform(salted, cell), uniform(salted, cell + 1)
    return 2.0 * (left + (right - left) * f * f * (3.0 - 2.0 * f)) - 1.0


@cache
def _steps(period: int) -> list[float]:
    return [f * f * (3.0 - 2.0 * f) for f in (n / period for n in range(period))]


def smooth_noises(salted: int, first: int, last: int, period: int) -> list[float]:
    """``smooth_noise(salted, x / period)`` for every whole x from first to last."""
    corners = uniforms(salted, first // period, last // period + 1)
    steps, begin = _steps(period), first % period
    if len(corners) == 2:  # noqa: PLR2004  both ends of one cell
        steps, begin = steps[begin : begin + last + 1 - first], 0
    heights = [
        2.0 * (left + width * step) - 1.0
        for left, width in [(left, right - left) for left, right in pairwise(corners)]
        for step in steps
    ]
    return heights[begin : begin + last + 1 - first]
