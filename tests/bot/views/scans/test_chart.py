"""The picture stands on the values: every place in it, and every word beside it."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from matplotlib.image import imread

from bot.views import words
from bot.views.scans import chart
from bot.views.scans.paint import paint
from core.model.chart import Chart, Charts
from core.model.proposal import Pick
from tests.bot.courses import FRIDAY_OPENS, a_chart, a_course, some_charts
from tests.builders import OPENS, price


SILENT = "IB did not answer the bars of QRVX within 8 s."


def sketch(*charts: Chart, **named: Any) -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(chart.sketch(some_charts(*charts, **named)))
    return drawn


def panel(one: Chart) -> dict[str, Any]:
    first: dict[str, Any] = sketch(one)["panels"][0]
    return first


# the sketch


def test_a_panel_says_what_the_stock_is_at_and_how_far_it_came() -> None:
    shown = panel(a_chart())

    assert (shown["name"], shown["mark"]) == ("QRVX", "most %")
    assert (shown["last"], shown["move"], shown["up"]) == ("4.82", "▲ 14.8%", True)
    assert [label for _, label, _ in shown["opens"]] == [
        "3.72 open Fri",
        "4.20 open Mon",
    ]


def test_the_winner_of_both_is_marked_with_both() -> None:
    shown = panel(a_chart(picks=(Pick.DOLLARS, Pick.PERCENT)))

    assert shown["mark"] == "most $ and most %"


def test_the_head_says_whose_money_which_days_and_until_when() -> None:
    shown = sketch(a_chart())

    assert shown["title"] == "5-minute bars until 09:41:00 ET"
    assert shown["mode"] == "SANDBOX"
    assert shown["days"] == ["Fri 20 Nov", "Mon 23 Nov"]
    assert shown["measure"] == "▲▼ since Mon open"


def test_each_day_has_its_part_of_the_width() -> None:
    shown = panel(a_chart())

    assert [x for x, _ in shown["prior"]] == [0, 0.15, 0.3, 0.45]
    assert shown["today"][0][0] == 0.45


def test_the_newest_bar_ends_now_and_todays_part_is_half_an_hour_at_least() -> None:
    shown = panel(a_chart())

    last, _ = shown["today"][-1]

    assert last == pytest.approx(0.45 + 0.55 * 11 / 30, abs=1e-3)


def test_a_path_begins_at_the_open() -> None:
    shown = panel(a_chart())

    (prior, _, _), (today, _, _) = shown["opens"]
    assert shown["prior"][0] == [0, prior]
    assert shown["today"][0] == [0.45, today]


def test_everything_lies_within_the_plot_and_higher_is_dearer() -> None:
    shown = panel(a_chart())

    heights = [y for _, y in (*shown["prior"], *shown["today"])]
    assert all(0 < y < 1 for y in heights)
    assert heights[-1] == max(heights)


def test_all_five_share_their_hours() -> None:
    late = a_chart(
        (
            *a_course(FRIDAY_OPENS, "3.7", "3.8", "3.9"),
            *a_course(OPENS + timedelta(minutes=5), "4.4"),
        )
    )

    early, halted = sketch(a_chart(), late)["panels"]

    assert halted["today"][0][0] > early["today"][0][0]


def test_a_price_that_never_moved_is_a_line_in_the_picture() -> None:
    flat = a_chart(a_course(OPENS, "4.20", "4.20"), prior_open=None)

    shown = panel(flat)

    assert {y for _, y in shown["today"]} == {shown["opens"][0][0]}


def test_a_stock_without_bars_is_an_empty_plot_that_says_so() -> None:
    shown = panel(a_chart((), problem=SILENT))

    assert (shown["prior"], shown["today"], shown["opens"]) == ([], [], [])
    assert shown["problem"] == "no bars"


def test_what_is_not_known_is_not_shown() -> None:
    unknown = a_chart(
        last=None, open=None, prior_open=None, since_open=None, since_prior_open=None
    )

    shown = panel(unknown)

    assert (shown["last"], shown["up"], shown["opens"]) == (words.UNKNOWN, None, [])


def test_without_a_prior_day_its_part_is_empty() -> None:
    shown = sketch(a_chart(a_course(OPENS, "4.40"), prior_open=None), prior_day=None)

    assert shown["days"] == ["", "Mon 23 Nov"]


# the words


def test_the_caption_says_whose_money_and_names_who_is_missing() -> None:
    charts = some_charts(a_chart(), a_chart((), problem=SILENT))

    assert chart.caption(charts).splitlines() == [
        "<b>Charts</b> · <b>SANDBOX</b> · bars until 09:41:00 ET",
        f"<b>QRVX</b>: {SILENT}",
    ]


def test_without_any_bars_there_is_no_picture_but_a_reason() -> None:
    charts = some_charts(a_chart((), problem=SILENT), a_chart((), problem=SILENT))

    assert not chart.drawable(charts)
    assert chart.drawable(some_charts(a_chart()))
    assert chart.no_bars(charts).count(SILENT) == 1


# the picture


def size(charts: Charts) -> tuple[int, int]:
    rows, columns, _ = imread(BytesIO(paint(chart.sketch(charts)))).shape
    return columns, rows


def test_the_picture_is_as_wide_as_a_phone_and_grows_with_each_stock() -> None:
    one, five = some_charts(a_chart()), some_charts(*[a_chart()] * 5)

    assert size(one)[0] == size(five)[0] == 1080
    assert size(five) == (1080, 1392)
    assert size(one)[1] < size(five)[1]


def test_the_picture_of_missing_and_unknown_things_can_be_painted() -> None:
    missing = a_chart((), problem=SILENT)
    unknown = a_chart(since_open=None, open=None)
    falling = a_chart(picks=(), open=price("9"), prior_open=price("8.99"))

    assert size(some_charts(missing, unknown, falling))[0] == 1080
