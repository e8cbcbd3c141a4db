"""One stock in words and candles: nothing stands in the picture that did not happen."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bot.views.scans import candles, paint_candles
from core.model.chart import Candle, StockChart
from core.model.fills import Trade
from core.model.market import Side
from core.model.proposal import Mode
from core.rules.figures.candles import vwap
from tests.bot.views.hands import check
from tests.builders import FRIDAY, MONDAY, OPENS, QRVX, a_fill, a_quote, price


MINUTE = timedelta(minutes=1)


def a_chart(*closes: str, volume: int = 100) -> StockChart:
    """One candle a minute, each from where the one before it closed."""
    opened = [closes[0], *closes[:-1]]
    made = tuple(
        Candle(
            at=OPENS + MINUTE * number,
            open=price(begin),
            high=max(price(begin), price(end)),
            low=min(price(begin), price(end)),
            close=price(end),
            volume=Decimal(volume),
            average=None,
        )
        for number, (begin, end) in enumerate(zip(opened, closes, strict=True))
    )
    return StockChart(
        instrument=QRVX,
        mode=Mode.PAPER,
        at=OPENS + MINUTE * len(closes),
        session_day=MONDAY,
        prior_day=FRIDAY,
        minutes=1,
        candles=made,
        vwap=tuple(vwap(made)),
        prior_open=price("3.90"),
        quote=None,
    )


def sketched(chart: StockChart) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(candles.sketch(chart))
    return found


def test_a_rise_and_a_fall_differ_by_more_than_their_colour() -> None:
    risen, fallen = sketched(a_chart("4.00", "4.10")), sketched(a_chart("4", "3.96"))

    assert (risen["move"], risen["up"]) == ("▲ 2.5%", True)
    assert (fallen["move"], fallen["up"]) == ("▼ 1.0%", False)
    assert [each["up"] for each in risen["candles"]] == [True, True]
    assert [each["up"] for each in fallen["candles"]] == [True, False]


def test_both_opens_and_the_axis_are_named() -> None:
    sketch = sketched(a_chart(*["4.00"] * 25))

    assert [label for _, label, _ in sketch["opens"]] == ["Mon open", "Fri open"]
    assert [label for _, label in sketch["times"]] == ["09:30", "09:40", "09:50"]
    assert [label for _, label in sketch["prices"]] == ["3.90", "3.95", "4.00"]


def test_a_fill_is_marked_where_it_was() -> None:
    fill = replace(a_fill(), at=OPENS + 15 * MINUTE, price=price("4.00"))
    trade = Trade(con_id=QRVX.con_id, side=Side.BUY, shares=Decimal(100), fill=fill)
    chart = replace(a_chart(*["4.00"] * 20), trades=(trade,))

    ((across, _, bought),) = sketched(chart)["fills"]

    assert (across, bought) == (0.5, True)
    assert "bought 100 at 4.00, 09:45:00 ET" in candles.caption(chart)


@given(
    st.lists(st.decimals("0.0001", "900000", places=4), min_size=1, max_size=30),
    st.integers(0, 10**9),
)
def test_everything_stands_inside_the_picture(
    closes: list[Decimal], volume: int
) -> None:
    sketch = sketched(a_chart(*map(str, closes), volume=volume))

    heights = [h for each in sketch["candles"] for h in (*each["body"], *each["wick"])]
    places = [x for x, _ in (*sketch["times"], *sketch["vwap"])]
    assert all(0 <= each <= 1 for each in (*heights, *places))
    assert len(sketch["prices"]) <= candles.PRICES + 1


@pytest.mark.parametrize("closes", [("4.00",), ("4.00", "4.20", "3.80")])
def test_it_is_painted(closes: tuple[str, ...]) -> None:
    picture = paint_candles.paint(candles.sketch(a_chart(*closes)))

    assert picture.startswith(b"\x89PNG")


def test_a_quote_says_what_is_known_and_what_is_held() -> None:
    check(candles.quote(QRVX, a_quote(), None, company="Q & R", mode=Mode.LIVE))
    silent = candles.quote(QRVX, None, None, company="", mode=Mode.LIVE)
    halted = candles.quote(
        QRVX, replace(a_quote(), halted=True), None, company="", mode=Mode.LIVE
    )

    assert "No price came for it" in silent
    assert "Halted." in halted
    assert "LIVE" in halted
