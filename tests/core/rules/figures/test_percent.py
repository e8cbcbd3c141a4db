"""Percent of a whole, and of where a price started."""

from decimal import Decimal

from core.rules.figures.percent import moved, of_fraction, part, share


def test_a_share_of_a_whole() -> None:
    assert share(Decimal(3), Decimal(12)) == Decimal(25)


def test_a_fraction_of_one_keeps_its_digits() -> None:
    assert of_fraction(0.145) == Decimal("14.5")


def test_a_part_of_a_whole() -> None:
    assert part(Decimal("4.82"), Decimal(5)) == Decimal("0.241")


def test_a_move_counts_from_where_it_began() -> None:
    assert moved(Decimal(4), Decimal(5)) == Decimal(25)
    assert moved(Decimal(5), Decimal(4)) == Decimal(-20)
    assert moved(Decimal(4), Decimal(4)) == 0
