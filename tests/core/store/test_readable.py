"""The exported trail as a person reads it."""

from dataclasses import replace

import pytest

from core.model.money import Shares
from core.model.order import OrderRef
from core.model.order_events import CancelAsked, Charged, Filled, Lapsed
from core.store.readable import COLUMNS, Ordered, row
from core.store.trail import TrailLine
from tests.builders import NOW, a_fill, money, price


ORDERS = {"tb-x-1": Ordered("QRVX", "BUY", 100)}


def told(kind: str, payload: str, ref: str = "tb-x-1") -> dict[str, str]:
    line = TrailLine(
        seq=7,
        at=NOW.isoformat(),
        ref=ref,
        kind=kind,
        payload=payload,
        prev_hash="0" * 64,
    )
    return dict(zip(COLUMNS, row(line, ORDERS), strict=True))


@pytest.mark.attack(24)
def test_a_fill_has_its_own_shares_and_price() -> None:
    event = Filled(
        ref=OrderRef("tb-x-1"),
        fill=a_fill(shares=Shares(40), price=price("4.83"), at=NOW),
    )
    line = told("Filled", f"partial {event}")

    assert list(line.values())[:7] == [
        *("2026-11-23 09:41:07", "QRVX", "BUY", "40", "4.83", "", "tb-x-1")
    ]
    assert line["raw"] == f"partial {event}"


@pytest.mark.attack(24)
def test_a_fee_stands_in_its_column() -> None:
    event = Charged(ref=OrderRef("tb-x-1"), exec_id="a.01", commission=money("1.00"))

    assert told("Charged", f"filled {event}")["fee"] == "1.00"
    in_euros = replace(event, currency="EUR")
    assert told("Charged", f"filled {in_euros}")["fee"] == "1.00 EUR"
    older = f"{event}".replace(", currency='USD'", "")
    assert told("Charged", f"filled {older}")["fee"] == "1.00"


@pytest.mark.attack(24)
@pytest.mark.parametrize("why", ["it's over", 'IB says "no"', "both ' and \""])
def test_who_and_why_are_read_as_they_were_said(why: str) -> None:
    ref = OrderRef("tb-x-1")

    assert told("Lapsed", f"lapsed {Lapsed(ref=ref, reason=why)}")["why"] == why
    asked = told("CancelAsked", f"acked {CancelAsked(ref=ref, by=why)}")
    assert asked["who"] == why


@pytest.mark.attack(24)
@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(1)", "\t=1", " =1", "\uff1d1"]
)
def test_a_name_is_no_formula_of_a_spreadsheet(name: str) -> None:
    """Anybody chooses his own name; the raw column has it as it is."""
    ref = OrderRef("tb-x-1")
    asked = told("CancelAsked", f"acked {CancelAsked(ref=ref, by=name)}")
    lapsed = told("Lapsed", f"lapsed {Lapsed(ref=ref, reason=name)}")
    approved = told("approved", f"by {name}: {name}", ref="card")

    assert asked["who"] == lapsed["why"] == f"'{name}"
    assert (approved["who"], approved["why"]) == (f"'{name}", f"'{name}")
    assert approved["raw"] == f"by {name}: {name}"


@pytest.mark.attack(24)
def test_a_rebate_stays_a_number() -> None:
    event = Charged(ref=OrderRef("tb-x-1"), exec_id="a.01", commission=money("-0.35"))

    assert told("Charged", f"filled {event}")["fee"] == "-0.35"


@pytest.mark.attack(24)
def test_a_decision_and_a_halt_say_who() -> None:
    approved = told("approved", "by Sam: YES", ref="card")
    halted = told("halt", "by Sam: /halt by Sam: now", ref="")

    assert (approved["who"], approved["why"], approved["symbol"]) == ("Sam", "YES", "")
    assert (halted["who"], halted["why"]) == ("Sam", "/halt by Sam: now")


def test_a_moment_that_somebody_changed_is_shown_as_it_stands() -> None:
    line = TrailLine(1, "yesterday", "", "note", "text", "0" * 64)

    assert row(line, {})[0] == "yesterday"


@pytest.mark.attack(24)
def test_the_raw_payload_is_the_last_column() -> None:
    assert COLUMNS[-1] == "raw"
    assert COLUMNS[:9] == (
        *("date", "symbol", "side", "shares", "price", "fee", "order", "who", "why"),
    )
