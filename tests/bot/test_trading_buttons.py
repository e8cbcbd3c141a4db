"""The buttons of what the owner names: each means what its label says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot import keyboards
from bot.callback_data import (
    Buy,
    CheckWithIb,
    ChosenSize,
    LookAtStock,
    Refresh,
    Sell,
    StockDetail,
    parse,
)
from bot.presses.kinds import Overview
from core.model.card import Card
from core.model.exits.plan import NO_EXITS
from core.model.market import ConId, FoundStock, Instrument
from core.model.money import Money, Size
from core.model.proposal import Choice, Purpose
from core.rules.exits.written import plan_in
from tests.bot.test_every_button import TOKEN, chosen, meant
from tests.builders import FDMX, QRVX, a_position, a_proposal
from tests.core.rules.selling.sales import a_sale_card, a_sale_leg


def test_the_buttons_of_a_sale() -> None:
    sale = Card(proposal=a_sale_card(token=TOKEN), orders=(), opens=None)

    assert meant(keyboards.for_card(sale)) == {
        "Yes, sell QRVX": (chosen(Choice.YES), "success"),
        "No": (chosen(Choice.NO), "danger"),
    }


@pytest.mark.parametrize(
    ("plan", "yes"), [("stop 5%", "Yes, set them"), ("none", "Yes, take them off")]
)
def test_the_yes_to_exits_says_whether_they_are_set_or_taken_off(
    plan: str, yes: str
) -> None:
    leg = replace(a_sale_leg(), exits=plan_in(plan) or NO_EXITS)
    asked = a_sale_card(token=TOKEN, purpose=Purpose.EXITS, legs=(leg,))

    assert meant(keyboards.for_card(Card(proposal=asked, orders=(), opens=None))) == {
        yes: (chosen(Choice.YES), "success"),
        "No": (chosen(Choice.NO), "danger"),
    }


def test_a_sale_that_would_not_be_sent_has_no_yes() -> None:
    sale = Card(
        proposal=a_sale_card(token=TOKEN), orders=(), opens=None, refused=("Gone.",)
    )

    assert meant(keyboards.for_card(sale)) == {"No": (chosen(Choice.NO), "danger")}


def test_panic_s_yes_sells_what_can_be_sold_of_it() -> None:
    legs = (a_sale_leg(), a_sale_leg(number=2), a_sale_leg(number=3))
    card = a_sale_card(token=TOKEN, purpose=Purpose.SELL_ALL, legs=legs)
    whole = Card(proposal=card, orders=(), opens=None)
    part = replace(whole, refused=("One cannot.",), fitting=(1, 3))
    none = replace(whole, refused=("None can.",))

    keep = "Keep QRVX"  # of each leg, and all three are of one stock here
    assert [*meant(keyboards.for_card(whole))] == ["Yes, sell all", "No", keep]
    assert [*meant(keyboards.for_card(part))] == ["Yes, sell all", "No", keep]
    assert [*meant(keyboards.for_card(none))] == ["No", keep]


def test_each_holding_has_its_parts_to_sell_and_its_chart() -> None:
    held = (a_position(), a_position(instrument=FDMX, shares=Decimal("0.5")))

    assert meant(keyboards.for_positions(held)) == {
        "25% QRVX": (Sell(con_id=QRVX.con_id, percent=25), None),
        "50% QRVX": (Sell(con_id=QRVX.con_id, percent=50), None),
        "100% QRVX": (Sell(con_id=QRVX.con_id, percent=100), None),
        "Chart QRVX": (chart_of(QRVX), None),
        "Chart FDMX": (chart_of(FDMX), None),
        "Refresh": (Refresh(overview=Overview.POSITIONS), None),
    }


def test_the_charts_of_two_stocks_of_one_symbol_are_told_apart() -> None:
    abroad = replace(QRVX, con_id=ConId(99), currency="EUR")
    held = (a_position(), a_position(instrument=abroad))

    assert [*meant(keyboards.for_positions(held))][-3:] == [
        "Chart QRVX",
        "Chart QRVX €",
        "Refresh",
    ]


def chart_of(stock: Instrument) -> LookAtStock:
    return LookAtStock(what=StockDetail.CHART, con_id=stock.con_id, symbol=stock.symbol)


def test_a_holding_whose_symbol_no_button_can_carry_can_still_be_sold() -> None:
    odd = a_position(instrument=replace(QRVX, symbol="QR/☃"))

    assert [*meant(keyboards.for_positions([odd]))][-1] == "Refresh"
    assert len(meant(keyboards.for_positions([odd]))) == 4


def test_so_many_holdings_have_no_more_buttons_than_telegram_takes() -> None:
    many = [
        a_position(instrument=replace(QRVX, con_id=ConId(n), symbol=f"Q{n}"))
        for n in range(1, 41)
    ]

    assert len(meant(keyboards.for_positions(many))) <= 100


def test_a_stock_that_may_have_been_meant_says_where_it_is_listed() -> None:
    found = FoundStock(instrument=QRVX, listed_on="NASDAQ")
    size = Size(dollars=Money(Decimal(500)))

    assert meant(keyboards.for_stocks([found], size)) == {
        "QRVX · NASDAQ · USD": (Buy(con_id=QRVX.con_id, size=size), None)
    }


def test_each_order_could_be_of_another_size_and_the_chosen_one_is_marked() -> None:
    sizes = (Size(dollars=Money(Decimal(500))), Size(risk=Decimal(1)))
    by_default = Card(proposal=a_proposal(token=TOKEN), orders=(), opens=None)
    shown = replace(by_default, sizes=sizes)
    risk = replace(shown, proposal=a_proposal(token=TOKEN, size=sizes[1]))

    first, second = (ChosenSize(size=size, token=TOKEN) for size in sizes)
    assert (
        meant(keyboards.for_card(shown)).items()
        >= {
            "• $500": (first, None),
            "1% risk": (second, None),
        }.items()
    )
    assert (
        meant(keyboards.for_card(risk)).items()
        >= {
            "$500": (first, None),
            "• 1% risk": (second, None),
        }.items()
    )
    refused = meant(keyboards.for_card(replace(shown, refused=("Too dear.",))))
    assert [*refused][:3] == ["No", "• $500", "1% risk"]
    assert refused["Check with IB"] == (CheckWithIb(token=TOKEN), None)


@pytest.mark.parametrize(
    "data",
    [
        "v1:z::tok",
        "v1:z:d0:tok",
        "v1:z:5:",
        "v1:z:5",
        "v1:x:7:0",
        "v1:x:7:101",
        "v1:x::5",
        "v1:b:7:half",
        "v1:b:x:5",
        "v1:b:7",
    ],
)
def test_a_forged_sale_or_purchase_means_nothing(data: str) -> None:
    assert parse(data) is None
