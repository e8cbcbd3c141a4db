"""Several scanners' answers are one list, each stock once, at its best place; what cannot
be a stock that is bought in dollars is told by name, and why."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.model.market import ConId, Instrument, ScannedRow
from core.rules.scanned_rows import doubled, merged, unfit


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


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    "symbol",
    [
        *("QRVX", "GOOGL", "FWONK", "BRK B", "BRK.B", "UBER", "NOW", "FLWR", "QRVU"),
        *("W", "U", "R", "WS", "RT", "UN", "XYZ PRA", "QRVX WI", "NEWR", "WWWWZ"),
        *("QRV#", "XYZ PRU", "XYZ PRW WI", "LUWI", "XYZ A", "XYZ CL A"),
    ],
)
def test_an_ordinary_stock_fits_whatever_its_letters(symbol: str) -> None:
    assert unfit(a_row(symbol, local_symbol=symbol), twice=NOBODY) is None


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    ("symbol", "what"),
    [
        *((each, "a warrant") for each in ("QRVXW", "QRVX WS", "QRVX.WS", "QRVX/WS")),
        *((each, "a warrant") for each in ("QRV-WT", "QRV WSA", "QRV WS B", "QRV+")),
        *((each, "a warrant") for each in ("QRV W", "qrvx ws", "QRVX   WS", "QRV+A")),
        *((each, "a right") for each in ("QRVXR", "QRVX RT", "QRVX.R", "QRVX RTS")),
        *((each, "a right") for each in ("QRV^", "qrvxr")),
        *((each, "a right") for each in ("QRV RTWI", "QRV RT WI", "QRV.RTW", "QRV^#")),
        *((each, "a right") for each in ("QRV RIGHTS", "QRV CVR", "QRVXR WI")),
        *((each, "a warrant") for each in ("QRV WSWI", "QRV WS WI", "QRV+#", "QRV+.A")),
        *((each, "a warrant") for each in ("QRV WARRANT", "QRV WS1", "QRV.WTS.A")),
        *((each, "a warrant") for each in ("QRV_WS", "QRV:W", "QRV WRT")),
        *((each, "a unit") for each in ("QRV U WI", "QRV.UWI", "QRV=#", "QRV UNITS")),
        *((each, "a unit") for each in ("QRV U.A", "QRV UTS", "QRV.UN.TO")),
        *(
            (each, "a unit")
            for each in ("QRVXU", "QRVX U", "QRVX.U", "QRVX-UN", "QRV=")
        ),
    ],
)
def test_a_symbol_tells_a_warrant_a_right_and_a_unit(symbol: str, what: str) -> None:
    assert unfit(a_row(symbol), twice=NOBODY) == what
    assert unfit(a_row("QRVX", local_symbol=symbol), twice=NOBODY) == what


@pytest.mark.attack(27)
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


@pytest.mark.attack(27)
@pytest.mark.parametrize("currency", ["USD", "usd", " USD "])
def test_dollars_are_dollars(currency: str) -> None:
    assert unfit(a_row(currency=currency), twice=NOBODY) is None


@pytest.mark.attack(27)
def test_a_number_that_is_not_one_stocks_alone_fits_none() -> None:
    row = a_row()

    assert unfit(row, twice=frozenset({row.instrument.con_id})) == "listed twice"


@pytest.mark.attack(27)
def test_twice_in_one_answer_is_doubled_and_once_in_each_of_two_is_not() -> None:
    first, second = a_row("QRVX"), a_row("FDMX", con_id=700_002)

    assert doubled([[first, second, first]]) == {first.instrument.con_id}
    assert doubled([[first, second], [second, first]]) == NOBODY


@pytest.mark.attack(27)
def test_one_number_under_two_symbols_is_doubled_wherever_it_stands() -> None:
    first, second = a_row("QRVX"), a_row("FDMX")

    assert doubled([[first, second]]) == {first.instrument.con_id}
    assert doubled([[first], [second]]) == {first.instrument.con_id}


def rows(*con_ids: int) -> tuple[ScannedRow, ...]:
    return tuple(
        ScannedRow(instrument=Instrument(con_id=ConId(each), symbol=f"S{each}"))
        for each in con_ids
    )


ANSWERS = st.lists(st.lists(st.integers(1, 60), unique=True, max_size=50), max_size=10)


def test_the_firsts_of_all_answers_come_before_the_seconds() -> None:
    assert merged([rows(1, 2, 3), rows(4), rows(5, 6)]) == rows(1, 4, 5, 2, 6, 3)


def test_a_stock_that_several_found_keeps_its_best_place() -> None:
    assert merged([rows(1, 2, 3), rows(3, 1)]) == rows(1, 3, 2)


def test_one_answer_stays_as_it_is() -> None:
    assert merged([rows(3, 1, 2)]) == rows(3, 1, 2)


def test_empty_answers_are_an_empty_list() -> None:
    assert merged([(), ()]) == merged([]) == ()


@given(ANSWERS)
def test_nothing_is_lost_and_nothing_comes_twice(answers: list[list[int]]) -> None:
    found = merged([rows(*answer) for answer in answers])

    assert sorted(row.instrument.con_id for row in found) == sorted(
        set[int]().union(*answers)
    )


@given(ANSWERS)
def test_no_answer_is_turned_around(answers: list[list[int]]) -> None:
    best = {
        each: min(answer.index(each) for answer in answers if each in answer)
        for each in set[int]().union(*answers)
    }

    places = [
        best[row.instrument.con_id] for row in merged([rows(*one) for one in answers])
    ]

    assert places == sorted(places)
