"""Which stocks trade in the hours of New York's exchanges."""

from dataclasses import replace

import pytest

from core.model.market import keeps_new_york_hours
from tests.builders import QRVX, a_leg


AMERICAN = ("", "NYSE", "NASDAQ", "NASDAQ.NMS", "NASDAQ.SCM", "AMEX", "ARCA", "BATS")


@pytest.mark.parametrize("exchange", [*AMERICAN, "IEX", "PINK", "OTCLNKECN"])
def test_exchanges_of_the_us_keep_new_yorks_hours(exchange: str) -> None:
    assert keeps_new_york_hours(exchange)


@pytest.mark.parametrize("exchange", ["LSEETF", "LSE", "TSE", "IBIS", "EBS", "SEHK"])
def test_a_listing_abroad_has_its_own_hours_even_in_dollars(exchange: str) -> None:
    leg = a_leg(listed_on=exchange)

    assert leg.instrument.currency == "USD"
    assert leg.has_own_hours
    assert not leg.is_abroad
    assert not replace(leg, listed_on="NYSE").has_own_hours


def test_another_currency_has_its_own_hours_wherever_it_is_listed() -> None:
    leg = a_leg(instrument=replace(QRVX, currency="CAD"), listed_on="")

    assert leg.has_own_hours
