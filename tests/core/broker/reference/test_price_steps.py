"""Which market rule is a stock's, and what it says."""

import pytest
from ib_async import ContractDetails, PriceIncrement

from core.broker.reference.price_steps import market_rule_of, price_steps_of
from core.model.money import PriceStep
from tests.builders import price


def test_the_rule_of_an_exchange_stands_where_it_stands_among_the_exchanges() -> None:
    details = ContractDetails(validExchanges="SMART,NYSE,IEX", marketRuleIds="26,557")

    assert market_rule_of(details, "NYSE") == 557
    assert market_rule_of(details, "IEX") is None
    assert market_rule_of(ContractDetails(), "SMART") is None


@pytest.mark.parametrize("told", ["", "-26", "26.0", "٢٦", "x", "9" * 20, "9" * 5_000])
def test_what_is_no_number_of_a_rule_names_none(told: str) -> None:
    details = ContractDetails(validExchanges="SMART,NYSE", marketRuleIds=f"{told},557")

    assert market_rule_of(details, "SMART") is None
    assert market_rule_of(details, "NYSE") == 557


def test_a_market_rule_is_its_steps_from_the_lowest_on() -> None:
    steps = [
        PriceIncrement(lowEdge=1.0, increment=0.005),
        PriceIncrement(lowEdge=0.0, increment=0.0001),
        PriceIncrement(lowEdge=5.0, increment=0.0),
    ]

    assert price_steps_of(steps) == (
        PriceStep(above=price("0.0"), step=price("0.0001")),
        PriceStep(above=price("1.0"), step=price("0.005")),
    )
