"""What cannot be a stock that is bought in dollars is told by name, and why."""

from typing import Any

import pytest

from core.model.market import ConId, Instrument, ScannedRow
from core.rules.instruments import doubled, unfit


pytestmark = pytest.mark.attack(27)

NOBODY: frozenset[ConId] = frozenset()


def a_row(symbol: str = "QRVX", **named: Any) -> ScannedRow:
    kind = named.pop("kind", "STK")
    local = named.pop("local_symbol", "")
    con_id = ConId(named.pop("con_id", 700_001))
    return ScannedRow(
        instrument=Instrument(con_id=con_id, symbol=symbol, **named),
        kind=kind,
        local_symbol=local,
    )


@pytest.mark.parametrize(
    "symbol",
    [
        *("QRVX", "GOOGL", "FWONK", "BRK B", "BRK.B", "UBER", "NOW", "FLWR", "QRVU"),
        *("W", "U", "R", "WS", "RT", "UN", "XYZ PRA", "QRVX WI", "NEWR", "WWWWZ"),
    ],
)
def test_an_ordinary_stock_fits_whatever_its_letters(symbol: str) -> None:
    assert unfit(a_row(symbol, local_symbol=symbol), twice=NOBODY) is None


@pytest.mark.parametrize(
    ("symbol", "what"),
    [
        *((each, "a warrant") for each in ("QRVXW", "QRVX WS", "QRVX.WS", "QRVX/WS")),
        *((each, "a warrant") for each in ("QRV-WT", "QRV WSA", "QRV WS B", "QRV+")),
        *((each, "a warrant") for each in ("QRV W", "qrvx ws", "QRVX   WS", "QRV+A")),
        *((each, "a right") for each in ("QRVXR", "QRVX RT", "QRVX.R", "QRVX RTS")),
        *((each, "a right") for each in ("QRV^", "qrvxr")),
        *(
            (each, "a unit")
            for each in ("QRVXU", "QRVX U", "QRVX.U", "QRVX-UN", "QRV=")
        ),
    ],
)
def test_a_symbol_tells_a_warrant_a_right_and_a_unit(symbol: str, what: str) -> None:
    assert unfit(a_row(symbol), twice=NOBODY) == what
    assert unfit(a_row("QRVX", local_symbol=symbol), twice=NOBODY) == what


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ({"currency": "EUR"}, "priced in EUR"),
        ({"currency": "CAD"}, "priced in CAD"),
        ({"currency": ""}, "without a currency"),
        ({"currency": " "}, "without a currency"),
        ({"kind": "WAR"}, "a warrant"),
        ({"kind": "war"}, "a warrant"),
        ({"kind": "BOND"}, "a bond"),
        ({"kind": "SLB"}, "of the kind SLB"),
        ({"kind": ""}, "of the kind unknown"),
        ({"con_id": 0}, "without a contract number"),
        ({"con_id": -1}, "without a contract number"),
        ({"con_id": 2**31 - 1}, "without a contract number"),
    ],
)
def test_what_it_says_of_itself_is_told(named: dict[str, Any], what: str) -> None:
    assert unfit(a_row(**named), twice=NOBODY) == what


@pytest.mark.parametrize("currency", ["USD", "usd", " USD "])
def test_dollars_are_dollars(currency: str) -> None:
    assert unfit(a_row(currency=currency), twice=NOBODY) is None


def test_a_number_that_is_not_one_stocks_alone_fits_none() -> None:
    row = a_row()

    assert unfit(row, twice=frozenset({row.instrument.con_id})) == "listed twice"


def test_twice_in_one_answer_is_doubled_and_once_in_each_of_two_is_not() -> None:
    first, second = a_row("QRVX"), a_row("FDMX", con_id=700_002)

    assert doubled([[first, second, first]]) == {first.instrument.con_id}
    assert doubled([[first, second], [second, first]]) == NOBODY


def test_one_number_under_two_symbols_is_doubled_wherever_it_stands() -> None:
    first, second = a_row("QRVX"), a_row("FDMX")

    assert doubled([[first, second]]) == {first.instrument.con_id}
    assert doubled([[first], [second]]) == {first.instrument.con_id}
