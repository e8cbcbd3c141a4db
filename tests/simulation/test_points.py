"""The universe knows every write-ahead point of the product."""

from collections.abc import Iterator

from core.model import points
from tests.simulation.plan import POINTS


def every_point() -> Iterator[str]:
    for name, value in vars(points).items():
        if name.isupper() and isinstance(value, str):
            yield value
        elif name.isupper():
            yield from value


def test_no_write_ahead_point_is_left_out() -> None:
    assert sorted(POINTS) == sorted(every_point())
